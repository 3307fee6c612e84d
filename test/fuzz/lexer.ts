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

export interface LexerTotals {
  readonly files: number;
  readonly tokens: number;
  readonly lines: number;
  readonly differences: readonly string[];
}

/** Compares all headers of the machine and `lines` random lines from `seed` on; `folder` is for those. */
export async function compareLexers(folder: string, seed: number, lines: number): Promise<LexerTotals> {
  const headers = new Set(ROOTS.flatMap(headersBelow));
  const random = Array.from({ length: Math.ceil(lines / LINES_OF_A_FILE) }, (_, index) => seed + index);
  const differences: string[] = [];
  let files = 0;
  let tokens = 0;
  const work = [...[...headers].map((file) => ({ file })), ...random.map((each) => ({ seed: each }))];
  const compareNext = async (): Promise<void> => {
    for (let next = work.pop(); next; next = work.pop()) {
      const file = 'file' in next ? next.file : join(folder, `${next.seed}.cpp`);
      if ('seed' in next) writeFileSync(file, randomLines(next.seed, LINES_OF_A_FILE), 'latin1');
      const comparison = await compareWithClang(file);
      if ('seed' in next) rmSync(file);
      else files++;
      tokens += comparison.tokens;
      if (comparison.difference !== undefined) differences.push(comparison.difference);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, compareNext));
  return { files, tokens, lines: random.length * LINES_OF_A_FILE, differences };
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
