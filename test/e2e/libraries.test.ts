/** A call through each library in the built programs, because a bundler may break one without changing the sources. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readStatistics } from '../../src/statistics/statistics-file.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { startAzureWithIdentity } from '../helpers/azure-identity.ts';
import { WITHOUT_AZURITE } from '../helpers/azurite.ts';
import { bundle, executable, findClangCl, HOST_TARGET, run } from '../helpers/compilers.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';
import { type StartedServer, startMemcached, startRedis, startS3 } from '../helpers/remote-servers.ts';
import { workspace } from './workspace.ts';

const skip = process.platform === 'win32' && 'test/windows holds these for Windows';
const PRODUCTS: Readonly<Record<string, () => readonly [string, ...string[]]>> = {
  'the executable': () => [executable()],
  'the npm package': () => [process.execPath, bundle()],
};
const COMPILE = [HOST_TARGET, '/nologo', '/c', 'a.c'];

/** The limits are for networks, not for a busy machine. */
const PATIENT = 'connect-timeout=10&timeout=20';

interface Store {
  readonly library: string;
  /** A server may say itself what a machine has set that uses it. */
  readonly start: () => Promise<StartedServer & { readonly variables?: Readonly<Record<string, string>> }>;
  readonly variables: (port: number) => Readonly<Record<string, string>>;
  readonly skip?: string | false;
}

const STORES: readonly Store[] = [
  {
    library: 'memjs',
    start: () => startMemcached(),
    variables: (port) => ({ CLCACHE_REMOTE: `memcached://127.0.0.1:${port}?${PATIENT}` }),
  },
  {
    library: 'ioredis',
    start: () => startRedis(),
    // The library would write what it sends to stderr, passwords too.
    variables: (port) => ({
      CLCACHE_REMOTE: `redis://:unneeded@127.0.0.1:${port}?${PATIENT}`,
      DEBUG: 'ioredis:*',
    }),
  },
  {
    library: 'aws4fetch',
    start: startS3,
    variables: (port) => ({
      CLCACHE_REMOTE: `s3://bucket/team?endpoint=http://127.0.0.1:${port}&${PATIENT}`,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
    }),
  },
  {
    library: '@azure/storage-blob and @azure/identity',
    start: startAzureWithIdentity,
    variables: () => ({}),
    skip: WITHOUT_AZURITE,
  },
];

for (const [name, product] of Object.entries(PRODUCTS)) {
  for (const { library, start, variables, skip: without = false } of STORES) {
    test(`${library}: ${name} stores a result, and serves it to another cache folder`, {
      skip: skip || without,
    }, async (t) => {
      const server = await start();
      t.after(() => server.stop());
      const [program, ...words] = product();
      const space = workspace(t);
      space.write('a.c', 'char text[] = "compiled";\n');
      for (const [cache, expected] of [
        ['one', [0, 1]],
        ['two', [1, 0]],
      ] as const) {
        const env = {
          CLCACHE_DIR: join(space.folder, cache),
          ...variables(server.port),
          ...server.variables,
        };
        knowTheCompiler(env.CLCACHE_DIR);
        const args = [...words, findClangCl().path, ...COMPILE];
        const { status, stderr } = await run(program, args, { cwd: space.folder, env });
        assert.deepEqual([status, String(stderr)], [0, '']);
        const { totals } = await readStatistics(layoutOf(env.CLCACHE_DIR).statistics);
        assert.deepEqual([totals.CacheHits, totals.CacheMisses], expected, JSON.stringify(totals));
      }
    });
  }
}

for (const [name, product] of Object.entries(PRODUCTS)) {
  test(`execa: ${name} reads the compiler’s output through pipes if there is no room for files`, {
    skip,
  }, async (t) => {
    const space = workspace(t);
    space.write('a.c', '#warning said\nchar text[] = "compiled";\n');
    const [program, ...words] = product();
    const call = [...words, findClangCl().path, ...COMPILE];
    const env = { CLCACHE_DIR: space.cache, TMPDIR: '/dev/null/none' };
    const bare = await run(findClangCl().path, COMPILE, { cwd: space.folder });
    const ends = [];
    for (let round = 0; round < 2; round += 1)
      ends.push(await run(program, call, { cwd: space.folder, env }));
    for (const { status, stdout, stderr } of ends)
      assert.deepEqual([status, String(stdout), String(stderr)], [0, '', String(bare.stderr)]);
    assert.ok(readFileSync(space.path('a.obj')).includes('compiled'));
  });
}
