import type { Digest } from '../../hash/digest.ts';
import { replaceFileSync } from '../../util/atomic-file.ts';
import type { SizeAccounts } from '../store.ts';
import { hashesBeside, type Layout, manifestFile, manifestLock } from './layout.ts';
import { bytesBelow } from './sizes.ts';

/** The file with remembered hashes of a manifest key. It lies beside the manifest and is removed with it. */
export function hashesFile(layout: Layout, key: Digest): string {
  return hashesBeside(manifestFile(layout, key));
}

/** What to remember, and for which manifest. */
export interface KnownHashes {
  readonly layout: Layout;
  readonly key: Digest;
  readonly text: string;
}

/**
 * Writes remembered hashes beside the manifest. Writes nothing if the manifest was removed meanwhile. Throws a
 * `LockTimeoutError` and system errors.
 */
export async function keepHashesFile(
  { layout, key, text }: KnownHashes,
  accounts: Pick<SizeAccounts, 'record'>,
): Promise<void> {
  const file = hashesFile(layout, key);
  await accounts.record(key, [manifestLock(layout, key)], (stillHeld) => {
    if (bytesBelow(manifestFile(layout, key)) === 0) return { entries: 0, bytes: 0 };
    const before = bytesBelow(file);
    replaceFileSync(file, text, stillHeld);
    return { entries: 0, bytes: Buffer.byteLength(text) - before };
  });
}
