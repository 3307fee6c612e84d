import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TreeRoots } from '../../src/cache/base-directory.ts';
import {
  bindingOfTree,
  isUnreadableTree,
  longestMention,
  mentionsTree,
} from '../../src/cache/tree-binding.ts';

const POSIX: TreeRoots = { style: 'posix', workingDirectory: '/tree/build', baseDirectories: ['/tree/src'] };
const WINDOWS: TreeRoots = {
  style: 'win32',
  workingDirectory: 'C:\\Tree\\Build',
  baseDirectories: ['C:\\Tree\\Src'],
};

const inside = (text: string, encoding: BufferEncoding = 'utf8') =>
  Buffer.concat([Buffer.from([0, 1, 255]), Buffer.from(text, encoding), Buffer.from([0])]);

test('another working folder, another base directory and another order of them each make another tree', () => {
  const trees: TreeRoots[] = [
    POSIX,
    { ...POSIX, workingDirectory: '/tree/out' },
    { ...POSIX, baseDirectories: [] },
    { ...POSIX, baseDirectories: ['/tree/src', '/sdk'] },
    { ...POSIX, baseDirectories: ['/sdk', '/tree/src'] },
    { ...POSIX, baseDirectories: ['/tree/sr', 'c'] },
  ];
  assert.equal(new Set(trees.map((roots) => bindingOfTree(roots, []))).size, trees.length);
  assert.equal(bindingOfTree(POSIX, []), bindingOfTree({ ...POSIX }, []));
  assert.notEqual(bindingOfTree(POSIX, []), bindingOfTree(POSIX, ['/tree/src']));
});

test('a folder of the tree is found in UTF-8 and UTF-16', () => {
  for (const folder of ['/tree/build', '/tree/src']) {
    assert.ok(mentionsTree(POSIX, inside(`${folder}/a.c`)));
    assert.ok(mentionsTree(POSIX, inside(folder, 'utf16le')));
  }
  assert.ok(!mentionsTree(POSIX, inside('/tree/other/a.c')));
  assert.ok(!mentionsTree(POSIX, inside('/TREE/SRC/a.c')));
});

test('on Windows a folder is found in any case, with either slash, and escaped', () => {
  for (const text of [
    'C:\\Tree\\Src\\a.c',
    'c:\\tree\\src\\a.c',
    'C:/TREE/build',
    'c:\\\\tree\\\\BUILD\\\\a.c',
  ]) {
    assert.ok(mentionsTree(WINDOWS, inside(text)), text);
    assert.ok(mentionsTree(WINDOWS, inside(text, 'utf16le')), text);
  }
  assert.ok(!mentionsTree(WINDOWS, inside('C:\\Tree\\Other')));
});

test('an object in a larger buffer is searched only within its own bounds', () => {
  const whole = Buffer.from('/tree/src--------');
  assert.ok(!mentionsTree(POSIX, whole.subarray(2)));
});

test('a mention is found where two pieces meet if they overlap by the longest mention', () => {
  const length = longestMention(WINDOWS);
  assert.equal(length, 2 * 'C:\\\\Tree\\\\Build'.length);
  assert.equal(longestMention({ ...POSIX, workingDirectory: '/t', baseDirectories: [] }), 4);
});

test('a Windows folder outside ASCII cannot be searched for, because any code page may write it', () => {
  assert.ok(isUnreadableTree({ ...WINDOWS, baseDirectories: ['C:\\Bäume'] }));
  assert.ok(isUnreadableTree({ ...WINDOWS, workingDirectory: 'C:\\Bäume' }));
  assert.ok(!isUnreadableTree(WINDOWS));
  assert.ok(!isUnreadableTree({ ...POSIX, baseDirectories: ['/bäume'] }));
});

test('a folder on Windows is found by each of its names', () => {
  const namesOf = {
    drive: ['D:\\Tree', '\\\\?\\D:\\Tree'],
    share: ['\\\\Server\\Share\\Tree', '\\\\?\\UNC\\Server\\Share\\Tree'],
  };
  for (const names of Object.values(namesOf)) {
    for (const name of names) {
      for (const text of [...names, ...names.map((one) => one.replaceAll('\\', '/'))]) {
        assert.ok(
          mentionsTree({ ...WINDOWS, baseDirectories: [name] }, inside(`${text}\\a.c`)),
          `${name} ${text}`,
        );
      }
    }
  }
  assert.ok(!mentionsTree({ ...WINDOWS, baseDirectories: namesOf.share }, inside('\\\\Other\\Share\\Tree')));
});

test('a tree with a possible 8.3 name cannot be searched for, because its objects may hold the long name', () => {
  assert.ok(isUnreadableTree({ ...WINDOWS, workingDirectory: 'C:\\TREEON~1' }));
  assert.ok(isUnreadableTree({ ...WINDOWS, baseDirectories: ['C:\\Src', '\\\\server\\LONG~BFM'] }));
  assert.ok(!isUnreadableTree({ ...POSIX, workingDirectory: '/home/x~1' }));
});

test('on Windows a folder is found among many that look like it, and not one that ends with the bytes', () => {
  const others = 'C:\\Tree\\Sr c:\\treE\\Bui D:\\Tree\\Src C:/Three C:\\\\Tree '.repeat(1000);
  assert.ok(!mentionsTree(WINDOWS, inside(others)));
  assert.ok(mentionsTree(WINDOWS, inside(`${others}c:/TREE/src`)));
  assert.ok(!mentionsTree(WINDOWS, Buffer.from('C:\\Tree\\Sr')));
  assert.ok(mentionsTree(WINDOWS, Buffer.from('C:\\TREE\\SRC')));
  assert.ok(!mentionsTree(WINDOWS, Buffer.from('C\u001a\\Tree\\Src')), 'only letters have two cases');
});
