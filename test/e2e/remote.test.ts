/** Two machines (homes, cache folders, checkouts) that share nothing but a remote store. */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ACCOUNT_KEY, azuriteUrl, startAzurite, WITHOUT_AZURITE } from '../helpers/azurite.ts';
import { bundle, executable, findClangCl, run } from '../helpers/compilers.ts';
import { HTTP, startFake } from '../helpers/fake-server.ts';
import { startProxy } from '../helpers/proxy.ts';
import {
  freePort,
  type StartedServer,
  startMemcached,
  startNginx,
  startRedis,
  startS3,
} from '../helpers/remote-servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { machine, type Variables } from './machine.ts';

const AWS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

const STORES: Readonly<
  Record<
    string,
    {
      readonly start: () => Promise<StartedServer>;
      readonly variables: (port: number) => Variables;
      readonly skip?: string | false;
    }
  >
> = {
  memcached: {
    start: () => startMemcached(),
    variables: (port) => ({ CLCACHE_MEMCACHED: `127.0.0.1:${port}` }),
  },
  redis: {
    start: () => startRedis('--requirepass', 'a password'),
    variables: (port) => ({ CLCACHE_REMOTE: `redis://:a%20password@127.0.0.1:${port}/1` }),
  },
  http: {
    start: startNginx,
    variables: (port) => ({ CLCACHE_REMOTE: `http://me:secret%20word@127.0.0.1:${port}/closed` }),
  },
  s3: {
    start: startS3,
    variables: (port) => ({ CLCACHE_REMOTE: `s3://bucket/team?endpoint=http://127.0.0.1:${port}`, ...AWS }),
  },
  azblob: {
    start: () => startAzurite(),
    variables: (port) => ({ CLCACHE_REMOTE: azuriteUrl(port, `&key=${ACCOUNT_KEY}`) }),
    skip: WITHOUT_AZURITE,
  },
};

for (const [name, { start, variables, skip = false }] of Object.entries(STORES)) {
  describe(`two machines share results through ${name}`, { skip }, () => {
    let server: StartedServer;
    before(async () => {
      server = await start();
    });
    after(() => server?.stop());

    test('two checkouts in different folders hit each other’s results, and print the same', async (t) => {
      const [first, second] = [machine(t, variables(server.port)), machine(t, variables(server.port))];
      const compiled = await first.compile('one', 'two');
      assert.equal(compiled.status, 0, compiled.stderr.toString());
      assert.deepEqual((await first.statistics()).CacheMisses, 2);

      const served = await second.compile('one', 'two');
      const statistics = await second.statistics();
      assert.deepEqual([statistics.CacheHits, statistics.CacheMisses, statistics.CacheEntries], [2, 0, 2]);
      assert.ok(statistics.CacheSize > 1000);
      assert.equal(served.stderr.toString(), compiled.stderr.toString());
      assert.match(served.stderr.toString(), /said on every compile/);
      for (const object of ['one', 'two']) assert.equal(second.object(object), first.object(object));
      const [counts] = Object.values(await second.remotes());
      assert.deepEqual([counts?.hits, counts?.misses, counts?.errors, counts?.timeouts], [2, 0, 0, 0]);

      // Now the copies serve, and the store is not asked.
      await second.compile('one', 'two');
      assert.equal((await second.statistics()).CacheHits, 4);
      assert.deepEqual(Object.values(await second.remotes())[0], counts);
      const shown = (await second.own('-s')).stdout.toString();
      assert.match(shown, /remote store (?:\w+:\/\/127\.0\.0\.1|s3:\/\/bucket|azblob:\/\/cache)/);
      assert.doesNotMatch(shown, /password|secret/);
      assert.ok(!shown.includes(ACCOUNT_KEY));

      const { status, stdout } = await second.own('--check-remote');
      assert.match(stdout.toString(), /^ok \w+:\/\/\S.*: reached, read, written; [\d.]+ ms a round trip\n$/);
      assert.equal(status, 0);
    });
  });
}

test('a change on one machine is a miss, and undoing it a hit on the other', async (t) => {
  const variables = { CLCACHE_REMOTE: pathToFileURL(temporaryFolder(t)).href };
  const [first, second] = [machine(t, variables), machine(t, variables)];
  const header = 'include/shared.h';
  writeFileSync(join(first.checkout, header), '#pragma once\ninline int shared() { return 41; }\n');
  await first.compile('one');
  await second.compile('one');
  assert.notEqual(second.object('one'), first.object('one'));
  writeFileSync(join(second.checkout, header), readFileSync(join(first.checkout, header)));
  await second.compile('one');
  assert.equal(second.object('one'), first.object('one'));
  const { CacheHits, CacheMisses } = await second.statistics();
  assert.deepEqual([CacheHits, CacheMisses], [1, 1]);
});

test('preprocessed text is also shared through a folder', async (t) => {
  const share = temporaryFolder(t);
  const variables = { CLCACHE_REMOTE: pathToFileURL(share).href, CLCACHE_NODIRECT: '1' };
  const [first, second] = [machine(t, variables), machine(t, variables)];
  await first.compile('one');
  await second.compile('one');
  assert.deepEqual([(await second.statistics()).CacheHits, second.object('one')], [1, first.object('one')]);
});

test('the same compiler on two machines is the same, whenever it was installed', async (t) => {
  const share = temporaryFolder(t);
  const machines = [2001, 2002].map((year) => {
    const compiler = join(temporaryFolder(t), 'clang-cl');
    copyFileSync(findClangCl().path, compiler);
    utimesSync(compiler, new Date(year, 1), new Date(year, 1));
    return machine(t, { CLCACHE_REMOTE: pathToFileURL(share).href }, compiler);
  });
  for (const each of machines) {
    const compiled = await each.compile('one');
    assert.equal(compiled.status, 0, compiled.stderr.toString());
  }
  assert.equal((await machines[1]?.statistics())?.CacheHits, 1);
});

test('hits with CLCACHE_REMOTE_ONLY need no entry in the cache folder', async (t) => {
  const share = temporaryFolder(t);
  const variables = { CLCACHE_REMOTE: pathToFileURL(share).href, CLCACHE_REMOTE_ONLY: '1' };
  const [first, second] = [machine(t, variables), machine(t, variables)];
  await first.compile('one');
  await second.compile('one');
  const { CacheHits, CacheEntries } = await second.statistics();
  assert.deepEqual([CacheHits, CacheEntries], [1, 0]);
  assert.ok(!existsSync(join(second.checkout, '..', 'cache', 'v1', 'objects')));
});

test('entries are signed with the secret: machines without it neither read them nor pass theirs off', async (t) => {
  const share = temporaryFolder(t);
  const variables = { CLCACHE_REMOTE: pathToFileURL(share).href };
  const signed = { ...variables, CLCACHE_REMOTE_SECRET: 'between us' };
  const outsider = machine(t, variables);
  const [first, second] = [machine(t, signed), machine(t, signed)];
  await outsider.compile('one');
  await first.compile('one');
  await second.compile('one');
  assert.deepEqual([(await first.statistics()).CacheHits, (await second.statistics()).CacheHits], [0, 1]);
  assert.ok((Object.values(await first.remotes())[0]?.rejected ?? 0) > 0);
});

test('a changed entry is a miss and is healed by the next compile', async (t) => {
  const share = temporaryFolder(t);
  const variables = { CLCACHE_REMOTE: pathToFileURL(share).href };
  const [first, second, third] = [machine(t, variables), machine(t, variables), machine(t, variables)];
  await first.compile('one');
  for (const name of readdirSync(share, { recursive: true, encoding: 'utf8' })) {
    if (!/[/\\]o[/\\].{40,}/.test(name)) continue;
    const bytes = readFileSync(join(share, name));
    bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
    writeFileSync(join(share, name), bytes);
  }
  await second.compile('one');
  assert.deepEqual([(await second.statistics()).CacheHits, second.object('one')], [0, first.object('one')]);
  await third.compile('one');
  assert.equal((await third.statistics()).CacheHits, 1);
});

test('a store that is dead, and one that never answers, fail no build and cost little time', async (t) => {
  const silent = await startFake(HTTP, () => {});
  t.after(() => silent.stop());
  const stores = [`redis://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${silent.port}?timeout=0.5`];
  const here = machine(t, { CLCACHE_REMOTE: stores.join(' ') });
  const start = performance.now();
  assert.equal((await here.compile('one', 'two')).status, 0);
  assert.ok(performance.now() - start < 20_000);
  const counts = Object.values(await here.remotes());
  assert.deepEqual(
    counts.map(({ errors, timeouts }) => errors + timeouts),
    [1, 1],
  );
  // The failure is remembered, so the next call does not try.
  rmSync(join(here.checkout, 'one.obj'));
  writeFileSync(join(here.checkout, 'src/one.cpp'), 'int other;\n');
  assert.equal((await here.compile('one')).status, 0);
  assert.deepEqual(Object.values(await here.remotes()), counts);
  assert.notEqual(here.object('one'), 'none');
});

test('no secret is in the log', async (t) => {
  const redis = await startRedis('--requirepass', 'p4ssw0rd');
  t.after(() => redis.stop());
  const here = machine(t, {
    CLCACHE_REMOTE: `redis://:p4ssw0rd@127.0.0.1:${redis.port} http://127.0.0.1:${await freePort()}/x?token=t0k3n gopher://me:n0n3@x`,
    CLCACHE_REMOTE_SECRET: 's3cr3t',
    CLCACHE_LOG: '1',
    DEBUG: '*',
  });
  const said = await here.compile('one');
  const text = said.stderr.toString();
  assert.equal(said.status, 0, text);
  assert.match(text, /remote redis:\/\/127\.0\.0\.1/);
  assert.doesNotMatch(text, /p4ssw0rd|t0k3n|n0n3|s3cr3t/);
});

test('--export and --import carry a build to a machine that shares nothing else', async (t) => {
  const variables = { CLCACHE_COMPILER_CHECK: 'content' };
  const [first, second] = [machine(t, variables), machine(t, variables)];
  await first.compile('one', 'two');
  const file = join(temporaryFolder(t), 'build.archive');
  const exported = await first.own('--export', file, '--since', 'last-build');
  assert.match(exported.stdout.toString(), /^Exported 2 entries and 2 manifests/);
  assert.equal((await second.own(`--import=${file}`)).status, 0);
  await second.compile('one', 'two');
  const { CacheHits, CacheMisses, CacheEntries } = await second.statistics();
  assert.deepEqual([CacheHits, CacheMisses, CacheEntries], [2, 0, 2]);
  assert.equal(second.object('two'), first.object('two'));
});

for (const form of ['executable', 'npm package'] as const) {
  test(`the ${form} reaches a store through a proxy`, async (t) => {
    const server = await startNginx();
    const proxy = await startProxy(server.port);
    t.after(async () => {
      await proxy.stop();
      await server.stop();
    });
    // Only the proxy knows the name.
    const variables = {
      CLCACHE_REMOTE: 'http://me:secret%20word@cache.invalid/closed',
      http_proxy: `http://127.0.0.1:${proxy.port}`,
    };
    for (const expected of [0, 1]) {
      const here = machine(t, variables);
      const [program, ...before] = form === 'executable' ? [executable()] : [process.execPath, bundle()];
      const { checkout: cwd, environment: env } = here;
      await run(program ?? '', [...before, ...here.commandLine('one')], { cwd, env });
      const [counts] = Object.values(await here.remotes());
      assert.deepEqual([counts?.hits, counts?.errors], [expected, 0]);
    }
    assert.ok(proxy.asked.some((one) => /^PUT http:\/\/cache\.invalid\/closed\/v1\/o\//.test(one)));
  });
}

test('behind a dead proxy every store is out after one failure, and the build goes on', async (t) => {
  const stores = ['http://cache.invalid/x', 's3://bucket?endpoint=http://cache.invalid'];
  const dead = `127.0.0.1:${await freePort()}`;
  const here = machine(t, {
    CLCACHE_REMOTE: [...stores, 'azblob://cache?account=team&key=c2VjcmV0'].join(' '),
    ...AWS,
    HTTP_PROXY: `http://me:s3cr3t@${dead}`,
    HTTPS_PROXY: dead,
  });
  const compiled = await here.compile('one', 'two');
  assert.deepEqual([compiled.status, here.object('one') === 'none'], [0, false]);
  const counts = Object.values(await here.remotes());
  assert.deepEqual(
    counts.map(({ errors, timeouts }) => [errors, timeouts]),
    [
      [1, 0],
      [1, 0],
      [1, 0],
    ],
  );
  for (const { lastError } of counts) assert.match(String(lastError), /ECONNREFUSED/);
  assert.doesNotMatch(String((await here.own('-s')).stdout), /s3cr3t|c2VjcmV0/);
});

test('statistics say why a store is not used, until when it is left out, and what was misspelt', async (t) => {
  const port = await freePort();
  const here = machine(t, { CLCACHE_REMOTE: `redis://:p4ss@127.0.0.1:${port} redsi://:p4ss@host` });
  await here.compile('one');
  const shown = await here.own('-s');
  const text = shown.stdout.toString();
  assert.match(text, /remote store redis:\/\/127\.0\.0\.1:\d+ \(credentials \w{4}\)/);
  assert.match(text, /last error {17}: \d\d:\d\d:\d\d failed to get .*ECONNREFUSED/);
  assert.match(text, /out until {18}: \d\d:\d\d:\d\d\n/);
  assert.match(shown.stderr.toString(), /store 2 is not used: .*did you mean redis:\/\/\?/);
  assert.doesNotMatch(text + shown.stderr, /p4ss/);
  const [counts] = Object.values(await here.remotes());
  assert.match(String(counts?.lastError), /ECONNREFUSED/);
  assert.match(String(counts?.outUntil), /^\d{4}-\d\d-\d\dT/);
});

test('a compile is one miss for a store, in preprocessor mode too', async (t) => {
  for (const mode of [{}, { CLCACHE_NODIRECT: '1' }]) {
    const here = machine(t, { CLCACHE_REMOTE: pathToFileURL(temporaryFolder(t)).href, ...mode });
    await here.compile('one');
    const [counts] = Object.values(await here.remotes());
    assert.deepEqual([counts?.hits, counts?.misses], [0, 1], JSON.stringify(mode));
  }
});
