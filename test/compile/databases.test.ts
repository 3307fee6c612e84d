import assert from 'node:assert/strict';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DatabaseUse, enterDatabase, withEndpoint } from '../../src/compile/databases.ts';
import { LearntFiles } from '../../src/storage/local/learnt-files.ts';
import { unshared } from '../../src/storage/store.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

function place(t: Parameters<typeof temporaryFolder>[0]) {
  const folder = temporaryFolder(t);
  const database = join(folder, 'x.pdb');
  const files = new LearntFiles(join(folder, 'databases'), unshared);
  const enter = (object: string | undefined, isCacheable = true) => {
    const use: DatabaseUse = { database, name: 'ab', object, isCacheable };
    return enterDatabase(use, files);
  };
  return { database, enter };
}

test('a database is its first object’s own, as long as it is as that object left it', async (t) => {
  const { database, enter } = place(t);
  const first = await enter('a.obj');
  assert.equal(first.kind, 'own');
  writeFileSync(database, 'one');
  if (first.kind === 'own') await first.databases.remember();
  const second = await enter('a.obj');
  assert.equal(second.kind, 'own');
  if (first.kind === 'own' && second.kind === 'own') {
    assert.notEqual(first.databases.endpoint, second.databases.endpoint);
    await second.databases.remember();
  }
  appendFileSync(database, 'two');
  assert.equal((await enter('a.obj')).kind, 'others');
  rmSync(database);
  assert.equal((await enter('a.obj')).kind, 'own');
});

test('a second object makes a database everybody’s, with the server that it has', async (t) => {
  const { enter } = place(t);
  const first = await enter('a.obj');
  assert.ok(first.kind === 'own' && first.databases.isStillOwn());
  const { endpoint } = first.databases;
  const second = await enter('b.obj');
  assert.deepEqual([second.kind, second.kind === 'others' && second.endpoint], ['others', endpoint]);
  assert.ok(!first.databases.isStillOwn());
  const third = await enter('a.obj');
  assert.deepEqual([third.kind, third.kind === 'others' && third.endpoint], ['others', endpoint]);
});

test('a database of several objects at once, and one that a call writes that is not cached, are nobody’s own', async (t) => {
  const several = place(t);
  assert.equal((await several.enter(undefined)).kind, 'others');
  assert.equal((await several.enter('a.obj')).kind, 'others');
  const uncached = place(t);
  const handedOn = await uncached.enter('a.obj', false);
  assert.deepEqual([handedOn.kind, handedOn.kind === 'others' && handedOn.endpoint], ['others', undefined]);
  assert.equal((await uncached.enter('b.obj')).kind, 'others');
});

test('a database that was there before anybody entered it is others’', async (t) => {
  const { database, enter } = place(t);
  writeFileSync(database, 'old');
  assert.equal((await enter('a.obj')).kind, 'others');
});

test('the server of a compile takes the place of one that the environment names in any case', () => {
  assert.deepEqual(withEndpoint({ _mspdbsrv_endpoint_: 'x', A: '1' }, 'y'), {
    A: '1',
    _MSPDBSRV_ENDPOINT_: 'y',
  });
  assert.deepEqual(withEndpoint({ A: '1' }, undefined), { A: '1' });
});
