import assert from 'node:assert/strict';
import { mkdirSync, rmSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FileMemory } from '../../src/files/file-memory.ts';
import { FolderRecords, type KeptTexts } from '../../src/files/folder-records.ts';
import { encodeKeyRecord, type KeyRecord, readKeyRecord } from '../../src/files/key-record.ts';
import { isSettled, signatureOf } from '../../src/files/signature.ts';
import { digestOfBytes } from '../../src/hash/digest.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const digestOf = (text: string) => digestOfBytes(Buffer.from(text));

function memoryOf(texts?: KeptTexts): FileMemory {
  return new FileMemory(new FolderRecords(texts, 'clang-cl'));
}

test('the digest of a file is that of its bytes', (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'a.h');
  writeFileSync(file, 'one');
  assert.equal(memoryOf().digest(file), digestOf('one'));
});

test('a file above the limit for whole files is hashed in pieces to the same digest', (context) => {
  const file = join(temporaryFolder(context), 'large');
  const bytes = Buffer.alloc(8 * 1024 * 1024 + 3, 'abcdefg');
  writeFileSync(file, bytes);
  assert.equal(memoryOf().digest(file), digestOfBytes(bytes));
});

test('a path that is not a readable file has no digest, and no error', (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('loop', join(folder, 'loop'));
  symlinkSync('nowhere', join(folder, 'dangling'));
  const memory = memoryOf();
  for (const name of ['gone', 'gone/deeper', 'file/below', 'loop', 'dangling', 'x'.repeat(5000)]) {
    assert.equal(memory.digest(join(folder, name)), undefined, name);
    // A compiler that meets a link to itself does not go on to the next folder.
    assert.equal(memory.exists(join(folder, name)), name === 'loop', name);
    assert.equal(memory.isFree(join(folder, name)), name !== 'loop', name);
  }
  assert.equal(memory.digest(folder), undefined);
  assert.equal(memory.exists(folder), true);
});

test('a file is examined once, until it is forgotten', (context) => {
  const file = join(temporaryFolder(context), 'a.h');
  const memory = memoryOf();
  assert.equal(memory.knows(file), false);
  assert.equal(memory.exists(file), false);
  writeFileSync(file, 'one');
  assert.equal(memory.digest(file), digestOf('one'));
  assert.equal(memory.exists(file), false);
  writeFileSync(file, 'two');
  assert.equal(memory.digest(file), digestOf('one'));
  memory.forget(file);
  assert.equal(memory.digest(file), digestOf('two'));
  assert.equal(memory.exists(file), true);
});

test('a digest that was computed elsewhere is used without reading the file', (context) => {
  const file = join(temporaryFolder(context), 'a.h');
  writeFileSync(file, 'one');
  const memory = memoryOf();
  memory.learn(file, statSync(file), { digest: digestOf('told') });
  assert.ok(memory.knows(file));
  assert.equal(memory.digest(file), digestOf('told'));
});

/** A time so long ago that the file systems of all kinds have ticked since. */
const LONG_AGO = new Date(Date.now() - 60_000);

/** A folder whose own times, change time included, lie far enough back; the clock is moved instead of the disk's. */
function settledFolder(context: TestContext, files: Readonly<Record<string, string>>) {
  const root = temporaryFolder(context);
  const inc = join(root, 'inc');
  mkdirSync(inc);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(inc, name), text);
  const settled = (since: number) => since + 10_000;
  let now = settled(Date.now());
  context.mock.method(Date, 'now', () => now);
  const record = join(root, 'record');
  return {
    inc,
    /** After a change of the folder. */
    settleAgain() {
      now = settled(statSync(inc).ctimeMs);
    },
    /** What a first call learns about these names. */
    learn(present: readonly string[], absent: readonly string[]): string | undefined {
      const memory = memoryOf();
      memory.recall(record);
      for (const name of present) memory.digest(join(inc, name));
      for (const name of absent) memory.exists(join(inc, name));
      return memory.worthKeeping({
        files: present.map((name) => join(inc, name)),
        absent: absent.map((name) => join(inc, name)),
      });
    },
    keep: (text: string | undefined) => writeFileSync(record, text ?? ''),
    recalled(): FileMemory {
      const memory = memoryOf();
      memory.recall(record);
      return memory;
    },
  };
}

test('a file that has not changed is recognised by its signature, without being read', (context) => {
  const { inc, learn, keep, recalled } = settledFolder(context, { 'a.h': 'one' });
  const text = learn(['a.h'], []) ?? '';
  keep(text.replace(digestOf('one'), digestOf('kept')));
  assert.equal(recalled().digest(join(inc, 'a.h')), digestOf('kept'));
});

test('a file that has changed in any way is read again', (context) => {
  const { inc, learn, keep, recalled } = settledFolder(context, { 'a.h': 'one' });
  const file = join(inc, 'a.h');
  const changes = [
    () => writeFileSync(file, 'longer'),
    () => utimesSync(file, LONG_AGO, LONG_AGO),
    () => {
      const { atime, mtime } = statSync(file);
      writeFileSync(file, 'other!');
      utimesSync(file, atime, mtime);
    },
  ];
  for (const change of changes) {
    keep((learn(['a.h'], []) ?? '').replace(/[0-9a-f]{40}/, digestOf('kept')));
    change();
    assert.notEqual(recalled().digest(file), digestOf('kept'));
    rmSync(join(inc, '../record'));
  }
});

test('a file or folder that changed in the last two seconds is not remembered', (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'a.h');
  writeFileSync(file, 'one');
  const memory = memoryOf();
  memory.digest(file);
  memory.exists(join(folder, 'gone.h'));
  assert.equal(memory.worthKeeping({ files: [file], absent: [join(folder, 'gone.h')] }), undefined);
  const stat = statSync(file);
  assert.equal(isSettled(stat, stat.ctimeMs + 1999), false);
  assert.equal(isSettled(stat, stat.ctimeMs + 2000), true);
  assert.equal(isSettled(stat, stat.ctimeMs - 3_600_000), false);
});

test('a file with a modification time in the future is remembered, because that time was set in the past', (context) => {
  const stat = statSync(temporaryFolder(context));
  const dated = Object.assign(Object.create(stat), { mtimeMs: stat.ctimeMs + 3_600_000 });
  assert.equal(isSettled(dated, stat.ctimeMs + 2000), true);
  assert.equal(isSettled(dated, stat.ctimeMs + 1999), false);
});

test('nothing is remembered on a file system without change times, where folders do not show what is added', (context) => {
  const stat = statSync(temporaryFolder(context));
  const onFat = Object.assign(Object.create(stat), { ctimeMs: Date.UTC(1601, 0, 1) });
  assert.equal(isSettled(onFat, stat.mtimeMs + 3_600_000), false);
});

test('nothing is written if everything was known before', (context) => {
  const { learn, keep } = settledFolder(context, { 'a.h': 'one', 'b.h': 'two' });
  keep(learn(['a.h'], ['gone.h']));
  assert.equal(learn(['a.h'], ['gone.h']), undefined);
  assert.notEqual(learn(['a.h', 'b.h'], ['gone.h']), undefined);
  assert.notEqual(learn(['a.h'], ['gone.h', 'other.h']), undefined);
});

test('absent names stay known while their folder is unchanged', (context) => {
  const { inc, learn, keep, recalled } = settledFolder(context, { 'a.h': '' });
  keep(learn([], ['gone.h']));
  assert.equal(recalled().exists(join(inc, 'gone.h')), false);
  assert.equal(recalled().exists(join(inc, 'a.h')), true);
  writeFileSync(join(inc, 'gone.h'), '');
  assert.equal(recalled().exists(join(inc, 'gone.h')), true);
});

test('a link that leads nowhere is not remembered as absent, because its target may appear elsewhere', (context) => {
  const { inc, learn, keep, recalled, settleAgain } = settledFolder(context, {});
  symlinkSync('../generated.h', join(inc, 'x.h'));
  settleAgain();
  keep(learn([], ['x.h', 'gone.h']));
  writeFileSync(join(inc, '../generated.h'), '');
  assert.equal(recalled().exists(join(inc, 'x.h')), true);
  unlinkSync(join(inc, '../generated.h'));
});

test('a file that appeared while the compiler ran is not remembered as absent', (context) => {
  const { inc, keep, recalled, settleAgain } = settledFolder(context, {});
  const first = recalled();
  assert.equal(first.exists(join(inc, 'x.h')), false);
  writeFileSync(join(inc, 'x.h'), '');
  // The compile took so long that the folder has settled again.
  settleAgain();
  keep(first.worthKeeping({ files: [], absent: [join(inc, 'x.h')] }));
  assert.equal(recalled().exists(join(inc, 'x.h')), true);
});

test('a file that no record of a key knows is read once for all keys', async (context) => {
  const { inc } = settledFolder(context, { 'a.h': 'one' });
  const file = join(inc, 'a.h');
  const texts = new Map<string, string>();
  const kept: KeptTexts = {
    read: (name) => texts.get(name),
    changeAll: async (changes) =>
      changes.forEach((to, name) => void texts.set(name, to(texts.get(name)) ?? '')),
  };
  const first = memoryOf(kept);
  assert.equal(first.digest(file), digestOf('one'));
  await first.save();
  assert.equal(texts.size, 1);
  // With another digest in the record it shows that the file is not read again.
  const records = new FolderRecords(kept, 'clang-cl');
  records.learn(file, statSync(file), { digest: digestOf('kept') });
  await records.save();
  const later = memoryOf(kept);
  assert.equal(later.digest(file), digestOf('kept'));
  assert.ok(later.hasNews, 'the record of the key gets it too');
  assert.equal(memoryOf(kept).digestOfSource(file), digestOf('one'), 'a source is always read');
});

function encode(record: KeyRecord): string {
  return encodeKeyRecord(record) ?? assert.fail('it is too large');
}

test('a record of a key that is cut off, of another format or missing is empty', (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'record');
  const stat = statSync(folder);
  const text = encode({
    files: new Map([['/a.h', { signature: signatureOf(stat), digest: digestOf('one') }]]),
    folders: new Map([['/inc', { signature: signatureOf(stat), absentNames: new Set(['x.h', 'y z.h']) }]]),
    searched: new Map([['/inc', { signature: signatureOf(stat), id: digestOf('searches') }]]),
  });
  writeFileSync(file, text);
  const read = readKeyRecord(file);
  assert.equal(read.files.get('/a.h')?.digest, digestOf('one'));
  assert.deepEqual(read.folders.get('/inc')?.absentNames, new Set(['x.h', 'y z.h']));
  assert.equal(read.searched.get('/inc')?.id, digestOf('searches'));
  for (const broken of [text.slice(0, -1), text.slice(0, -30), text.replace('2', '3'), '', '\n']) {
    writeFileSync(file, broken);
    const { files, folders } = readKeyRecord(file);
    assert.equal(files.size + folders.size, 0, JSON.stringify(broken));
  }
  assert.equal(readKeyRecord(join(folder, 'gone')).files.size, 0);
});

test('a name with a tab or a line feed in it is not remembered', () => {
  const text = encode({
    files: new Map([['/a\t.h', { signature: 's', digest: digestOf('one') }]]),
    folders: new Map([['/in\nc', { signature: 's', absentNames: new Set(['x.h']) }]]),
    searched: new Map([['/in\tc', { signature: 's', id: digestOf('searches') }]]),
  });
  assert.equal(text.split('\n').length, 2);
});
