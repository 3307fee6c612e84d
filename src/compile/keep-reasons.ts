/** Reads and keeps why the calls for a source were no hits. */
import { type KeptCall, MAXIMUM_KEPT_SIZE, withCall } from '../explain/kept-call.ts';
import { type Digest, digestOfParts } from '../hash/digest.ts';
import { keepReasons, readReasons } from '../storage/local/reason-files.ts';
import { absolutePath, foldCase, type PathStyle } from '../util/paths.ts';

/** What is kept of a source, and where. */
export interface ReasonsOfSource {
  readonly folder: string;
  readonly name: Digest;
  /** An absolute path. */
  readonly source: string;
  /** Undefined if nothing was kept yet. */
  readonly text: string | undefined;
}

/**
 * What is kept of a source, which is an absolute path. `/a/build/../x.c` is `/a/x.c` here, as for whoever asks. Never
 * throws.
 */
export function reasonsOf(folder: string, style: PathStyle, source: string): ReasonsOfSource {
  const plain = absolutePath(style, source, '.');
  const name = digestOfParts(['reasons', foldCase(style, plain)]);
  return { folder, name, source: plain, text: readReasons(folder, name, MAXIMUM_KEPT_SIZE) };
}

/** Keeps a call with those that were kept before. Throws system errors. */
export function keepCall({ folder, name, source, text }: ReasonsOfSource, call: KeptCall): void {
  keepReasons(folder, name, { text: withCall(text, source, call), isNew: text === undefined });
}
