import assert from 'node:assert/strict';
import type { Stats } from 'node:fs';
import { test } from 'node:test';
import { FAMILIES } from '../../src/commandline/family.ts';
import { type ChangeOfText, FolderRecords, type KnownFile } from '../../src/files/folder-records.ts';
import { digestOfBytes } from '../../src/hash/digest.ts';
import { scanSource } from '../../src/source/scan.ts';

/** An hour ago. */
const THEN = Date.now() - 3_600_000;

/** What calls keep for each other, by name. */
class MemoryFiles {
  readonly texts = new Map<string, string>();
  kept = 0;

  read(name: string, maximumSize: number): string | undefined {
    const text = this.texts.get(name);
    return text !== undefined && Buffer.byteLength(text) <= maximumSize ? text : undefined;
  }

  async changeAll(changes: ReadonlyMap<string, ChangeOfText>): Promise<void> {
    for (const [name, to] of changes) {
      const text = to(this.texts.get(name));
      if (text === undefined) continue;
      this.kept += 1;
      this.texts.set(name, text);
    }
  }
}

function header(text: string): KnownFile {
  const bytes = Buffer.from(text);
  return { digest: digestOfBytes(bytes), scan: scanSource(bytes, FAMILIES['clang-cl']) };
}

function statOf(parts: Partial<Stats> = {}): Stats {
  return { size: 7, mtimeMs: THEN, ctimeMs: THEN, ino: 1, ...parts } as Stats;
}

/** What another call finds of a header that this one has learnt. */
async function foundLater(text: string, learnt = statOf(), now = learnt): Promise<KnownFile | undefined> {
  const files = new MemoryFiles();
  const records = new FolderRecords(files, 'clang-cl');
  records.learn('/inc/a.h', learnt, header(text));
  await records.save();
  return new FolderRecords(files, 'clang-cl').find('/inc/a.h', now);
}

const TEXTS = [
  '',
  '#pragma once\n#include "b.h"\n#include <c.h>\n#include_next <d.h>\n',
  '#if __has_include("b.h") || __has_include_next(<c d.h>)\n#endif\n',
  '#define NAME "x.h"\n#include NAME\n',
  'const char *t = __TIME__, *f = __FILE__;\n',
  '#define PASTE(a, b) a##b\nint PASTE(__TI, ME__);\n',
  'asm(".incbin \\"file\\"");\n',
  '#pragma message(__TIMESTAMP__)\n',
  '#import "a.tlb"\n#pragma comment(lib, "x")\n',
  'struct S {}; const char *n = __PRETTY_FUNCTION__; auto t = typeid(S).name();\n',
];

for (const text of TEXTS) {
  test(`the findings in ${JSON.stringify(text)} are known to the next call`, async () => {
    const { digest, scan } = header(text);
    const found = await foundLater(text);
    assert.deepEqual({ digest: found?.digest, scan: found?.scan }, { digest, scan });
  });
}

test('a header with another size, time or inode is not known', async () => {
  const learnt = statOf();
  for (const part of [
    { size: 8 },
    { mtimeMs: learnt.mtimeMs + 1 },
    { ctimeMs: learnt.ctimeMs + 1 },
    { ino: 2 },
  ]) {
    assert.equal(await foundLater('int a;\n', learnt, { ...learnt, ...part } as Stats), undefined);
  }
});

test('a header that was just written is known to this call but not to the next one', async () => {
  const now = Date.now();
  const young = statOf({ mtimeMs: now - 100, ctimeMs: now - 100 });
  const files = new MemoryFiles();
  const records = new FolderRecords(files, 'clang-cl');
  records.learn('/inc/a.h', young, header('int a;\n'));
  assert.ok(records.find('/inc/a.h', young));
  await records.save();
  assert.equal(files.kept, 0, 'there is nothing to keep');
  records.learn('/inc/b.h', statOf(), header('int b;\n'));
  await records.save();
  const later = new FolderRecords(files, 'clang-cl');
  assert.ok(later.find('/inc/b.h', statOf()));
  assert.equal(later.find('/inc/a.h', young), undefined);
});

test('a header that one compiler learnt is not known to a compiler of another family', async () => {
  const files = new MemoryFiles();
  const records = new FolderRecords(files, 'clang-cl');
  records.learn('/inc/a.h', statOf(), header('int a;\n'));
  await records.save();
  assert.equal(new FolderRecords(files, 'cl').find('/inc/a.h', statOf()), undefined);
});

test('the findings in a header stay known while its contents are the same, whatever its times are', async () => {
  const files = new MemoryFiles();
  const first = new FolderRecords(files, 'clang-cl');
  const { digest, scan } = header('#include "b.h"\n');
  first.learn('/inc/a.h', statOf(), { digest, ...(scan && { scan }) });
  await first.save();
  const second = new FolderRecords(files, 'clang-cl');
  assert.deepEqual(second.scanOf('/inc/a.h', digest), scan);
  assert.equal(second.scanOf('/inc/a.h', header('int b;\n').digest), undefined);
  // A call that was a hit hashes the file, but does not scan it.
  const checkedOut = statOf({ mtimeMs: THEN + 1000, ctimeMs: THEN + 1000 });
  second.learn('/inc/a.h', checkedOut, { digest });
  await second.save();
  assert.deepEqual(new FolderRecords(files, 'clang-cl').find('/inc/a.h', checkedOut)?.scan, scan);
});

test('a file that was only hashed is known without findings', async () => {
  const files = new MemoryFiles();
  const first = new FolderRecords(files, 'clang-cl');
  const { digest } = header('int a;\n');
  first.learn('/inc/a.h', statOf(), { digest });
  await first.save();
  const found = new FolderRecords(files, 'clang-cl').find('/inc/a.h', statOf());
  assert.deepEqual([found?.digest, found?.scan], [digest, undefined]);
});

test('a header of the same name in another folder is another header', async () => {
  const files = new MemoryFiles();
  const records = new FolderRecords(files, 'clang-cl');
  for (const folder of ['/one', '/two']) records.learn(`${folder}/a.h`, statOf(), header(`// ${folder}\n`));
  await records.save();
  const later = new FolderRecords(files, 'clang-cl');
  for (const folder of ['/one', '/two']) {
    assert.equal(later.find(`${folder}/a.h`, statOf())?.digest, header(`// ${folder}\n`).digest);
  }
});

test('a header with a name that JSON writes differently is known', async () => {
  const files = new MemoryFiles();
  const records = new FolderRecords(files, 'clang-cl');
  const names = ['a"b.h', 'a\\b.h', 'a",\n["b.h', '\u00e4.h', '\u0001.h'];
  for (const name of names) records.learn(`/inc/${name}`, statOf(), header(`// ${name}\n`));
  await records.save();
  const later = new FolderRecords(files, 'clang-cl');
  for (const name of names) {
    assert.equal(later.find(`/inc/${name}`, statOf())?.digest, header(`// ${name}\n`).digest, name);
  }
});

test('two hundred folders beside each other have at most four records, in one section', async () => {
  const files = new MemoryFiles();
  const records = new FolderRecords(files, 'clang-cl');
  const paths = Array.from({ length: 200 }, (_, index) => `/tree/f${index}/include/a.h`);
  for (const path of paths) records.learn(path, statOf(), header(`// ${path}\n`));
  await records.save();
  assert.ok(files.texts.size <= 4, String(files.texts.size));
  assert.equal(new Set(Array.from(files.texts.keys(), (name) => name.charAt(0))).size, 1);
  const later = new FolderRecords(files, 'clang-cl');
  for (const path of paths) {
    assert.equal(later.find(path, statOf())?.digest, header(`// ${path}\n`).digest);
  }
});

test('what two calls learn at the same time is kept of both, and the last one counts', async () => {
  const files = new MemoryFiles();
  const [one, two] = [new FolderRecords(files, 'clang-cl'), new FolderRecords(files, 'clang-cl')];
  one.learn('/inc/a.h', statOf(), header('int a;\n'));
  one.learn('/inc/both.h', statOf(), header('int one;\n'));
  two.learn('/inc/b.h', statOf(), header('int b;\n'));
  two.learn('/inc/both.h', statOf(), header('int two;\n'));
  await one.save();
  await two.save();
  const later = new FolderRecords(files, 'clang-cl');
  for (const [name, text] of [
    ['a', 'int a;\n'],
    ['b', 'int b;\n'],
    ['both', 'int two;\n'],
  ] as const) {
    assert.equal(later.find(`/inc/${name}.h`, statOf())?.digest, header(text).digest, name);
  }
});

test('nothing is written if nothing was learnt', async () => {
  const files = new MemoryFiles();
  const first = new FolderRecords(files, 'clang-cl');
  first.learn('/inc/a.h', statOf(), header('int a;\n'));
  await first.save();
  await first.save();
  const second = new FolderRecords(files, 'clang-cl');
  second.find('/inc/a.h', statOf());
  await second.save();
  assert.equal(files.kept, 1);
});

test('a text that was changed counts as empty', async () => {
  for (const spoil of [
    (text: string) => text.slice(0, -9),
    (text: string) => text.replace(header('int a;\n').digest, header('int b;\n').digest),
    () => '',
    () => '[]',
  ]) {
    const files = new MemoryFiles();
    const records = new FolderRecords(files, 'clang-cl');
    records.learn('/inc/a.h', statOf(), header('int a;\n'));
    await records.save();
    for (const [name, text] of files.texts) files.texts.set(name, spoil(text));
    assert.equal(new FolderRecords(files, 'clang-cl').find('/inc/a.h', statOf()), undefined);
  }
});

test('the records that were learnt last are kept if there are too many', async () => {
  const files = new MemoryFiles();
  const records = new FolderRecords(files, 'clang-cl');
  const known = header('int a;\n');
  for (let index = 0; index <= 16_000; index++) records.learn(`/inc/${index}.h`, statOf(), known);
  await records.save();
  const later = new FolderRecords(files, 'clang-cl');
  assert.equal(later.find('/inc/16000.h', statOf())?.digest, known.digest);
  assert.equal(later.find('/inc/0.h', statOf()), undefined);
});

test('records are known within a call if they cannot be stored', async () => {
  const records = new FolderRecords(undefined, 'clang-cl');
  records.learn('/inc/a.h', statOf(), header('int a;\n'));
  await records.save();
  assert.ok(records.find('/inc/a.h', statOf()));
});

test('in a folder with too many headers, those that an earlier call learnt first are dropped', async () => {
  const files = new MemoryFiles();
  const known = header('int a;\n');
  const first = new FolderRecords(files, 'clang-cl');
  first.learn('/inc/z.h', statOf(), known);
  for (let index = 1; index < 16_000; index++) first.learn(`/inc/m${index}.h`, statOf(), known);
  await first.save();
  const second = new FolderRecords(files, 'clang-cl');
  second.learn('/inc/a.h', statOf(), known);
  await second.save();
  const third = new FolderRecords(files, 'clang-cl');
  assert.equal(third.find('/inc/z.h', statOf()), undefined);
  for (const name of ['a', 'm1', 'm15999']) assert.ok(third.find(`/inc/${name}.h`, statOf()), name);
});
