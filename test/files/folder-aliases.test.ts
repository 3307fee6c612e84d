import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aliasesOf } from '../../src/files/folder-aliases.ts';

/** Which folder a path leads to. */
const DISK: Readonly<Record<string, string>> = {
  '/': 'root',
  '/tree': 'tree',
  '/tree/src': 'src',
  '/tree/inc': 'inc',
  '/tree/link': 'src',
};

function all(searched: readonly string[], holding: readonly string[], disk = DISK): string[] {
  const identityOf = (folder: string) => disk[folder];
  return aliasesOf({ searched, holding, twins: [] }, 'posix', identityOf);
}

/** Those of the folders that hold headers. */
function aliases(searched: readonly string[], holding: readonly string[], disk = DISK): string[] {
  return all(searched, holding, disk).slice(0, holding.length);
}

test('a folder has the numbers of all searched folders that lead to it', () => {
  assert.deepEqual(aliases(['/tree/inc', '/tree/src', '/tree/link'], ['/tree', '/tree/src', '/tree/inc']), [
    '',
    '1,2',
    '0',
  ]);
});

test('a searched folder that does not exist counts for the one above', () => {
  assert.deepEqual(aliases(['/tree/none', '/tree/src/none'], ['/tree', '/tree/src']), ['0^', '1^']);
  assert.deepEqual(aliases(['/tree/none/below'], ['/tree', '/tree/src']), ['', '']);
});

test('a searched folder that comes or goes changes nothing but the names of the one above', () => {
  const made = { ...DISK, '/tree/none': 'new' };
  assert.notDeepEqual(aliases(['/tree/none'], ['/tree'], made), aliases(['/tree/none'], ['/tree']));
  assert.deepEqual(aliases(['/tree/none'], ['/tree/src'], made), aliases(['/tree/none'], ['/tree/src']));
});

test('a folder that holds headers is known by an earlier one that is the same', () => {
  assert.deepEqual(aliases([], ['/tree/src', '/tree/inc', '/tree/link']), ['', '', '=0']);
  assert.deepEqual(aliases(['/tree/link'], ['/tree/src', '/tree/link']), ['0', '0,=0']);
  assert.deepEqual(aliases([], ['/gone', '/gone']), ['', '']);
});

test('searched folders that are one know each other, and one that appears by itself changes nothing', () => {
  const searched = ['/tree/src', '/tree/new', '/tree/link'];
  assert.deepEqual(all(searched, []), ['2', '', '0']);
  assert.deepEqual(all(searched, [], { ...DISK, '/tree/new': 'new' }), ['2', '', '0']);
  assert.deepEqual(all(searched, [], { ...DISK, '/tree/new': 'src' }), ['1,2', '0,2', '0,1']);
  assert.deepEqual(all(['/tree/inc'], ['/tree/inc']), ['0', '=0']);
});

test('of headers with the same contents, each that is one file with an earlier one has its number', () => {
  const twins = ['/tree/a.h', '/tree/b.h', '/tree/c.h', '/tree/d.h'];
  const ofFiles = (disk: Readonly<Record<string, string>>) =>
    aliasesOf({ searched: [], holding: [], twins }, 'posix', (path) => disk[path] ?? path);
  assert.deepEqual(ofFiles({}), ['', '', '', '']);
  assert.deepEqual(ofFiles({ '/tree/c.h': '/tree/a.h' }), ['', '', '0', '']);
  assert.deepEqual(ofFiles({ '/tree/b.h': '/tree/d.h', '/tree/c.h': '/tree/d.h' }), ['', '', '1', '1']);
});
