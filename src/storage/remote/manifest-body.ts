/** A manifest as the body of an envelope: the text that is kept on disk too. */
import { decodeManifest, encodeManifest, type Manifest, withEntryFirst } from '../../cache/manifest.ts';

/** In bytes; a hundred entries of thousands of headers are a tenth of it. */
export const MANIFEST_LIMIT = 32 * 1024 * 1024;

/** Keys become names of files: nothing else may pass for one. */
const KEY = /^[0-9a-f]{40}$/;

export function packManifest(manifest: Manifest): Uint8Array {
  return Buffer.from(encodeManifest(manifest));
}

/** The manifest in a body that `packManifest` made; undefined for anything else. Never throws. */
export function unpackManifest(body: Uint8Array): Manifest | undefined {
  try {
    const manifest = decodeManifest(Buffer.from(body).toString('utf8'));
    return manifest?.entries.every(({ artifact }) => KEY.test(artifact)) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** Both together, the entries of `first` before those that only `second` has; capped as every manifest is. */
export function mergeManifests(first: Manifest, second: Manifest): Manifest {
  return first.entries.toReversed().reduce(withEntryFirst, second);
}

/** True if every entry of `part` is in `whole`. Equal artifacts were made from equal states: their key says so. */
export function holdsAll(whole: Manifest, part: Manifest): boolean {
  const known = new Set(whole.entries.map(({ artifact }) => artifact));
  return part.entries.every(({ artifact }) => known.has(artifact));
}
