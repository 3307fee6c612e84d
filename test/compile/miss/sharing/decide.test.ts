import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideSharing } from '../../../../src/compile/miss/sharing/decide.ts';
import type { SharedText, SharingFacts } from '../../../../src/compile/miss/sharing/facts.ts';
import type { PathWord } from '../../../../src/source/words.ts';

/** A relative source of a tree `/r/a` that includes nothing; clang-cl 14 for another system than Windows. */
const POSIX: SharingFacts = {
  roots: { style: 'posix', workingDirectory: '/r/a', baseDirectories: ['/r/a'] },
  family: 'clang-cl',
  clangVersion: 14,
  isForWindows: false,
  source: 's.c',
  options: [],
  variables: [],
  forcedIncludes: [],
  inclusions: [],
  texts: [],
  searchFolders: [],
  roles: new Set(['object']),
  words: () => new Set(),
  hasHashedNames: () => false,
};

const WINDOWS: SharingFacts = {
  ...POSIX,
  roots: { style: 'win32', workingDirectory: 'C:\\r\\a', baseDirectories: ['C:\\r\\a'] },
  isForWindows: true,
};

const options = (...texts: readonly string[]) => texts.map((text) => ({ text }));
const words =
  (...found: readonly PathWord[]) =>
  () =>
    new Set(found);
const textOf = (path: string, ...names: readonly string[]): SharedText => ({
  path,
  includes: names.map((name) => ({ kind: 'include', form: 'quote', name })),
  computesInclude: false,
});

function why(facts: SharingFacts): string | undefined {
  const sharing = decideSharing(facts);
  return sharing.kind === 'bound' ? sharing.because : undefined;
}

test('an absolute source is shared if no consumer takes its name', () => {
  for (const source of ['/r/a/s.c', '/r/a//s.c', '/r/a/./s.c', '/r/b/../a/s.c']) {
    assert.equal(why({ ...POSIX, source }), undefined, source);
    assert.match(
      why({ ...POSIX, source, words: words('file') }) ?? '',
      /__FILE__ depends on names of files/,
      source,
    );
  }
});

test('a path on Windows belongs to the tree in any capitals and slashes', () => {
  for (const source of ['C:\\r\\a\\s.c', 'c:/R/A/s.c', '\\r\\a\\s.c', '/r/a/s.c']) {
    const facts = { ...WINDOWS, source };
    assert.match(why({ ...facts, words: words('type') }) ?? '', /the name of a type or function/, source);
    assert.match(why({ ...facts, hasHashedNames: () => true }) ?? '', /a hash in a name/, source);
  }
  assert.equal(why({ ...WINDOWS, hasHashedNames: () => true }), undefined);
});

test('cl’s own absolute names prevent sharing', () => {
  const cl: SharingFacts = { ...WINDOWS, family: 'cl', clangVersion: undefined };
  assert.equal(why(cl), undefined);
  for (const facts of [
    { ...cl, words: words('file') },
    { ...cl, hasHashedNames: () => true },
    { ...cl, options: options('/Z7') },
    { ...cl, options: options('/GL') },
    { ...cl, options: [{ text: '/pathmap:', path: 'C:\\r' }, { text: '/pathmap: to U:' }] },
    { ...cl, roles: new Set(['object', 'listing'] as const) },
  ]) {
    assert.notEqual(why(facts), undefined);
  }
});

test('an unknown option or variable with a path of the tree prevents sharing', () => {
  for (const facts of [
    { ...POSIX, options: options('/DROOT="/r/a"') },
    { ...POSIX, options: options('-fnew-thing=/r/a/x') },
    { ...POSIX, options: [{ text: '-fnew-thing=', path: '/r/a/x' }] },
    { ...POSIX, variables: [{ name: 'GCC_EXEC_PREFIX', value: '/r/a/gcc', isFolderList: false }] },
    { ...WINDOWS, options: options('/DROOT="C:\\\\R\\\\A"') },
  ]) {
    assert.match(why(facts) ?? '', /a path of the tree is in/);
  }
  const outside = { ...POSIX, options: options('/DROOT="/r/b"') };
  assert.equal(why(outside), undefined);
});

test('an option that speaks of paths and has no row prevents sharing', () => {
  for (const word of ['/clang:-fnew-profile-thing', '-fembed-source-paths', '-Xclang -frecord-everything']) {
    assert.match(why({ ...POSIX, options: options(word) }) ?? '', /it is unknown what/, word);
  }
  const declared = { text: '/clang:-fnew', isUnknown: true } as const;
  assert.match(why({ ...POSIX, options: [declared] }) ?? '', /it is unknown what/);
  for (const word of ['-fno-new-profile-thing', '/clang:-fdebug-macro', '-fshow-source-location', '/O2']) {
    assert.equal(why({ ...POSIX, options: options(word) }), undefined, word);
  }
});

test('a prefix map covers only the base directory itself, as it is spelled, and only alone', () => {
  const source = '/r/a/s.c';
  const facts = { ...POSIX, source, words: words('file') };
  const map = (...froms: readonly string[]) =>
    froms.map((path) => ({ text: '/clang:-ffile-prefix-map=', path }));
  for (const froms of [['/r/a'], ['/r/a/'], ['/r/a', '/usr'], ['/r/a', '/r/a/']]) {
    assert.equal(why({ ...facts, options: map(...froms) }), undefined, froms.join());
  }
  for (const froms of [
    ['/r'],
    ['/r/'],
    ['/'],
    [''],
    ['/r/a/b'],
    ['/r/ab'],
    ['/r//a'],
    ['/r/a', '/r'],
    ['/r/a', '/r/a/x'],
  ]) {
    assert.match(why({ ...facts, options: map(...froms) }) ?? '', /__FILE__/, froms.join());
  }
  assert.match(why({ ...facts, source: '/r//a/s.c', options: map('/r/a') }) ?? '', /__FILE__/);
  assert.match(why({ ...facts, clangVersion: 13, options: map('/r/a') }) ?? '', /__FILE__/);
});

test('a prefix map of the tree does not reach names of types, hashes and sanitizers', () => {
  const mapped = [{ text: '/clang:-ffile-prefix-map=', path: '/r/a' }];
  const facts = { ...POSIX, source: '/r/a/s.c', options: mapped };
  assert.equal(why(facts), undefined);
  assert.notEqual(why({ ...facts, words: words('type') }), undefined);
  for (const word of [
    '-fsanitize=undefined',
    '/clang:-funique-internal-linkage-names',
    '-flto=thin',
    '-mllvm -x',
  ]) {
    assert.notEqual(why({ ...facts, options: [...mapped, { text: word }] }), undefined, word);
  }
});

test('the working folder shows in debug information unless a compilation folder replaces it', () => {
  const debug = options('/clang:-g');
  assert.match(why({ ...POSIX, options: debug }) ?? '', /debug information depends on the working folder/);
  for (const path of ['.', '/somewhere', '/r']) {
    const folder = { text: '-fdebug-compilation-dir=', path };
    assert.equal(why({ ...POSIX, options: [...debug, folder] }), undefined, path);
  }
  const inTree = { text: '-fdebug-compilation-dir=', path: '/r/a/build' };
  assert.notEqual(why({ ...POSIX, options: [...debug, inTree] }), undefined);
  const other = { name: 'PWD', value: '/link/a', isFolderList: false };
  const map = { text: '/clang:-fdebug-prefix-map=', path: '/r/a' };
  assert.equal(why({ ...POSIX, options: [...debug, map] }), undefined);
  assert.notEqual(why({ ...POSIX, options: [...debug, map], variables: [other] }), undefined);
});

test('without base directories only the working folder matters', () => {
  const roots = { ...POSIX.roots, baseDirectories: [] };
  const facts = { ...POSIX, roots, source: '/r/a/s.c' };
  assert.equal(why({ ...facts, words: words('file', 'type'), options: options('/DX=/r/a') }), undefined);
  assert.notEqual(why({ ...facts, options: options('/clang:-g') }), undefined);
});

test('a text that spells a path of the tree prevents sharing', () => {
  for (const [path, name, folders] of [
    ['/r/a/s.c', '/r/a/x.h', []],
    ['/r/a/s.c', '/r/b/../a/x.h', []],
    ['/lib/l.h', '/r/a/x.h', []],
    ['/r/common.h', 'a/x.h', []],
    ['/r/lib/l.h', '../a/x.h', []],
    ['/r/a/s.c', 'a/x.h', ['/r']],
    ['/r/a/s.c', '../a/x.h', ['/r/lib']],
  ] as const) {
    const facts = { ...POSIX, texts: [textOf(path, name)], searchFolders: folders };
    assert.match(why(facts) ?? '', /a text spells a path of the tree/, `${path} ${name}`);
  }
  for (const name of ['x.h', '../x.h', '/r/b/x.h', '../a/x.h']) {
    const facts = { ...POSIX, texts: [textOf('/r/a/s.c', name)], searchFolders: ['/r/a/inc', '/lib'] };
    assert.equal(why(facts), undefined, name);
  }
});

test('a name on Windows that leads out of the tree prevents sharing, because its folders are not recorded', () => {
  for (const name of ['..\\x.h', '../a/x.h', 'sub/../../b/x.h', 'C:\\r\\a\\x.h', '/R/A/x.h']) {
    assert.notEqual(why({ ...WINDOWS, texts: [textOf('C:\\r\\a\\s.c', name)] }), undefined, name);
  }
  for (const name of ['x.h', 'sub/../x.h', 'D:\\x.h']) {
    assert.equal(why({ ...WINDOWS, texts: [textOf('C:\\r\\a\\s.c', name)] }), undefined, name);
  }
});

test('a header that a macro names is shared if its path shows that no text holds the whole of it', () => {
  const source: SharedText = { ...textOf('/r/a/s.c', 'known.h'), computesInclude: true };
  const facts = { ...POSIX, texts: [source], searchFolders: ['/r/a/inc'] };
  const included = (path: string) => ({ ...facts, inclusions: [{ path, depth: 1 }] });
  assert.equal(why(included('inc/x.h')), undefined);
  assert.equal(why(included('/usr/include/x.h')), undefined);
  assert.equal(why(included('/r/a/inc/known.h')), undefined);
  assert.match(why(included('/r/a/inc/x.h')) ?? '', /by a macro/);
  assert.equal(why({ ...included('/r/a/f.h'), forcedIncludes: ['/r/a/f.h'] }), undefined);
  const outer: SharedText = { ...textOf('/r/a/sub/../o.h'), computesInclude: true };
  const inclusions = [
    { path: '/r/a/sub/../o.h', depth: 1 },
    { path: '/r/a/inc/x.h', depth: 2 },
  ];
  assert.match(why({ ...facts, texts: [textOf('/r/a/s.c'), outer], inclusions }) ?? '', /by a macro/);
});
