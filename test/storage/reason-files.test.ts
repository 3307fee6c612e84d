import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { clean, clear } from '../../src/storage/local/evict.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { allReasons, keepReasons, readReasons } from '../../src/storage/local/reason-files.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const LARGEST = 1000;

/** Names in one section. */
function nameOf(number: number): string {
  return `ab${String(number).padStart(38, '0')}`;
}

test('a text is read as it was kept last, and another name has none', (t) => {
  const { reasons } = layoutOf(temporaryFolder(t));
  assert.equal(readReasons(reasons, nameOf(1), LARGEST), undefined);
  keepReasons(reasons, nameOf(1), { text: 'one', isNew: true });
  keepReasons(reasons, nameOf(1), { text: 'two', isNew: false });
  assert.equal(readReasons(reasons, nameOf(1), LARGEST), 'two');
  assert.equal(readReasons(reasons, nameOf(2), LARGEST), undefined);
});

test('a section keeps a limited number of texts, and those that were written last', (t) => {
  const { reasons } = layoutOf(temporaryFolder(t));
  for (let number = 0; number < 200; number++) {
    keepReasons(reasons, nameOf(number), { text: 'x', isNew: true });
    const old = new Date(Date.now() - 1_000_000 + number * 1000);
    const file = join(reasons, 'ab', `${nameOf(number)}.json`);
    if (existsSync(file)) utimesSync(file, old, old);
  }
  const left = readdirSync(join(reasons, 'ab'));
  assert.ok(left.length <= 48, String(left.length));
  assert.ok(left.length > 24, String(left.length));
  assert.equal(readReasons(reasons, nameOf(198), LARGEST), 'x');
  assert.equal(readReasons(reasons, nameOf(0), LARGEST), undefined);
});

test('all texts are listed, the newest first, without what is no file of ours', (t) => {
  const { reasons } = layoutOf(temporaryFolder(t));
  assert.deepEqual(allReasons(reasons, LARGEST), []);
  for (const [number, age] of [
    [1, 30],
    [2, 10],
    [3, 20],
  ] as const) {
    keepReasons(reasons, nameOf(number), { text: String(number), isNew: true });
    const time = new Date(Date.now() - age * 1000);
    utimesSync(join(reasons, 'ab', `${nameOf(number)}.json`), time, time);
  }
  mkdirSync(join(reasons, 'ab/folder.json'));
  writeFileSync(join(reasons, 'file'), '');
  symlinkSync('/nowhere', join(reasons, 'ab/link.json'));
  assert.deepEqual(
    allReasons(reasons, LARGEST).map(({ read }) => read()),
    ['2', '3', '1'],
  );
});

test('a folder that cannot be read is named, and one that is not there is not', (t) => {
  const { reasons } = layoutOf(temporaryFolder(t));
  const named: string[] = [];
  allReasons(reasons, LARGEST, (path) => named.push(path));
  assert.equal(named.length, 0);
  keepReasons(reasons, nameOf(1), { text: 'x', isNew: true });
  const circle = join(reasons, 'cd');
  symlinkSync(circle, circle);
  assert.equal(allReasons(reasons, LARGEST, (path) => named.push(path)).length, 1);
  assert.deepEqual(named, [circle]);
});

test('a link in the place of the folder is not written through', (t) => {
  const folder = temporaryFolder(t);
  const { reasons, root } = layoutOf(join(folder, 'cache'));
  mkdirSync(root, { recursive: true });
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), reasons);
  assert.throws(() => keepReasons(reasons, nameOf(1), { text: 'x', isNew: true }));
  assert.deepEqual(readdirSync(join(folder, 'elsewhere')), []);
});

test('clearing the cache removes all of them, and cleaning those that were not written for a month', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const { reasons } = layoutOf(cacheDirectory);
  const month = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
  for (const number of [1, 2]) keepReasons(reasons, nameOf(number), { text: 'x', isNew: true });
  utimesSync(join(reasons, 'ab', `${nameOf(1)}.json`), month, month);
  await clean({ cacheDirectory, timeoutMs: 1000, maximumSize: 1_000_000 });
  assert.deepEqual(
    [1, 2].map((number) => readReasons(reasons, nameOf(number), LARGEST)),
    [undefined, 'x'],
  );
  await clear({ cacheDirectory, timeoutMs: 1000 });
  assert.equal(readReasons(reasons, nameOf(2), LARGEST), undefined);
  assert.deepEqual(readdirSync(reasons), []);
});
