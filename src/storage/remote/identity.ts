/** Tells stores apart: two addresses that may hold other entries, or accept other users, are two stores. */
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import type { Environment } from '../../util/environment.ts';
import type { RemoteAddress } from './address.ts';
import { NAMING_OPTIONS } from './url-options.ts';

const SHOWN_DIGITS = 4;

/** The name of a store in the memory of failures. It is a digest, from which no secret can be read. */
export function identityOf(address: RemoteAddress, environment: Environment): Digest {
  const { scheme, url, options } = address;
  const named = NAMING_OPTIONS.map((name) => options[name] ?? '');
  return digestOfParts([
    url,
    ...named,
    ...credentialsOf(address),
    ...(scheme === 's3' ? aws(environment) : []),
  ]);
}

/** The name of a store in statistics: its URL with the options that make it another store, without secrets. */
export function nameOf(address: RemoteAddress): string {
  const { url, options } = address;
  const named = NAMING_OPTIONS.flatMap((name) =>
    options[name] === undefined ? [] : [`${name}=${options[name]}`],
  );
  const credentials = credentialsOf(address);
  const known = credentials.some((one) => one !== '')
    ? ` (credentials ${digestOfParts(credentials).slice(0, SHOWN_DIGITS)})`
    : '';
  return `${url}${named.length === 0 ? '' : `?${named.join('&')}`}${known}`;
}

function credentialsOf({ user, password, options }: RemoteAddress): string[] {
  return [
    user ?? '',
    password ?? '',
    options.token ?? '',
    options['sentinel-user'] ?? '',
    options['sentinel-password'] ?? '',
  ];
}

/** Amazon's credentials and places come from variables, too. */
function aws(environment: Environment): string[] {
  return Object.entries(environment)
    .filter(([name]) => /^AWS_/i.test(name))
    .map(([name, value]) => `${name}=${value ?? ''}`)
    .sort();
}
