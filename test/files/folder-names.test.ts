import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listedSteps, namesIn } from '../../src/files/folder-names.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('the names in a folder are in small letters, and a folder that is not there has none', (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'Some.H'), '');
  mkdirSync(join(folder, 'Sub'));
  assert.deepEqual(namesIn(folder), new Set(['some.h', 'sub']));
  assert.deepEqual(namesIn(join(folder, 'gone')), new Set());
  assert.deepEqual(namesIn(join(folder, 'Some.H')), undefined, 'a file is no folder without names');
});

test('a verbatim Windows folder is not listed', () => {
  assert.equal(namesIn('\\\\?\\UNC\\server\\share\\inc'), undefined);
});

test('a name is listed if no file system knows it by another spelling than in another case', () => {
  for (const style of ['posix', 'win32'] as const) {
    assert.deepEqual(listedSteps(style, 'x.h'), ['x.h']);
    assert.deepEqual(listedSteps(style, 'sub/A b+c-1.hpp'), ['sub', 'A b+c-1.hpp']);
    for (const name of [
      '',
      '/x.h',
      '//x.h',
      './x.h',
      '../x.h',
      'a//x.h',
      'a/',
      'ü.h',
      '\u212a.h',
      'a\tb.h',
    ]) {
      assert.equal(listedSteps(style, name), undefined, name);
    }
  }
  assert.deepEqual(listedSteps('win32', 'sub\\x.h'), ['sub', 'x.h']);
  assert.equal(listedSteps('posix', 'sub\\x.h'), undefined);
  for (const name of [
    'LONGNA~1.H',
    'x.h.',
    'x.h ',
    'x.h:stream',
    'C:x.h',
    'nul',
    'aux.h',
    'Com1.h',
    'a*.h',
  ]) {
    assert.equal(listedSteps('win32', name), undefined, name);
  }
});
