import assert from 'node:assert/strict';
import type { Stats } from 'node:fs';
import { test } from 'node:test';
import { type KnownHeader, KnownHeaders } from '../../src/compile/known-headers.ts';
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

  async keep(name: string, text: string): Promise<void> {
    this.kept++;
    this.texts.set(name, text);
  }
}

function header(text: string): KnownHeader {
  const bytes = Buffer.from(text);
  return { digest: digestOfBytes(bytes), scan: scanSource(bytes, { importReadsTypeLibraries: false }) };
}

function statOf(parts: Partial<Stats> = {}): Stats {
  return { size: 7, mtimeMs: THEN, ctimeMs: THEN, ino: 1, ...parts } as Stats;
}

/** What another call finds of a header that this one has learnt. */
async function foundLater(text: string, learnt = statOf(), now = learnt): Promise<KnownHeader | undefined> {
  const files = new MemoryFiles();
  const headers = new KnownHeaders(files, 'clang-cl');
  headers.learn('/inc/a.h', learnt, header(text));
  await headers.save();
  return new KnownHeaders(files, 'clang-cl').find('/inc/a.h', now);
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
  const headers = new KnownHeaders(files, 'clang-cl');
  headers.learn('/inc/a.h', young, header('int a;\n'));
  assert.ok(headers.find('/inc/a.h', young));
  await headers.save();
  assert.equal(files.kept, 0, 'there is nothing to keep');
  headers.learn('/inc/b.h', statOf(), header('int b;\n'));
  await headers.save();
  const later = new KnownHeaders(files, 'clang-cl');
  assert.ok(later.find('/inc/b.h', statOf()));
  assert.equal(later.find('/inc/a.h', young), undefined);
});

test('a header that one compiler learnt is not known to a compiler of another family', async () => {
  const files = new MemoryFiles();
  const headers = new KnownHeaders(files, 'clang-cl');
  headers.learn('/inc/a.h', statOf(), header('int a;\n'));
  await headers.save();
  assert.equal(new KnownHeaders(files, 'cl').find('/inc/a.h', statOf()), undefined);
});

test('a header of the same name in another folder is another header', async () => {
  const files = new MemoryFiles();
  const headers = new KnownHeaders(files, 'clang-cl');
  for (const folder of ['/one', '/two']) headers.learn(`${folder}/a.h`, statOf(), header(`// ${folder}\n`));
  await headers.save();
  assert.equal(files.texts.size, 2);
  const later = new KnownHeaders(files, 'clang-cl');
  for (const folder of ['/one', '/two']) {
    assert.equal(later.find(`${folder}/a.h`, statOf())?.digest, header(`// ${folder}\n`).digest);
  }
});

test('nothing is written if nothing was learnt', async () => {
  const files = new MemoryFiles();
  const first = new KnownHeaders(files, 'clang-cl');
  first.learn('/inc/a.h', statOf(), header('int a;\n'));
  await first.save();
  await first.save();
  const second = new KnownHeaders(files, 'clang-cl');
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
    const headers = new KnownHeaders(files, 'clang-cl');
    headers.learn('/inc/a.h', statOf(), header('int a;\n'));
    await headers.save();
    for (const [name, text] of files.texts) files.texts.set(name, spoil(text));
    assert.equal(new KnownHeaders(files, 'clang-cl').find('/inc/a.h', statOf()), undefined);
  }
});

test('the headers that were learnt last are kept if there are too many', async () => {
  const files = new MemoryFiles();
  const headers = new KnownHeaders(files, 'clang-cl');
  const known = header('int a;\n');
  for (let index = 0; index <= 2000; index++) headers.learn(`/inc/${index}.h`, statOf(), known);
  await headers.save();
  const later = new KnownHeaders(files, 'clang-cl');
  assert.equal(later.find('/inc/2000.h', statOf())?.digest, known.digest);
  assert.equal(later.find('/inc/0.h', statOf()), undefined);
});

test('headers are known within a call if they cannot be stored', async () => {
  const headers = new KnownHeaders(undefined, 'clang-cl');
  headers.learn('/inc/a.h', statOf(), header('int a;\n'));
  await headers.save();
  assert.ok(headers.find('/inc/a.h', statOf()));
});

test('in a folder with too many headers, those that an earlier call learnt first are dropped', async () => {
  const files = new MemoryFiles();
  const known = header('int a;\n');
  const first = new KnownHeaders(files, 'clang-cl');
  first.learn('/inc/z.h', statOf(), known);
  for (let index = 1; index < 2000; index++) first.learn(`/inc/m${index}.h`, statOf(), known);
  await first.save();
  const second = new KnownHeaders(files, 'clang-cl');
  second.learn('/inc/a.h', statOf(), known);
  await second.save();
  const third = new KnownHeaders(files, 'clang-cl');
  assert.equal(third.find('/inc/z.h', statOf()), undefined);
  for (const name of ['a', 'm1', 'm1999']) assert.ok(third.find(`/inc/${name}.h`, statOf()), name);
});
