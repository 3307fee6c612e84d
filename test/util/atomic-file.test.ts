import assert from 'node:assert/strict';
import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { test } from 'node:test';
import { removeWithRetrySync, renameWithRetrySync, replaceFileSync } from '../../src/util/atomic-file.ts';
import { retryWhileBusy } from '../../src/util/busy-retry.ts';
import { writeFileAtomicSync } from '../../src/util/whole-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

for (const [name, write] of Object.entries({ replaceFileSync, writeFileAtomicSync })) {
  test(`${name}: a file is replaced whole, in a folder that is made if needed, and nothing is left beside it`, (t) => {
    const folder = temporaryFolder(t);
    write(`${folder}/a/b/file.json`, 'first');
    write(`${folder}/a/b/file.json`, new Uint8Array([0, 255, 10]));
    assert.deepEqual([...readFileSync(`${folder}/a/b/file.json`)], [0, 255, 10]);
    assert.deepEqual(readdirSync(`${folder}/a/b`), ['file.json']);
  });

  test(`${name}: a link, and a folder with files, are replaced, and the target of the link stays`, {
    skip: process.platform === 'win32',
  }, (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(`${folder}/elsewhere`, 'stays');
    mkdirSync(`${folder}/cache/inner`, { recursive: true });
    writeFileSync(`${folder}/cache/inner/file`, '');
    symlinkSync(`${folder}/elsewhere`, `${folder}/cache/link`);
    for (const file of ['link', 'inner']) {
      write(`${folder}/cache/${file}`, 'new');
      assert.equal(readFileSync(`${folder}/cache/${file}`, 'utf8'), 'new');
    }
    assert.equal(readFileSync(`${folder}/elsewhere`, 'utf8'), 'stays');
    assert.deepEqual(readdirSync(`${folder}/cache`).sort(), ['inner', 'link']);
  });

  test(`${name}: a writer that has lost the lock meanwhile replaces nothing, and leaves nothing`, (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(`${folder}/file`, 'old');
    const lost = () => {
      throw systemError('LOST');
    };
    assert.throws(() => write(`${folder}/file`, 'new', lost), { code: 'LOST' });
    assert.equal(readFileSync(`${folder}/file`, 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder), ['file']);
  });
}

test('a file for its owner only is never open to others, not even while it is written', {
  skip: process.platform === 'win32',
}, (t) => {
  const folder = temporaryFolder(t);
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const seen: number[] = [];
  t.mock.method(fs, 'chmodSync', (path: string) => seen.push(statSync(path).mode & 0o777));
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  replaceFileSync(`${folder}/new/file`, 'secret', () => {}, 0o600);
  assert.deepEqual(seen, [0o600], 'the rights before they are set');
});

test('removing works for files, folders, and missing paths', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(`${folder}/full/inner`, { recursive: true });
  writeFileSync(`${folder}/full/inner/file`, '', { mode: 0o444 });
  removeWithRetrySync(`${folder}/full`);
  removeWithRetrySync(`${folder}/full`);
  assert.equal(existsSync(`${folder}/full`), false);
});

test('renaming replaces an existing file', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(`${folder}/new`, 'new');
  writeFileSync(`${folder}/old`, 'old');
  renameWithRetrySync(`${folder}/new`, `${folder}/old`);
  assert.equal(readFileSync(`${folder}/old`, 'utf8'), 'new');
});

test('on Windows a busy file is tried again until it is free', () => {
  const failures = ['EPERM', 'EBUSY', 'EACCES'].map(systemError);
  const result = retryWhileBusy(() => {
    const failure = failures.pop();
    if (failure !== undefined) throw failure;
    return 'done';
  }, 'win32');
  assert.equal(result, 'done');
});

test('a file that stays busy on Windows fails after about a second with the system’s error', () => {
  const started = performance.now();
  assert.throws(
    () =>
      retryWhileBusy(() => {
        throw systemError('EBUSY');
      }, 'win32'),
    { code: 'EBUSY' },
  );
  const elapsed = performance.now() - started;
  assert.ok(elapsed > 900 && elapsed < 30_000, `${elapsed} ms`);
});

test('a refusal on POSIX, and any other error, is tried only once', () => {
  for (const [code, platform] of [
    ['EACCES', 'linux'],
    ['ENOENT', 'win32'],
  ] as const) {
    let tries = 0;
    assert.throws(
      () =>
        retryWhileBusy(() => {
          tries += 1;
          throw systemError(code);
        }, platform),
      { code },
    );
    assert.equal(tries, 1);
  }
});
