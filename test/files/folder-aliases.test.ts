import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aliasesOf, folderAbove } from '../../src/files/folder-aliases.ts';

/** Which folder a path leads to. */
const DISK: Readonly<Record<string, string>> = {
  '/': 'root',
  '/work': 'work',
  '/work/src': 'src',
  '/work/inc': 'inc',
  '/work/link': 'src',
};

function all(searched: readonly string[], holding: readonly string[], disk = DISK): string[] {
  const identityOf = (folder: string) => disk[folder];
  return aliasesOf({ searched, holding }, 'posix', identityOf);
}

/** Those of the folders that hold headers. */
function aliases(searched: readonly string[], holding: readonly string[], disk = DISK): string[] {
  return all(searched, holding, disk).slice(0, holding.length);
}

test('a folder has the numbers of all searched folders that lead to it', () => {
  assert.deepEqual(aliases(['/work/inc', '/work/src', '/work/link'], ['/work', '/work/src', '/work/inc']), [
    '',
    '1,2',
    '0',
  ]);
});

test('a searched folder that does not exist counts for the one above', () => {
  assert.deepEqual(aliases(['/work/none', '/work/src/none'], ['/work', '/work/src']), ['0^', '1^']);
  assert.deepEqual(aliases(['/work/none/below'], ['/work', '/work/src']), ['', '']);
});

test('a searched folder that comes or goes changes nothing but the names of the one above', () => {
  const made = { ...DISK, '/work/none': 'new' };
  assert.notDeepEqual(aliases(['/work/none'], ['/work'], made), aliases(['/work/none'], ['/work']));
  assert.deepEqual(aliases(['/work/none'], ['/work/src'], made), aliases(['/work/none'], ['/work/src']));
});

test('a folder that holds headers is known by an earlier one that is the same', () => {
  assert.deepEqual(aliases([], ['/work/src', '/work/inc', '/work/link']), ['', '', '=0']);
  assert.deepEqual(aliases(['/work/link'], ['/work/src', '/work/link']), ['0', '0,=0']);
  assert.deepEqual(aliases([], ['/gone', '/gone']), ['', '']);
});

test('searched folders that are one know each other, and one that appears by itself changes nothing', () => {
  const searched = ['/work/src', '/work/new', '/work/link'];
  assert.deepEqual(all(searched, []), ['2', '', '0']);
  assert.deepEqual(all(searched, [], { ...DISK, '/work/new': 'new' }), ['2', '', '0']);
  assert.deepEqual(all(searched, [], { ...DISK, '/work/new': 'src' }), ['1,2', '0,2', '0,1']);
  assert.deepEqual(all(['/work/inc'], ['/work/inc']), ['0', '=0']);
});

test('the folder above is what a path spells', () => {
  for (const [path, above] of [
    ['/work/inc', '/work'],
    ['/work/inc/', '/work'],
    ['/work', '/'],
    ['/work/a\\b', '/work'],
  ] as const) {
    assert.equal(folderAbove('posix', path), above, path);
  }
  assert.equal(folderAbove('win32', 'C:\\work\\inc'), 'C:\\work');
  assert.equal(folderAbove('win32', 'C:\\work'), 'C:\\');
  assert.equal(folderAbove('win32', 'C:\\work/inc'), 'C:\\work');
});
