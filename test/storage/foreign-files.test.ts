import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { withEntryFirst } from '../../src/cache/manifest.ts';
import { entryFolder, layoutOf, manifestFile, manifestLock } from '../../src/storage/local/layout.ts';
import { LocalStore } from '../../src/storage/local/local-store.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { OBSTACLES } from './obstacles.ts';
import { KEY, manifestEntry, NO_TREE, workspace } from './store-contract.ts';

const ENTRY = manifestEntry('one');

function open(cacheDirectory: string): LocalStore {
  return new LocalStore({ cacheDirectory, lockTimeoutMs: 10_000, hardLink: false, compress: false });
}

async function update(store: LocalStore): Promise<void> {
  await store.updateManifest(KEY, (manifest) => withEntryFirst(manifest, ENTRY));
}

for (const [name, put] of Object.entries(OBSTACLES)) {
  test(`${name} in the place of a manifest counts as broken, and the next update replaces it`, async (t) => {
    const cacheDirectory = temporaryFolder(t);
    const store = open(cacheDirectory);
    await update(store);
    const file = manifestFile(layoutOf(cacheDirectory), KEY);
    put(file);
    assert.deepEqual(await store.readManifest(KEY), { kind: 'broken', file });
    await update(store);
    assert.deepEqual(await store.readManifest(KEY), { kind: 'read', manifest: { entries: [ENTRY] } });
    assert.deepEqual(readdirSync(dirname(file)), [`${KEY}.json`]);
  });

  test(`${name} in the place of any part of an entry counts as damage, and the next put repairs it`, async (t) => {
    const cacheDirectory = temporaryFolder(t);
    const store = open(cacheDirectory);
    const { files, targets, restored } = workspace(t);
    await store.putArtifact(KEY, files('object'), false);
    const entry = entryFolder(layoutOf(cacheDirectory), KEY);
    for (const part of ['', ...readdirSync(entry)]) {
      put(join(entry, part));
      assert.equal(store.restoreArtifact(KEY, targets, NO_TREE).kind, 'damaged', part);
      assert.deepEqual(restored(), {}, part);
      await store.putArtifact(KEY, files('object'), true);
      assert.ok(lstatSync(join(entry, 'object')).isFile(), part);
    }
    assert.equal(store.restoreArtifact(KEY, targets, NO_TREE).kind, 'restored');
    assert.deepEqual(readdirSync(dirname(entry)), [KEY]);
  });

  test(`${name} in the place of a lock is removed, at the latest after three seconds without a change`, async (t) => {
    const cacheDirectory = temporaryFolder(t);
    const store = open(cacheDirectory);
    const lock = manifestLock(layoutOf(cacheDirectory), KEY);
    mkdirSync(dirname(lock), { recursive: true });
    put(lock);
    await update(store);
    assert.equal(existsSync(lock), false);
  });
}

test('what links in the cache folder lead to is neither read, written, replaced nor deleted', {
  skip: process.platform === 'win32' && 'links are a privilege there',
}, async (t) => {
  const [cacheDirectory, elsewhere] = [temporaryFolder(t), temporaryFolder(t)];
  const store = open(cacheDirectory);
  const { files, targets } = workspace(t);
  await update(store);
  await store.putArtifact(KEY, files('object'), false);
  const layout = layoutOf(cacheDirectory);
  const places = [
    manifestFile(layout, KEY),
    ...['artifact.json', 'object'].map((name) => join(entryFolder(layout, KEY), name)),
  ];
  for (const place of places) {
    const kept = join(elsewhere, 'precious');
    // Exactly the right bytes.
    writeFileSync(kept, readFileSync(place));
    const before = lstatSync(kept, { bigint: true });
    OBSTACLES['a link to nowhere']?.(place);
    symlinkSync(kept, `${place}-nowhere`);
    await store.readManifest(KEY);
    store.restoreArtifact(KEY, targets, NO_TREE);
    await update(store);
    await store.putArtifact(KEY, files('object'), true);
    const { mtimeNs, ino, size } = lstatSync(kept, { bigint: true });
    assert.deepEqual(
      { mtimeNs, ino, size },
      { mtimeNs: before.mtimeNs, ino: before.ino, size: before.size },
      place,
    );
  }
});

test('an entry that is a link to an entry elsewhere counts as damage, and that entry stays', {
  skip: process.platform === 'win32' && 'links are a privilege there',
}, async (t) => {
  const [cacheDirectory, elsewhere] = [temporaryFolder(t), temporaryFolder(t)];
  const { files, targets } = workspace(t);
  await open(elsewhere).putArtifact(KEY, files('object'), false);
  const [entry, there] = [cacheDirectory, elsewhere].map((folder) => entryFolder(layoutOf(folder), KEY));
  assert.ok(entry && there);
  mkdirSync(dirname(entry), { recursive: true });
  symlinkSync(there, entry);
  const store = open(cacheDirectory);
  assert.equal(store.restoreArtifact(KEY, targets, NO_TREE).kind, 'damaged');
  await store.putArtifact(KEY, files('another'), true);
  assert.equal(readFileSync(join(there, 'object'), 'utf8'), 'object');
  assert.equal(readFileSync(join(entry, 'object'), 'utf8'), 'another');
});

test('nothing is written through a link in the place of a folder of the cache', {
  skip: process.platform === 'win32' && 'links are a privilege there',
}, async (t) => {
  const elsewhere = temporaryFolder(t);
  const { files } = workspace(t);
  for (const name of [
    '',
    '/manifests',
    '/objects',
    `/manifests/${KEY.slice(0, 2)}`,
    `/objects/${KEY.slice(0, 2)}`,
  ]) {
    const cacheDirectory = temporaryFolder(t);
    const link = `${layoutOf(cacheDirectory).root}${name}`;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(elsewhere, link);
    const store = open(cacheDirectory);
    if (!name.startsWith('/objects')) await assert.rejects(update(store), { code: 'LINKED_FOLDER' }, name);
    if (!name.startsWith('/manifests')) {
      await assert.rejects(store.putArtifact(KEY, files('object'), false), { code: 'LINKED_FOLDER' }, name);
    }
    assert.deepEqual(readdirSync(elsewhere), [], name);
  }
});
