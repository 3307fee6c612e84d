/** The options after the `?` in a store's URL. */
import { nearestWord } from '../../util/nearest-word.ts';
import { isOffWord } from '../../util/off-words.ts';
import type { StoreOption } from '../../util/shown-address.ts';

const SENTINELS = ['redis-sentinel', 'rediss-sentinel'] as const;
const REDIS = [
  ...(['redis', 'rediss', 'redis+unix'] as const),
  ...SENTINELS,
  ...(['redis-cluster', 'rediss-cluster'] as const),
] as const;
export type RedisScheme = (typeof REDIS)[number];
export const SCHEMES = ['azblob', 'file', 'http', 'https', 'memcached', ...REDIS, 's3'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Begins the keys in a store, unless `prefix` says otherwise: others may use the store as well. */
export const DEFAULT_PREFIX = 'clcache/';

interface OptionRow {
  /** The schemes that have the option. */
  readonly on: readonly Scheme[];
  /** True if another value means another store: entries in another place, or other entries. */
  readonly names: boolean;
}

const OPTIONS = {
  readonly: { on: SCHEMES, names: false },
  timeout: { on: SCHEMES, names: false },
  'connect-timeout': { on: SCHEMES, names: false },
  ttl: { on: [...REDIS, 'memcached'], names: false },
  prefix: { on: [...REDIS, 'memcached'], names: true },
  db: { on: ['redis', 'rediss', 'redis+unix', ...SENTINELS], names: true },
  'sentinel-user': { on: SENTINELS, names: false },
  'sentinel-password': { on: SENTINELS, names: false },
  token: { on: ['http', 'https'], names: false },
  layout: { on: ['http', 'https'], names: true },
  endpoint: { on: ['s3', 'azblob'], names: true },
  region: { on: ['s3'], names: true },
  profile: { on: ['s3'], names: true },
  account: { on: ['azblob'], names: true },
  key: { on: ['azblob'], names: false },
  sas: { on: ['azblob'], names: false },
  anonymous: { on: ['s3'], names: true },
  query: { on: ['http', 'https'], names: false },
} as const satisfies Record<StoreOption, OptionRow>;

export type OptionName = keyof typeof OPTIONS;
export type UrlOptions = Readonly<Partial<Record<OptionName, string>>>;

/** The options that make it another store, in a fixed order. */
export const NAMING_OPTIONS: readonly OptionName[] = (Object.keys(OPTIONS) as OptionName[]).filter(
  (name) => OPTIONS[name].names,
);

/**
 * The options of a query, percent-decoded. A SAS token, which is a query itself, may stand there as it is, or
 * percent-encoded. `complain` gets a line about an unknown option, without any of its text: after a `&` or `?` that should
 * have been encoded it may be half of a password.
 */
export function readOptions(scheme: Scheme, query: string, complain: (problem: string) => void): UrlOptions {
  const options: Partial<Record<OptionName, string>> = {};
  const token: string[] = [];
  const known = (Object.keys(OPTIONS) as OptionName[]).filter((name) => takes(name, scheme));
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const given = pair.slice(0, equals).toLowerCase();
    const name = known.find((one) => one === given);
    const value = pair.slice(equals + 1);
    const beginsToken = name === 'sas' && value.includes('=');
    if (beginsToken) token.push(value);
    else if (name !== undefined) options[name] = percentDecoded(value);
    else if (token.length > 0) token.push(pair);
    else complain(`an unknown option is ignored${hint(given, known)}`);
  }
  return token.length === 0 ? options : { ...options, sas: token.join('&') };
}

function takes(name: OptionName, scheme: Scheme): boolean {
  return (OPTIONS[name].on as readonly Scheme[]).includes(scheme);
}

function hint(given: string, known: readonly OptionName[]): string {
  const nearest = nearestWord(given, known);
  return nearest === undefined ? ` (it takes ${known.join(', ')})` : ` (did you mean ${nearest}?)`;
}

/** A `%` that begins no code stands for itself. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The value of a switch such as `readonly`. */
export function isYes(value: string | undefined): boolean {
  return value !== undefined && !isOffWord(value);
}

/** Seconds, also with a fraction, as milliseconds. */
export function milliseconds(
  options: UrlOptions,
  name: 'timeout' | 'connect-timeout' | 'ttl',
  otherwise: number,
  complain: (problem: string) => void,
): number {
  const value = options[name];
  if (value === undefined) return otherwise;
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (seconds > 0 && seconds < 1e9) return Math.round(seconds * 1000);
  complain(`its ${name} is not a number of seconds; the default is used`);
  return otherwise;
}
