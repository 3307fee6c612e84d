import assert from 'node:assert/strict';
import fs, { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../../src/util/make-folder.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('a folder is made with the missing ones above it, and the uppermost new one is returned', (t) => {
  const folder = temporaryFolder(t);
  const deep = join(folder, 'one', 'two', 'three');
  assert.equal(makeFolder(deep), join(folder, 'one'));
  assert.ok(statSync(deep).isDirectory());
  assert.equal(makeFolder(deep), undefined);
  assert.equal(makeFolder(join(deep, 'four')), join(deep, 'four'));
  assert.equal(makeFolder('/'), undefined);
});

test('every new folder gets the mode', { skip: process.platform === 'win32' }, (t) => {
  const folder = temporaryFolder(t);
  makeFolder(join(folder, 'one', 'two'), 0o700);
  for (const name of ['one', 'one/two']) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o700);
});

test('a file, or a link that leads nowhere, in the place of a folder is an error', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('nowhere', join(folder, 'link'));
  for (const name of ['file', 'file/below', 'link'])
    assert.throws(() => makeFolder(join(folder, name)), name);
});

test('a folder above that another process makes at that moment is no error', (t) => {
  const folder = join(temporaryFolder(t), 'one', 'two');
  const { mkdirSync } = fs;
  let calls = 0;
  t.mock.method(fs, 'mkdirSync', (path: string, options: object) => {
    if (++calls > 1) return mkdirSync(path, options);
    mkdirSync(dirname(path));
    throw Object.assign(new Error('no such file or directory'), { code: 'ENOENT' });
  });
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  assert.equal(makeFolder(folder), folder);
  assert.ok(statSync(folder).isDirectory());
});
