import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanSource } from '../../src/source/scan.ts';
import { mayNameTime } from '../../src/source/time-words.ts';
import { Random } from '../fuzz/random.ts';

const CLANG_CL = { importReadsTypeLibraries: false, takesHashForEqualsSign: true, readsLooseText: false };
const CL = { importReadsTypeLibraries: true, takesHashForEqualsSign: false, readsLooseText: true };

const NAMES = ['__TIME__', '__DATE__', '__TIMESTAMP__'];
const SPLICES = ['\\\n', '\\\r\n', '\\ \t\n', '??/\n', '\\\n\\\n', '\0'];

test('the first look finds every time macro that a scan finds, with the name cut at any letter', () => {
  const random = new Random(5);
  let found = 0;
  for (let round = 0; round < 2000; round += 1) {
    const name = random.pick(NAMES);
    const at = random.between(0, name.length);
    const text = Buffer.from(
      `int a;\nint b = ${name.slice(0, at)}${random.pick(SPLICES)}${name.slice(at)};\n`,
    );
    const isFound = [CL, CLANG_CL].some((options) => scanSource(text, options).hasTimeMacro);
    if (isFound) {
      found += 1;
      assert.ok(mayNameTime(text), JSON.stringify(text.toString()));
    }
  }
  assert.ok(found > 1000, `${found} found`);
});

test('the first look passes over ordinary sources: strings with backslashes, and macros of several lines', () => {
  const text =
    '#define two(a) \\\n  f(a); \\\n  g("\\n\\"")\nchar path[] = "a\\b";\nint time, date, _Time;\n';
  assert.equal(mayNameTime(Buffer.from(text)), false);
});
