/** The lexer against clang's on every header that can be found, and on random lines. */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareWithClang } from '../source/clang-tokens.ts';
import { randomLines } from '../source/random-lines.ts';

const ROOTS = ['/usr/include', '/usr/lib', '/usr/share', '/usr/local', '/opt', '/root'];
const HEADER = /\.(?:h|hh|hpp|hxx|h\+\+|tcc|ipp|inc|inl|def)$/;
/** libstdc++'s have no suffix. */
const STANDARD = /\/c\+\+\/.*\/[a-z_]+$/;
const LINES_OF_A_FILE = 25;
const AT_ONCE = 2;
/** clang prints a hundred bytes and more for each token: of a larger file that is a gigabyte. */
const LARGEST = 2 ** 20;
/** All are counted, the first are shown. */
const MOST_DIFFERENCES = 20;

export interface LexerTotals {
  readonly files: number;
  readonly tokens: number;
  readonly lines: number;
  /** Headers that were left out. */
  readonly tooLarge: number;
  /** Files that differ. */
  readonly differ: number;
  /** The first of them, each with its place. */
  readonly differences: readonly string[];
}

/** Compares all headers of the machine and `lines` random lines from `seed` on; `folder` is for those. */
export async function compareLexers(folder: string, seed: number, lines: number): Promise<LexerTotals> {
  const totals = { files: 0, tokens: 0, lines: 0, tooLarge: 0, differ: 0 };
  const differences: string[] = [];
  const compare = async (file: string) => {
    const { tokens, difference } = await compareWithClang(file);
    totals.tokens += tokens;
    if (difference === undefined) return;
    totals.differ++;
    if (differences.length < MOST_DIFFERENCES) differences.push(difference);
  };
  // One list for all: each takes the next file when it is done with one.
  const work = worksOf(seed, lines);
  const compareNext = async (): Promise<void> => {
    for (const next of work) {
      if (typeof next === 'number') {
        const file = join(folder, `${next}.cpp`);
        writeFileSync(file, randomLines(next, LINES_OF_A_FILE), 'latin1');
        await compare(file);
        rmSync(file);
        totals.lines += LINES_OF_A_FILE;
      } else if (statSync(next).size > LARGEST) totals.tooLarge++;
      else {
        await compare(next);
        totals.files++;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, compareNext));
  return { ...totals, differences };
}

/** Seeds of random files, and headers. */
function* worksOf(seed: number, lines: number): Generator<number | string, void> {
  for (let index = 0; index < Math.ceil(lines / LINES_OF_A_FILE); index++) yield seed + index;
  const seen = new Set<string>();
  for (const file of ROOTS.flatMap(headersBelow)) {
    if (!seen.has(file)) yield file;
    seen.add(file);
  }
}

function headersBelow(root: string): string[] {
  try {
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => (HEADER.test(file) || STANDARD.test(file)) && statSync(file).size > 0);
  } catch {
    return [];
  }
}
