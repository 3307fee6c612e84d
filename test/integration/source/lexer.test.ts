import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Random } from '../../fuzz/random.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { CLANG, compareWithClang } from '../../source/clang-tokens.ts';
import { randomLines } from '../../source/random-lines.ts';

/** `npm run fuzz -- --lexer` compares all. */
const HEADERS = 30;
const RANDOM_FILES = 20;
/** One of these has a raw string that is not closed, with splices in its prefix. */
const ODD_FILES = [1571];
const skip = existsSync(CLANG) ? false : `no ${CLANG} here`;

test('the tokens of headers are those of clang', { skip }, async () => {
  const roots = ['/usr/include', '/usr/lib/llvm-14/lib/clang'].filter((root) => existsSync(root));
  const files = roots.flatMap((root) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:h|hpp|tcc|inc)$|^[a-z_]+$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const random = new Random(20261125);
  let tokens = 0;
  for (const file of random.some(files.sort(), HEADERS)) {
    const comparison = await compareWithClang(file);
    assert.equal(comparison.difference, undefined);
    tokens += comparison.tokens;
  }
  assert.ok(tokens > 5000, `${tokens} tokens`);
});

test('the tokens of random lines are those of clang', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  for (const seed of [...Array.from({ length: RANDOM_FILES }, (_, index) => index + 1), ...ODD_FILES]) {
    const file = join(folder, `${seed}.cpp`);
    writeFileSync(file, randomLines(seed, 25), 'latin1');
    assert.equal((await compareWithClang(file)).difference, undefined);
  }
});
