/**
 * What CLCACHE_REMOTE and CLCACHE_MEMCACHED name.
 *
 *     CLCACHE_REMOTE    := url { ( blank | ";" ) url }
 *     url               := scheme "://" [ user [ ":" password ] "@" ] place [ "?" option "=" value { "&" … } ]
 *     CLCACHE_MEMCACHED := host [ ":" port ] { "," host [ ":" port ] }
 */
import { splitList } from '../../util/paths.ts';

export const SCHEMES = ['file', 'http', 'https', 'memcached', 'redis', 'rediss', 's3'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Every option that a URL may carry. `on` says for which schemes it means anything. */
const OPTIONS = {
  readonly: { on: SCHEMES },
  timeout: { on: SCHEMES },
  'connect-timeout': { on: SCHEMES },
  ttl: { on: ['redis', 'rediss', 'memcached'] },
  prefix: { on: ['redis', 'rediss', 'memcached'] },
  token: { on: ['http', 'https'] },
  layout: { on: ['http', 'https'] },
  endpoint: { on: ['s3'] },
  region: { on: ['s3'] },
  profile: { on: ['s3'] },
} as const satisfies Record<string, { readonly on: readonly Scheme[] }>;
export type OptionName = keyof typeof OPTIONS;

export interface RemoteAddress {
  readonly scheme: Scheme;
  /** Without user, password and options. For memcached, `place` may list several servers. */
  readonly url: string;
  /** What stands between `://` and the path. */
  readonly place: string;
  /** What follows the place, percent-decoded only where a protocol does it; begins with `/` or is empty. */
  readonly path: string;
  readonly user?: string;
  readonly password?: string;
  readonly readOnly: boolean;
  readonly connectTimeoutMs: number;
  readonly timeoutMs: number;
  /** How long the store shall keep an entry, in seconds; 0: for ever. */
  readonly ttlSeconds: number;
  readonly options: Readonly<Partial<Record<OptionName, string>>>;
}

export const DEFAULT_CONNECT_TIMEOUT_MS = 300;
export const DEFAULT_TIMEOUT_MS = 5000;

export interface RemoteSettings {
  readonly remote?: string;
  readonly memcached?: string;
}

/** The stores in the order in which they are asked, and a line for each that makes no sense (it may hold secrets). */
export function readAddresses(settings: RemoteSettings): {
  readonly addresses: readonly RemoteAddress[];
  readonly problems: readonly string[];
} {
  const texts = (settings.remote ?? '').split(/[\s;]+/).filter((text) => text !== '');
  const servers = splitList(settings.memcached, ',');
  if (servers.length > 0) texts.push(`memcached://${servers.join(',')}`);
  const addresses: RemoteAddress[] = [];
  const problems: string[] = [];
  for (const text of texts) {
    const address = readAddress(text, problems);
    if (typeof address === 'string') problems.push(`not used as a remote store: ${address}`);
    else addresses.push(address);
  }
  return { addresses, problems };
}

function readAddress(text: string, problems: string[]): RemoteAddress | string {
  const [, given, userInfo, place = '', path = '', query = ''] =
    /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(text) ?? [];
  const scheme = SCHEMES.find((one) => one === given?.toLowerCase());
  if (scheme === undefined) return `${text} is none of ${SCHEMES.map((one) => `${one}://…`).join(', ')}`;
  const url = `${scheme}://${place}${path}`;
  if (scheme !== 'file' && !place.split(',').every(isPlace)) {
    return `${url} names no host, or has a character in its password that must be percent-encoded`;
  }
  const options = readOptions(scheme, url, query, problems);
  const [user, password] = splitUserInfo(userInfo);
  return {
    scheme,
    url,
    place,
    path,
    ...(user && { user }),
    ...(password && { password }),
    readOnly: isYes(options.readonly),
    connectTimeoutMs: milliseconds(options['connect-timeout'], DEFAULT_CONNECT_TIMEOUT_MS, url, problems),
    timeoutMs: milliseconds(options.timeout, DEFAULT_TIMEOUT_MS, url, problems),
    ttlSeconds: Math.ceil(milliseconds(options.ttl, 0, url, problems) / 1000),
    options,
  };
}

function isPlace(place: string): boolean {
  return place !== '' && /^(?:\[[0-9a-f:.]+\]|[^:\s]*)(?::\d{1,5})?$/i.test(place);
}

function readOptions(
  scheme: Scheme,
  url: string,
  query: string,
  problems: string[],
): RemoteAddress['options'] {
  const options: Partial<Record<OptionName, string>> = {};
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const name = pair.slice(0, equals).toLowerCase();
    if (isOption(name) && (OPTIONS[name].on as readonly Scheme[]).includes(scheme)) {
      options[name] = decoded(pair.slice(equals + 1));
    } else problems.push(`${url} has no option '${name}'; it is ignored`);
  }
  return options;
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}

function splitUserInfo(userInfo: string | undefined): [string | undefined, string | undefined] {
  if (userInfo === undefined) return [undefined, undefined];
  const colon = userInfo.indexOf(':');
  if (colon < 0) return [decoded(userInfo), undefined];
  return [decoded(userInfo.slice(0, colon)), decoded(userInfo.slice(colon + 1))];
}

/** A `%` that begins no code stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isYes(value: string | undefined): boolean {
  return value !== undefined && !['0', 'false', 'no', 'off'].includes(value.toLowerCase());
}

/** Seconds, also with a fraction, as milliseconds. */
function milliseconds(value: string | undefined, otherwise: number, url: string, problems: string[]): number {
  if (value === undefined) return otherwise;
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (seconds > 0 && seconds < 1e9) return Math.round(seconds * 1000);
  problems.push(`${url}: '${value}' is no number of seconds; the default is used`);
  return otherwise;
}

/** Host and port of a place such as `host:1234` or `[::1]:1234`. */
export function hostAndPort(
  place: string,
  defaultPort: number,
): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(place) ?? [];
  return { host: bracketed ?? (plain || 'localhost'), port: port === undefined ? defaultPort : Number(port) };
}

/** All that must not be shown of an address. */
export function secretsOf(address: RemoteAddress): (string | undefined)[] {
  return [
    address.password,
    address.options.token,
    address.password === undefined ? address.user : `${address.user ?? ''}:${address.password}`,
  ];
}
