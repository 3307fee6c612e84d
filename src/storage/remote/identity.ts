/** Tells stores apart: two addresses that may hold other entries, or accept other users, are two stores. */
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import type { Environment } from '../../util/environment.ts';
import type { RemoteAddress } from './address.ts';
import { NAMING_OPTIONS, type Scheme } from './url-options.ts';

const SHOWN_DIGITS = 4;

/** The name of a store in the memory of failures. It is a digest, from which no secret can be read. */
export function identityOf(address: RemoteAddress, environment: Environment): Digest {
  const { scheme, url, options } = address;
  const named = NAMING_OPTIONS.map((name) => options[name] ?? '');
  return digestOfParts([url, ...named, ...credentialsOf(address), ...variablesOf(scheme, environment)]);
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

function credentialsOf({ scheme, user, password, options }: RemoteAddress): string[] {
  const ofAzure = scheme === 'azblob' ? [options.key ?? '', options.sas ?? ''] : [];
  return [
    user ?? '',
    password ?? '',
    options.token ?? '',
    options['sentinel-user'] ?? '',
    options['sentinel-password'] ?? '',
    ...ofAzure,
    options.query ?? '',
  ];
}

/** Credentials and places of these come from variables, too. */
const VARIABLES: Readonly<Partial<Record<Scheme, RegExp>>> = { azblob: /^AZURE_/i, s3: /^AWS_/i };

function variablesOf(scheme: Scheme, environment: Environment): string[] {
  return Object.entries(environment)
    .filter(([name]) => VARIABLES[scheme]?.test(name))
    .map(([name, value]) => `${name}=${value ?? ''}`)
    .sort();
}
