import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { checkHashServer } from '../../src/doctor/checks/hash-server.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { linesOf } from './surroundings.ts';

test('a hash server that is not asked for is good, and one that is and does not answer is bad', async (t) => {
  const room = { kind: 'folder', path: temporaryFolder(t), remove: () => {} } as const;
  const serverAddress = join(room.path, 'server.sock');
  const said = async (server: boolean) =>
    linesOf(await checkHashServer({ room, config: { server, serverAddress, serverTimeoutMs: 50 } }));
  assert.deepEqual(await said(false), ['good not asked for']);
  const [line] = await said(true);
  assert.match(
    line ?? '',
    /^bad CLCACHE_SERVER asks .*server\.sock, which is of no use: .* => start clcache-server/,
  );
});
