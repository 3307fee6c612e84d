import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { openOwnFile, readOwnFile, readOwnTextIfThere } from '../../src/util/own-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const POSIX_ONLY = { skip: process.platform === 'win32' && 'Windows has no such files' };

test('an ordinary file up to the allowed size is read unchanged', (t) => {
  const file = `${temporaryFolder(t)}/a`;
  for (const bytes of [Buffer.of(), Buffer.from('text'), Buffer.alloc(3_000_000, 'ab')]) {
    writeFileSync(file, bytes);
    assert.ok(readOwnFile(file, bytes.length).equals(bytes));
    if (bytes.length > 0) assert.throws(() => readOwnFile(file, bytes.length - 1), { code: 'UNFIT_FILE' });
  }
});

test('a missing file is a system error', (t) => {
  const folder = temporaryFolder(t);
  assert.throws(() => readOwnFile(`${folder}/none`, 10), { code: 'ENOENT' });
  assert.equal(readOwnTextIfThere(`${folder}/none`, 10), undefined);
});

test('a folder is refused, and so is a sparse file of 40 GB, without reading it', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(`${folder}/folder`);
  writeFileSync(`${folder}/large`, '');
  truncateSync(`${folder}/large`, 40 * 1024 ** 3);
  for (const name of ['folder', 'large']) {
    assert.throws(() => readOwnFile(`${folder}/${name}`, 1024), { code: 'UNFIT_FILE' }, name);
    assert.throws(() => openOwnFile(`${folder}/${name}`, 1024), { code: 'UNFIT_FILE' }, name);
    assert.equal(readOwnTextIfThere(`${folder}/${name}`, 1024), undefined);
  }
});

test('pipes, sockets and links, whatever they lead to, are refused at once', POSIX_ONLY, async (t) => {
  const folder = temporaryFolder(t);
  execFileSync('mkfifo', [`${folder}/pipe`]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${folder}/socket`, resolve));
  t.after(() => server.close());
  writeFileSync(`${folder}/file`, 'text');
  const targets = { file: `${folder}/file`, zero: '/dev/zero', pipe: `${folder}/pipe`, loop: 'link-loop' };
  for (const [name, target] of Object.entries(targets)) symlinkSync(target, `${folder}/link-${name}`);
  for (const name of ['pipe', 'socket', ...Object.keys(targets).map((each) => `link-${each}`)]) {
    assert.throws(() => readOwnFile(`${folder}/${name}`, 1024), { code: 'UNFIT_FILE' }, name);
  }
});

test('a link in the path to a file is a system error, not damage of the file', POSIX_ONLY, (t) => {
  const folder = temporaryFolder(t);
  symlinkSync('loop', `${folder}/loop`);
  assert.throws(() => readOwnFile(`${folder}/loop/file`, 10), { code: 'ELOOP' });
});
