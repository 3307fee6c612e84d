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

/** What a precompiled header was made from. */
export interface Origin {
  readonly files: readonly WrittenFile[];
  /** The macros of the command line that made it, as `NAME`, `NAME=text` or `NAME(x)=text`. Its users know them. */
  readonly definitions: readonly string[];
}

// Numbers of clang's `ASTBitCodes.h`, tried with clang 14, 16 and 19.
const MAGIC = 'CPCH';
const CONTROL_BLOCK = 15;
const INPUT_FILES_BLOCK = 16;
const OPTIONS_BLOCK = 17;
/** Another precompiled header or module that this one builds on. */
const IMPORTS = 2;
const INPUT_FILE = 1;
/** The value with the length of the name as it was asked for, which since clang 18 stands before the name. */
const REQUESTED_NAME = 7;

/**
 * What a precompiled header of clang was made from: `INPUT_FILE` records, of which the first three values are number,
 * size and time (`ASTWriter::WriteInputFiles`), and the options of the preprocessor. Undefined if that cannot be read, or
 * if it builds on another one, whose files are not in it. The caller compares what it gets with the files.
 */
export function madeFrom(path: string): Origin | undefined {
  const bytes = readFileIfThere(path);
  if (bytes?.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  try {
    return originOf(new BitReader(bytes, MAGIC.length).items(2));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function originOf(items: Iterable<BitItem>): Origin | undefined {
  const control = blockIn(items, CONTROL_BLOCK);
  if (!control || control.some((one) => one.kind === 'record' && one.record.code === IMPORTS))
    return undefined;
  const files = blockIn(control, INPUT_FILES_BLOCK)?.flatMap(fileOf);
  // Those of the preprocessor come last. Their number differs from version to version.
  const options = blockIn(control, OPTIONS_BLOCK)?.at(-1);
  const values = options?.kind === 'record' ? options.record.values : [];
  // Since clang 17 a switch stands before them.
  const definitions = definitionsAt(values, 0) ?? definitionsAt(values, 1);
  return files && definitions && { files, definitions };
}

function blockIn(items: Iterable<BitItem>, id: number): BitItem[] | undefined {
  for (const item of items) if (item.kind === 'block' && item.id === id) return [...item.items()];
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

/** A count, and so many texts (their length, their characters), each with whether it is undefined (`-U`). */
function definitionsAt(values: readonly number[], start: number): string[] | undefined {
  const definitions: string[] = [];
  let at = start + 1;
  for (let left = values[start] ?? -1; left !== 0; left--) {
    const length = values[at] ?? 0;
    const letters = values.slice(at + 1, at + 1 + length);
    const flag = values[at + 1 + length];
    if (length === 0 || letters.some((letter) => letter < TAB) || (flag !== 0 && flag !== 1))
      return undefined;
    if (flag === 0) definitions.push(Buffer.from(letters).toString());
    at += length + 2;
  }
  return definitions;
}
/** No text of a line holds a character below it. */
const TAB = 9;
