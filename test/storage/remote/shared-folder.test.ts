/** A folder that others may write to, and what they may put there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { SharedFolder } from '../../../src/storage/remote/file/shared-folder.ts';
import { shardedPath } from '../../../src/storage/remote/remote.ts';
import { sealEnvelope } from '../../../src/storage/wire/envelope.ts';
import { bodyOf, guarded, KEY, LIMIT, OTHER } from '../../helpers/guarded.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const POSIX = { skip: process.platform === 'win32' && 'pipes and links in folders are those of POSIX' };
/** A test that hangs is a failure. */
const PATIENT = { ...POSIX, timeout: 60_000 };
const ENTRY = sealEnvelope(KEY, Buffer.from('an object'), {});

/** By description: what is in the place of an entry. */
const OBSTACLES: Readonly<Record<string, (path: string, folder: string) => void>> = {
  'a pipe that nobody writes to': (path) => execFileSync('mkfifo', [path]),
  'a link to a device without end': (path) => symlinkSync('/dev/zero', path),
  'a link to an entry elsewhere': (path, folder) => {
    writeFileSync(`${folder}/elsewhere`, ENTRY);
    symlinkSync(`${folder}/elsewhere`, path);
  },
  'a link to nothing': (path) => symlinkSync('/nowhere/at/all', path),
  'a link to itself': (path) => symlinkSync(path, path),
  'a folder': (path) => mkdirSync(path),
  'a file of a terabyte without contents': (path) => {
    const file = openSync(path, 'w');
    ftruncateSync(file, 2 ** 40);
    closeSync(file);
  },
};

for (const [what, put] of Object.entries(OBSTACLES)) {
  test(`${what} in the place of an entry is refused, and no other entry is affected`, PATIENT, async (t) => {
    const folder = temporaryFolder(t);
    const share = `${folder}/share`;
    const path = `${share}/${shardedPath(KEY)}`;
    mkdirSync(dirname(path), { recursive: true });
    put(path, folder);
    const remote = guarded(temporaryFolder(t), pathToFileURL(share).href);
    assert.equal((await remote.get(KEY, LIMIT)).kind, 'rejected');
    assert.deepEqual([remote.canRead, remote.activity.errors], [true, 0]);
    const taken = await remote.put(KEY, ENTRY);
    // A folder cannot be replaced by a file.
    assert.equal(taken, what !== 'a folder');
    if (taken) assert.equal(bodyOf(await remote.get(KEY, LIMIT)), 'an object');
    assert.ok(!readdirSync(share, { recursive: true }).some((name) => String(name).endsWith('.tmp')));
  });
}

test('nothing is written through a link in the place of a folder', POSIX, async (t) => {
  const folder = temporaryFolder(t);
  const share = `${folder}/share`;
  mkdirSync(`${share}/v1`, { recursive: true });
  mkdirSync(`${folder}/elsewhere`);
  symlinkSync(`${folder}/elsewhere`, `${share}/v1/o`);
  const lines: string[] = [];
  const remote = guarded(temporaryFolder(t), pathToFileURL(share).href, { lines });
  assert.equal(await remote.put(KEY, ENTRY), false);
  assert.deepEqual(readdirSync(`${folder}/elsewhere`), []);
  assert.match(lines.join('\n'), /v1\/o is not a folder/);
  // The folder itself may be a link.
  symlinkSync(`${folder}/elsewhere`, `${folder}/link`);
  const linked = guarded(temporaryFolder(t), pathToFileURL(`${folder}/link`).href);
  assert.equal(await linked.put(OTHER, ENTRY), true);
});

test('closing the store removes unfinished files', async (t) => {
  const share = temporaryFolder(t);
  const writer = new SharedFolder(share, () => {});
  const writing = writer.write('v1/o/aa/entry', Buffer.alloc(64 * LIMIT));
  while (!readdirSync(share, { recursive: true }).some((name) => String(name).endsWith('.tmp')))
    await new Promise((resolve) => setImmediate(resolve));
  void writer.close();
  const left = () => readdirSync(`${share}/v1/o/aa`);
  // At once, because the process may end now.
  if (process.platform !== 'win32') assert.deepEqual(left(), []);
  await assert.rejects(writing);
  assert.deepEqual(left(), []);
});

test('no unfinished file is left in a closed store, whatever its writer was about to do', async (t) => {
  const share = temporaryFolder(t);
  for (let turns = 0; turns < 60; turns++) {
    const folder = `v1/o/${turns}`;
    const writer = new SharedFolder(share, () => {});
    await writer.write(`${folder}/first`, ENTRY);
    const writing = writer.write(`${folder}/second`, Buffer.alloc(16 * LIMIT)).then(
      () => ['first', 'second'],
      () => ['first'],
    );
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    await writer.close();
    // The system goes on with what it was told while no line of the writer runs, as when the process ends here.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    const left = readdirSync(`${share}/${folder}`);
    assert.deepEqual(left.sort(), await writing, `after ${turns} turns`);
  }
});

test('a folder that vanishes is a store that fails, and is not made again', async (t) => {
  const share = `${temporaryFolder(t)}/share`;
  mkdirSync(share);
  const remote = guarded(temporaryFolder(t), pathToFileURL(share).href);
  assert.equal((await remote.get(KEY, LIMIT)).kind, 'none');
  rmSync(share, { recursive: true });
  assert.equal(await remote.put(KEY, ENTRY), false);
  assert.ok(!existsSync(share));
});
