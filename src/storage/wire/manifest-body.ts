/** A manifest as the body of an envelope: the same text as on disk. */
import {
  decodeManifest,
  encodeManifest,
  isSameEntry,
  type Manifest,
  withEntryFirst,
} from '../../cache/manifest.ts';

/** In bytes. A hundred entries of thousands of headers take a tenth of it. */
export const MANIFEST_LIMIT = 32 * 1024 * 1024;

/** Keys become names of files, so no other text may pass as a key. */
const KEY = /^[0-9a-f]{40}$/;

export function packManifest(manifest: Manifest): Uint8Array {
  return Buffer.from(encodeManifest(manifest));
}

/** The manifest in a body that `packManifest` made. Undefined for every other body. Never throws. */
export function unpackManifest(body: Uint8Array): Manifest | undefined {
  try {
    const manifest = decodeManifest(Buffer.from(body).toString('utf8'));
    return manifest?.entries.every(({ artifact }) => KEY.test(artifact)) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Both manifests together. The entries of `first` come first, then those that only `second` has, up to the usual limit.
 */
export function mergeManifests(first: Manifest, second: Manifest): Manifest {
  return first.entries.toReversed().reduce(withEntryFirst, second);
}

/** True if every entry of `part` is in `whole`. */
export function holdsAll(whole: Manifest, part: Manifest): boolean {
  return part.entries.every((entry) => whole.entries.some((other) => isSameEntry(other, entry)));
}
