import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  baseSpellings,
  fromPortablePath,
  type TreeRoots,
  toPortablePath,
  toPortableSpelling,
} from '../../src/cache/base-directory.ts';

function posix(...baseDirectories: string[]): TreeRoots {
  return { style: 'posix', workingDirectory: '/tree/build', baseDirectories };
}

function windows(...baseDirectories: string[]): TreeRoots {
  return { style: 'win32', workingDirectory: 'C:\\Tree\\Build', baseDirectories };
}

test('a path inside a base directory is stored with the number of that directory', () => {
  const roots = posix('/tree', '/sdk');
  assert.equal(toPortablePath(roots, '/tree/src/a.h'), '?0/src/a.h');
  assert.equal(toPortablePath(roots, '/sdk/a.h'), '?1/a.h');
  assert.equal(toPortablePath(roots, '/sdk'), '?1');
  assert.equal(toPortablePath(roots, '/usr/include/a.h'), '/usr/include/a.h');
});

test('a path stays unchanged without base directories', () => {
  assert.equal(toPortablePath(posix(), '/tree/a.h'), '/tree/a.h');
});

test('the number is the position in the list, and the innermost directory wins whatever its position', () => {
  assert.equal(toPortablePath(posix('/tree', '/tree/third/party'), '/tree/third/party/a.h'), '?1/a.h');
  assert.equal(toPortablePath(posix('/tree/third/party', '/tree'), '/tree/third/party/a.h'), '?0/a.h');
  assert.equal(toPortablePath(posix('/tree/third/party', '/tree'), '/tree/third/a.h'), '?1/third/a.h');
});

test('a folder whose name only begins like a base directory is outside of it', () => {
  const roots = posix('/tree');
  for (const path of ['/tree2/a.h', '/tree.old/a.h', '/tre/a.h', '/Tree/a.h', '/other/tree/a.h'])
    assert.equal(toPortablePath(roots, path), path);
  assert.equal(toPortablePath(windows('C:\\Tree'), 'C:\\Tree2\\a.h'), 'c:\\tree2\\a.h');
});

test('two paths on Windows that differ in case and slashes are equal', () => {
  const roots = windows('C:\\Tree');
  for (const path of ['C:\\Tree\\Src\\A.h', 'c:\\tree\\src\\a.h', 'C:/TREE/src/A.H', 'c:\\Tree/Src\\a.h'])
    assert.equal(toPortablePath(roots, path), '?0/src\\a.h');
  assert.equal(toPortablePath(roots, 'D:/Inc/A.h'), 'd:\\inc\\a.h');
});

test('a folder that the list spells in one way is outside of it when spelled in another', () => {
  const spellings = [
    'C:\\Tree',
    '\\\\?\\C:\\Tree',
    '\\\\server\\c\\Tree',
    '\\\\?\\UNC\\server\\c\\Tree',
    'C:\\TREE~1',
  ];
  for (const base of spellings) {
    for (const spelled of spellings) {
      const path = toPortablePath(windows(base), `${spelled}\\a.h`);
      assert.equal(path, base === spelled ? '?0/a.h' : `${spelled}\\a.h`.toLowerCase());
    }
  }
});

test('two trees in different folders have equal portable paths', () => {
  assert.equal(
    toPortablePath(posix('/home/me/tree'), '/home/me/tree/src/a.h'),
    toPortablePath(posix('/tmp/other tree'), '/tmp/other tree/src/a.h'),
  );
  assert.equal(
    toPortablePath(windows('C:\\Tree'), 'C:\\Tree\\Src\\a.h'),
    toPortablePath(windows('\\\\server\\share\\x'), '\\\\server\\share\\x\\src\\a.h'),
  );
});

test('a portable path leads back to the file in the current tree', () => {
  const roots = posix('/tree', '/tree/third', '/sdk');
  for (const path of ['/tree/a b/c.h', '/tree', '/tree/third/x.h', '/sdk/?0/a.h', '/usr/a.h', '/tree/../a.h'])
    assert.equal(fromPortablePath(roots, toPortablePath(roots, path)), path);
  assert.equal(fromPortablePath(posix('/new', '/new/third'), '?1/x.h'), '/new/third/x.h');
  const onWindows = windows('C:\\Tree', 'D:\\');
  for (const path of ['C:\\Tree\\Src/A.h', 'C:\\Tree', 'D:\\x\\y.h', 'E:\\z.h', '\\\\server\\share\\a.h']) {
    const back = fromPortablePath(onWindows, toPortablePath(onWindows, path)) ?? '';
    assert.equal(back.toLowerCase(), path.replaceAll('/', '\\').toLowerCase());
  }
});

test('the root of a drive or of the file system can be a base directory', () => {
  assert.equal(toPortablePath(windows('D:\\'), 'D:\\x\\y.h'), '?0/x\\y.h');
  assert.equal(fromPortablePath(windows('D:\\'), '?0/x\\y.h'), 'D:\\x\\y.h');
  assert.equal(fromPortablePath(posix('/'), toPortablePath(posix('/'), '/usr/a.h')), '/usr/a.h');
});

test('a portable path of a base directory that is not set leads nowhere', () => {
  assert.equal(fromPortablePath(posix('/tree'), '?1/a.h'), undefined);
  assert.equal(fromPortablePath(posix(), '?0'), undefined);
  assert.equal(fromPortablePath(posix('/tree'), '?x/a.h'), undefined);
});

test('the spelling of a path counts, but the place of its tree does not', () => {
  const spell = (path: string) => toPortableSpelling(posix('/tree'), path);
  const spellings = [
    '../a.c',
    '../src/../a.c',
    './../a.c',
    '/tree/a.c',
    '/tree//a.c',
    '/tree/./a.c',
    '/tree/src/../a.c',
  ];
  assert.equal(new Set(spellings.map(spell)).size, spellings.length);
  const elsewhere: TreeRoots = {
    style: 'posix',
    workingDirectory: '/else/build',
    baseDirectories: ['/else'],
  };
  for (const path of spellings) {
    assert.equal(toPortableSpelling(elsewhere, path.replace('/tree', '/else')), spell(path));
    assert.doesNotMatch(spell(path), /tree/);
  }
});

test('the same relative spelling in another folder of the tree is another path', () => {
  const roots = posix('/tree');
  assert.notEqual(
    toPortableSpelling(roots, 'a.c'),
    toPortableSpelling({ ...roots, workingDirectory: '/tree/other' }, 'a.c'),
  );
});

test('a .. in a POSIX path is kept, because behind a symbolic link it does not lead back', () => {
  assert.match(toPortableSpelling(posix('/tree'), 'link/../a.c'), /\?0\/build\/link\/\.\.\/a\.c$/);
  assert.equal(toPortableSpelling(posix('/tree'), '/usr/link/../a.c'), '/usr/link/../a.c');
});

test('capitals and slashes of a Windows spelling count, except those of the base directory', () => {
  const spell = (path: string) => toPortableSpelling(windows('C:\\Tree'), path);
  assert.equal(spell('C:\\Tree\\Src\\A.c'), spell('c:\\TREE\\Src\\A.c'));
  const spellings = ['C:\\Tree\\Src\\A.c', 'C:\\Tree\\src\\a.c', 'C:/Tree/Src/A.c'];
  spellings.push(
    '..\\Src\\A.c',
    '..\\src\\a.c',
    '../src/a.c',
    'D:\\Src\\A.c',
    'd:\\Src\\A.c',
    'D:\\src\\a.c',
  );
  assert.equal(new Set(spellings.map(spell)).size, spellings.length);
});

test('a drive letter or a leading slash makes a Windows spelling absolute', () => {
  const spell = (path: string) => toPortableSpelling(windows('C:\\Tree'), path);
  assert.notEqual(spell('A.c'), spell('C:\\Tree\\Build\\A.c'));
  assert.notEqual(spell('C:\\Tree\\src\\..\\a.c'), spell('C:\\Tree\\a.c'));
  assert.doesNotMatch(spell('C:\\Tree\\src\\..\\a.c'), /tree/);
});

test('a tree that is named with \\\\?\\ shares only with other such trees', () => {
  const spell = (base: string) => toPortableSpelling(windows(base), `${base}\\src\\a.c`);
  assert.equal(spell('\\\\?\\C:\\Tree'), spell('\\\\?\\UNC\\server\\share\\x'));
  assert.equal(spell('C:\\Tree'), spell('\\\\server\\share\\x'));
  assert.notEqual(spell('\\\\?\\C:\\Tree'), spell('C:\\Tree'));
});

test('a slash that Windows reads as part of a name is not taken for a separator', () => {
  const spell = (path: string) => toPortableSpelling(windows('\\\\?\\C:\\Tree'), path);
  for (const path of ['\\\\?\\C:\\Tree\\src\\a.c', '\\\\?\\D:\\src\\a.c', '\\\\?\\UNC\\server\\share\\a.c'])
    assert.notEqual(spell(path.replace(/\\(?=[^\\]*$)/, '/')), spell(path));
});

test('a base directory in other capitals or with other slashes is reported, in each spelling of the line', () => {
  const roots = windows('C:\\Tree', 'D:\\');
  const same = ['C:\\Tree', 'C:\\Tree\\', 'C:\\Tree\\SRC/a.c', 'D:\\x', 'a.c', 'E:\\a.c', 'c:\\tree2\\a.c'];
  assert.deepEqual(baseSpellings(roots, same), []);
  const others = ['c:\\Tree\\a.c', 'c:\\Tree\\b.c', 'C:/Tree/a.c', 'C:\\TREE', 'd:\\x'];
  assert.deepEqual(baseSpellings(roots, others), ['C:/Tree/', 'C:\\TREE', 'c:\\Tree\\', 'd:\\']);
  assert.deepEqual(baseSpellings(posix('/tree'), ['/tree/a.c', '/tree/', '/Tree/a.c']), []);
});
