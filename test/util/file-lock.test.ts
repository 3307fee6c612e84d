import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmdirSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { pauseSync } from '../../src/util/busy-retry.ts';
import { tryWithFreeLock, tryWithLongFileLock, withFileLock } from '../../src/util/file-lock.ts';
import { openLockFolder } from '../../src/util/lock-folder.ts';
import { loadLockLibrary } from '../../src/util/lock-library.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

describe('a lock between processes', { concurrency: 6 }, () => {
  test('is held while the body runs and leaves nothing behind', async (t) => {
    const folder = temporaryFolder(t);
    const lock = `${folder}/.lock`;
    const result = await withFileLock(lock, 1000, () => existsSync(lock));
    assert.equal(result, true);
    assert.deepEqual(readdirSync(folder), []);
  });

  test('makes the folder that it lies in', async (t) => {
    const folder = temporaryFolder(t);
    assert.equal(await withFileLock(`${folder}/a/b/.lock`, 1000, () => 7), 7);
    assert.deepEqual(
      tryWithFreeLock(`${folder}/c/d/.lock`, () => 8),
      { value: 8 },
    );
  });

  test('is released when the body throws, and the error comes through', async (t) => {
    const lock = `${temporaryFolder(t)}/.lock`;
    const failure = new Error('of the body');
    await assert.rejects(
      withFileLock(lock, 1000, () => {
        throw failure;
      }),
      failure,
    );
    assert.equal(existsSync(lock), false);
  });

  test('whose folder was deleted and taken by another process is left to that one', async (t) => {
    const lock = `${temporaryFolder(t)}/.lock`;
    await withFileLock(lock, 1000, () => {
      rmdirSync(lock);
      mkdirSync(lock);
    });
    assert.ok(existsSync(lock));
  });

  test('whose folder is deleted underneath does no harm', async (t) => {
    const lock = `${temporaryFolder(t)}/.lock`;
    assert.equal(
      await withFileLock(lock, 1000, () => {
        rmdirSync(lock);
        return 3;
      }),
      3,
    );
    assert.equal(await withFileLock(lock, 1000, () => 4), 4);
  });

  test('left behind with a time in the future is taken over', async (t) => {
    const lock = `${temporaryFolder(t)}/.lock`;
    mkdirSync(lock);
    const tomorrow = new Date(Date.now() + 86_400_000);
    utimesSync(lock, tomorrow, tomorrow);
    assert.equal(await withFileLock(lock, 60_000, () => 5), 5);
    assert.equal(existsSync(lock), false);
  });

  test('that cannot be made fails at once with the system’s error', async (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(`${folder}/file`, '');
    const started = performance.now();
    await assert.rejects(
      withFileLock(`${folder}/file/.lock`, 120_000, () => 1),
      (error) =>
        error instanceof Error &&
        'code' in error &&
        ['ENOTDIR', 'EEXIST', 'ENOENT'].includes(String(error.code)),
    );
    assert.ok(performance.now() - started < 60_000);
  });

  test('that is free is taken without the library, keeps others out, and is released whatever happens', async (t) => {
    const lock = `${temporaryFolder(t)}/a/b/.lock`;
    const takeByLibrary = await loadLockLibrary();
    const othersGot = tryWithFreeLock(lock, () => {
      assert.throws(() => takeByLibrary(openLockFolder(lock)), { code: 'ELOCKED' });
      return tryWithFreeLock(lock, () => 2);
    });
    assert.deepEqual(othersGot, { value: undefined });
    assert.equal(existsSync(lock), false);
    assert.throws(() =>
      tryWithFreeLock(lock, () => {
        throw new Error('of the body');
      }),
    );
    assert.equal(existsSync(lock), false);
  });

  test('that was taken over while its owner was stopped is not released by that owner', async (t) => {
    const lock = `${temporaryFolder(t)}/.lock`;
    tryWithFreeLock(lock, () => {
      rmdirSync(lock);
      pauseSync(20);
      mkdirSync(lock);
    });
    assert.equal(existsSync(lock), true);
  });

  test('for long work is refreshed, so that nobody takes it over', async (t) => {
    const lock = `${temporaryFolder(t)}/.lock`;
    const result = await tryWithLongFileLock(lock, async (isLost) => {
      for (const started = performance.now(); performance.now() - started < 4700; ) {
        assert.equal(await tryWithLongFileLock(lock, async () => 1), undefined);
        await sleep(50);
      }
      return isLost();
    });
    assert.deepEqual(result, { value: false });
    assert.equal(existsSync(lock), false);
  });

  test('for long work reports to its owner that it is lost', async (t) => {
    const lock = `${temporaryFolder(t)}/.lock`;
    const result = await tryWithLongFileLock(lock, async (isLost) => {
      rmdirSync(lock);
      return isLost();
    });
    assert.deepEqual(result, { value: true });
  });
});
