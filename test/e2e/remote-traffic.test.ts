/** What is sent over the network, when, and which parts of it stay secret. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { bundle, cleanEnvironment, executable, findClangCl, run } from '../helpers/compilers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { type Machine, machine, type Variables } from './machine.ts';

const ON_LINUX = { skip: process.platform !== 'linux' && 'looks into /proc' };

/** A server that keeps what is PUT and returns it. `before` is awaited before each answer. */
async function objectServer(
  t: TestContext,
  before: (request: IncomingMessage) => Promise<void>,
): Promise<string> {
  const values = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    await before(request);
    const path = request.url ?? '';
    if (request.method === 'PUT') values.set(path, Buffer.concat(chunks));
    const value = values.get(path);
    response.statusCode = value ? 200 : 404;
    response.end(request.method === 'GET' ? value : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/cache`;
}

/** As `Machine.compile`, but reports what was printed so far while it runs. */
function startCompile(here: Machine, ...sources: readonly string[]) {
  const child = spawn(executable(), here.commandLine(...sources), {
    cwd: here.checkout,
    env: cleanEnvironment(here.environment),
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
  }
  return {
    printed: () => printed,
    ended: new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve)),
  };
}

test('lookups for several sources are sent together', async (t) => {
  let now = 0;
  let most = 0;
  const url = await objectServer(t, async (request) => {
    if (request.method !== 'GET') return;
    now += 1;
    most = Math.max(most, now);
    await sleep(200);
    now -= 1;
  });
  const names = Array.from({ length: 8 }, (_, number) => `s${number}`);
  const machines = [1, 2].map(() => {
    const each = machine(t, { CLCACHE_REMOTE: url });
    for (const name of names)
      writeFileSync(join(each.checkout, `src/${name}.cpp`), `#include "shared.h"\nint ${name};\n`);
    return each;
  });
  for (const each of machines) {
    most = 0;
    assert.equal((await each.compile(...names)).status, 0);
    assert.ok(most >= names.length, `${most} at once`);
  }
  assert.equal((await machines[1]?.statistics())?.CacheHits, names.length);
});

test('nothing is sent before the compiler’s result was delivered, and a call waits no longer than its limit', async (t) => {
  let atFirst: { readonly printed: string; readonly isThere: boolean } | undefined;
  const url = await objectServer(t, async (request) => {
    if (request.method !== 'PUT') return;
    // The output of the call takes a moment to arrive.
    await sleep(100);
    atFirst ??= { printed: call.printed(), isThere: here.object('two') !== 'none' };
    await sleep(60_000, undefined, { ref: false });
  });
  const here = machine(t, { CLCACHE_REMOTE: url, CLCACHE_REMOTE_UPLOAD_TIMEOUT_MS: '700' });
  const call = startCompile(here, 'two');
  while (here.object('two') === 'none') await sleep(5);
  const compiled = performance.now();
  assert.equal(await call.ended, 0);
  const waited = performance.now() - compiled;
  assert.ok(waited > 500 && waited < 30_000, `${waited} ms`);
  assert.equal(atFirst?.isThere, true);
  assert.match(atFirst?.printed ?? '', /said on every compile/);
  const [counts] = Object.values(await here.remotes());
  assert.deepEqual([counts?.errors, counts?.timeouts], [0, 0]);
});

test('a token is sent as a bearer token', async (t) => {
  const shown = new Set<string | undefined>();
  const url = await objectServer(t, async ({ headers }) => {
    shown.add(headers.authorization);
  });
  const here = machine(t, { CLCACHE_REMOTE: `${url}?token=t0k3n` });
  assert.equal((await here.compile('one')).status, 0);
  assert.deepEqual([...shown], ['Bearer t0k3n']);
});

test('no secret appears in a list of processes', ON_LINUX, async (t) => {
  const folder = temporaryFolder(t);
  const list = join(folder, 'list');
  const look = `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' >> ${list}`;
  const compiler = join(folder, 'clang-cl');
  writeFileSync(compiler, `#!/bin/sh\n${look}\nexec ${findClangCl().path} "$@"\n`);
  chmodSync(compiler, 0o755);
  const url = await objectServer(t, async () => {
    await run('/bin/sh', ['-c', look]);
  });
  const secrets = {
    CLCACHE_REMOTE: `${url}?token=t0k3n redis://:p4ss@127.0.0.1:1`,
    CLCACHE_REMOTE_SECRET: 's3al',
  };
  assert.equal((await machine(t, secrets, compiler).compile('one')).status, 0);
  const text = readFileSync(list, 'latin1');
  assert.match(text, /src\/one\.cpp/);
  assert.doesNotMatch(text, /t0k3n|p4ss|s3al/);
});

test('a client library is loaded only if a store with its protocol is asked', async (t) => {
  const folder = temporaryFolder(t);
  const program = join(folder, 'clcache.cjs');
  copyFileSync(bundle(), program);
  mkdirSync(join(folder, 'libraries'));
  mkdirSync(join(folder, 'libraries/@azure'));
  for (const name of ['@azure/identity', '@azure/storage-blob', 'aws4fetch', 'ioredis'])
    writeFileSync(join(folder, `libraries/${name}.cjs`), `throw new Error('this is ${name}');\n`);
  const said = async (variables: Variables) => {
    const here = machine(t, { ...variables, CLCACHE_LOG: '1' });
    const env = here.environment;
    const result = await run(process.execPath, [program, ...here.commandLine('one')], {
      cwd: here.checkout,
      env,
    });
    assert.equal(result.status, 0);
    assert.ok(existsSync(join(here.checkout, 'one.obj')));
    return [...new Set(String(result.stderr).match(/this is [\w@/-]+/g))];
  };
  const withoutLibraries = [pathToFileURL(temporaryFolder(t)).href, await objectServer(t, async () => {})];
  const CLCACHE_REMOTE = withoutLibraries.join(' ');
  assert.deepEqual(await said({ CLCACHE_REMOTE, CLCACHE_MEMCACHED: '127.0.0.1:1' }), []);
  assert.deepEqual(await said({ CLCACHE_REMOTE: 'redis://127.0.0.1:1' }), ['this is ioredis']);
  assert.deepEqual(await said({ CLCACHE_REMOTE: 's3://bucket?endpoint=http://127.0.0.1:1' }), [
    'this is aws4fetch',
  ]);
  const azure = 'azblob://cache?account=team';
  assert.deepEqual(await said({ CLCACHE_REMOTE: azure }), ['this is @azure/storage-blob']);
  const storage = join(folder, 'libraries/@azure/storage-blob.cjs');
  copyFileSync(join(dirname(bundle()), 'libraries/@azure/storage-blob.cjs'), storage);
  assert.deepEqual(await said({ CLCACHE_REMOTE: `${azure}&endpoint=http://127.0.0.1:1&key=eA` }), []);
  assert.deepEqual(await said({ CLCACHE_REMOTE: azure }), ['this is @azure/identity']);
});
