import assert from 'node:assert/strict';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KnownDigests } from '../../src/compiler/known-digests.ts';
import type { Answers } from '../../src/compiler/remembered-answer.ts';
import { digestOfBytes } from '../../src/hash/digest.ts';
import { signatureOf } from '../../src/hash/hash-memory.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const NOTHING: Answers = { read: () => undefined, keep: async () => {}, lockOf: () => '' };

test('an old file is read once, and again when it has changed', (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'cl.exe');
  let kept: unknown;
  const answers: Answers = { ...NOTHING, read: () => kept };
  const digests = () => new KnownDigests(answers);
  writeFileSync(file, 'one');
  assert.equal(digests().of(file), digestOfBytes(Buffer.from('one')));
  // A remembered digest is used while size, times and identity are unchanged.
  const remembered = digestOfBytes(Buffer.from('remembered'));
  kept = { [file]: [signatureOf(statSync(file)), remembered] };
  assert.equal(digests().of(file), remembered);
  const { atime, mtime } = statSync(file);
  writeFileSync(file, 'two');
  utimesSync(file, atime, mtime);
  assert.equal(digests().of(file), digestOfBytes(readFileSync(file)));
});

test('a broken file of digests is started anew, and a path that is not a file has no digest', (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'cl.exe');
  writeFileSync(file, 'one');
  for (const kept of [undefined, [], null, 'x', { [file]: 'x' }, { [file]: [1] }]) {
    const digests = new KnownDigests({ ...NOTHING, read: () => kept });
    assert.equal(digests.of(file), digestOfBytes(Buffer.from('one')));
  }
  for (const none of [folder, join(folder, 'none')])
    assert.equal(new KnownDigests(NOTHING).of(none), undefined);
});

test('the digests of old files are written once, at the end', async (context) => {
  const file = join(temporaryFolder(context), 'cl.exe');
  writeFileSync(file, 'one');
  const past = new Date(Date.now() - 60_000);
  utimesSync(file, past, past);
  // The kernel sets the change time, so it is the clock that is put forward.
  const now = Date.now() + 10_000;
  context.mock.method(Date, 'now', () => now);
  const kept: unknown[] = [];
  const digests = new KnownDigests({ ...NOTHING, keep: async (_name, answer) => void kept.push(answer) });
  const digest = digests.of(file);
  await digests.keep();
  await digests.keep();
  assert.deepEqual(kept, [{ [file]: [signatureOf(statSync(file)), digest] }]);
});
