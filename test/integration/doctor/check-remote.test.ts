/** `clcache --check-remote` against real servers, and against what only looks like one. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readTroubles } from '../../../src/storage/remote/health.ts';
import { AZURE, azuriteUrl, startAzurite, WITHOUT_AZURITE } from '../../helpers/azurite.ts';
import { HTTP, startFake } from '../../helpers/fake-server.ts';
import { type Context, folderOf, machine, share } from '../../helpers/remote-machine.ts';
import {
  freePort,
  type StartedServer,
  startMemcached,
  startNginx,
  startRedis,
  startS3,
} from '../../helpers/remote-servers.ts';
import { saidBy } from '../../helpers/said.ts';
import { testKey } from '../../helpers/signing.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER', ...AZURE };
type Servers = Readonly<Record<'nginx' | 'redis' | 'memcached' | 's3', StartedServer>>;

let servers: Servers;
before(async () => {
  const [nginx, redis, memcached, s3] = await Promise.all([
    startNginx(),
    startRedis('--requirepass', 'hush-hush'),
    startMemcached(),
    startS3(),
  ]);
  servers = { nginx, redis, memcached, s3 };
});
after(async () => {
  for (const server of Object.values(servers ?? {})) await server.stop();
});

/** What the check says on a machine with these variables. */
async function check(t: Context, env: Readonly<Record<string, string>>, ...more: string[]) {
  const folder = env['CLCACHE_DIR'] ?? temporaryFolder(t);
  const said = await saidBy(['--check-remote', ...more], {
    folder,
    env: { CLCACHE_DIR: folder, ...CREDENTIALS, ...env },
  });
  return { ...said, lines: said.stdout.split('\n') };
}

/** The object of `--json`. */
async function checked(t: Context, env: Readonly<Record<string, string>>) {
  const { status, stdout } = await check(t, env, '--json');
  const { usable, stores, problems } = JSON.parse(stdout);
  return { status, usable, stores, problems };
}

test('each store is reached, read and written, and keeps nothing of it', async (t) => {
  const folder = share(t);
  const { nginx, redis, memcached, s3 } = servers;
  const remotes = [
    folder,
    `redis://:hush-hush@127.0.0.1:${redis.port}`,
    `http://127.0.0.1:${nginx.port}/open/check`,
    `http://me:secret%20word@127.0.0.1:${nginx.port}/closed`,
    `s3://bucket/check?endpoint=http://127.0.0.1:${s3.port}`,
  ];
  const env = { CLCACHE_REMOTE: remotes.join(';'), CLCACHE_MEMCACHED: `127.0.0.1:${memcached.port}` };
  const { status, stdout, stderr, lines } = await check(t, env);
  assert.deepEqual([status, stderr], [0, ''], stdout);
  assert.equal(lines.length, remotes.length + 2);
  for (const line of lines.slice(0, -1))
    assert.match(line, /^ok \w+:\/\/.*: reached, read, written; \d+\.\d ms a round trip$/);
  assert.doesNotMatch(stdout, /hush|secret/);
  const entries = readdirSync(folderOf(folder), { recursive: true, withFileTypes: true });
  assert.deepEqual(
    entries.filter((one) => one.isFile()),
    [],
  );
  const json = await checked(t, env);
  assert.deepEqual([json.status, json.usable, json.problems], [0, true, []]);
  for (const store of json.stores) {
    const { usable, reached, read, written, roundTripMs, leftBehind, problem } = store;
    assert.deepEqual(
      [usable, reached, read, written, leftBehind, problem],
      [true, true, true, true, undefined, undefined],
    );
    assert.ok(roundTripMs >= 0 && roundTripMs < 10_000);
  }
});

test('a container of Azure is reached, read and written', { skip: WITHOUT_AZURITE }, async (t) => {
  const azurite = await startAzurite();
  t.after(() => azurite.stop());
  const { status, stdout } = await check(t, { CLCACHE_REMOTE: azuriteUrl(azurite.port) });
  assert.match(stdout, /^ok azblob:\/\/.*: reached, read, written; \d+\.\d ms a round trip\n$/);
  assert.equal(status, 0);
  const refused = await check(t, {
    CLCACHE_REMOTE: azuriteUrl(azurite.port),
    AZURE_STORAGE_KEY: Buffer.from('another key').toString('base64'),
  });
  assert.match(refused.stdout, /^X {2}azblob:\/\/.*: reached, not read\n {3}GET was answered with 403/);
  assert.equal(refused.status, 1);
});

/** Sets variables of this process, which the libraries of clouds read, until the end of the test. */
function setVariables(t: Context, variables: Readonly<Record<string, string>>): void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  t.after(() => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });
  Object.assign(process.env, variables);
}

test('a store was not reached if the service that is to say who asks says nothing, which is known at once', async (t) => {
  let asked = 0;
  const service = createServer((socket) => {
    asked += 1;
    socket.on('error', () => {}).end('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}');
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  t.after(() => service.close());
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const token = join(temporaryFolder(t), 'token');
  writeFileSync(token, 'of this build');
  const roles = { AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/ci' };
  const variables = {
    ...{ IDENTITY_ENDPOINT: `${url}/token`, IDENTITY_HEADER: 'of this machine' },
    ...{ AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential' },
    ...{ ...roles, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_STS: url },
  };
  setVariables(t, variables);
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AZURE_STORAGE_KEY: '' };
  for (const [address, said] of [
    ['azblob://cache?account=ofsomebody', /no credentials for Azure/],
    ['s3://bucket', /no credentials for AWS/],
  ] as const) {
    asked = 0;
    const { status, stdout } = await check(t, { ...variables, ...none, CLCACHE_REMOTE: address });
    assert.match(stdout, /^X {2}\S+: not reached\n/);
    assert.match(stdout, said);
    assert.deepEqual([status, asked], [1, 1], stdout);
  }
});

test('a profile of AWS that is not there is named', async (t) => {
  const file = join(temporaryFolder(t), 'credentials');
  writeFileSync(file, '[team]\naws_access_key_id = id\naws_secret_access_key = hush\n');
  const aws = { AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: file, AWS_EC2_METADATA_DISABLED: 'true' };
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  setVariables(t, aws);
  for (const setting of [
    { CLCACHE_REMOTE: 's3://bucket?profile=taem' },
    { CLCACHE_REMOTE: 's3://bucket', AWS_PROFILE: 'taem' },
  ]) {
    const { stdout } = await check(t, { ...aws, ...none, ...setting });
    assert.match(stdout, /no credentials for AWS: ~\/\.aws has none for the profile 'taem'/);
  }
});

test('a value that a store lets nobody remove stays, and is named', async (t) => {
  const { status, stdout } = await check(t, {
    CLCACHE_REMOTE: `http://127.0.0.1:${servers.nginx.port}/bare?layout=bazel`,
  });
  // nginx has no folder there, and there is no MKCOL.
  assert.equal(status, 1);
  assert.match(stdout, /^X {2}http:.*: reached, read, not written; .*\n {3}PUT was answered with/);
  const { status: second, stdout: said } = await check(t, {
    CLCACHE_REMOTE: `http://127.0.0.1:${servers.nginx.port}/keeps?layout=bazel`,
  });
  assert.equal(second, 0, said);
  assert.match(said, /a value of a few bytes stays there: DELETE was answered with 405/);
});

test('a store that is only read is not written, and is usable', async (t) => {
  const folder = share(t);
  const { publicText, signer } = testKey();
  for (const [env, why] of [
    [{ CLCACHE_REMOTE: `${folder}?readonly=1` }, 'readonly=1'],
    [{ CLCACHE_REMOTE: folder, CLCACHE_REMOTE_TRUST: publicText }, 'CLCACHE_REMOTE_TRUST alone only reads'],
  ] as const) {
    const { status, stdout } = await check(t, env);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`: reached, read, not written \\(${why}\\); `));
    const { stores } = await checked(t, env);
    assert.deepEqual([stores[0].written, stores[0].notWritten], [false, why]);
  }
  assert.deepEqual(readdirSync(folderOf(folder)), []);
  const trusting = await check(t, { CLCACHE_REMOTE: folder, CLCACHE_REMOTE_TRUST: publicText });
  assert.match(trusting.stdout, new RegExp(`^entries: trusted keys: ${signer.id.toString('hex')}\n`));
});

test('a store that is dead, silent, refuses or is no store is named with the cause, and the status is 1', async (t) => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  t.after(() => silent.close());
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as AddressInfo;
  const { nginx, redis, s3 } = servers;
  const dead = await freePort();
  const torn = await startFake(
    HTTP,
    (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
  );
  t.after(() => torn.stop());
  const cases: readonly (readonly [string, boolean, RegExp])[] = [
    [`http://127.0.0.1:${dead}/x`, false, /ECONNREFUSED/],
    [`redis://127.0.0.1:${dead}`, false, /ECONNREFUSED/],
    [`http://127.0.0.1:${torn.port}/x`, true, /^the answer was cut off$/],
    [`memcached://127.0.0.1:${port}?timeout=0.2`, false, /silence/],
    [`http://127.0.0.1:${port}/x?timeout=0.2`, false, /silence/],
    [`http://me:wrong@127.0.0.1:${nginx.port}/closed`, true, /401/],
    [`redis://:wrong-word@127.0.0.1:${redis.port}`, true, /WRONGPASS|invalid/],
    [`s3://nobucket?endpoint=http://127.0.0.1:${s3.port}`, true, /404 NoSuchBucket/],
    [`file:///nowhere/share`, false, /ENOENT/],
  ];
  const began = performance.now();
  const { status, usable, stores } = await checked(t, {
    CLCACHE_REMOTE: cases.map(([url]) => url).join(' '),
  });
  assert.ok(performance.now() - began < 20_000);
  assert.deepEqual([status, usable], [1, false]);
  for (const [index, [url, isReached, cause]] of cases.entries()) {
    const store = stores[index];
    assert.deepEqual([store.usable, store.read, store.written], [false, false, false], url);
    assert.match(store.problem, cause, url);
    assert.doesNotMatch(JSON.stringify(store), /wrong(?!pass)/, url);
    if (!url.includes(`:${port}`)) assert.equal(store.reached, isReached, url);
  }
});

test('what calls remember of a store is said and does not count, and is forgotten if it is usable again', async (t) => {
  const remote = `redis://:hush-hush@127.0.0.1:${servers.redis.port}`;
  const cacheDirectory = temporaryFolder(t);
  const env = { CLCACHE_DIR: cacheDirectory, CLCACHE_REMOTE: remote };
  const call = async (secret: string) => {
    const here = machine(t, remote.replace('hush-hush', secret), { cacheDirectory, environment: {} });
    const store = await here.open();
    await store.refreshManifest?.('a'.repeat(40) as never, [], () => false);
    return (await store.finish?.())?.remotes[0];
  };
  await call('wrong-word');
  const wrong = await check(t, { ...env, CLCACHE_REMOTE: remote.replace('hush-hush', 'wrong-word') });
  assert.equal(wrong.status, 1);
  assert.match(
    wrong.stdout,
    /last error of a call, .*: failed to get a manifest: .*\n {3}calls had left it out; left out until/,
  );
  assert.equal(readTroubles(cacheDirectory).length, 1);
  assert.equal((await checked(t, env)).usable, true, 'another password is another store');
  assert.equal(readTroubles(cacheDirectory).length, 1);

  const { healthOf } = await import('../../../src/storage/remote/health.ts');
  const { identityOf, nameOf } = await import('../../../src/storage/remote/identity.ts');
  const { readAddresses } = await import('../../../src/storage/remote/address.ts');
  const [address] = readAddresses({ remote }).stores.flat();
  assert.ok(address);
  healthOf(cacheDirectory, { identity: identityOf(address, {}), name: nameOf(address) }).note(
    'it was off',
    'down',
  );
  assert.deepEqual([(await call('hush-hush'))?.misses, readTroubles(cacheDirectory).length], [0, 2]);
  const again = await check(t, env);
  assert.equal(again.status, 0);
  assert.match(
    again.stdout,
    /last error of a call, .*: it was off\n {3}calls had left it out; it is asked again now\n/,
  );
  assert.equal((await call('hush-hush'))?.misses, 1);
});

test('an address, a key or a setting that is missing or cannot be read has one line and status 1', async (t) => {
  const folder = share(t);
  for (const [env, said] of [
    [{}, /^clcache: no store is named in CLCACHE_REMOTE or CLCACHE_MEMCACHED\n$/],
    [
      { CLCACHE_REMOTE: 'redsi://:hush-hush@h' },
      /^clcache: CLCACHE_REMOTE: store 1 is not used: .*did you mean redis[^\n]*\n$/,
    ],
    [{ CLCACHE_REMOTE: `${folder};redsi://h` }, /^clcache: CLCACHE_REMOTE: store 2 is not used[^\n]*\n$/],
    [
      { CLCACHE_REMOTE: folder, CLCACHE_REMOTE_SIGN: 'hush-hush' },
      /^clcache: CLCACHE_REMOTE_SIGN is neither a key[^\n]*\n$/,
    ],
  ] as const) {
    const { status, stdout, stderr } = await check(t, env);
    assert.equal(status, 1);
    assert.match(stderr, said);
    assert.doesNotMatch(stdout + stderr, /hush/);
  }
});
