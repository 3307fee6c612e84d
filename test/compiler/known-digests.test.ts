import assert from 'node:assert/strict';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KnownDigests } from '../../src/compiler/known-digests.ts';
import { digestOfBytes } from '../../src/hash/digest.ts';
import { signatureOf } from '../../src/hash/hash-memory.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('a file that has been left alone is read once, and again when it has changed', (context) => {
  const folder = temporaryFolder(context);
  const [file, memory] = [join(folder, 'cl.exe'), join(folder, 'memory.json')];
  const digests = () => new KnownDigests(memory);
  writeFileSync(file, 'one');
  assert.equal(digests().of(file), digestOfBytes(Buffer.from('one')));
  // What is remembered is believed as long as size, times and identity are the same.
  const remembered = digestOfBytes(Buffer.from('remembered'));
  writeFileSync(memory, JSON.stringify({ [file]: [signatureOf(statSync(file)), remembered] }));
  assert.equal(digests().of(file), remembered);
  const { atime, mtime } = statSync(file);
  writeFileSync(file, 'two');
  utimesSync(file, atime, mtime);
  assert.equal(digests().of(file), digestOfBytes(readFileSync(file)));
});

test('a file of these digests that is broken is begun anew, and what is no file has no digest', (context) => {
  const folder = temporaryFolder(context);
  const [file, memory] = [join(folder, 'cl.exe'), join(folder, 'memory.json')];
  writeFileSync(file, 'one');
  for (const text of [
    '',
    '[]',
    'null',
    '{"',
    JSON.stringify({ [file]: 'x' }),
    JSON.stringify({ [file]: [1] }),
  ]) {
    writeFileSync(memory, text);
    assert.equal(new KnownDigests(memory).of(file), digestOfBytes(Buffer.from('one')), text);
  }
  for (const none of [folder, join(folder, 'none')])
    assert.equal(new KnownDigests(memory).of(none), undefined);
});
