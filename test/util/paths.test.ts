import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentValue, withoutVariables } from '../../src/util/environment.ts';
import {
  absolutePath,
  foldCase,
  folderAbove,
  hasTrailingSeparator,
  isInside,
  isVerbatim,
  pathBelow,
  splitList,
  withoutTrailingSeparator,
  withoutVerbatimPrefix,
} from '../../src/util/paths.ts';

test('relative paths are resolved from the given folder, in the style of the platform', () => {
  assert.equal(absolutePath('win32', 'C:\\work', '..\\include/a.h'), 'C:\\include\\a.h');
  assert.equal(absolutePath('win32', 'C:\\work', '\\a.h'), 'C:\\a.h');
  assert.equal(absolutePath('win32', 'C:\\work', 'C:a.h'), 'C:\\work\\a.h');
  assert.equal(absolutePath('win32', '\\\\server\\share\\x', 'a.h'), '\\\\server\\share\\x\\a.h');
  assert.equal(absolutePath('posix', '/src', 'a\\b.h'), '/src/a\\b.h');
});

test('two Windows paths that differ in case and slashes are equal, and two POSIX paths are not', () => {
  assert.equal(foldCase('win32', 'C:/Src/ÄÖ.H'), 'c:\\src\\äö.h');
  assert.equal(foldCase('posix', '/Src/A.h'), '/Src/A.h');
});

test('letters without a pair in the other case are not folded', () => {
  assert.notEqual(foldCase('win32', 'C:\\\u212a.h'), foldCase('win32', 'C:\\k.h'));
  assert.notEqual(foldCase('win32', 'C:\\\u0130.h'), foldCase('win32', 'C:\\i.h'));
  assert.equal(foldCase('win32', 'C:\\\u{1f600}A.h'), 'c:\\\u{1f600}a.h');
});

test('a path lies inside a folder only at a separator', () => {
  assert.equal(pathBelow('win32', 'C:\\Work', 'c:\\work\\src\\a.c'), 'src\\a.c');
  assert.equal(pathBelow('win32', 'C:\\', 'c:\\a.c'), 'a.c');
  assert.equal(pathBelow('posix', '/', '/a.c'), 'a.c');
  assert.equal(pathBelow('posix', '/src/', '/src'), '');
  assert.equal(pathBelow('posix', '/src', '/src'), '');
  assert.ok(!isInside('posix', '/src', '/srcs/a.c'));
  assert.ok(!isInside('posix', '/Src', '/src/a.c'));
  assert.ok(isInside('posix', '/src', '/src/a.c'));
});

test('trailing separators are removed, except from a root', () => {
  assert.equal(withoutTrailingSeparator('win32', 'C:\\a\\/'), 'C:\\a');
  assert.equal(withoutTrailingSeparator('win32', 'C:\\'), 'C:\\');
  assert.equal(withoutTrailingSeparator('posix', '/'), '/');
  assert.ok(hasTrailingSeparator('win32', 'out/'));
  assert.ok(!hasTrailingSeparator('posix', 'out\\'));
});

test('a verbatim path of a drive or a share is the path after its prefix, and other verbatim paths stay', () => {
  assert.equal(withoutVerbatimPrefix('\\\\?\\C:\\a.c'), 'C:\\a.c');
  assert.equal(withoutVerbatimPrefix('\\\\?\\unc\\server\\share\\a.c'), '\\\\server\\share\\a.c');
  for (const path of [
    '\\\\server\\a',
    '\\\\?\\C:a',
    '\\\\?\\UNCLE\\a',
    '\\\\?\\Volume{1}\\a',
    '\\\\.\\C:\\a',
    'C:\\a',
  ])
    assert.equal(withoutVerbatimPrefix(path), path);
});

test('a Windows path is read with backslashes, unless it begins with a certain prefix', () => {
  assert.ok(isVerbatim('win32', '\\\\?\\C:\\a\\b.c'));
  for (const path of ['//?/C:/a.c', '\\\\.\\C:\\a.c', '\\\\server\\share\\a.c', 'C:\\a.c'])
    assert.ok(!isVerbatim('win32', path), path);
  assert.ok(!isVerbatim('posix', '\\\\?\\C:\\a\\b.c'));
});

test('empty items of a list are left out', () => {
  assert.deepEqual(splitList(' a ;;b; ', ';'), ['a', 'b']);
  assert.deepEqual(splitList(undefined, ';'), []);
});

test('names of variables ignore case on Windows, and not on POSIX', () => {
  const environment = { Path: 'x', A: '1' };
  assert.equal(environmentValue(environment, 'win32', 'PATH'), 'x');
  assert.equal(environmentValue(environment, 'posix', 'PATH'), undefined);
  assert.deepEqual(withoutVariables(environment, 'win32', ['PATH']), { A: '1' });
  assert.deepEqual(withoutVariables(environment, 'posix', ['PATH']), environment);
});

test('the folder above is what a path spells', () => {
  for (const [path, above] of [
    ['/tree/inc', '/tree'],
    ['/tree/inc/', '/tree'],
    ['/tree', '/'],
    ['/tree/a\\b', '/tree'],
  ] as const) {
    assert.equal(folderAbove('posix', path), above, path);
  }
  assert.equal(folderAbove('win32', 'C:\\tree\\inc'), 'C:\\tree');
  assert.equal(folderAbove('win32', 'C:\\tree'), 'C:\\');
  assert.equal(folderAbove('win32', 'C:\\tree/inc'), 'C:\\tree');
});
