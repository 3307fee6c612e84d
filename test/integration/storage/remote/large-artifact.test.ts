/** An artifact of any size takes constant memory, whatever the store, and is sent whole or not at all. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOfBytes } from '../../../../src/hash/digest.ts';
import { ACCOUNT_KEY, azuriteUrl, startAzurite, WITHOUT_AZURITE } from '../../../helpers/azurite.ts';
import { run } from '../../../helpers/compilers.ts';
import { fixtureProgram } from '../../../helpers/fixture-program.ts';
import { folderOf, machine, share } from '../../../helpers/remote-machine.ts';
import { startNginx, startRedis, startS3 } from '../../../helpers/remote-servers.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const MEGABYTE = 1_000_000;
const SIZE = 40 * MEGABYTE;
/** Holding the whole object once, and once more in its envelope, takes twice its size. In pieces it takes up to 60 MB. */
const MEMORY = 78 * MEGABYTE;
const KEY = digestOfBytes(Buffer.from('large'));
const TARGET_ROOTS = { style: 'posix', workingDirectory: '/', baseDirectories: [] } as const;
const S3_USER = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

/** Half of it can be compressed. The last part is a short one. */
function largeObject(size = SIZE): Buffer {
  const bytes = randomBytes(size);
  bytes.fill('a', size / 4, (3 * size) / 4);
  return bytes;
}

/** With another first byte: a part may be short. */
const changed = (bytes: Buffer) => bytes.fill(255 - (bytes[0] ?? 0), 0, 1);

/** Everything below the folder of a shared store. */
function filesIn(url: string): string[] {
  const names = readdirSync(folderOf(url), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\/\w{40}|\.tmp$/.test(name));
}

const SERVERS = {
  'a folder': async (t) => ({ url: share(t), stop: async () => {} }),
  http: async () => startNginx().then(({ port, stop }) => ({ url: `http://127.0.0.1:${port}/open`, stop })),
  redis: async () => startRedis().then(({ port, stop }) => ({ url: `redis://127.0.0.1:${port}`, stop })),
  s3: async () =>
    startS3().then(({ port, stop }) => ({ url: `s3://bucket?endpoint=http://127.0.0.1:${port}`, stop })),
  azblob: async () =>
    startAzurite().then(({ port, stop }) => ({ url: azuriteUrl(port, `&key=${ACCOUNT_KEY}`), stop })),
} satisfies Record<string, (t: { after(body: () => void): void }) => Promise<Started>>;

interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

for (const [name, start] of Object.entries(SERVERS)) {
  const skip = name === 'azblob' && WITHOUT_AZURITE;
  test(`an object of 40 MB is stored, sent to ${name} and restored from there in pieces`, {
    skip,
  }, async (t) => {
    const server = await start(t);
    t.after(() => server.stop());
    const folder = temporaryFolder(t);
    const object = join(folder, 'large.obj');
    writeFileSync(object, largeObject());
    for (const [what, activity] of [
      ['put', { hits: 0, rejected: 0, errors: 0, timeouts: 0, notSent: 0 }],
      ['get', { hits: 1, rejected: 0, errors: 0, timeouts: 0, notSent: 0 }],
    ] as const) {
      const words = [fixtureProgram('large-artifact.ts'), what, join(folder, what), server.url, object];
      const { stdout, stderr } = await run(process.execPath, words, { env: S3_USER });
      const { kind, grown, store } = JSON.parse(stdout.toString() || `"${stderr.toString()}"`);
      assert.equal(kind, 'restored');
      for (const [counter, count] of Object.entries(activity)) assert.equal(store[counter], count, counter);
      assert.ok(grown < MEMORY, `${what}: ${Math.round(grown / MEGABYTE)} MB`);
      assert.ok(readFileSync(object).equals(readFileSync(`${object}.restored`)));
      rmSync(`${object}.restored`);
    }
  });
}

test('a large artifact for which there is no time is dropped whole, counted once, and leaves nothing in a folder', async (t) => {
  const url = share(t);
  const here = machine(t, url, { uploadLimitMs: 20 });
  const store = await here.open();
  const bytes = largeObject(32 * MEGABYTE);
  await store.putArtifact(KEY, [{ role: 'object', bytes, splices: [] }], false);
  const started = performance.now();
  const [activity] = (await store.finish?.())?.remotes ?? [];
  assert.ok(performance.now() - started < 10_000);
  assert.equal(activity?.notSent, 1);
  assert.deepEqual(filesIn(url), []);
});

for (const [what, change] of [
  ['is missing', (file: string) => rmSync(file)],
  ['is changed', (file: string) => writeFileSync(file, changed(readFileSync(file)))],
  ['is cut off', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, -1))],
] as const) {
  test(`an artifact of which a part ${what} is a miss, and is sent again`, async (t) => {
    const url = share(t);
    const bytes = largeObject(9 * MEGABYTE);
    const files = [
      { role: 'object', bytes, splices: [] },
      { role: 'stdout', bytes: Buffer.from('said'), splices: [] },
    ] as const;
    const target = join(temporaryFolder(t), 'a.obj');
    const restore = async () => {
      const store = await machine(t, url).open();
      const result = await store.restoreArtifact(KEY, [{ role: 'object', path: target }], TARGET_ROOTS);
      return { result, rejected: (await store.finish?.())?.remotes[0]?.rejected };
    };
    const send = async () => {
      const store = await machine(t, url).open();
      await store.putArtifact(KEY, files, false);
      await store.finish?.();
    };
    await send();
    const [part = ''] = filesIn(url).filter((name) => /(?:^|\/)p\//.test(name));
    change(join(folderOf(url), part));
    assert.deepEqual(await restore(), { result: { kind: 'absent' }, rejected: 1 });
    assert.ok(!existsSync(target));
    await send();
    const { result } = await restore();
    assert.ok(result.kind === 'restored' && Buffer.from(result.stdout).toString() === 'said');
    assert.ok(readFileSync(target).equals(bytes));
  });
}
