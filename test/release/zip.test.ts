/** The archives of a release. */
import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Member, writeZip } from '../../bin/dev/release/zip.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const WAY = { date: '2026-11-26', level: 9 };

test('an archive has the same bytes whatever the time, the order and the times of the files', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'a.txt');
  writeFileSync(file, 'a'.repeat(1000));
  const members: Member[] = [
    { path: 'x/b.txt', from: Buffer.from('b'), isProgram: true },
    { path: 'x/a.txt', from: file, isProgram: false },
  ];
  await writeZip(join(folder, 'one.zip'), members, WAY);
  utimesSync(file, 1, 1);
  await writeZip(join(folder, 'two.zip'), members.toReversed(), WAY);
  const [one, two] = ['one.zip', 'two.zip'].map((name) => readFileSync(join(folder, name)));
  assert.deepEqual(one, two);
  assert.ok((one?.length ?? 0) < 500);
});

test('an archive that cannot be written, or of a file that is not there, is an error', async (t) => {
  const folder = temporaryFolder(t);
  const members: Member[] = [{ path: 'a', from: join(folder, 'gone'), isProgram: false }];
  await assert.rejects(writeZip(join(folder, 'a.zip'), members, WAY), /ENOENT/);
  await assert.rejects(writeZip(join(folder, 'gone', 'a.zip'), [], WAY), /ENOENT/);
});
