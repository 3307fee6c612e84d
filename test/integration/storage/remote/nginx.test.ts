/** The README's configuration of nginx, as it stands there, with the README's own lines for its users and its crontab. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { withEntryFirst } from '../../../../src/cache/manifest.ts';
import { checkEachStore } from '../../../../src/doctor/each-store.ts';
import { type Digest, digestOfBytes } from '../../../../src/hash/digest.ts';
import type { RemoteActivity } from '../../../../src/storage/store.ts';
import { blocksBelow } from '../../../helpers/readme.ts';
import { type Context, machine } from '../../../helpers/remote-machine.ts';
import { type ConfiguredNginx, startConfiguredNginx } from '../../../helpers/remote-servers.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const HEADING = 'An nginx server';
const ROOTS = { style: 'posix', workingDirectory: '/', baseDirectories: [] } as const;
const [CONFIGURATION = ''] = blocksBelow(HEADING, 'nginx');
const [SET_UP = '', CRONTAB = ''] = blocksBelow(HEADING, 'sh');

let nginx: ConfiguredNginx;
/** The README's lines with places in a folder. Not everybody can give files to another user. */
const placed = (text: string, folder: string) =>
  text
    .replaceAll('/srv/clcache', `${folder}/srv`)
    .replaceAll('/etc/nginx', `${folder}/etc`)
    .replaceAll('chown -R www-data', `chown -R ${process.getuid?.()}`);

before(async () => {
  nginx = await startConfiguredNginx((folder, port) => {
    assert.ok(CONFIGURATION.includes('listen 8080;'));
    mkdirSync(`${folder}/etc`);
    execFileSync('sh', ['-e', '-c', placed(SET_UP, folder)]);
    return placed(CONFIGURATION, folder).replace('listen 8080;', `listen 127.0.0.1:${port};`);
  });
});
after(() => nginx?.stop());

function keyOf(name: string): Digest {
  return digestOfBytes(Buffer.from(name));
}

const url = (user: string, options = '') => `http://${user}@127.0.0.1:${nginx.port}${options}`;

async function store(
  t: Context,
  remote: string,
  name: string,
  bytes: Uint8Array,
): Promise<RemoteActivity | undefined> {
  const opened = await machine(t, remote).open();
  await opened.putArtifact(keyOf(name), [{ role: 'object', bytes, splices: [] }], false);
  const entry = { artifact: keyOf(name), states: [{ path: '/a.h', state: keyOf('header') }] };
  await opened.updateManifest(keyOf(`manifest of ${name}`), (manifest) => withEntryFirst(manifest, entry));
  return (await opened.finish?.())?.remotes[0];
}

async function fetched(t: Context, remote: string, name: string): Promise<Buffer | undefined> {
  const opened = await machine(t, remote).open();
  const path = `${temporaryFolder(t)}/a.obj`;
  const result = await opened.restoreArtifact(keyOf(name), [{ role: 'object', path }], ROOTS);
  await opened.finish?.();
  return result.kind === 'restored' ? readFileSync(path) : undefined;
}

test('with the README’s configuration nginx takes entries of every size from writers, and gives them to readers', async (t) => {
  for (const [name, size] of Object.entries({ small: 100, whole: 7_000_000, parts: 20_000_000 })) {
    const bytes = randomBytes(size);
    const activity = await store(t, url('ci:WRITE'), name, bytes);
    assert.deepEqual([activity?.errors, activity?.notSent, activity?.timeouts], [0, 0, 0], name);
    assert.ok((activity?.bytesSent ?? 0) > size);
    assert.ok(bytes.equals((await fetched(t, url('dev:READ', '?readonly=1'), name)) ?? Buffer.of()), name);
  }
  const large = await fetch(`http://127.0.0.1:${nginx.port}/v1/m/aa/large`, {
    method: 'PUT',
    body: Buffer.alloc(33 * 1024 * 1024),
    headers: { authorization: `Basic ${Buffer.from('ci:WRITE').toString('base64')}` },
  });
  assert.equal(large.status, 201, 'the largest manifest');
});

test('with the README’s configuration nginx lets nobody write who only reads, and nobody read who is not known', async (t) => {
  await store(t, url('ci:WRITE'), 'one', Buffer.from('one'));
  const refused = await store(t, url('dev:READ'), 'two', Buffer.from('two'));
  assert.deepEqual([refused?.bytesSent, refused?.errors], [0, 1]);
  for (const user of ['dev:wrong', 'nobody:READ', 'ci:READ'])
    assert.equal(await fetched(t, url(user), 'one'), undefined, user);
  assert.equal(String(await fetched(t, url('ci:WRITE'), 'one')), 'one');
  const bare = await fetch(`http://127.0.0.1:${nginx.port}/`);
  assert.equal(bare.status, 401);
});

test('with the README’s configuration the check of stores passes, and leaves nothing', async (t) => {
  const before = filesIn();
  const { stores } = await checkEachStore({
    cacheDirectory: temporaryFolder(t),
    remote: `${url('ci:WRITE')} ${url('dev:READ', '?readonly=1')} ${url('dev:READ')}`,
    environment: {},
    homeDirectory: '/nowhere',
    style: 'posix',
  });
  assert.deepEqual(
    stores.map(({ isUsable, wasWritten, leftBehind }) => [isUsable, wasWritten, leftBehind]),
    [
      [true, true, undefined],
      [true, false, undefined],
      [false, false, undefined],
    ],
  );
  assert.match(stores[2]?.problem ?? '', /PUT was answered with 401/);
  assert.deepEqual(filesIn(), before);
});

test('the README’s line for the crontab removes what was not read for a month, and nothing else', async (t) => {
  for (const name of ['old', 'new']) await store(t, url('ci:WRITE'), name, Buffer.from(name));
  const files = filesIn();
  const longAgo = new Date(Date.now() - 40 * 24 * 60 * 60 * 1000);
  const [shard, rest] = [keyOf('old').slice(0, 2), keyOf('old').slice(2)];
  const old = files.filter((file) => file.endsWith(`/o/${shard}/${shard}${rest}`));
  assert.equal(old.length, 1);
  for (const file of old) utimesSync(file, longAgo, new Date());
  execFileSync('sh', ['-e', '-c', placed(CRONTAB, nginx.folder)]);
  assert.deepEqual(
    filesIn(),
    files.filter((file) => !old.includes(file)),
  );
});

function filesIn(): string[] {
  return readdirSync(`${nginx.folder}/srv/entries`, {
    recursive: true,
    withFileTypes: true,
    encoding: 'utf8',
  })
    .filter((one) => one.isFile())
    .map((one) => `${one.parentPath}/${one.name}`)
    .sort();
}
