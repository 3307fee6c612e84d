import assert from 'node:assert/strict';
import {
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cloneFile } from '../../src/storage/local/clone-file.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'clcache-clone-'));
after(() => rmSync(FOLDER, { recursive: true }));

const CONTENTS = Buffer.alloc(3 * 4096 + 1, 'contents');
const AN_HOUR_AGO = Math.floor(Date.now() / 1000) - 3600;

/** A stored file that was written an hour ago. */
function storedFile(name: string): string {
  const file = join(FOLDER, name);
  writeFileSync(file, CONTENTS, { mode: 0o444 });
  utimesSync(file, AN_HOUR_AGO, AN_HOUR_AGO);
  return file;
}

/** Why files are not cloned here. Undefined if they are. */
function noClones(): string | undefined {
  if (process.platform === 'win32') return 'clcache clones no files on Windows';
  try {
    copyFileSync(storedFile('try'), join(FOLDER, 'tried'), constants.COPYFILE_FICLONE_FORCE);
    return undefined;
  } catch {
    return `the file system of ${tmpdir()} cannot clone files. TMPDIR names a folder on another one (Btrfs, XFS, APFS)`;
  }
}

test('a clone has the contents of the stored file, the rights of a new file, and the time of now', {
  skip: noClones() ?? false,
}, () => {
  const [stored, clone] = [storedFile('a'), join(FOLDER, 'a.obj')];
  assert.equal(cloneFile(stored, clone), true);
  assert.deepEqual(readFileSync(clone), CONTENTS);
  assert.equal(statSync(clone).mode & 0o777, 0o666 & ~process.umask());
  assert.ok(Math.abs(statSync(clone).mtimeMs - Date.now()) < 60_000);
  writeFileSync(clone, 'changed');
  assert.deepEqual(readFileSync(stored), CONTENTS, 'the stored file stays as it was');
});

test('a file that was just stored is not cloned, because its blocks may not be on the disk yet', () => {
  const file = join(FOLDER, 'new');
  writeFileSync(file, CONTENTS);
  assert.equal(cloneFile(file, join(FOLDER, 'new.obj')), false);
  assert.equal(existsSync(join(FOLDER, 'new.obj')), false);
});

test('a target that exists is not replaced by a clone', () => {
  const [stored, target] = [storedFile('b'), join(FOLDER, 'b.obj')];
  writeFileSync(target, 'there');
  assert.equal(cloneFile(stored, target), false);
  assert.equal(readFileSync(target, 'utf8'), 'there');
});

test('a stored file that is missing is an error, and leaves no target', () => {
  const target = join(FOLDER, 'gone.obj');
  assert.throws(() => cloneFile(join(FOLDER, 'gone'), target), { code: 'ENOENT' });
  assert.equal(existsSync(target), false);
});
