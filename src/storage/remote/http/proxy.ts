/**
 * Finds the proxy as curl and most tools do: `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, also in capitals.
 */
import { type Environment, environmentValue } from '../../../util/environment.ts';
import type { PathStyle } from '../../../util/paths.ts';
import { percentDecoded } from '../url-options.ts';

export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /** The value of the header with user and password. */
  readonly authorization?: string;
}

const NAMES = { 'http:': 'http_proxy', 'https:': 'https_proxy' } as const;
/** `[http://][user[:password]@]host[:port][/]` */
const FORM = /^(?:([a-z0-9+.-]+):\/\/)?(?:(.*)@)?(\[[0-9a-f:.]+\]|[^:/?#@\s]+)(?::(\d{1,5}))?\/?$/i;

/** The proxy for a URL. Undefined for none. Throws if the variable names a proxy of an unknown kind. */
export function proxyFor(url: URL, environment: Environment, style: PathStyle): HttpProxy | undefined {
  const variable = NAMES[url.protocol === 'https:' ? 'https:' : 'http:'];
  const text = variableOf(variable, environment, style) ?? variableOf('all_proxy', environment, style);
  if (text === undefined || isExcepted(url, variableOf('no_proxy', environment, style) ?? ''))
    return undefined;
  const [, scheme = 'http', userInfo, host = '', port] = FORM.exec(text) ?? [];
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

/** The secrets of the proxies that are set. */
export function proxySecrets(environment: Environment, style: PathStyle): string[] {
  return [...Object.values(NAMES), 'all_proxy'].flatMap((name) => {
    const userInfo = FORM.exec(variableOf(name, environment, style) ?? '')?.[2];
    if (userInfo === undefined) return [];
    const password = userInfo.includes(':') ? userInfo.slice(userInfo.indexOf(':') + 1) : userInfo;
    return [userInfo, password, percentDecoded(userInfo), percentDecoded(password)];
  });
}

function basic(userInfo: string): string {
  const pair = userInfo.includes(':') ? userInfo : `${userInfo}:`;
  return `Basic ${Buffer.from(percentDecoded(pair)).toString('base64')}`;
}

function variableOf(name: string, environment: Environment, style: PathStyle): string | undefined {
  const value =
    environmentValue(environment, style, name) || environmentValue(environment, style, name.toUpperCase());
  return value?.trim() || undefined;
}

/**
 * `no_proxy`: names (with all subdomains) and addresses, separated by commas or blanks, perhaps with a port. `*` means
 * all.
 */
function isExcepted(url: URL, exceptions: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .some((exception) => {
      if (exception === '') return false;
      if (exception === '*') return true;
      const [, name = '', only] = /^\*?\.?(\[[^\]]*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(exception) ?? [];
      const bare = name.replace(/^\[|\]$/g, '');
      if (bare === '' || (only !== undefined && only !== port)) return false;
      return host === bare || host.endsWith(`.${bare}`);
    });
}
