import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  BrokenJsonError,
  isParsable,
  parseJson,
  readJsonFile,
  stableStringify,
} from '../../src/util/json.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('equal values give equal bytes, whatever the order of their names', () => {
  assert.equal(
    stableStringify({ b: [1, { d: null, c: 'x' }], a: true }),
    '{"a":true,"b":[1,{"c":"x","d":null}]}',
  );
  assert.equal(stableStringify({ b: 1, a: 2 }), stableStringify({ a: 2, b: 1 }));
});

test('a missing JSON file is undefined', (t) => {
  assert.equal(readJsonFile(`${temporaryFolder(t)}/none.json`, 100), undefined);
});

test('a broken, half or empty JSON file is an error that names it', (t) => {
  const file = `${temporaryFolder(t)}/a.json`;
  for (const text of ['', '{"a":1', '\0\0\0\0', 'nonsense']) {
    writeFileSync(file, text);
    assert.throws(
      () => readJsonFile(file, 100),
      (error) =>
        error instanceof BrokenJsonError &&
        error.message === `${file} was broken` &&
        error.code === 'BROKEN_JSON',
    );
  }
});

test('a folder in the place of a JSON file, and one that is too large, count as broken', (t) => {
  const folder = `${temporaryFolder(t)}/folder.json`;
  mkdirSync(folder);
  assert.throws(() => readJsonFile(folder, 100), { code: 'BROKEN_JSON' });
  writeFileSync(`${folder}/a.json`, JSON.stringify('x'.repeat(100)));
  assert.throws(() => readJsonFile(`${folder}/a.json`, 100), { code: 'BROKEN_JSON' });
  assert.equal(readJsonFile(`${folder}/a.json`, 102), 'x'.repeat(100));
});

test('a text of a few bytes for each of millions of elements is refused before it takes their memory', () => {
  assert.deepEqual(parseJson('[[],{}]'), [[], {}]);
  for (const element of ['[],', '{},', '0,']) {
    const text = `[${element.repeat(1_100_000)}0]`;
    assert.equal(isParsable(text), false);
    assert.equal(parseJson(text), undefined);
  }
  const nested = `${'['.repeat(1_100_000)}${']'.repeat(1_100_000)}`;
  assert.equal(parseJson(nested), undefined);
  assert.equal(isParsable(JSON.stringify('['.repeat(900_000))), true);
  assert.equal(isParsable(`"${'x'.repeat(3_000_000)}"`), true);
});
