import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { checkBaseDirectories } from '../../src/doctor/checks/base-directories.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { linesOf } from './surroundings.ts';

const said = (workingDirectory: string, ...baseDirectories: readonly string[]) =>
  linesOf(checkBaseDirectories({ config: { baseDirectories, workingDirectory, style: 'posix' } }));

test('a base directory above the current folder is good, and so is none', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  assert.deepEqual(said(join(folder, 'a/b'), join(folder, 'a')), [`good ${folder}/a covers this folder`]);
  assert.match(said(folder)[0] ?? '', /^good none is set/);
});

test('base directories that are gone, that do not cover the folder, or that do by another name are looked at', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'a'));
  mkdirSync(join(folder, 'ab'));
  symlinkSync('a', join(folder, 'link'));
  const lines = said(join(folder, 'ab'), join(folder, 'gone'), join(folder, 'a'));
  assert.match(lines[0] ?? '', /^look CLCACHE_BASEDIR does not name a folder: '.*\/gone'/);
  assert.match(lines[1] ?? '', /^look no base directory covers this folder/);
  assert.match(said(join(folder, 'a'), join(folder, 'link'))[0] ?? '', /^look .*\/link is another name for/);
});
