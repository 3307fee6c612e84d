import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { DEFAULT_LOCK_TIMEOUT_MS } from '../../../src/config/variables.ts';
import { pauseSync } from '../../../src/util/busy-retry.ts';
import { LockTimeoutError, tryWithLongFileLock, withFileLock } from '../../../src/util/file-lock.ts';
import { fileAppears, startFixture } from '../../helpers/fixture-process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const POSIX_ONLY = { skip: process.platform === 'win32' && 'no such signals on Windows' };

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** A lock that another process holds until there is a file `go` in the folder. Then it makes a file `done`. */
async function heldLock(t: TestContext) {
  const folder = temporaryFolder(t);
  const lock = `${folder}/.lock`;
  const files = ['ready', 'go', 'done'].map((name) => `${folder}/${name}`);
  const holder = startFixture(t, 'hold-lock.ts', lock, ...files);
  await fileAppears(`${folder}/ready`);
  return { folder, lock, ...holder };
}

describe('a lock between processes', { concurrency: 6 }, () => {
  test('that another process holds is waited for only up to the limit, and a single try does not wait', async (t) => {
    const { folder, lock, ended } = await heldLock(t);
    assert.equal(await tryWithLongFileLock(lock, async () => 1), undefined);
    const started = performance.now();
    await assert.rejects(
      withFileLock(lock, 200, () => 1),
      (error) =>
        error instanceof LockTimeoutError && error.code === 'LOCK_TIMEOUT' && error.cause !== undefined,
    );
    const waited = performance.now() - started;
    assert.ok(waited >= 199 && waited < 30_000, `${waited} ms`);
    writeFileSync(`${folder}/go`, '');
    assert.equal(await withFileLock(lock, 60_000, () => 2), 2);
    assert.equal(await ended, 0);
  });

  test('whose owner was killed is taken over within the default time to wait', POSIX_ONLY, async (t) => {
    const { lock, child, ended } = await heldLock(t);
    child.kill('SIGKILL');
    assert.equal(await ended, 'SIGKILL');
    assert.ok(existsSync(lock));
    await withFileLock(lock, DEFAULT_LOCK_TIMEOUT_MS, () => undefined);
    assert.equal(existsSync(lock), false);
  });

  test(
    'that was taken over from a suspended process is not removed when that process goes on',
    POSIX_ONLY,
    async (t) => {
      const { folder, lock, child, ended } = await heldLock(t);
      child.kill('SIGSTOP');
      await withFileLock(lock, 60_000, () => {
        writeFileSync(`${folder}/go`, '');
        child.kill('SIGCONT');
        for (let waited = 0; waited < 60_000 && !existsSync(`${folder}/done`); waited += 5) pauseSync(5);
        assert.ok(existsSync(`${folder}/done`), 'the other process has released what it thinks is its lock');
        assert.ok(existsSync(lock), 'ours is still there');
      });
      assert.equal(existsSync(lock), false);
      assert.equal(await ended, 0);
    },
  );

  test('does not keep a waiting process from being interrupted', POSIX_ONLY, async (t) => {
    const folder = temporaryFolder(t);
    const lock = `${folder}/.lock`;
    await tryWithLongFileLock(lock, async () => {
      writeFileSync(`${folder}/number`, '0');
      writeFileSync(`${folder}/go`, '');
      const { child, ended } = startFixture(
        t,
        'count-under-lock.ts',
        lock,
        `${folder}/number`,
        `${folder}/go`,
        '1',
      );
      await sleep(2000);
      child.kill('SIGINT');
      assert.equal(await ended, 'SIGINT');
    });
  });
});

test('eight processes that find a stale lock never hold it two at a time', async (t) => {
  const folder = temporaryFolder(t);
  const lock = `${folder}/.lock`;
  const go = `${folder}/go`;
  writeFileSync(`${folder}/number`, '0');
  mkdirSync(lock);
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
  const processes = Array.from({ length: 8 }, () =>
    startFixture(t, 'count-under-lock.ts', lock, `${folder}/number`, go, '100'),
  );
  await sleep(2500);
  writeFileSync(go, '');
  assert.deepEqual(await Promise.all(processes.map(({ ended }) => ended)), new Array(8).fill(0));
  assert.equal(readFileSync(`${folder}/number`, 'utf8'), '800');
});

test('of 16 processes that want one lock again and again, each gets it', async (t) => {
  const folder = temporaryFolder(t);
  const [lock, number, go] = [`${folder}/.lock`, `${folder}/number`, `${folder}/go`];
  writeFileSync(number, '0');
  const processes = Array.from({ length: 16 }, () =>
    startFixture(t, 'count-under-lock.ts', lock, number, go, '40'),
  );
  const filesOf = (ending: string) => readdirSync(folder).filter((name) => name.endsWith(ending));
  while (filesOf('.ready').length < 16) await sleep(50);
  const started = performance.now();
  writeFileSync(go, '');
  assert.deepEqual(await Promise.all(processes.map(({ ended }) => ended)), new Array(16).fill(0));
  const all = performance.now() - started;
  assert.equal(readFileSync(number, 'utf8'), '640');
  const waits = filesOf('.waited')
    .map((name) => Number(readFileSync(`${folder}/${name}`, 'utf8')))
    .sort((left, right) => left - right);
  t.diagnostic(`${Math.round(all)} ms; longest waits ${waits.map(Math.round).join(' ')}`);
  // Whoever starves gets its turn when all others are through. How long all of it takes is the machine's affair.
  assert.ok((waits.at(-1) ?? all) < 0.9 * all, `${waits.at(-1)} of ${all} ms`);
});
