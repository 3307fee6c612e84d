import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { responseFileText, tokenize } from '../../../src/commandline/read/tokenizer.ts';
import { clangClWorkspace } from './real-clang-cl.ts';

let workspace: ReturnType<typeof clangClWorkspace>;
before(() => {
  workspace = clangClWorkspace();
});
after(() => workspace?.remove());

/** The values of `-D` in the command that clang-cl would run. */
function definitions(stderr: string): string[] {
  return Array.from(stderr.matchAll(/ "-D" "((?:[^"\\]|\\.)*)"/g), ([, text = '']) =>
    text.replace(/\\(.)/g, '$1'),
  );
}

const VALUES = [
  'A',
  'B=a b',
  'C="q"',
  'D=\\"q\\"',
  'E=x\\',
  'F=x y\\',
  'G=x y\\\\',
  'H=""',
  'I=ä 日本',
  "J='x'",
  'K=@x',
];

test('clang-cl reads the arguments that our response file was written from', () => {
  const { root, run } = workspace;
  const file = join(root, 'ours.txt');
  const args = ['-###', '/c', ...VALUES.flatMap((value) => ['/D', value]), 'src/a.c'];
  writeFileSync(file, `\ufeff${responseFileText(args)}`, 'utf16le');
  assert.deepEqual(definitions(run([`@${file}`]).stderr), VALUES);
});

const TEXTS = [
  '/DA "/DB=a b" /D"C=a b" /DD="a b"',
  '/DA=\\"x\\" "/DB=\\\\" /DC=a\\b\\\\c "/DD=a""b" /DE="a""b c"',
  '/DA=1\r\n/DB=2\n\t/DC=3\r/DD=4',
  '/DA=a"b"" c d" /DB',
];

for (const text of TEXTS) {
  test(`clang-cl splits text as the tokenizer does: ${JSON.stringify(text)}`, () => {
    const { root, run } = workspace;
    const file = join(root, 'theirs.txt');
    writeFileSync(file, text);
    const expected = tokenize(text).map((word) => word.slice(2));
    assert.deepEqual(definitions(run(['-###', '/c', 'src/a.c', `@${file}`]).stderr), expected);
  });
}
