import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LocalStore } from '../../../src/storage/local/local-store.ts';
import { startFixture } from '../../helpers/fixture-process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { digestOf, KEY } from '../../storage/store-contract.ts';

test('four processes that update one manifest lose no entry', async (context) => {
  const cacheDirectory = join(temporaryFolder(context), 'cache');
  const store = new LocalStore({ cacheDirectory, lockTimeoutMs: 30_000, hardLink: false, compress: false });
  const go = join(temporaryFolder(context), 'go');
  const names = ['a', 'b', 'c', 'd'];
  const processes = names.map((name) =>
    startFixture(context, 'update-manifest.ts', cacheDirectory, KEY, go, name, '10'),
  );
  writeFileSync(go, '');
  for (const { ended } of processes) assert.equal(await ended, 0);
  const result = await store.readManifest(KEY);
  assert.ok(result.kind === 'read');
  const expected = names.flatMap((name) =>
    Array.from({ length: 10 }, (_, number) => digestOf(`${name} ${number}`)),
  );
  assert.deepEqual(new Set(result.manifest.entries.map(({ artifact }) => artifact)), new Set(expected));
  assert.ok(existsSync(cacheDirectory));
});
