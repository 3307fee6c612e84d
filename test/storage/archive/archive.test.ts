import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeRoom } from '../../../src/compile/clean-cache.ts';
import { changeSettings } from '../../../src/config/write-settings.ts';
import type { Digest } from '../../../src/hash/digest.ts';
import { digestOfBytes } from '../../../src/hash/digest.ts';
import { sizeAccounts } from '../../../src/statistics/size-accounts.ts';
import { glanceAtStatistics } from '../../../src/statistics/statistics-file.ts';
import { writeArchive } from '../../../src/storage/archive/archive-file.ts';
import { exportEntries } from '../../../src/storage/archive/export-entries.ts';
import { importEntries } from '../../../src/storage/archive/import-entries.ts';
import { entryFolder, layoutOf, manifestFile } from '../../../src/storage/local/layout.ts';
import { LocalStore } from '../../../src/storage/local/local-store.ts';
import type { RemoteKey } from '../../../src/storage/remote/remote.ts';
import { packArtifact } from '../../../src/storage/wire/artifact-body.ts';
import { sealEnvelope } from '../../../src/storage/wire/envelope.ts';
import { packManifest } from '../../../src/storage/wire/manifest-body.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const ROOTS = { style: 'posix', workingDirectory: '/', baseDirectories: [] } as const;
const HOUR_MS = 3_600_000;

function keyOf(name: string): Digest {
  return digestOfBytes(Buffer.from(name));
}

function storeAt(cacheDirectory: string, compress = false): LocalStore {
  return new LocalStore({ cacheDirectory, lockTimeoutMs: 1000, hardLink: false, compress });
}

/** An artifact and the manifest that names it, last used this long ago. */
async function fill(cacheDirectory: string, name: string, ageMs: number, compress = false): Promise<void> {
  const store = storeAt(cacheDirectory, compress);
  await store.putArtifact(keyOf(name), [{ role: 'object', bytes: Buffer.from(name), splices: [] }], false);
  const entry = { artifact: keyOf(name), states: [{ path: '/a.h', state: keyOf('header') }] };
  await store.updateManifest(keyOf(`manifest of ${name}`), () => ({ entries: [entry] }));
  const then = new Date(Date.now() - ageMs);
  const layout = layoutOf(cacheDirectory);
  utimesSync(`${entryFolder(layout, keyOf(name))}/artifact.json`, then, then);
  utimesSync(manifestFile(layout, keyOf(`manifest of ${name}`)), then, then);
}

async function has(cacheDirectory: string, name: string): Promise<boolean> {
  const store = storeAt(cacheDirectory);
  const manifest = await store.readManifest(keyOf(`manifest of ${name}`));
  const target = `${cacheDirectory}/restored.obj`;
  const result = store.restoreArtifact(keyOf(name), [{ role: 'object', path: target }], ROOTS);
  const inManifest = manifest.kind === 'read' && manifest.manifest.entries[0]?.artifact === keyOf(name);
  assert.equal(result.kind === 'restored', inManifest);
  return result.kind === 'restored' && readFileSync(target, 'utf8') === name;
}

test('all entries are moved from one cache to another through a file', async (t) => {
  const [from, to] = [temporaryFolder(t), temporaryFolder(t)];
  const file = `${from}/all.archive`;
  await fill(from, 'one', 10 * HOUR_MS);
  await fill(from, 'two', 0, true);
  const written = exportEntries({ cacheDirectory: from, file });
  assert.deepEqual([written.artifacts, written.manifests], [2, 2]);
  const read = await importEntries({ store: storeAt(to), file });
  assert.deepEqual([read.end, read.artifacts, read.manifests, read.refused], ['complete', 2, 2, 0]);
  assert.equal(read.growth.entries, 2);
  assert.ok(read.growth.bytes > 6);
  assert.ok((await has(to, 'one')) && (await has(to, 'two')));
  const again = await importEntries({ store: storeAt(to), file });
  assert.deepEqual(again.growth, { entries: 0, bytes: 0 });
});

test('only entries that were used since a time, or in the last build, are exported', async (t) => {
  const from = temporaryFolder(t);
  await fill(from, 'old', 10 * HOUR_MS);
  await fill(from, 'start of the build', 3 * HOUR_MS);
  await fill(from, 'end of the build', 3 * HOUR_MS - 10 * 60_000);
  const file = `${from}/part.archive`;
  for (const since of ['lastBuild', Date.now() - 4 * HOUR_MS] as const) {
    const to = temporaryFolder(t);
    assert.equal(exportEntries({ cacheDirectory: from, file, since }).artifacts, 2);
    await importEntries({ store: storeAt(to), file });
    assert.deepEqual([await has(to, 'old'), await has(to, 'start of the build')], [false, true]);
  }
  assert.equal(exportEntries({ cacheDirectory: temporaryFolder(t), file, since: 'lastBuild' }).artifacts, 0);
});

test('an archive that was cut off yields its complete records, and a damaged record is left out', async (t) => {
  const from = temporaryFolder(t);
  const file = `${from}/all.archive`;
  for (const name of ['one', 'two', 'three']) await fill(from, name, 0);
  exportEntries({ cacheDirectory: from, file });
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, whole.length - 12));
  const cut = await importEntries({ store: storeAt(temporaryFolder(t)), file });
  assert.deepEqual([cut.end, cut.artifacts, cut.manifests], ['cutOff', 3, 2]);
  const damaged = Buffer.from(whole);
  damaged.writeUInt8((damaged[200] ?? 0) ^ 1, 200);
  writeFileSync(file, damaged);
  const result = await importEntries({ store: storeAt(temporaryFolder(t)), file });
  assert.deepEqual([result.end, result.artifacts, result.refused], ['complete', 2, 1]);
  for (const other of [Buffer.of(), randomBytes(1000), Buffer.from('clcache archive 2\nxxxxxxxxxx')]) {
    writeFileSync(file, other);
    assert.equal((await importEntries({ store: storeAt(temporaryFolder(t)), file })).end, 'noArchive');
  }
});

test('an import with a secret accepts only what was signed with it', async (t) => {
  const from = temporaryFolder(t);
  const file = `${from}/signed.archive`;
  await fill(from, 'one', 0);
  exportEntries({ cacheDirectory: from, file, sealing: { secret: 'ours' } });
  for (const [secret, artifacts] of [
    ['ours', 1],
    ['theirs', 0],
    [undefined, 0],
  ] as const) {
    const result = await importEntries({ store: storeAt(temporaryFolder(t)), file, sealing: { secret } });
    assert.equal(result.artifacts, artifacts);
  }
});

test('an entry of another version of the format is refused', async (t) => {
  const folder = temporaryFolder(t);
  const file = `${folder}/other.archive`;
  const files = [{ role: 'object', bytes: Buffer.from('object'), splices: [] }] as const;
  const body = packArtifact(keyOf('one'), files) ?? assert.fail();
  const manifest = packManifest({ entries: [] });
  writeArchive(file, (writer) => {
    for (const name of ['v2/o', 'v0/o', 'v11/o', 'v1/o'] as const) {
      writer.add(sealEnvelope(`${name}/${keyOf('one')}` as RemoteKey, body, {}));
    }
    writer.add(sealEnvelope(`v2/m/${keyOf('one')}` as RemoteKey, manifest, {}));
  });
  const result = await importEntries({ store: storeAt(temporaryFolder(t)), file });
  assert.deepEqual([result.end, result.artifacts, result.manifests, result.refused], ['complete', 1, 0, 4]);
});

test('a cache stays below its limit during an import, and an entry that is too large is left out', async (t) => {
  const [from, to] = [temporaryFolder(t), temporaryFolder(t)];
  const file = `${from}/all.archive`;
  const put = (name: string, size: number) =>
    storeAt(from).putArtifact(
      keyOf(name),
      [{ role: 'object', bytes: Buffer.alloc(size, name), splices: [] }],
      false,
    );
  for (let number = 0; number < 40; number += 1) await put(`${number}`, 5000);
  await put('large', 40_000);
  exportEntries({ cacheDirectory: from, file });
  const limit = 30_000;
  const layout = layoutOf(to);
  await changeSettings(layout.settingsFile, { change: { MaximumCacheSize: limit }, timeoutMs: 1000 });
  const store = new LocalStore(
    {
      cacheDirectory: to,
      lockTimeoutMs: 1000,
      hardLink: false,
      compress: false,
    },
    sizeAccounts(layout.statistics, 1000),
  );
  const result = await importEntries({
    store,
    file,
    async makeRoom(bytes) {
      const hasRoom = await makeRoom(to, 1000, bytes);
      const { CacheSize } = glanceAtStatistics(layout.statistics);
      if (hasRoom) assert.ok(CacheSize + bytes <= limit, `${CacheSize} and ${bytes} more`);
      return hasRoom;
    },
  });
  assert.deepEqual([result.artifacts, result.tooLarge], [40, 1]);
  const { CacheEntries, CacheSize } = glanceAtStatistics(layout.statistics);
  assert.ok(CacheEntries > 2 && CacheSize <= limit, `${CacheEntries} entries, ${CacheSize} bytes`);
});

test('an archive is read from an ordinary file, and replaces one', {
  skip: process.platform === 'win32' && 'links are a privilege there',
}, async (t) => {
  const folder = temporaryFolder(t);
  await fill(folder, 'one', 0);
  execFileSync('mkfifo', [`${folder}/pipe`]);
  mkdirSync(`${folder}/folder`);
  for (const name of ['pipe', 'folder']) symlinkSync(name, `${folder}/link-${name}`);
  const obstacles = ['pipe', 'folder', 'link-pipe', 'link-folder'].map((name) => `${folder}/${name}`);
  for (const file of [...obstacles, '/dev/zero']) {
    await assert.rejects(importEntries({ store: storeAt(folder), file }), { code: 'UNFIT_FILE' }, file);
  }
  for (const file of obstacles) {
    const before = lstatSync(file).ino;
    assert.throws(() => exportEntries({ cacheDirectory: folder, file }), { code: 'UNFIT_FILE' }, file);
    assert.equal(lstatSync(file).ino, before);
  }
  writeFileSync(`${folder}/real`, 'old');
  symlinkSync('real', `${folder}/link`);
  exportEntries({ cacheDirectory: folder, file: `${folder}/link` });
  assert.ok(lstatSync(`${folder}/link`).isSymbolicLink());
  assert.equal((await importEntries({ store: storeAt(folder), file: `${folder}/real` })).artifacts, 1);
});
