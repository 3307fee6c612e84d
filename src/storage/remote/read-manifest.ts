import { EMPTY_MANIFEST, type Manifest } from '../../cache/manifest.ts';
import type { Digest } from '../../hash/digest.ts';
import { MANIFEST_LIMIT, unpackManifest } from '../wire/manifest-body.ts';
import type { GuardedRemote } from './guarded-remote.ts';
import { manifestKeyName } from './remote.ts';

const NO_MANIFEST = 'it is not a manifest';

/** The manifest in a store, empty if the store has none, or why it does not count. Undefined if the store does not answer. */
export async function readManifest(
  remote: GuardedRemote,
  key: Digest,
): Promise<Manifest | string | undefined> {
  const name = manifestKeyName(key);
  const found = await remote.get(name, MANIFEST_LIMIT);
  switch (found.kind) {
    case 'none':
      return EMPTY_MANIFEST;
    case 'rejected':
      return found.because;
    case 'unanswered':
      return undefined;
    case 'found': {
      const manifest = unpackManifest(found.body);
      if (!manifest) remote.reject(name, NO_MANIFEST);
      return manifest ?? NO_MANIFEST;
    }
  }
}
