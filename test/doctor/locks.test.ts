import assert from 'node:assert/strict';
import { mkdirSync, utimesSync } from 'node:fs';
import test from 'node:test';
import { checkLocks } from '../../src/doctor/checks/locks.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { counted, linesOf } from './surroundings.ts';

test('a lock that nobody has refreshed for long is named, one that is held now is not', async (t) => {
  const layout = layoutOf(temporaryFolder(t));
  const said = async (counts = {}) => linesOf(await checkLocks({ layout, statistics: counted(counts) }));
  assert.deepEqual(await said(), ['good none is left over']);
  const [section] = layout.statistics.sections();
  const locks = [
    section?.lock ?? '',
    `${layout.manifests}/ab/.lock`,
    `${layout.compilers}/abc.json.lock`,
    layout.cleaningLock,
    layout.settingsLock,
    `${layout.settingsLock}.takeover`,
  ];
  for (const [index, lock] of locks.entries()) {
    mkdirSync(lock, { recursive: true });
    assert.equal((await said()).length, 1);
    assert.match((await said())[0] ?? '', index === 0 ? /^good / : new RegExp(`^look ${index} of processes`));
    utimesSync(lock, 1000, 1000);
    assert.match((await said())[0] ?? '', new RegExp(`^look ${index + 1} of processes that were killed`));
  }
  assert.match((await said({ LockTimeouts: 2 }))[1] ?? '', /^look 2 calls did not get a lock in time/);
});
