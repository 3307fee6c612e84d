/** The variables that name proxies: `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, also in capitals. */
import { type Environment, environmentValue } from '../../../util/environment.ts';
import type { PathStyle } from '../../../util/paths.ts';
import { percentDecoded } from '../url-options.ts';

/** By the protocol that goes through the proxy. */
export const PROXY_VARIABLES = { 'http:': 'http_proxy', 'https:': 'https_proxy' } as const;
/** `[http://][user[:password]@]host[:port][/]` */
export const PROXY_FORM =
  /^(?:([a-z0-9+.-]+):\/\/)?(?:(.*)@)?(\[[0-9a-f:.]+\]|[^:/?#@\s]+)(?::(\d{1,5}))?\/?$/i;

/** The value of a variable in small letters, or else in capitals. Undefined if it is empty. */
export function proxyVariable(name: string, environment: Environment, style: PathStyle): string | undefined {
  const value =
    environmentValue(environment, style, name) || environmentValue(environment, style, name.toUpperCase());
  return value?.trim() || undefined;
}

/** The secrets of the proxies that are set. */
export function proxySecrets(environment: Environment, style: PathStyle): string[] {
  return [...Object.values(PROXY_VARIABLES), 'all_proxy'].flatMap((name) => {
    const userInfo = PROXY_FORM.exec(proxyVariable(name, environment, style) ?? '')?.[2];
    if (userInfo === undefined) return [];
    const password = userInfo.includes(':') ? userInfo.slice(userInfo.indexOf(':') + 1) : userInfo;
    return [userInfo, password, percentDecoded(userInfo), percentDecoded(password)];
  });
}
