/** Remote stores on Windows: its sockets, its file names, its network shares. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { ACCOUNT_KEY, azuriteUrl, startAzurite, WITHOUT_AZURITE } from '../helpers/azurite.ts';
import {
  type StartedServer,
  startMemcached,
  startNginx,
  startRedis,
  startS3,
} from '../helpers/remote-servers.ts';
import { type Machine, ON_WINE, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, PRODUCT_NAMES, type ProductName, product } from './harness/product.ts';
import { toWindowsPath } from './harness/run.ts';
import { workspace } from './harness/workspace.ts';

const WITHOUT_KEEP_ALIVE = join(ROOT, 'test/windows/fixtures/without-keep-alive.cjs');

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

type Variables = Readonly<Record<string, string>>;

/** A checkout with its own cache folder. */
function checkout(t: TestContext, name: ProductName, variables: Variables) {
  const w = workspace(t);
  mkdirSync(w.at('project'));
  w.write('project/a.c', '#include "value.h"\nint f(void) { return VALUE; }\n');
  w.write('project/value.h', '#define VALUE 1\n');
  const env = { CLCACHE_BASEDIR: toWindowsPath(w.at('project')), ...variables };
  const clcache = clcacheOf(machine, product(machine, name), w.at('cache'), { cwd: w.at('project'), env });
  return { clcache, object: () => readFileSync(w.at('project', 'a.obj')) };
}

async function share(t: TestContext, name: ProductName, variables: Variables): Promise<void> {
  const [first, second] = [checkout(t, name, variables), checkout(t, name, variables)];
  const compiled = await first.clcache.compile(['/nologo', '/c', 'a.c']);
  assert.equal(compiled.status, 0, compiled.stderr.toString());
  const served = await second.clcache.compile(['/nologo', '/c', 'a.c']);
  assert.equal(served.status, 0);
  assert.deepEqual(second.object(), first.object());
  const counted = await second.clcache.statistics();
  assert.deepEqual([counted('CacheHits'), counted('CacheMisses'), counted('CacheEntries')], [1, 0, 1]);
}

const SERVERS: Readonly<
  Record<
    string,
    {
      readonly start: () => Promise<StartedServer>;
      readonly url: (port: number) => string;
      readonly skip?: string | false;
    }
  >
> = {
  memcached: { start: () => startMemcached(), url: (port) => `memcached://127.0.0.1:${port}` },
  redis: { start: () => startRedis(), url: (port) => `redis://127.0.0.1:${port}` },
  http: { start: startNginx, url: (port) => `http://127.0.0.1:${port}/open` },
  s3: { start: startS3, url: (port) => `s3://bucket?endpoint=http://127.0.0.1:${port}` },
  azblob: {
    start: () => startAzurite(),
    url: (port) => azuriteUrl(port, `&key=${ACCOUNT_KEY}`),
    skip: WITHOUT_AZURITE,
  },
};

// The limit for connecting is for networks, not for an emulation on a busy machine.
const patient = 'connect-timeout=10&timeout=20';

for (const name of PRODUCT_NAMES) {
  for (const [kind, { start, url, skip = false }] of Object.entries(SERVERS)) {
    // The other product is tried with it on Linux. What Windows changes is in the program that Bun makes.
    if (kind === 'azblob' && name !== 'the Windows executable') continue;
    test(`${name}: two checkouts share results through ${kind}`, { skip }, async (t) => {
      const server = await start();
      t.after(() => server.stop());
      const place = url(server.port);
      await share(t, name, {
        CLCACHE_REMOTE: `${place}${place.includes('?') ? '&' : '?'}${patient}`,
        AWS_ACCESS_KEY_ID: 'S3RVER',
        AWS_SECRET_ACCESS_KEY: 'S3RVER',
        ...(ON_WINE && { NODE_OPTIONS: `--require ${toWindowsPath(WITHOUT_KEEP_ALIVE)}` }),
      });
    });
  }

  test(`${name}: two checkouts share results through a folder`, async (t) => {
    const w = workspace(t);
    mkdirSync(w.at('share'));
    const url = `file:///${encodeURI(toWindowsPath(w.at('share')).replaceAll('\\', '/'))}?${patient}`;
    await share(t, name, { CLCACHE_REMOTE: url });
  });
}
