import { newHasher } from '../../runtime/hasher.ts';
import { codecOf, preferredCompression } from '../local/compression.ts';
import { entryFolder, type Layout, outputOfEntry } from '../local/layout.ts';
import { verifiedChunks } from '../local/stored-file.ts';
import type { SendableEntry } from './pack-entry.ts';
import { PART_SIZE, type Part, sizeOfPart } from './part-list.ts';

/** The fastest level. A store gains little from a better one, and there are seconds for sending. */
const LEVEL = 1;
/** The part of its size to which the beginning of a part must shrink. Else the part is sent as it is. */
const WORTHWHILE = 0.9;
const BEGINNING = 256 * 1024;

/** A part of a file of an entry, with its bytes as they are sent. */
export interface PackedPart {
  /** The number of the file in the entry. */
  readonly file: number;
  readonly part: Part;
  readonly bytes: Uint8Array;
}

/**
 * The parts of an entry, one after the other. Returns whether all files verified. `pause` is awaited after a few milliseconds
 * of work each, and may reject to stop. Throws system errors.
 */
export async function* packedParts(
  layout: Layout,
  { key, files }: SendableEntry,
  pause: () => Promise<void>,
): AsyncGenerator<PackedPart, boolean, undefined> {
  const folder = entryFolder(layout, key);
  /** Not in use by a part that is being sent. New memory for each part takes as long as reading it. */
  let spare: Buffer | undefined;
  for (const [file, row] of files.entries()) {
    const chunks = verifiedChunks(outputOfEntry(folder, row.role), row);
    for (let number = 0; number * PART_SIZE < row.size; number += 1) {
      const whole: Buffer = spare ?? Buffer.allocUnsafe(PART_SIZE);
      const contents = whole.subarray(0, sizeOfPart(row.size, number));
      for (let filled = 0; filled < contents.length; ) {
        const { value, done } = chunks.next();
        if (done === true) return false;
        contents.set(value, filled);
        filled += value.length;
        await pause();
      }
      const packed = packPart(contents);
      spare = packed.bytes === contents ? undefined : whole;
      yield { file, ...packed };
      await pause();
    }
    const end = chunks.next();
    if (end.done !== true || !end.value) return false;
  }
  return true;
}

function packPart(contents: Uint8Array): Pick<PackedPart, 'part' | 'bytes'> {
  const best = preferredCompression();
  const compress = (bytes: Uint8Array) => codecOf(best)?.compress(bytes, LEVEL) ?? bytes;
  const beginning = contents.subarray(0, BEGINNING);
  const isWorthIt = compress(beginning).length < WORTHWHILE * beginning.length;
  const smaller = isWorthIt ? compress(contents) : contents;
  const isSmaller = smaller.length < contents.length;
  const bytes = isSmaller ? smaller : contents;
  const compression = isSmaller ? best : 'none';
  return { part: { compression, length: bytes.length, sha256: sha256Of(bytes) }, bytes };
}

/** The contents of a part that was sent. Undefined if it is not that part, or if this runtime cannot read it. */
export function unpackPart(part: Part, bytes: Uint8Array, size: number): Uint8Array | undefined {
  if (bytes.length !== part.length || sha256Of(bytes) !== part.sha256) return undefined;
  try {
    const contents = codecOf(part.compression)?.decompress(bytes, size);
    return contents?.length === size ? contents : undefined;
  } catch {
    // It does not decompress, or to more than its size.
    return undefined;
  }
}

function sha256Of(bytes: Uint8Array): string {
  const hasher = newHasher();
  hasher.update(bytes);
  return hasher.digest('hex');
}
