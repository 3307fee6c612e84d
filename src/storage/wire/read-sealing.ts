/** Reads the keys that the settings name. Loaded only where entries leave the machine or come from elsewhere. */
import { reasonOf, UsageError } from '../../diagnostics/errors.ts';
import { isKeyText } from '../../util/key-text.ts';
import { readOrdinaryText, UnfitFileError } from '../../util/own-file.ts';
import type { Sealing } from './sealing.ts';
import { type FoundKey, readKeys, type SigningKey, type TrustedKey } from './signing-keys.ts';

/** How entries are proven, as it was set. A key is its text, or the absolute path of a file. */
export interface SealingSettings {
  /** Proves what is sent. Only what it proves is accepted. */
  readonly remoteSecret?: string;
  /** Holds the private key that signs what is sent. */
  readonly remoteSign?: readonly string[];
  /** Hold the public keys whose signatures count. */
  readonly remoteTrust?: readonly string[];
}

export type ReadSealing =
  | { readonly kind: 'read'; readonly sealing: Sealing }
  /** One line that names the variable, and no part of its value. */
  | { readonly kind: 'unusable'; readonly because: string };

/** In bytes. A key has about a hundred. */
const LARGEST_FILE = 64 * 1024;

/** Whoever signs trusts the own key as well as the others. Never throws. */
export function readSealing({ remoteSecret, remoteSign, remoteTrust }: SealingSettings): ReadSealing {
  try {
    const signer = remoteSign && ofVariable('CLCACHE_REMOTE_SIGN', () => theOne(keysOf(remoteSign)));
    const trusted =
      remoteTrust && ofVariable('CLCACHE_REMOTE_TRUST', () => keysOf(remoteTrust).map(asPublic));
    return {
      kind: 'read',
      sealing: {
        secret: remoteSecret,
        ...(signer && { signer }),
        ...((signer ?? trusted) && { trusted: [...(signer ? [signer] : []), ...(trusted ?? [])] }),
      },
    };
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'unusable', because: error.message };
    throw error;
  }
}

/** The texts of secrets in the settings, which must not be shown. */
export function secretsIn({ remoteSecret, remoteSign }: SealingSettings): (string | undefined)[] {
  return [
    remoteSecret,
    ...(remoteSign ?? []).filter(isKeyText).flatMap((text) => [text, ...text.split(/\s+/)]),
  ];
}

function keysOf(items: readonly string[]): FoundKey[] {
  if (items.length === 0) throw new UsageError('holds no key');
  return items.flatMap((item) => {
    if (isKeyText(item)) return readKeys(item);
    const keys = readKeys(textOf(item));
    if (keys.length === 0) throw new UsageError('names a file without a key');
    return keys;
  });
}

/** The path is not told: it may be a key that was not taken for one. */
function textOf(path: string): string {
  try {
    return readOrdinaryText(path, LARGEST_FILE);
  } catch (error) {
    const reason = error instanceof UnfitFileError ? 'it is no ordinary file, or too large' : reasonOf(error);
    throw new UsageError(`is neither a key nor a file that can be read: ${reason}`);
  }
}

function theOne(keys: readonly FoundKey[]): SigningKey {
  const [key, ...others] = keys;
  if (key?.kind !== 'private') throw new UsageError('holds a public key; the private one signs');
  if (others.length > 0) throw new UsageError('holds several keys; one signs');
  return key;
}

function asPublic(key: FoundKey): TrustedKey {
  // What every reader has is no secret any more.
  if (key.kind === 'private') throw new UsageError('holds a private key; readers get the public one');
  return key;
}

function ofVariable<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name} ${error.message}`) : error;
  }
}
