import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { BrokenJsonError, readJsonFile, stableStringify } from '../../src/util/json.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('equal values give equal bytes, whatever the order of their names', () => {
  assert.equal(
    stableStringify({ b: [1, { d: null, c: 'x' }], a: true }),
    '{"a":true,"b":[1,{"c":"x","d":null}]}',
  );
  assert.equal(stableStringify({ b: 1, a: 2 }), stableStringify({ a: 2, b: 1 }));
});

test('a JSON file that is not there is undefined', (t) => {
  assert.equal(readJsonFile(`${temporaryFolder(t)}/none.json`), undefined);
});

test('a broken, half or empty JSON file is an error that names it', (t) => {
  const file = `${temporaryFolder(t)}/a.json`;
  for (const text of ['', '{"a":1', '\0\0\0\0', 'nonsense']) {
    writeFileSync(file, text);
    assert.throws(
      () => readJsonFile(file),
      (error) =>
        error instanceof BrokenJsonError &&
        error.message === `${file} was broken` &&
        error.code === 'BROKEN_JSON',
    );
  }
});

test('a JSON file that cannot be read is an error of the system', (t) => {
  const folder = `${temporaryFolder(t)}/folder.json`;
  mkdirSync(folder);
  assert.throws(() => readJsonFile(folder), { code: 'EISDIR' });
});
