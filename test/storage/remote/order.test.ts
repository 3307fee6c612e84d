/** Several stores behind a cache folder: which of them is asked, waited for, sent what, and counted how. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Manifest, type ManifestEntry, withEntryFirst } from '../../../src/cache/manifest.ts';
import { digestOfBytes } from '../../../src/hash/digest.ts';
import { readTroubles } from '../../../src/storage/remote/health.ts';
import { artifactKeyName, manifestKeyName } from '../../../src/storage/remote/remote.ts';
import type { NewArtifactFile, Store } from '../../../src/storage/store.ts';
import { packArtifact } from '../../../src/storage/wire/artifact-body.ts';
import { sealEnvelope } from '../../../src/storage/wire/envelope.ts';
import { packManifest } from '../../../src/storage/wire/manifest-body.ts';
import { HTTP, REDIS, startFake } from '../../helpers/fake-server.ts';
import { type Context, machine, share } from '../../helpers/remote-machine.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const ROOTS = { style: 'posix', workingDirectory: '/', baseDirectories: [] } as const;
const MANIFEST = digestOfBytes(Buffer.from('manifest'));
const ARTIFACT = digestOfBytes(Buffer.from('artifact'));
const ENTRY: ManifestEntry = { artifact: ARTIFACT, states: [{ path: '/a.h', state: MANIFEST }] };

function open(t: Context, remote: string, cacheDirectory = temporaryFolder(t)): Promise<Store> {
  return machine(t, remote, { cacheDirectory }).open();
}

/** One compile, served by the store or else by the compiler. Returns its result and the counts of the stores. */
async function compile(t: Context, store: Store): Promise<{ how: string; counts: readonly string[] }> {
  const targets = [{ role: 'object', path: `${temporaryFolder(t)}/a.obj` }] as const;
  let entry: ManifestEntry | undefined;
  const find = ({ entries }: Manifest) => {
    entry = entries.find(({ artifact }) => artifact === ARTIFACT);
    return entry !== undefined;
  };
  const known = await store.readManifest(MANIFEST);
  if (known.kind === 'read' && !find(known.manifest)) await store.refreshManifest?.(MANIFEST, targets, find);
  const restored = entry && (await store.restoreArtifact(entry.artifact, targets, ROOTS));
  const isHit = restored?.kind === 'restored';
  if (!isHit) {
    const files: NewArtifactFile[] = [{ role: 'object', bytes: Buffer.from('compiled'), splices: [] }];
    await store.putArtifact(ARTIFACT, files, restored?.kind === 'damaged');
    await store.updateManifest(MANIFEST, (manifest) => withEntryFirst(manifest, ENTRY));
  }
  const { remotes } = (await store.finish?.()) ?? { remotes: [] };
  return {
    how: isHit ? `hit: ${readFileSync(targets[0].path, 'utf8')}` : 'compiled',
    counts: remotes.map(
      ({ hits, misses, rejected, errors, timeouts }) =>
        `${hits} hits, ${misses} misses, ${rejected} rejected, ${errors + timeouts} failed`,
    ),
  };
}

test('a store is asked only if those before it do not have the entry', async (t) => {
  const [first, second] = [share(t), share(t)];
  await compile(t, await open(t, first));
  const silent = await startFake(HTTP, () => {});
  t.after(() => void silent.stop());
  const { how, counts } = await compile(t, await open(t, `${first} http://127.0.0.1:${silent.port}`));
  assert.deepEqual(
    [how, counts[0], silent.spokenTo()],
    ['hit: compiled', '1 hits, 0 misses, 0 rejected, 0 failed', 0],
  );
  const behind = await compile(t, await open(t, `${second} ${first}`));
  assert.deepEqual(behind, {
    how: 'hit: compiled',
    counts: ['0 hits, 1 misses, 0 rejected, 0 failed', '1 hits, 0 misses, 0 rejected, 0 failed'],
  });
});

test('a silent store is not waited for if the next one has the entry, and is left out', async (t) => {
  const full = share(t);
  await compile(t, await open(t, full));
  const silent = await startFake(HTTP, () => {});
  t.after(() => void silent.stop());
  const cacheDirectory = temporaryFolder(t);
  const begun = performance.now();
  const { how, counts } = await compile(
    t,
    await open(t, `http://127.0.0.1:${silent.port}?timeout=60 ${full}`, cacheDirectory),
  );
  const took = performance.now() - begun;
  assert.ok(took >= 900 && took < 30_000, `${took} ms`);
  assert.deepEqual(
    [how, counts],
    ['hit: compiled', ['0 hits, 0 misses, 0 rejected, 1 failed', '1 hits, 0 misses, 0 rejected, 0 failed']],
  );
  const [trouble] = readTroubles(cacheDirectory);
  assert.match(trouble?.error?.reason ?? '', /silent for \d+ ms/);
  assert.ok((trouble?.outUntil ?? 0) > Date.now());
});

test('a compile is one miss for a store without the entry, and one hit for one with it', async (t) => {
  const remote = share(t);
  assert.deepEqual(await compile(t, await open(t, remote)), {
    how: 'compiled',
    counts: ['0 hits, 1 misses, 0 rejected, 0 failed'],
  });
  assert.deepEqual(await compile(t, await open(t, remote)), {
    how: 'hit: compiled',
    counts: ['1 hits, 0 misses, 0 rejected, 0 failed'],
  });
});

test('stores that differ in a password have marks and counters of their own', async (t) => {
  const auth = await startFake(
    { ...REDIS, isRequest: (received) => received.includes('\r\n') },
    (socket, request) => {
      if (/auth/i.test(request.toString()))
        socket.write(request.includes('wrong') ? '-WRONGPASS no\r\n' : '+OK\r\n');
      else socket.write(/\r\nget\r\n/i.test(request.toString()) ? '$-1\r\n' : '+OK\r\n');
    },
  );
  t.after(() => void auth.stop());
  const cacheDirectory = temporaryFolder(t);
  const url = (password: string) => `redis://:${password}@127.0.0.1:${auth.port}`;
  const { counts } = await compile(t, await open(t, `${url('wrong')} ${url('right')}`, cacheDirectory));
  assert.deepEqual(counts, [
    '0 hits, 0 misses, 0 rejected, 1 failed',
    '0 hits, 1 misses, 0 rejected, 0 failed',
  ]);
  const troubles = readTroubles(cacheDirectory);
  assert.equal(troubles.length, 1);
  assert.match(troubles[0]?.error?.reason ?? '', /AUTH was answered with WRONGPASS$/);
  assert.ok((troubles[0]?.outUntil ?? 0) > Date.now());
});

for (const [what, files] of Object.entries({
  'no file': [],
  'only what the compiler printed': [{ role: 'stdout', bytes: Buffer.from('a.cpp'), splices: [] }],
  'an empty object': [{ role: 'object', bytes: Buffer.of(), splices: [] }],
  'a file that this compile does not leave': [
    { role: 'object', bytes: Buffer.from('theirs'), splices: [] },
    { role: 'listing', bytes: Buffer.from('x'), splices: [] },
  ],
  'a path of a tree that nobody has': [
    { role: 'object', bytes: Buffer.from('theirs'), splices: [{ at: 3, base: 7, form: 'plain' }] },
  ],
} as const)) {
  test(`an artifact with ${what} is a miss and counts against its store, and the next one is asked`, async (t) => {
    const [bad, good] = [temporaryFolder(t), share(t)];
    await compile(t, await open(t, good));
    const values = new Map<string, Uint8Array>([
      [artifactKeyName(ARTIFACT), packArtifact(ARTIFACT, files) ?? Buffer.of()],
      [manifestKeyName(MANIFEST), packManifest({ entries: [ENTRY] })],
    ]);
    const server = await startFake(HTTP, (socket, request) => {
      const [, section = '', key = ''] = /\/(v\d\/[om])\/..\/(\w+)/.exec(request.toString()) ?? [];
      const name = `${section}/${key}` as ReturnType<typeof artifactKeyName>;
      const body = values.get(name);
      const isRead = request.toString().startsWith('GET ');
      if (isRead && body) socket.write(HTTP.value(request, sealEnvelope(name, body, {})));
      else socket.write(`HTTP/1.1 ${isRead ? '404 Not Found' : '201 Created'}\r\nContent-Length: 0\r\n\r\n`);
    });
    t.after(() => void server.stop());
    const remote = `http://127.0.0.1:${server.port}`;
    const { how, counts } = await compile(t, await open(t, `${remote} ${good}`, bad));
    assert.deepEqual(
      [how, counts],
      ['hit: compiled', ['0 hits, 0 misses, 1 rejected, 0 failed', '1 hits, 0 misses, 0 rejected, 0 failed']],
    );
    assert.equal((await compile(t, await open(t, remote))).how, 'compiled');
  });
}

test('a store that does not take an artifact does not get its manifest entry', async (t) => {
  const asked: string[] = [];
  const server = await startFake(HTTP, (socket, request) => {
    const [, method = '', section = ''] = /^(\w+) \/v\d\/([om])\//.exec(request.toString()) ?? [];
    asked.push(`${method} ${section}`);
    const isTooLarge = method === 'PUT' && section === 'o';
    const status = isTooLarge ? '413 Payload Too Large' : method === 'GET' ? '404 Not Found' : '201 Created';
    socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
  });
  t.after(() => void server.stop());
  const other = share(t);
  const store = await open(t, `http://127.0.0.1:${server.port} ${other}`);
  const { counts } = await compile(t, store);
  assert.deepEqual(asked, ['GET m', 'PUT o']);
  // The store refused only this value. It does not count as full.
  assert.equal(counts[0], '0 hits, 1 misses, 0 rejected, 0 failed');
  assert.equal((await compile(t, await open(t, other))).how, 'hit: compiled');
});

test('an invalid answer leaves the cache folder in use', async (t) => {
  const server = await startFake(REDIS, (socket) => void socket.write(':1\r\n'));
  t.after(() => void server.stop());
  const cacheDirectory = temporaryFolder(t);
  const remote = `redis://127.0.0.1:${server.port}`;
  assert.equal((await compile(t, await open(t, remote, cacheDirectory))).how, 'compiled');
  assert.equal((await compile(t, await open(t, remote, cacheDirectory))).how, 'hit: compiled');
  assert.equal(server.spokenTo(), 1);
});
