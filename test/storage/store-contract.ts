/** What every `Store` promises, as a suite that each implementation runs. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TreeRoots } from '../../src/cache/base-directory.ts';
import { EMPTY_MANIFEST, type ManifestEntry, withEntryFirst } from '../../src/cache/manifest.ts';
import { cutTree } from '../../src/cache/tree-text.ts';
import { type Digest, digestOfBytes } from '../../src/hash/digest.ts';
import type { NewArtifactFile, RestoreTarget, Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

export const NO_TREE: TreeRoots = { style: 'posix', workingDirectory: '/build', baseDirectories: [] };
export const KEY = digestOf('key');

export function digestOf(text: string): Digest {
  return digestOfBytes(Buffer.from(text));
}

export function manifestEntry(name: string): ManifestEntry {
  return { artifact: digestOf(name), states: [{ path: '/a.h', state: digestOf(name) }] };
}

export interface Workspace {
  readonly folder: string;
  /** A compile that wrote this object, a dependency file and both streams. */
  files(object: string | Uint8Array): readonly NewArtifactFile[];
  readonly targets: readonly RestoreTarget[];
  /** The files in the folder of targets. */
  restored(): Record<string, string>;
}

/** The files of a compile in one folder, and a folder to restore them to. */
export function workspace(context: TestContext): Workspace {
  const folder = temporaryFolder(context);
  const out = temporaryFolder(context);
  return {
    folder: out,
    files(object) {
      writeFileSync(join(folder, 'a.obj'), object);
      return [
        { role: 'object', path: join(folder, 'a.obj') },
        { role: 'dependencies', bytes: Buffer.from('a.obj: a.c\n'), splices: [] },
        { role: 'stdout', bytes: Buffer.from('a.c\r\n\xff', 'latin1'), splices: [] },
        { role: 'stderr', bytes: Buffer.from('warning\n'), splices: [] },
      ];
    },
    targets: [
      { role: 'object', path: join(out, 'b.obj') },
      { role: 'dependencies', path: join(out, 'b.d') },
    ],
    restored: () =>
      Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'latin1')])),
  };
}

/** Runs the suite. `open` returns a new, empty store for each test. */
export function storeContract(name: string, open: (context: TestContext) => Store): void {
  test(`${name}: an artifact is restored as it was put, files and streams, byte for byte`, async (context) => {
    const store = open(context);
    const { files, targets, restored } = workspace(context);
    const growth = await store.putArtifact(KEY, files('object \0\xff'), false);
    assert.equal(growth.entries, 1);
    assert.ok(growth.bytes > 0);
    assert.deepEqual(await restore(store, targets), { stdout: 'a.c\r\n\xff', stderr: 'warning\n' });
    assert.deepEqual(restored(), {
      'b.obj': Buffer.from('object \0\xff').toString('latin1'),
      'b.d': 'a.obj: a.c\n',
    });
  });

  test(`${name}: empty streams are restored as empty`, async (context) => {
    const store = open(context);
    const { files, targets } = workspace(context);
    await store.putArtifact(KEY, files('object').slice(0, 1), false);
    assert.deepEqual(await restore(store, targets.slice(0, 1)), { stdout: '', stderr: '' });
  });

  test(`${name}: an empty file is restored as an empty file`, async (context) => {
    const store = open(context);
    const { files, targets, restored } = workspace(context);
    const [object] = files('object');
    assert.ok(object);
    const empty = { role: 'dependencies', bytes: Buffer.of(), splices: [] } as const;
    await store.putArtifact(KEY, [object, empty], false);
    await restore(store, targets);
    assert.equal(restored()['b.d'], '');
  });

  test(`${name}: an artifact without an output of the compile, or with an empty object, is damaged`, async (context) => {
    const store = open(context);
    const { files, targets, restored } = workspace(context);
    const [object, dependencies, ...streams] = files('');
    assert.ok(object && dependencies);
    for (const lacking of [[], streams, [dependencies, ...streams], files('full').slice(0, 1), files('')]) {
      await store.putArtifact(KEY, lacking, true);
      assert.equal((await store.restoreArtifact(KEY, targets, NO_TREE)).kind, 'damaged');
      assert.deepEqual(restored(), {});
    }
    assert.equal((await store.putArtifact(KEY, files('object'), true)).entries, 0);
    await restore(store, targets);
  });

  test(`${name}: an artifact that was never put is absent, and no target is touched`, async (context) => {
    const store = open(context);
    const { targets, restored, folder } = workspace(context);
    writeFileSync(join(folder, 'b.obj'), 'old');
    assert.deepEqual(await store.restoreArtifact(KEY, targets, NO_TREE), { kind: 'absent' });
    assert.deepEqual(restored(), { 'b.obj': 'old' });
  });

  test(`${name}: restoring replaces existing files, and leaves nothing else`, async (context) => {
    const store = open(context);
    const { files, targets, restored, folder } = workspace(context);
    await store.putArtifact(KEY, files('new'), false);
    writeFileSync(join(folder, 'b.obj'), 'something older and longer');
    for (let time = 0; time < 3; time++) await restore(store, targets);
    assert.deepEqual(restored(), { 'b.obj': 'new', 'b.d': 'a.obj: a.c\n' });
  });

  test(`${name}: a restored file has the current time, whatever the time of the stored one`, async (context) => {
    const store = open(context);
    const { files, targets, folder } = workspace(context);
    const long = new Date('2001-01-01');
    const [object] = files('object');
    assert.ok(object && 'path' in object);
    utimesSync(object.path, long, long);
    await store.putArtifact(KEY, [object], false);
    const started = Date.now();
    await restore(store, targets.slice(0, 1));
    // File systems date files with a clock that ticks every few milliseconds.
    assert.ok(statSync(join(folder, 'b.obj')).mtimeMs >= started - 50);
  });

  test(`${name}: an existing artifact stays, and the store does not grow`, async (context) => {
    const store = open(context);
    const { files, targets, restored } = workspace(context);
    await store.putArtifact(KEY, files('first'), false);
    assert.deepEqual(await store.putArtifact(KEY, files('second'), false), { entries: 0, bytes: 0 });
    await restore(store, targets);
    assert.equal(restored()['b.obj'], 'first');
  });

  test(`${name}: a replaced artifact is the new one, and the growth is the difference`, async (context) => {
    const store = open(context);
    const { files, targets, restored } = workspace(context);
    const first = await store.putArtifact(KEY, files('first'), false);
    const second = await store.putArtifact(KEY, files('second one'), true);
    assert.equal(second.entries, 0);
    assert.ok(Math.abs(second.bytes) < first.bytes);
    await restore(store, targets);
    assert.equal(restored()['b.obj'], 'second one');
  });

  test(`${name}: replacing a missing artifact puts it`, async (context) => {
    const store = open(context);
    const { files, targets } = workspace(context);
    assert.equal((await store.putArtifact(KEY, files('object'), true)).entries, 1);
    await restore(store, targets);
  });

  test(`${name}: a target in a missing folder is an error, and leaves nothing anywhere`, async (context) => {
    const store = open(context);
    const { files, targets, restored, folder } = workspace(context);
    await store.putArtifact(KEY, files('object'), false);
    for (const lost of ['object', 'dependencies'] as const) {
      const astray = targets.map((target) =>
        target.role === lost ? { ...target, path: join(folder, 'gone', 'b') } : target,
      );
      await assert.rejects(async () => store.restoreArtifact(KEY, astray, NO_TREE), { code: 'ENOENT' });
      assert.deepEqual(restored(), {});
      assert.equal(existsSync(join(folder, 'gone')), false);
    }
    await restore(store, targets);
  });

  test(`${name}: an artifact with a file that has no target is not restored in part`, async (context) => {
    const store = open(context);
    const { files, targets, restored } = workspace(context);
    await store.putArtifact(KEY, files('object'), false);
    const result = await store.restoreArtifact(KEY, targets.slice(0, 1), NO_TREE);
    assert.equal(result.kind, 'damaged');
    assert.deepEqual(restored(), {});
  });

  test(`${name}: a source that cannot be read is an error, and nothing is put`, async (context) => {
    const store = open(context);
    const { files, targets, folder } = workspace(context);
    const broken: NewArtifactFile[] = [
      ...files('object'),
      { role: 'listing', path: join(folder, 'gone.asm') },
    ];
    await assert.rejects(async () => store.putArtifact(KEY, broken, false), { code: 'ENOENT' });
    assert.equal((await store.restoreArtifact(KEY, targets, NO_TREE)).kind, 'absent');
  });

  test(`${name}: text that was cut in one tree is joined in another`, async (context) => {
    const store = open(context);
    const { targets, restored } = workspace(context);
    const roots = (base: string): TreeRoots => ({ ...NO_TREE, baseDirectories: [base] });
    const text = (role: 'dependencies' | 'stdout', line: string): NewArtifactFile => ({
      role,
      ...cutTree(roots('/my tree'), Buffer.from(line)),
    });
    const files = [text('dependencies', 'a.obj: /my\\ tree/a.c\n'), text('stdout', '/my tree/a.c:1: note\n')];
    await store.putArtifact(KEY, files, false);
    const [, target] = targets;
    assert.ok(target);
    assert.equal((await restore(store, [target], roots('/new#1'))).stdout, '/new#1/a.c:1: note\n');
    assert.equal(restored()['b.d'], 'a.obj: /new\\#1/a.c\n');
    assert.equal((await store.restoreArtifact(KEY, [target], NO_TREE)).kind, 'damaged');
    assert.equal(restored()['b.d'], 'a.obj: /new\\#1/a.c\n');
  });

  test(`${name}: a manifest that was never written is empty`, async (context) => {
    assert.deepEqual(await open(context).readManifest(KEY), { kind: 'read', manifest: EMPTY_MANIFEST });
  });

  test(`${name}: a manifest holds what each update made of the one before`, async (context) => {
    const store = open(context);
    for (const name of ['one', 'two', 'three'])
      await store.updateManifest(KEY, (manifest) => withEntryFirst(manifest, manifestEntry(name)));
    assert.deepEqual(await store.readManifest(KEY), {
      kind: 'read',
      manifest: { entries: ['three', 'two', 'one'].map(manifestEntry) },
    });
    assert.deepEqual(await store.readManifest(digestOf('other')), { kind: 'read', manifest: EMPTY_MANIFEST });
  });

  test(`${name}: concurrent updates lose nothing`, async (context) => {
    const store = open(context);
    const names = Array.from({ length: 10 }, (_, index) => `entry ${index}`);
    await Promise.all(
      names.map((name) =>
        store.updateManifest(KEY, (manifest) => withEntryFirst(manifest, manifestEntry(name))),
      ),
    );
    const result = await store.readManifest(KEY);
    assert.ok(result.kind === 'read');
    assert.deepEqual(
      new Set(result.manifest.entries.map(({ artifact }) => artifact)),
      new Set(names.map(digestOf)),
    );
  });

  test(`${name}: an update that throws leaves the manifest unchanged, and the lock free`, async (context) => {
    const store = open(context);
    await store.updateManifest(KEY, (manifest) => withEntryFirst(manifest, manifestEntry('one')));
    await assert.rejects(
      store.updateManifest(KEY, () => {
        throw new Error('no');
      }),
      { message: 'no' },
    );
    const result = await store.readManifest(KEY);
    assert.deepEqual(result, { kind: 'read', manifest: { entries: [manifestEntry('one')] } });
  });
}

async function restore(
  store: Store,
  targets: readonly RestoreTarget[],
  roots = NO_TREE,
): Promise<{ stdout: string; stderr: string }> {
  const result = await store.restoreArtifact(KEY, targets, roots);
  assert.ok(result.kind === 'restored', JSON.stringify(result));
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
  return { stdout: text(result.stdout), stderr: text(result.stderr) };
}
