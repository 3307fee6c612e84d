import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { type ManifestEntry, withEntryFirst } from '../../../../src/cache/manifest.ts';
import { type Digest, digestOfBytes } from '../../../../src/hash/digest.ts';
import { entryFolder, layoutOf } from '../../../../src/storage/local/layout.ts';
import { LocalStore } from '../../../../src/storage/local/local-store.ts';
import type { Store } from '../../../../src/storage/store.ts';
import { HTTP, startFake } from '../../../helpers/fake-server.ts';
import { type Context, machine, share } from '../../../helpers/remote-machine.ts';
import { startNginx } from '../../../helpers/remote-servers.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const ROOTS = { style: 'posix', workingDirectory: '/', baseDirectories: [] } as const;
const MANIFEST = digestOfBytes(Buffer.from('manifest'));
/** Asks every store, because nothing suffices. */
const ASKED = [MANIFEST, [{ role: 'object', path: '/a.obj' }], () => false] as const;

function keyOf(name: string): Digest {
  return digestOfBytes(Buffer.from(name));
}

function entryOf(name: string): ManifestEntry {
  return { artifact: keyOf(name), states: [{ path: '/a.h', state: keyOf(`header of ${name}`) }] };
}

/** What a compile does after a miss. */
async function compileAndStore(store: Store, name: string): Promise<void> {
  await store.putArtifact(keyOf(name), [{ role: 'object', bytes: Buffer.from(name), splices: [] }], false);
  await store.updateManifest(MANIFEST, (manifest) => withEntryFirst(manifest, entryOf(name)));
}

async function restored(t: Context, store: Store, name: string): Promise<string | undefined> {
  const path = `${temporaryFolder(t)}/a.obj`;
  const result = await store.restoreArtifact(keyOf(name), [{ role: 'object', path }], ROOTS);
  return result.kind === 'restored' ? readFileSync(path, 'utf8') : undefined;
}

function namesIn(entries: readonly ManifestEntry[] | undefined): string[] {
  const names = new Map(['one', 'two', 'three'].map((name) => [keyOf(name), name]));
  return (entries ?? []).map(({ artifact }) => names.get(artifact) ?? '?');
}

test('the local store works without a remote one', async (t) => {
  assert.ok((await machine(t, undefined, { remoteOnly: true }).open()) instanceof LocalStore);
});

test('what one machine stored is found by another, copied, and counted', async (t) => {
  const remote = share(t);
  const first = await machine(t, remote).open();
  await compileAndStore(first, 'one');
  const sent = await first.finish?.();
  assert.ok((sent?.remotes[0]?.bytesSent ?? 0) > 0);
  assert.deepEqual(sent?.growth, { entries: 0, bytes: 0 });

  const other = machine(t, remote);
  const store = await other.open();
  const local = await store.readManifest(MANIFEST);
  assert.deepEqual(local, { kind: 'read', manifest: { entries: [] } });
  const merged = await store.refreshManifest?.(MANIFEST, ASKED[1], ({ entries }) => entries.length > 0);
  assert.deepEqual(namesIn(merged?.entries), ['one']);
  assert.equal(await restored(t, store, 'one'), 'one');
  const report = await store.finish?.();
  assert.equal(report?.growth.entries, 1);
  assert.ok((report?.growth.bytes ?? 0) > 3);
  assert.deepEqual([report?.remotes[0]?.hits, report?.remotes[0]?.misses], [1, 0]);

  // The next time the copy serves, and no store is asked.
  const again = await other.open();
  assert.equal((await again.readManifest(MANIFEST)).kind, 'read');
  assert.equal(await restored(t, again, 'one'), 'one');
  assert.deepEqual((await again.finish?.())?.remotes, []);
});

test('copies from a store are compressed if the cache is, and linked if it links', async (t) => {
  const remote = share(t);
  const text = 'an object '.repeat(1000);
  const first = await machine(t, remote).open();
  await compileAndStore(first, text);
  await first.finish?.();
  const stored = (cacheDirectory: string) =>
    statSync(`${entryFolder(layoutOf(cacheDirectory), keyOf(text))}/object`);

  const compressing = machine(t, remote, { compress: true });
  const store = await compressing.open();
  assert.equal(await restored(t, store, text), text);
  assert.ok(stored(compressing.cacheDirectory).size < text.length / 10);
  const { growth } = (await store.finish?.()) ?? {};
  assert.ok(growth && growth.bytes < text.length / 2, 'the size of the cache is what is there');

  const linking = machine(t, remote, { hardLink: true });
  const path = `${temporaryFolder(t)}/a.obj`;
  await (await linking.open()).restoreArtifact(keyOf(text), [{ role: 'object', path }], ROOTS);
  assert.equal(stored(linking.cacheDirectory).ino, statSync(path).ino);
});

test('a stale local manifest does not hide a newer remote one, and neither overwrites the other', async (t) => {
  const remote = share(t);
  const [here, there] = [machine(t, remote), machine(t, remote)];
  const early = await here.open();
  await compileAndStore(early, 'one');
  await early.finish?.();
  // The other machine does not know 'one' when it stores 'two'.
  const elsewhere = await there.open();
  await compileAndStore(elsewhere, 'two');
  await elsewhere.finish?.();

  const late = await here.open();
  const refreshed = await late.refreshManifest?.(...ASKED);
  assert.deepEqual(namesIn(refreshed?.entries), ['two', 'one']);
  assert.equal(await restored(t, late, 'two'), 'two');
  assert.equal(await late.refreshManifest?.(...ASKED), undefined);
  await late.finish?.();
  const third = await machine(t, remote).open();
  assert.deepEqual(namesIn((await third.refreshManifest?.(...ASKED))?.entries), ['two', 'one']);
});

test('an artifact that was evicted locally is restored from the store, and a damaged one is replaced', async (t) => {
  const here = machine(t, share(t));
  const store = await here.open();
  await compileAndStore(store, 'one');
  await store.finish?.();
  const folder = entryFolder(layoutOf(here.cacheDirectory), keyOf('one'));
  for (const spoil of [
    () => rmSync(folder, { recursive: true }),
    () => writeFileSync(`${folder}/object`, 'two'),
    () => rmSync(`${folder}/artifact.json`),
  ]) {
    spoil();
    assert.equal(await restored(t, await here.open(), 'one'), 'one');
    assert.equal(readFileSync(`${folder}/object`, 'utf8'), 'one');
  }
});

test('a missing artifact is sent by the next compile with the entry that names it', async (t) => {
  const remote = share(t);
  const here = machine(t, remote);
  const local = await machine(t, '', { cacheDirectory: here.cacheDirectory }).open();
  await compileAndStore(local, 'one');
  rmSync(entryFolder(layoutOf(here.cacheDirectory), keyOf('one')), { recursive: true });
  const store = await here.open();
  assert.equal(await restored(t, store, 'one'), undefined);
  await compileAndStore(store, 'one');
  await store.finish?.();
  const other = await machine(t, remote).open();
  assert.deepEqual(namesIn((await other.refreshManifest?.(...ASKED))?.entries), ['one']);
  assert.equal(await restored(t, other, 'one'), 'one');
});

test('stores are asked in order and all are filled, except a read-only one', async (t) => {
  const [first, second, third] = [share(t), share(t), share(t)];
  const store = await machine(t, `${first}?readonly=1 ${second};${third}`).open();
  await compileAndStore(store, 'one');
  await store.finish?.();
  for (const [remote, expected] of [
    [first, undefined],
    [second, 'one'],
    [third, 'one'],
  ] as const) {
    assert.equal(await restored(t, await machine(t, remote).open(), 'one'), expected);
  }
  const reader = await machine(t, `${first} ${second} ${third}`).open();
  assert.equal(await restored(t, reader, 'one'), 'one');
  const hits = (await reader.finish?.())?.remotes.map((each) => [each.hits, each.misses]);
  assert.deepEqual(hits, [
    [0, 1],
    [1, 0],
    [0, 0],
  ]);
});

test('with CLCACHE_REMOTE_ONLY nothing stays in the cache folder', async (t) => {
  const remote = share(t);
  const here = machine(t, remote, { remoteOnly: true });
  const store = await here.open();
  await compileAndStore(store, 'one');
  const report = await store.finish?.();
  assert.deepEqual(report?.growth, { entries: 0, bytes: 0 });
  const later = await here.open();
  assert.deepEqual(namesIn((await later.refreshManifest?.(...ASKED))?.entries), ['one']);
  assert.equal(await restored(t, later, 'one'), 'one');
  assert.deepEqual((await later.finish?.())?.growth, { entries: 0, bytes: 0 });
  const layout = layoutOf(here.cacheDirectory);
  assert.ok(!existsSync(layout.objects) && !existsSync(layout.manifests));
  assert.deepEqual(readdirSync(`${layout.root}/calls`), []);
});

test('entries with another signature are misses, and are replaced', async (t) => {
  const remote = share(t);
  const theirs = await machine(t, remote, { remoteSecret: 'theirs' }).open();
  await compileAndStore(theirs, 'one');
  await theirs.finish?.();
  const ours = machine(t, remote, { remoteSecret: 'ours' });
  const store = await ours.open();
  assert.equal(await store.refreshManifest?.(...ASKED), undefined);
  assert.equal(await restored(t, store, 'one'), undefined);
  await compileAndStore(store, 'one');
  const report = await store.finish?.();
  assert.equal(report?.remotes[0]?.rejected, 3);
  const other = await machine(t, remote, { remoteSecret: 'ours' }).open();
  assert.equal(await restored(t, other, 'one'), 'one');
  assert.ok(![...ours.lines].some((line) => line.includes('ours')));
});

test('uploads to a server that does not answer are waited for only up to the limit', async (t) => {
  const server = await startFake(HTTP, () => {});
  t.after(() => void server.stop());
  const here = machine(t, `http://127.0.0.1:${server.port}?timeout=0.3`);
  const store = await here.open();
  for (const name of ['one', 'two', 'three']) await compileAndStore(store, name);
  const report = await store.finish?.();
  assert.match(here.lines.join('\n'), /silence for 3\d\d ms/);
  assert.deepEqual([report?.remotes[0]?.timeouts, report?.remotes[0]?.bytesSent], [1, 0]);
});

test('all uploads together keep the limit, and a server that was only slow is asked again', async (t) => {
  let taken = 0;
  const server = await startFake(HTTP, (socket, request) => {
    const isRead = request.toString('latin1').startsWith('GET');
    const answer = 'Content-Length: 0\r\n\r\n';
    if (isRead) socket.write(`HTTP/1.1 404 Not Found\r\n${answer}`);
    // The later ones are never answered.
    else if (taken++ < 6) socket.write(`HTTP/1.1 201 Created\r\n${answer}`);
  });
  t.after(() => void server.stop());
  const remote = `http://127.0.0.1:${server.port}?timeout=60`;
  const here = machine(t, remote, { uploadLimitMs: 700 });
  const store = await here.open();
  for (let number = 0; number < 20; number += 1) await compileAndStore(store, `object ${number}`);
  const start = performance.now();
  const { remotes } = (await store.finish?.()) ?? {};
  const took = performance.now() - start;
  assert.ok(took >= 650 && took < 30_000, `${took} ms`);
  const [activity] = remotes ?? [];
  assert.ok((activity?.bytesSent ?? 0) > 0, 'some of it was sent');
  assert.deepEqual([activity?.errors, activity?.timeouts], [0, 0]);
  // A transfer that was broken off does not count as the store's failure.
  assert.equal(await (await here.open()).refreshManifest?.(...ASKED), undefined);
  assert.ok(!here.lines.some((line) => line.includes('did not answer a moment ago')), here.lines.join('\n'));
});

test('a large entry that an http store has is not sent again, unless the store returned a wrong one', async (t) => {
  const server = await startNginx();
  t.after(() => server.stop());
  const remote = `http://127.0.0.1:${server.port}/open`;
  const large = randomBytes(100_000).toString('hex');
  const sentBy = async (remoteSecret: string) => {
    const here = machine(t, remote, { remoteSecret });
    const store = await here.open();
    await store.refreshManifest?.(...ASKED);
    await compileAndStore(store, large);
    const activity = (await store.finish?.())?.remotes[0];
    assert.deepEqual([activity?.errors, activity?.timeouts], [0, 0]);
    return { bytes: activity?.bytesSent ?? 0, here };
  };
  assert.ok((await sentBy('ours')).bytes > 100_000);
  const again = await sentBy('ours');
  assert.equal(again.bytes, 0);
  assert.match(again.here.lines.join('\n'), /has v1\/o\/[0-9a-f]{40} already, \d+ bytes/);
  // An entry of the same length that these cannot use: their manifest was refused, so the entry may be wrong, too.
  assert.ok((await sentBy('theirs')).bytes > 100_000);
  assert.equal(await restored(t, await machine(t, remote, { remoteSecret: 'theirs' }).open(), large), large);
});

test('addresses that are not understood leave the local store in use, and no secret in the log', async (t) => {
  const here = machine(t, 'gopher://me:hidden@x redis://me:hidden@host:port');
  const store = await here.open();
  await compileAndStore(store, 'one');
  assert.equal(await restored(t, store, 'one'), 'one');
  assert.equal(await store.refreshManifest?.(...ASKED), undefined);
  await store.finish?.();
  assert.equal(here.lines.length, 2);
  assert.ok(!here.lines.some((line) => line.includes('hidden')));
});
