import { readFileIfThere } from '../../util/file-stat.ts';
import { type BitItem, BitReader } from './bitstream.ts';

/** A file that a precompiled header was made from, as clang has written it down. */
export interface WrittenFile {
  /** An absolute path. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** In seconds since 1970. 0 if the time does not count (`-fno-pch-timestamp`). */
  readonly modified: number;
}

// The numbers of clang's `ASTBitCodes.h`. They have not changed from clang 9 to clang 20.
const MAGIC = 'CPCH';
const CONTROL_BLOCK = 15;
const INPUT_FILES_BLOCK = 16;
/** Another precompiled header or module that this one builds on. */
const IMPORTS = 2;
const INPUT_FILE = 1;
/** The value with the length of the name as it was asked for, which since clang 18 stands before the name. */
const REQUESTED_NAME = 7;

/**
 * The files that a precompiled header of clang was made from: `INPUT_FILE` records, of which the first three values are
 * number, size and time (`ASTWriter::WriteInputFiles`). Undefined if that cannot be read, or if it builds on another
 * one, whose files are not in it. The caller compares what it gets with the files.
 */
export function madeFrom(path: string): readonly WrittenFile[] | undefined {
  const bytes = readFileIfThere(path);
  if (bytes?.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  try {
    return writtenFiles(new BitReader(bytes, MAGIC.length).items(2));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function writtenFiles(items: Iterable<BitItem>): WrittenFile[] | undefined {
  for (const item of items) {
    if (item.kind !== 'block' || item.id !== CONTROL_BLOCK) continue;
    const inside = [...item.items()];
    if (inside.some((one) => one.kind === 'record' && one.record.code === IMPORTS)) return undefined;
    const files = inside.find((one) => one.kind === 'block' && one.id === INPUT_FILES_BLOCK);
    return files?.kind === 'block' ? [...files.items()].flatMap(fileOf) : undefined;
  }
  return undefined;
}

function fileOf(item: BitItem): WrittenFile[] {
  if (item.kind !== 'record' || item.record.code !== INPUT_FILE) return [];
  const { values, blob = Buffer.alloc(0) } = item.record;
  const [, size = 0, modified = 0] = values;
  const requested = values[REQUESTED_NAME] ?? 0;
  const name = blob.subarray(requested < blob.length ? requested : 0);
  return [{ path: name.toString(), size, modified }];
}
