/** The time for sending is kept, whatever is to be sent, and what does not fit in is dropped whole and counted. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { withEntryFirst } from '../../../src/cache/manifest.ts';
import { digestOfBytes } from '../../../src/hash/digest.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { openEnvelope, sealInSteps } from '../../../src/storage/remote/envelope.ts';
import type { RemoteActivity, Store } from '../../../src/storage/store.ts';
import { HTTP, startFake } from '../../helpers/fake-server.ts';
import { KEY } from '../../helpers/guarded.ts';
import { startNginx, startRedis } from '../../helpers/remote-servers.ts';
import { startRelay } from '../../helpers/slow-network.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

interface Context {
  after(body: () => void): void;
}

function open(t: Context, remote: string, uploadLimitMs: number): Promise<Store> {
  const cacheDirectory = temporaryFolder(t);
  const options = {
    cacheDirectory,
    lockTimeoutMs: 1000,
    hardLink: false,
    compress: false,
    remote,
    remoteOnly: false,
    uploadLimitMs,
    environment: {},
    homeDirectory: cacheDirectory,
    style: 'posix',
  } as const;
  return openStore(options, () => {});
}

function share(t: Context): { readonly path: string; readonly url: string } {
  const path = `${temporaryFolder(t)}/share`;
  mkdirSync(path);
  return { path, url: pathToFileURL(path).href };
}

async function storeObject(store: Store, name: string, bytes: Uint8Array): Promise<void> {
  const artifact = digestOfBytes(Buffer.from(name));
  await store.putArtifact(artifact, [{ role: 'object', bytes, splices: [] }], false);
  const states = [{ path: '/a.h', state: artifact }];
  await store.updateManifest(digestOfBytes(Buffer.from(`manifest of ${name}`)), (manifest) =>
    withEntryFirst(manifest, { artifact, states }),
  );
}

async function finish(
  store: Store,
): Promise<{ readonly ms: number; readonly activity: RemoteActivity | undefined }> {
  const begun = performance.now();
  const report = await store.finish?.();
  return { ms: performance.now() - begun, activity: report?.remotes[0] };
}

/** By kind: artifacts and manifests in a shared folder, and what was left unfinished. */
function entriesIn(path: string): { readonly o: number; readonly m: number; readonly tmp: number } {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  const count = (pattern: RegExp) => names.filter((name) => pattern.test(name)).length;
  return { o: count(/\/o\/..\/\w+$/), m: count(/\/m\/..\/\w+$/), tmp: count(/\.tmp$/) };
}

test('a large object for which there is no time is dropped whole, and smaller ones get through before it', async (t) => {
  const { path, url } = share(t);
  const store = await open(t, url, 1000);
  // Packing it takes longer than there is.
  const chunk = randomBytes(1024 * 1024);
  await storeObject(store, 'large', Buffer.concat(Array.from({ length: 240 }, () => chunk)));
  for (let number = 0; number < 10; number += 1)
    await storeObject(store, `small ${number}`, Buffer.from('x'));
  const { ms, activity } = await finish(store);
  // A slow or busy machine, or a fast one: either way it is there whole or not at all.
  const { o, m, tmp } = entriesIn(path);
  assert.ok(ms < 2500, `${ms} ms`);
  assert.equal(o + (activity?.notSent ?? 0), 11);
  assert.deepEqual([m, tmp], [o, 0]);
  assert.ok(o >= 1, 'small ones first');
});

test('what a silent server did not take in time is dropped and counted, and its manifest is not sent', async (t) => {
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
  const store = await open(t, `http://127.0.0.1:${server.port}`, 400);
  await storeObject(store, 'one', Buffer.from('x'));
  await storeObject(store, 'two', Buffer.from('y'));
  const { ms, activity } = await finish(store);
  assert.ok(ms >= 350 && ms < 1500, `${ms} ms`);
  assert.deepEqual(
    [activity?.notSent, activity?.bytesSent, activity?.errors, activity?.timeouts],
    [2, 0, 0, 0],
  );
  assert.ok(!asked.some((one) => one.includes('/m')), asked.join());
});

test('an entry that is packed in steps is the same as one packed at once, and ends where it is told to', async () => {
  for (const body of [
    Buffer.alloc(5_000_000, 'an object '),
    randomBytes(3_000_000),
    Buffer.concat([randomBytes(1_100_000), Buffer.alloc(2_000_000)]),
    Buffer.from('small'),
  ]) {
    let steps = 0;
    const envelope = await sealInSteps(KEY, body, 'secret', async () => {
      steps += 1;
    });
    const opened = openEnvelope(KEY, envelope, 'secret', body.length);
    assert.ok(opened.kind === 'opened' && body.equals(opened.body));
    assert.ok(envelope.length < body.length + 200);
    if (body.length > 1_000_000) assert.ok(steps >= 3, `${steps} steps`);
  }
  const stop = async () => {
    throw new Error('stop');
  };
  await assert.rejects(sealInSteps(KEY, Buffer.alloc(3_000_000), undefined, stop), /stop/);
});

test('over a narrow network small entries are of use, though a large one does not get through', async (t) => {
  for (const [start, url] of [
    [startRedis, (port: number) => `redis://127.0.0.1:${port}`],
    [startNginx, (port: number) => `http://127.0.0.1:${port}/open`],
  ] as const) {
    const server = await start();
    const relay = await startRelay(server.port, { rate: 50_000 });
    const store = await open(t, url(relay.port), 2000);
    await storeObject(store, 'large', randomBytes(480_000));
    await storeObject(store, 'small', Buffer.from('x'));
    const { activity } = await finish(store);
    assert.deepEqual([activity?.notSent, activity?.errors, activity?.timeouts], [1, 0, 0]);
    await relay.stop();
    const reader = await open(t, url(server.port), 2000);
    const found: number[] = [];
    for (const name of ['small', 'large']) {
      const manifest = await reader.refreshManifest?.(
        digestOfBytes(Buffer.from(`manifest of ${name}`)),
        [],
        () => true,
      );
      found.push(manifest?.entries.length ?? 0);
    }
    assert.deepEqual(found, [1, 0]);
    await reader.finish?.();
    await server.stop();
  }
});
