import assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { EMPTY_MANIFEST, withEntryFirst } from '../../src/cache/manifest.ts';
import type { Digest } from '../../src/hash/digest.ts';
import { codecOf, preferredCompression } from '../../src/storage/local/compression.ts';
import { entryFolder, isTemporaryName, layoutOf, manifestFile } from '../../src/storage/local/layout.ts';
import { LocalStore, type LocalStoreOptions } from '../../src/storage/local/local-store.ts';
import { readStored, storeFile } from '../../src/storage/local/stored-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { digestOf, KEY, manifestEntry, NO_TREE, storeContract, workspace } from './store-contract.ts';

type Choice = Partial<LocalStoreOptions>;
const CHOICES: Readonly<Record<string, Choice>> = {
  copies: {},
  'compressed copies': { compress: true },
  'hard links': { hardLink: true },
};

/** Bytes that compress to about half. */
function someBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    bytes[at] = at % 2 ? 0 : state >> 16;
  }
  return bytes;
}

function open(context: TestContext, choice: Choice = {}) {
  const cacheDirectory = choice.cacheDirectory ?? join(temporaryFolder(context), 'cache');
  const options = { lockTimeoutMs: 5000, hardLink: false, compress: false, ...choice, cacheDirectory };
  return { store: new LocalStore(options), cacheDirectory, layout: layoutOf(cacheDirectory) };
}

for (const [name, choice] of Object.entries(CHOICES)) {
  storeContract(`a folder with ${name}`, (context) => open(context, choice).store);

  test(`a folder with ${name}: damage in any stored file is found before any target is touched`, async (context) => {
    const { store, layout } = open(context, choice);
    const { files, targets, restored, folder } = workspace(context);
    const entry = entryFolder(layout, KEY);
    const put = () => store.putArtifact(KEY, files(someBytes(500)), true);
    await put();
    for (const file of readdirSync(entry)) {
      const path = join(entry, file);
      const whole = readFileSync(path);
      const flipped = Buffer.from(whole);
      const middle = Math.trunc(whole.length / 2);
      flipped[middle] = (flipped[middle] ?? 0) ^ 1;
      const damages = [
        () => writeFileSync(path, flipped),
        () => writeFileSync(path, Buffer.concat([whole, Buffer.of(0)])),
        () => truncateSync(path, whole.length - 1),
        () => truncateSync(path, 0),
        () => rmSync(path),
      ];
      for (const [number, damage] of damages.entries()) {
        writeFileSync(join(folder, 'b.obj'), 'the old object');
        damage();
        const result = store.restoreArtifact(KEY, targets, NO_TREE);
        assert.equal(result.kind, 'damaged', `${file} ${number}`);
        assert.deepEqual(restored(), { 'b.obj': 'the old object' }, `${file} ${number}`);
        assert.equal((await put()).entries, 0);
      }
    }
    assert.equal(store.restoreArtifact(KEY, targets, NO_TREE).kind, 'restored');
  });

  test(`a folder with ${name}: no flipped byte of an object is ever delivered`, async (context) => {
    const { store, layout } = open(context, choice);
    const { files, targets, restored } = workspace(context);
    const bytes = someBytes(60);
    await store.putArtifact(KEY, files(bytes), false);
    const path = join(entryFolder(layout, KEY), 'object');
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      writeFileSync(path, damaged);
      // Some bytes in the head of a gzip member have no meaning.
      if (store.restoreArtifact(KEY, targets, NO_TREE).kind === 'restored')
        assert.equal(restored()['b.obj'], bytes.toString('latin1'), `byte ${at}`);
    }
  });

  test(`a folder with ${name}: an object of 40 MB is restored whole`, async (context) => {
    const { store, layout } = open(context, choice);
    const { files, targets, folder } = workspace(context);
    const piece = someBytes(1024 * 1024 + 17);
    const bytes = Buffer.alloc(40 * 1024 * 1024 + 5, piece);
    const growth = await store.putArtifact(KEY, files(bytes).slice(0, 1), false);
    assert.equal(store.restoreArtifact(KEY, targets.slice(0, 1), NO_TREE).kind, 'restored');
    assert.ok(readFileSync(join(folder, 'b.obj')).equals(bytes));
    const stored = readdirSync(entryFolder(layout, KEY));
    const size = stored.reduce((sum, file) => sum + statSync(join(entryFolder(layout, KEY), file)).size, 0);
    assert.equal(growth.bytes, size);
  });

  test(`a folder with ${name}: what a killed process left beside a target is not written to, and does not stop a restore`, async (context) => {
    const { store } = open(context, choice);
    const { files, targets, folder, restored } = workspace(context);
    await store.putArtifact(KEY, files('object'), false);
    const left = Array.from({ length: 3 }, (_, index) => `b.obj.${process.pid}-${index}.clcache`);
    for (const name of left) writeFileSync(join(folder, name), 'left over');
    assert.equal(store.restoreArtifact(KEY, targets, NO_TREE).kind, 'restored');
    assert.deepEqual(Object.keys(restored()).sort(), ['b.d', 'b.obj', ...left].sort());
    assert.equal(restored()[left[0] ?? ''], 'left over');
  });
}

test('entries with every compression work in one folder', async (context) => {
  const cacheDirectory = temporaryFolder(context);
  const kinds: Choice[] = [
    {},
    { compress: true },
    { compress: true, compressionLevel: 99 },
    { hardLink: true },
  ];
  const { files, targets, restored } = workspace(context);
  for (const [number, kind] of kinds.entries())
    await open(context, { ...kind, cacheDirectory }).store.putArtifact(
      digestOf(`${number}`),
      files(`object ${number}`),
      false,
    );
  for (const reader of kinds) {
    for (const number of kinds.keys()) {
      const { store } = open(context, { ...reader, cacheDirectory });
      assert.equal(store.restoreArtifact(digestOf(`${number}`), targets, NO_TREE).kind, 'restored');
      assert.equal(restored()['b.obj'], `object ${number}`);
    }
  }
});

for (const compression of ['none', 'gzip', 'zstd'] as const) {
  test(`a file stored as ${compression} is read back, and is smaller unless it is not compressed`, (context) => {
    if (!codecOf(compression)) return context.skip('not in this runtime');
    const folder = temporaryFolder(context);
    for (const size of [0, 1, 1000, 1024 * 1024, 1024 * 1024 + 1]) {
      const bytes = someBytes(size);
      const target = join(folder, `${size}.stored`);
      writeFileSync(join(folder, 'source'), bytes);
      const stored = storeFile(join(folder, 'source'), target, { compression });
      assert.equal(stored.size, size);
      assert.equal(stored.storedSize, statSync(target).size);
      assert.ok(Buffer.from(readStored(target, stored) ?? []).equals(bytes));
      if (size >= 1000) assert.equal(stored.storedSize < size, compression !== 'none');
    }
  });
}

test('an entry that this runtime cannot decompress counts as damaged, not as an error', (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'stored');
  writeFileSync(file, Buffer.from('0500000005000000aaaaaaaaaa', 'hex'));
  for (const compression of ['gzip', 'zstd'] as const)
    assert.equal(readStored(file, { size: 5, digest: digestOf('aaaaa'), compression }), undefined);
  assert.ok(codecOf(preferredCompression()));
});

test('a hard link is the stored file itself, with the current time', async (context) => {
  const { store, layout } = open(context, { hardLink: true });
  const { files, targets, folder } = workspace(context);
  await store.putArtifact(KEY, files('object'), false);
  const stored = join(entryFolder(layout, KEY), 'object');
  const long = new Date('2001-01-01');
  utimesSync(stored, long, long);
  const started = Date.now();
  store.restoreArtifact(KEY, targets, NO_TREE);
  const stat = statSync(join(folder, 'b.obj'));
  assert.equal(stat.ino, statSync(stored).ino);
  assert.ok(stat.mtimeMs >= started - 50);
});

test('a write through a hard link damages the entry, and the next put repairs it', async (context) => {
  const { store } = open(context, { hardLink: true });
  const { files, targets, folder, restored } = workspace(context);
  await store.putArtifact(KEY, files('object'), false);
  store.restoreArtifact(KEY, targets, NO_TREE);
  writeFileSync(join(folder, 'b.obj'), 'stripped');
  assert.equal(store.restoreArtifact(KEY, targets, NO_TREE).kind, 'damaged');
  assert.equal(restored()['b.obj'], 'stripped');
  await store.putArtifact(KEY, files('object'), true);
  assert.equal(store.restoreArtifact(KEY, targets, NO_TREE).kind, 'restored');
  assert.equal(restored()['b.obj'], 'object');
});

test('an entry without its index is damaged, one without its folder is absent', async (context) => {
  const { store, layout } = open(context);
  const { files, targets } = workspace(context);
  await store.putArtifact(KEY, files('object'), false);
  rmSync(join(entryFolder(layout, KEY), 'artifact.json'));
  assert.equal(store.restoreArtifact(KEY, targets, NO_TREE).kind, 'damaged');
  rmSync(entryFolder(layout, KEY), { recursive: true });
  assert.equal(store.restoreArtifact(KEY, targets, NO_TREE).kind, 'absent');
});

test('an entry that was moved under another key is damaged', async (context) => {
  const { store, layout } = open(context);
  const { files, targets } = workspace(context);
  await store.putArtifact(KEY, files('object'), false);
  const other = `${KEY.slice(0, 2)}${digestOf('other').slice(2)}` as Digest;
  mkdirSync(entryFolder(layout, other));
  for (const file of readdirSync(entryFolder(layout, KEY)))
    writeFileSync(join(entryFolder(layout, other), file), readFileSync(join(entryFolder(layout, KEY), file)));
  assert.equal(store.restoreArtifact(other, targets, NO_TREE).kind, 'damaged');
});

test('an entry and a manifest are marked as used if they are served, and not if they fail', async (context) => {
  const { store, layout } = open(context);
  const { files, targets } = workspace(context);
  await store.putArtifact(KEY, files('object'), false);
  await store.updateManifest(KEY, (manifest) => withEntryFirst(manifest, manifestEntry('one')));
  const marks = [join(entryFolder(layout, KEY), 'artifact.json'), manifestFile(layout, KEY)];
  const long = new Date('2001-01-01');
  const used = () => marks.map((file) => statSync(file).mtimeMs > long.getTime());
  for (const file of marks) utimesSync(file, long, long);
  store.restoreArtifact(KEY, targets.slice(0, 1), NO_TREE);
  assert.deepEqual(used(), [false, false]);
  await store.readManifest(KEY);
  assert.deepEqual(used(), [false, true]);
  store.restoreArtifact(KEY, targets, NO_TREE);
  assert.deepEqual(used(), [true, true]);
});

test('a broken manifest is reported as such, and an update starts a new one', async (context) => {
  const { store, layout } = open(context);
  const file = manifestFile(layout, KEY);
  await store.updateManifest(KEY, (manifest) => withEntryFirst(manifest, manifestEntry('one')));
  truncateSync(file, 20);
  assert.deepEqual(await store.readManifest(KEY), { kind: 'broken', file });
  await store.updateManifest(KEY, (manifest) => {
    assert.deepEqual(manifest, EMPTY_MANIFEST);
    return withEntryFirst(manifest, manifestEntry('two'));
  });
  assert.equal((await store.readManifest(KEY)).kind, 'read');
});

test('a cache folder that cannot be written is a system error, and targets stay', async (context) => {
  const file = join(temporaryFolder(context), 'file');
  writeFileSync(file, '');
  const { store } = open(context, { cacheDirectory: join(file, 'cache') });
  const { files, targets, restored } = workspace(context);
  await assert.rejects(store.putArtifact(KEY, files('object'), false), { code: 'ENOTDIR' });
  await assert.rejects(store.readManifest(KEY), { code: 'ENOTDIR' });
  await assert.rejects(
    store.updateManifest(KEY, (manifest) => manifest),
    { code: 'ENOTDIR' },
  );
  assert.notEqual(store.restoreArtifact(KEY, targets, NO_TREE).kind, 'restored');
  assert.deepEqual(restored(), {});
});

test('a failed put and a put too late leave no files in the cache', async (context) => {
  const { store, layout } = open(context);
  const { files, folder } = workspace(context);
  const lost = [...files('object'), { role: 'listing', path: join(folder, 'gone') } as const];
  await assert.rejects(store.putArtifact(KEY, lost, false), { code: 'ENOENT' });
  const section = join(entryFolder(layout, KEY), '..');
  assert.deepEqual(readdirSync(section).filter(isTemporaryName), []);
  await store.putArtifact(KEY, files('object'), false);
  await store.putArtifact(KEY, files('object'), false);
  await store.putArtifact(KEY, files('object'), true);
  assert.deepEqual(readdirSync(section), [KEY]);
});

test('of many processes that put one key only one makes the store grow', async (context) => {
  const cacheDirectory = temporaryFolder(context);
  const { files } = workspace(context);
  const growths = await Promise.all(
    Array.from({ length: 5 }, () =>
      open(context, { cacheDirectory }).store.putArtifact(KEY, files('object'), false),
    ),
  );
  assert.equal(
    growths.reduce((sum, { entries }) => sum + entries, 0),
    1,
  );
  const entry = entryFolder(layoutOf(cacheDirectory), KEY);
  const size = readdirSync(entry).reduce((sum, file) => sum + statSync(join(entry, file)).size, 0);
  assert.equal(
    growths.reduce((sum, { bytes }) => sum + bytes, 0),
    size,
  );
});
