/**
 * Shows addresses of stores as somebody set them, also mistyped ones, without secrets. What is shown is listed here, and
 * all else is masked: in a text that is no address, any part may belong to a password.
 */
import { splitList } from './paths.ts';
import { MASK } from './redact.ts';

/** The options of stores, and whether their values are secrets. `storage/remote/url-options.ts` says what they do. */
const STORE_OPTIONS = {
  readonly: 'shown',
  timeout: 'shown',
  'connect-timeout': 'shown',
  ttl: 'shown',
  prefix: 'shown',
  db: 'shown',
  'sentinel-user': 'secret',
  'sentinel-password': 'secret',
  token: 'secret',
  layout: 'shown',
  endpoint: 'shown',
  region: 'shown',
  profile: 'shown',
  account: 'shown',
  key: 'secret',
  sas: 'secret',
  anonymous: 'shown',
  query: 'secret',
} as const;
export type StoreOption = keyof typeof STORE_OPTIONS;
const KNOWN_OPTIONS: ReadonlyMap<string, 'shown' | 'secret'> = new Map(Object.entries(STORE_OPTIONS));
const PLAIN_VALUE = /^[\w.:/[\]-]*$/;

const BEGINNING = /[a-z][a-z0-9+.-]*:\/\//i;
/** Hosts with their ports. `user:password` has no number behind its colon. */
const PLACE = /^(?:(?:\[[0-9a-f:.]+\]|[^:,\s@=&;%"'\\]*)(?::\d{1,5})?(?:,|$))*$/i;
const PATH = /^[^\s@=&;"'\\]*$/;

/** The value of CLCACHE_REMOTE: addresses with blanks or `;` between them. */
export function shownAddresses(text: string): string {
  const pieces = withoutQuotes(text).split(new RegExp(`(?:^|[\\s;]+)(?=${BEGINNING.source})`, 'i'));
  return pieces.map(shownPiece).filter(Boolean).join(' ');
}

/** The value of CLCACHE_MEMCACHED: hosts with commas between them. */
export function shownServers(text: string): string {
  if (BEGINNING.test(text)) return shownAddresses(text);
  const scheme = 'memcached://';
  return shownAddresses(`${scheme}${splitList(withoutQuotes(text), ',').join(',')}`).slice(scheme.length);
}

/** One address, and whatever follows it up to the next one. */
function shownPiece(piece: string): string {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is.exec(piece) ?? [];
  if (scheme === undefined) return piece.trim() === '' ? '' : MASK;
  // A blank in a password: the `@` comes after it.
  const end = rest.lastIndexOf('@') + 1;
  const [address = '', ...others] = rest.slice(end).split(/[\s;]+/);
  const [, place = '', path = '', query, fragment] =
    /^([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(address) ?? [];
  return [
    scheme,
    end > 0 ? `${MASK}@` : '',
    PLACE.test(place) ? place : MASK,
    PATH.test(path) && !/%(?:26|3d|3f|40)/i.test(path) ? path : `/${MASK}`,
    query === undefined ? '' : `?${query.split('&').map(shownOption).join('&')}`,
    fragment === undefined ? '' : `#${MASK}`,
    others.some((word) => word !== '') ? ` ${MASK}` : '',
  ].join('');
}

function shownOption(option: string): string {
  const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(option) ?? [];
  const known = KNOWN_OPTIONS.get(name.toLowerCase());
  if (known === 'shown' && PLAIN_VALUE.test(value)) return option;
  return known === undefined ? MASK : `${name}=${MASK}`;
}

/** Without the quotes that `set NAME="value"` keeps on Windows. */
function withoutQuotes(text: string): string {
  return text.trim().replace(/^"(.*)"$/s, '$1');
}
