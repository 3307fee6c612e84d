/** Finds the proxy as curl and most tools do. */
import type { Environment } from '../../../util/environment.ts';
import type { PathStyle } from '../../../util/paths.ts';
import { percentDecoded } from '../url-options.ts';
import { isExcepted } from './no-proxy.ts';
import { PROXY_FORM, PROXY_VARIABLES, proxyVariable } from './proxy-variables.ts';

export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /** The value of the header with user and password. */
  readonly authorization?: string;
}

/** The proxy for a URL. Undefined for none. Throws if the variable names a proxy of an unknown kind. */
export function proxyFor(url: URL, environment: Environment, style: PathStyle): HttpProxy | undefined {
  const variable = PROXY_VARIABLES[url.protocol === 'https:' ? 'https:' : 'http:'];
  const text = proxyVariable(variable, environment, style) ?? proxyVariable('all_proxy', environment, style);
  if (text === undefined || isExcepted(url, proxyVariable('no_proxy', environment, style) ?? ''))
    return undefined;
  const [, scheme = 'http', userInfo, host = '', port] = PROXY_FORM.exec(text) ?? [];
  // The value is not shown, because it may hold a password.
  if (host === '' || scheme.toLowerCase() !== 'http') {
    throw new Error(`${variable} (or all_proxy) names no http:// proxy, and others are not supported`);
  }
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? 80 : Number(port),
    ...(userInfo !== undefined && { authorization: basic(userInfo) }),
  };
}

function basic(userInfo: string): string {
  const pair = userInfo.includes(':') ? userInfo : `${userInfo}:`;
  return `Basic ${Buffer.from(percentDecoded(pair)).toString('base64')}`;
}
