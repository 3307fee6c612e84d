import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { makeOwnFolder } from '../../src/util/own-folder.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('missing folders are made', (t) => {
  const folder = temporaryFolder(t);
  makeOwnFolder(`${folder}/cache/v1/objects/ab`, 3);
  makeOwnFolder(`${folder}/cache/v1/objects/ab`, 3);
  assert.ok(lstatSync(`${folder}/cache/v1/objects/ab`).isDirectory());
});

test('a file in the place of a folder is replaced by one', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(`${folder}/v1`);
  writeFileSync(`${folder}/v1/objects`, 'a file');
  makeOwnFolder(`${folder}/v1/objects/ab`, 3);
  assert.ok(lstatSync(`${folder}/v1/objects/ab`).isDirectory());
});

test('a link among clcache’s folders is not followed, and one above them is', (t) => {
  const [folder, elsewhere] = [temporaryFolder(t), temporaryFolder(t)];
  for (const name of ['v1', 'v1/objects', 'v1/objects/ab']) {
    const cache = `${folder}/cache of ${name.replaceAll('/', ' ')}`;
    mkdirSync(dirname(`${cache}/${name}`), { recursive: true });
    symlinkSync(elsewhere, `${cache}/${name}`);
    assert.throws(() => makeOwnFolder(`${cache}/v1/objects/ab`, 3), { code: 'LINKED_FOLDER' }, name);
  }
  assert.deepEqual(readdirSync(elsewhere), []);
  symlinkSync(elsewhere, `${folder}/chosen`);
  makeOwnFolder(`${folder}/chosen/v1/objects/ab`, 3);
  assert.deepEqual(readdirSync(elsewhere), ['v1']);
});
