import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packSearches } from '../../../src/cache/packed-searches.ts';
import { absoluteWatched, problemOfSearches } from '../../../src/compile/hit/searches-hold.ts';
import { HeaderTrace } from '../../../src/compiler/headers/header-search.ts';
import { FileMemory } from '../../../src/files/file-memory.ts';
import { namesIn } from '../../../src/files/folder-names.ts';
import { FolderRecords } from '../../../src/files/folder-records.ts';
import { statIfThere } from '../../../src/util/file-stat.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const ROOTS = { style: 'posix', workingDirectory: '/', baseDirectories: [] } as const;

const AGED = new WeakSet<TestContext>();

/** Makes all folders old enough to be remembered. Once for a test, because a mock of a mock would outlive it. */
function letFoldersAge(context: TestContext): void {
  if (AGED.has(context)) return;
  AGED.add(context);
  const { now } = Date;
  context.mock.method(Date, 'now', () => now() + 60_000);
}

interface Searched {
  readonly files: readonly string[];
  /** The names that the source asks for, and the headers that the compiler reported. */
  readonly names: readonly string[];
  readonly includes: readonly string[];
  readonly folders?: readonly string[];
}

/** A tree of files, what a compile of `src/a.c` searched in it, and calls after that. */
class SearchedTree {
  readonly #root: string;
  readonly #packed: ReturnType<typeof packSearches>;
  #record = '';

  constructor(context: TestContext, { files, names, includes, folders = ['one', 'two', 'three'] }: Searched) {
    letFoldersAge(context);
    this.#root = temporaryFolder(context);
    for (const file of files) this.write(file);
    const trace = new HeaderTrace({
      style: 'posix',
      source: this.path('src/a.c'),
      folders: folders.map((folder) => this.path(folder)),
      scanOf: (path) => ({
        includes: path.endsWith('a.c')
          ? names.map((name) => ({ kind: 'include', form: 'angle', name }) as const)
          : [],
        ...{
          computesInclude: false,
          isVolatile: false,
          hasTimeMacro: false,
          pathWords: [],
          unsupported: undefined,
        },
        ...{ pastes: false, mayAssembleFiles: false, repeatsText: false, pieces: [] },
      }),
      exists: (path) => statIfThere(path) !== undefined,
      isFolder: (path) => statIfThere(path)?.isDirectory() ?? false,
      list: namesIn,
    });
    for (const path of includes) trace.enter({ path: this.path(path), depth: 1 });
    const { searches, watched, files: passedOver } = trace.finish();
    const naming = { searched: [], holding: [], twins: [], aliases: [] };
    this.#packed = packSearches({ searches, watched, passedOver, naming }, (path) => path);
  }

  path(name: string): string {
    return join(this.#root, name);
  }

  write(name: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), '');
  }

  /** What the next call finds, and which folders it had to list. */
  check(): { problem: string | undefined; listed: string[] } {
    const memory = new FileMemory(new FolderRecords(undefined, 'clang-cl'));
    const record = this.path('record');
    if (this.#record !== '') writeFileSync(record, this.#record);
    memory.recall(record);
    rmSync(record, { force: true });
    const listed: string[] = [];
    const names = memory.names.bind(memory);
    memory.names = (folder) => {
      listed.push(folder.slice(this.#root.length + 1));
      return names(folder);
    };
    const problem = problemOfSearches({ tree: { roots: ROOTS }, files: { memory } } as never, this.#packed);
    const folders = absoluteWatched(ROOTS, this.#packed).map(({ path }) => path);
    const searched = { id: this.#packed.id, folders };
    this.#record = memory.worthKeeping({ files: [], absent: [], searched }) ?? this.#record;
    return { problem: problem?.slice(this.#root.length + 1), listed };
  }
}

const FILES = ['src/a.c', 'one/other.h', 'two/x.h', 'three/sub/y.h', 'two/sub/other.h'];
const PLAIN = { files: FILES, names: ['x.h', 'sub/y.h'], includes: ['two/x.h', 'three/sub/y.h'] };

test('folders are listed once, and not again until they change', (context) => {
  const tree = new SearchedTree(context, PLAIN);
  assert.deepEqual(tree.check(), { problem: undefined, listed: ['one', 'two', 'two/sub'] });
  assert.deepEqual(tree.check(), { problem: undefined, listed: [] });
  tree.write('one/unrelated.h');
  assert.deepEqual(tree.check(), { problem: undefined, listed: ['one'] });
  assert.deepEqual(tree.check(), { problem: undefined, listed: [] });
});

test('a file in a place that a search went through is found, whatever was remembered', (context) => {
  for (const place of ['one/x.h', 'one/sub/y.h', 'two/sub/y.h']) {
    const tree = new SearchedTree(context, PLAIN);
    tree.check();
    tree.write(place);
    assert.equal(tree.check().problem, place);
    rmSync(tree.path(place));
    assert.equal(tree.check().problem, undefined);
  }
});

test('a file of a searched name in a place that no search came to changes nothing', (context) => {
  const tree = new SearchedTree(context, PLAIN);
  for (const place of ['three/x.h', 'src/x.h', 'three/sub/x.h', 'two/y.h', 'one/sub2/y.h']) tree.write(place);
  assert.equal(tree.check().problem, undefined);
});

test('a folder on the way that appears empty does not hide a file that appears in it later', (context) => {
  const tree = new SearchedTree(context, PLAIN);
  tree.check();
  mkdirSync(tree.path('one/sub'));
  assert.equal(tree.check().problem, undefined);
  tree.write('one/sub/y.h');
  assert.equal(tree.check().problem, 'one/sub/y.h');
});

test('a link that leads nowhere does not hide its target when that appears', (context) => {
  const tree = new SearchedTree(context, PLAIN);
  symlinkSync('../elsewhere.h', tree.path('one/x.h'));
  symlinkSync('../folder', tree.path('one/sub'));
  assert.equal(tree.check().problem, undefined);
  tree.write('elsewhere.h');
  assert.equal(tree.check().problem, 'one/x.h');
  unlinkSync(tree.path('one/x.h'));
  assert.equal(tree.check().problem, undefined);
  tree.write('folder/y.h');
  assert.equal(tree.check().problem, 'one/sub/y.h');
});

test('a folder with the name of a header is no problem until a file takes its place', (context) => {
  const tree = new SearchedTree(context, PLAIN);
  mkdirSync(tree.path('one/x.h'));
  assert.equal(tree.check().problem, undefined);
  assert.deepEqual(tree.check(), { problem: undefined, listed: [] });
  rmSync(tree.path('one/x.h'), { recursive: true });
  tree.write('one/x.h');
  assert.equal(tree.check().problem, 'one/x.h');
});

test('a folder that is replaced by another one is looked into again', (context) => {
  const tree = new SearchedTree(context, PLAIN);
  tree.write('newer/x.h');
  tree.check();
  renameSync(tree.path('one'), tree.path('older'));
  renameSync(tree.path('newer'), tree.path('one'));
  assert.equal(tree.check().problem, 'one/x.h');
});

test('a file that a search passed over when the result was stored is no problem', (context) => {
  const tree = new SearchedTree(context, {
    ...PLAIN,
    names: ['x.h'],
    includes: ['three/x.h'],
    files: [...FILES, 'three/x.h'],
  });
  assert.equal(statSync(tree.path('two/x.h')).isFile(), true);
  assert.equal(tree.check().problem, undefined);
  tree.write('one/x.h');
  assert.equal(tree.check().problem, 'one/x.h');
});

test('a folder that is below two folders of the search is looked at for both', (context) => {
  const tree = new SearchedTree(context, {
    files: ['src/a.c', 'one/sub/deep/other.h', 'two/sub/deep/x.h', 'two/deep/y.h'],
    folders: ['one', 'one/sub', 'two'],
    names: ['sub/deep/x.h', 'deep/y.h'],
    includes: ['two/sub/deep/x.h', 'two/deep/y.h'],
  });
  for (const place of ['one/sub/deep/x.h', 'one/sub/deep/y.h']) {
    assert.equal(tree.check().problem, undefined);
    assert.deepEqual(tree.check(), { problem: undefined, listed: [] });
    tree.write(place);
    assert.equal(tree.check().problem, place);
    rmSync(tree.path(place));
  }
});

test('capitals and small letters may be the same or not, as the disk says', (context) => {
  const tree = new SearchedTree(context, PLAIN);
  tree.write('one/X.H');
  const isSame = statIfThere(tree.path('one/x.h')) !== undefined;
  assert.equal(tree.check().problem, isSame ? 'one/x.h' : undefined);
});
