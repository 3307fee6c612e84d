/** The time limit for sending holds for all entries, and an entry that does not fit in is dropped whole and counted. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { type Manifest, withEntryFirst } from '../../../../src/cache/manifest.ts';
import { type Digest, digestOfBytes } from '../../../../src/hash/digest.ts';
import { layoutOf } from '../../../../src/storage/local/layout.ts';
import { RemoteLevel } from '../../../../src/storage/remote/remote-level.ts';
import { upload } from '../../../../src/storage/remote/upload.ts';
import type { Store } from '../../../../src/storage/store.ts';
import { openEnvelope, sealInSteps } from '../../../../src/storage/wire/envelope.ts';
import { HTTP, startFake } from '../../../helpers/fake-server.ts';
import { KEY } from '../../../helpers/guarded.ts';
import { AMPLE_MS, folderOf, machine, share } from '../../../helpers/remote-machine.ts';
import { startNginx, startRedis } from '../../../helpers/remote-servers.ts';
import { testKey } from '../../../helpers/signing.ts';
import { startRelay } from '../../../helpers/slow-network.ts';

const artifactOf = (name: string) => digestOfBytes(Buffer.from(name));
const manifestOf = (name: string) => artifactOf(`manifest of ${name}`);

async function storeObject(store: Store, name: string, bytes: Uint8Array): Promise<void> {
  const artifact = artifactOf(name);
  await store.putArtifact(artifact, [{ role: 'object', bytes, splices: [] }], false);
  const states = [{ path: '/a.h', state: artifact }];
  await store.updateManifest(manifestOf(name), (manifest) => withEntryFirst(manifest, { artifact, states }));
}

/** By kind: artifacts, their parts and manifests in a shared folder, and unfinished files. */
function entriesIn(path: string): Readonly<Record<'o' | 'p' | 'm' | 'tmp', number>> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  const count = (pattern: RegExp) => names.filter((name) => pattern.test(name)).length;
  const files = (folder: string) => count(new RegExp(`/${folder}/../\\w+$`));
  return { o: files('o'), p: files('p'), m: files('m'), tmp: count(/\.tmp$/) };
}

test('a large object without enough time is dropped whole, and smaller ones are sent before it', async (t) => {
  const url = share(t);
  const here = machine(t, undefined);
  const local = await here.open();
  const names = ['large', ...Array.from({ length: 10 }, (_, number) => `small ${number}`)];
  for (const name of names)
    await storeObject(local, name, name === 'large' ? randomBytes(24 * 1024 * 1024) : Buffer.from('x'));
  const lines: string[] = [];
  const trace = (line: () => string) => lines.push(line());
  const { cacheDirectory } = here;
  const context = { environment: {}, homeDirectory: cacheDirectory, style: 'posix' } as const;
  const remotes = new RemoteLevel({ remote: url, cacheDirectory, ...context, trace });
  const manifests = new Map<Digest, Manifest>();
  for (const name of names) {
    const known = await local.readManifest(manifestOf(name));
    if (known.kind === 'read') manifests.set(manifestOf(name), known.manifest);
  }
  // Each step of the work takes a second. There are fewer seconds than the large entry needs.
  let seconds = 0;
  await upload({
    layout: layoutOf(cacheDirectory),
    remotes,
    artifacts: names.map(artifactOf),
    manifests,
    limitMs: 40_000,
    now: () => 1000 * seconds++,
    trace,
  });
  await remotes.close();
  assert.deepEqual(entriesIn(folderOf(url)), { o: 10, p: 0, m: 10, tmp: 0 });
  assert.equal(remotes.activities[0]?.notSent, 1);
  assert.match(lines.join('\n'), /no time is left/);
});

test('no list of parts is sent whose parts another call has removed meanwhile', async (t) => {
  const url = share(t);
  const { cacheDirectory, open } = machine(t, undefined);
  const local = await open();
  await storeObject(local, 'large', randomBytes(20 * 1024 * 1024));
  const trace = () => {};
  const context = { environment: {}, homeDirectory: cacheDirectory, style: 'posix' } as const;
  const remotes = new RemoteLevel({ remote: url, cacheDirectory, ...context, trace });
  const putPartList = remotes.putPartList.bind(remotes);
  remotes.putPartList = (key, list) => {
    const files = readdirSync(folderOf(url), { recursive: true, encoding: 'utf8' });
    const part = files.find((name) => /[\\/]p[\\/]..[\\/]\w+$/.test(name)) ?? '';
    rmSync(`${folderOf(url)}/${part}`);
    return putPartList(key, list);
  };
  await upload({
    layout: layoutOf(cacheDirectory),
    remotes,
    artifacts: [artifactOf('large')],
    manifests: new Map(),
    limitMs: AMPLE_MS,
    trace,
  });
  await remotes.close();
  assert.deepEqual(entriesIn(folderOf(url)), { o: 0, p: 0, m: 0, tmp: 0 });
  assert.equal(remotes.activities[0]?.notSent, 1);
});

test('an entry that a silent server did not take in time is dropped and counted, and its manifest is not sent', async (t) => {
  const asked: string[] = [];
  const server = await startFake(HTTP, (socket, request) => {
    asked.push(
      request
        .toString('latin1')
        .split(/ |\/..\//, 2)
        .join(' '),
    );
    if (!/^PUT \/v\d\/o/.test(request.toString('latin1')))
      socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  });
  t.after(() => void server.stop());
  const remote = `http://127.0.0.1:${server.port}?timeout=60`;
  const store = await machine(t, remote, { uploadLimitMs: 400 }).open();
  await storeObject(store, 'one', Buffer.from('x'));
  await storeObject(store, 'two', Buffer.from('y'));
  const begun = performance.now();
  const activity = (await store.finish?.())?.remotes[0];
  const ms = performance.now() - begun;
  assert.ok(ms >= 350 && ms < 30_000, `${ms} ms`);
  assert.deepEqual(
    [activity?.notSent, activity?.bytesSent, activity?.errors, activity?.timeouts],
    [2, 0, 0, 0],
  );
  assert.ok(!asked.some((one) => one.includes('/m')), asked.join());
});

test('an entry that is packed in steps equals one packed at once, and stops if it is told to', async () => {
  const signer = testKey().signer;
  const sealing = { secret: 'secret', signer, trusted: [signer] };
  for (const body of [
    Buffer.alloc(5_000_000, 'an object '),
    randomBytes(3_000_000),
    Buffer.concat([randomBytes(1_100_000), Buffer.alloc(2_000_000)]),
    Buffer.from('small'),
  ]) {
    let steps = 0;
    const envelope = await sealInSteps(KEY, body, sealing, async () => {
      steps += 1;
    });
    const opened = openEnvelope(KEY, envelope, { sealing, maximumSize: body.length });
    assert.ok(opened.kind === 'opened' && body.equals(opened.body));
    assert.ok(envelope.length < body.length + 200);
    if (body.length > 1_000_000) assert.ok(steps >= 3, `${steps} steps`);
  }
  const stop = async () => {
    throw new Error('stop');
  };
  await assert.rejects(sealInSteps(KEY, Buffer.alloc(3_000_000), {}, stop), /stop/);
});

for (const [name, start, url] of [
  ['redis', startRedis, (port: number) => `redis://127.0.0.1:${port}`],
  ['http', startNginx, (port: number) => `http://127.0.0.1:${port}/open`],
] as const) {
  test(`small entries are stored over a slow network, even if a large one does not get through to ${name}`, async (t) => {
    const server = await start();
    const relay = await startRelay(server.port, { rate: 50_000 });
    t.after(async () => {
      await relay.stop();
      await server.stop();
    });
    const store = await machine(t, url(relay.port), { uploadLimitMs: 2000 }).open();
    await storeObject(store, 'large', randomBytes(480_000));
    await storeObject(store, 'small', Buffer.from('x'));
    const activity = (await store.finish?.())?.remotes[0];
    assert.deepEqual([activity?.notSent, activity?.errors, activity?.timeouts], [1, 0, 0]);
    const reader = await machine(t, url(server.port)).open();
    const found: number[] = [];
    for (const one of ['small', 'large']) {
      const manifest = await reader.refreshManifest?.(manifestOf(one), [], () => true);
      found.push(manifest?.entries.length ?? 0);
    }
    assert.deepEqual(found, [1, 0]);
    await reader.finish?.();
  });
}
