/**
 * Parses CLCACHE_REMOTE and CLCACHE_MEMCACHED.
 *
 *     CLCACHE_REMOTE    := url { ( blank | ";" ) url }
 *     url               := scheme "://" [ user [ ":" password ] "@" ] place [ "?" option "=" value { "&" … } ]
 *     CLCACHE_MEMCACHED := host [ ":" port ] { "," host [ ":" port ] }
 *
 * Of a URL that does not parse only the scheme is ever shown, because any other part may belong to a password.
 */
import { nearestWord } from '../../util/nearest-word.ts';
import { splitList } from '../../util/paths.ts';
import { withoutUserInfo } from '../../util/redact.ts';
import { secretParts } from './azblob/secret-parts.ts';
import {
  isYes,
  milliseconds,
  percentDecoded,
  readOptions,
  SCHEMES,
  type Scheme,
  type UrlOptions,
} from './url-options.ts';

export interface RemoteAddress {
  readonly scheme: Scheme;
  /** The URL without user, password and options. */
  readonly url: string;
  /** The text between `://` and the path. Several hosts of a cluster, or of sentinels, have commas between them. */
  readonly place: string;
  /** The text after the place. It begins with `/` or is empty. Each protocol decodes it if it needs to. */
  readonly path: string;
  readonly user?: string;
  readonly password?: string;
  readonly readOnly: boolean;
  /** For a connection, without TLS and greeting. */
  readonly connectTimeoutMs: number;
  /** How long the store may be silent while clcache waits for it, in milliseconds. */
  readonly timeoutMs: number;
  /** How long the store keeps an entry, in seconds. 0 means for ever. */
  readonly ttlSeconds: number;
  readonly options: UrlOptions;
}

export const DEFAULT_CONNECT_TIMEOUT_MS = 300;
export const DEFAULT_TIMEOUT_MS = 5000;

export interface RemoteSettings {
  readonly remote?: string;
  readonly memcached?: string;
}

export interface ReadAddresses {
  /** In the order in which they are asked. A store of several servers that divide the keys has an address for each. */
  readonly stores: readonly (readonly RemoteAddress[])[];
  /** One line for each part that was not understood. Without secrets. */
  readonly problems: readonly string[];
}

const URL_PARTS = /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(#)?/i;
const HAVE_SEVERAL_HOSTS = /^(?:memcached|rediss?-(?:cluster|sentinel))$/;
const IS_PRESIGNED =
  'is presigned, which is for one object: use temporary credentials, or query= with a signature for a whole folder';
const ENCODE = "an '@', '/', '#', '?', ';' or blank in a password must be percent-encoded";

/** Stores that are not named by a host. */
const FORMS: Readonly<Partial<Record<Scheme, string>>> = {
  file: 'a folder: file:///FOLDER, on Windows file:///C:/FOLDER or file://SERVER/SHARE',
  s3: 'a bucket: s3://BUCKET/PREFIX',
  azblob: 'a container, whose name has small letters, digits and hyphens: azblob://CONTAINER/PREFIX',
  'redis+unix': 'a socket, with three slashes before its path: redis+unix:///FOLDER/SOCKET',
};

export function readAddresses(settings: RemoteSettings): ReadAddresses {
  const stores: RemoteAddress[][] = [];
  const problems: string[] = [];
  const texts = (settings.remote ?? '').split(/[\s;]+/).filter((text) => text !== '');
  for (const [index, text] of texts.entries()) {
    const label = `CLCACHE_REMOTE: store ${index + 1}`;
    const wasCut = !text.includes('@') && isCutPassword(texts.slice(index + 1));
    const store = wasCut ? `cannot be read: ${ENCODE}` : readStore(text, label, problems);
    if (typeof store === 'string') problems.push(`${label} is not used: it ${store}`);
    else stores.push(store);
  }
  const servers = splitList(settings.memcached, ',');
  if (servers.length > 0) {
    const store = readStore(`memcached://${servers.join(',')}`, 'CLCACHE_MEMCACHED', problems);
    if (typeof store === 'string') problems.push(`CLCACHE_MEMCACHED is not used: it ${store}`);
    else stores.push(store);
  }
  return { stores, problems };
}

/** True if the text up to the next URL is the rest of a password that contains a `;` or a blank. */
function isCutPassword(following: readonly string[]): boolean {
  const next = following.findIndex((text) => text.includes('://'));
  return following.slice(0, next < 0 ? following.length : next).some((text) => text.includes('@'));
}

/** The addresses of a store's servers, or what is wrong with the text. */
function readStore(text: string, label: string, problems: string[]): RemoteAddress[] | string {
  const [, given, userInfo, place = '', path = '', query = '', fragment] = URL_PARTS.exec(text) ?? [];
  const scheme = SCHEMES.find((one) => one === given?.toLowerCase());
  if (scheme === undefined) return noScheme(text, given);
  const places = HAVE_SEVERAL_HOSTS.test(scheme) ? place.split(',') : [place];
  const isStray = userInfo !== undefined && ['s3', 'azblob', 'file'].includes(scheme);
  if (
    isStray ||
    fragment !== undefined ||
    !places.every((one) => isPlace(scheme, one)) ||
    hidesUser(scheme, text)
  ) {
    return `is no ${wantedForm(scheme, text)}`;
  }
  const lacking = lackOf(scheme, path);
  if (lacking !== undefined) return lacking;
  if (/(?:^|&)x-amz-(?:signature|credential)=/i.test(query)) return IS_PRESIGNED;
  const url = (server: string) => `${scheme}://${server}${path}`;
  const complain = (problem: string) =>
    problems.push(`${label} (${withoutUserInfo(url(place))}): ${problem}`);
  const options = readOptions(scheme, query, complain);
  if (options.endpoint !== undefined && !isEndpoint(options.endpoint)) {
    return 'has an endpoint that is no http:// or https:// address of a host';
  }
  const [user, password] = splitUserInfo(userInfo);
  const shared = {
    scheme,
    path,
    ...(user && { user }),
    ...(password && { password }),
    // Who may read a bucket without credentials can hardly ever write it.
    readOnly: isYes(options.readonly ?? options.anonymous),
    connectTimeoutMs: milliseconds(options, 'connect-timeout', DEFAULT_CONNECT_TIMEOUT_MS, complain),
    timeoutMs: milliseconds(options, 'timeout', DEFAULT_TIMEOUT_MS, complain),
    ttlSeconds: Math.ceil(milliseconds(options, 'ttl', 0, complain) / 1000),
    options,
  };
  // Servers of memcached know nothing of each other. Those of Redis do, so they are one place.
  const servers = scheme === 'memcached' ? places : [place];
  return servers.map((server) => ({ ...shared, url: url(server), place: server }));
}

/** What the address should have been. A password that was not encoded leaves an `@` or a `#` somewhere. */
function wantedForm(scheme: Scheme, text: string): string {
  if (/[@#]/.test(text)) return `${scheme}:// address of a host: ${ENCODE}`;
  return `${scheme}:// address of ${FORMS[scheme] ?? 'a host, which may have a port below 65536'}`;
}

/** What an address lacks after its hosts. Undefined if it lacks nothing. */
function lackOf(scheme: Scheme, path: string): string | undefined {
  if (scheme === 'redis+unix' && path.length <= 1) return 'names no socket (redis+unix:///FOLDER/SOCKET)';
  if (scheme.endsWith('-sentinel') && !/^\/[^/]+/.test(path))
    return `names no master after its hosts (${scheme}://HOST:26379/NAME)`;
  return undefined;
}

function noScheme(text: string, given: string | undefined): string {
  const all = `none of ${SCHEMES.map((one) => `${one}://`).join(', ')}`;
  const nearest = given === undefined ? undefined : nearestWord(given, SCHEMES);
  if (nearest !== undefined) return `begins with ${given}://, which is ${all} (did you mean ${nearest}://?)`;
  const begun = SCHEMES.find((one) => text.toLowerCase().startsWith(`${one}:`));
  return `begins with ${all}${begun === undefined ? '' : ` (did you mean ${begun}://?)`}`;
}

function isPlace(scheme: Scheme, place: string): boolean {
  if (scheme === 'file') return /^[\w.-]*$/.test(place);
  if (scheme === 's3') return /^[\w.-]+$/.test(place);
  if (scheme === 'azblob') return /^(?:\$root|[a-z0-9][a-z0-9-]*)$/.test(place);
  if (scheme === 'redis+unix') return /^(?:localhost)?$/i.test(place);
  const port = /^(?:\[[0-9a-f:.]+\]|[^:,\s@]+)(?::(\d{1,5}))?$/i.exec(place);
  return port !== null && (port[1] === undefined || (Number(port[1]) > 0 && Number(port[1]) < 65_536));
}

/** True if there is an `@` in a wrong place. The text before it was meant as user and password. */
function hidesUser(scheme: Scheme, text: string): boolean {
  // The name of a folder may contain an `@`.
  if (scheme === 'file') return /\?.*@/s.test(text);
  const [, afterPlace = ''] = /^[^:]*:\/\/(?:[^/?#]*@)?[^/?#]*(.*)$/s.exec(text) ?? [];
  return afterPlace.replaceAll(/[?&](?:token|prefix)=[^&]*/gi, '').includes('@');
}

/** True for the address of a host without user, password, query and fragment. */
export function isEndpoint(text: string): boolean {
  return /^https?:\/\/(?:\[[0-9a-f:.]+\]|[^/?#@:\s]+)(?::\d{1,5})?(?:\/[^?#@\s]*)?$/i.test(text);
}

function splitUserInfo(userInfo: string | undefined): [string | undefined, string | undefined] {
  if (userInfo === undefined) return [undefined, undefined];
  const colon = userInfo.indexOf(':');
  if (colon < 0) return [percentDecoded(userInfo), undefined];
  return [percentDecoded(userInfo.slice(0, colon)), percentDecoded(userInfo.slice(colon + 1))];
}

/** Host and port of a place such as `host:1234` or `[::1]:1234`. */
export function hostAndPort(
  place: string,
  defaultPort: number,
): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(place) ?? [];
  return { host: bracketed ?? (plain || 'localhost'), port: port === undefined ? defaultPort : Number(port) };
}

/** The secrets of an address, which must not be shown. */
export function secretsOf(address: RemoteAddress): (string | undefined)[] {
  return [
    address.password,
    address.options.token,
    address.options['sentinel-password'],
    address.options.key,
    ...(address.options.sas === undefined ? [] : [address.options.sas, ...secretParts(address.options.sas)]),
    address.options.query,
    address.password === undefined ? address.user : `${address.user ?? ''}:${address.password}`,
  ];
}
