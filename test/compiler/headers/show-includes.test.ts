import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ENGLISH_NOTES,
  guessNotes,
  type IncludeNotes,
  learnNotes,
  splitIncludeNotes,
} from '../../../src/compiler/headers/show-includes.ts';

/** The languages of cl with the blanks before a path of depth 1; the texts are those of `clui.dll`. */
const LANGUAGES: Readonly<Record<string, readonly [prefix: string, firstIndent: number]>> = {
  'Chinese (Taiwan)': ['注意: 包含檔案:', 1],
  Czech: ['Poznámka: Včetně souboru:', 1],
  German: ['Hinweis: Einlesen der Datei:', 1],
  English: ['Note: including file:', 1],
  French: ['Remarque\u00a0: inclusion du fichier\u00a0:', 2],
  Italian: ['Nota: file incluso', 2],
  Japanese: ['メモ: インクルード ファイル:', 2],
  Korean: ['참고: 포함 파일:', 1],
  Polish: ['Uwaga: w tym pliku:', 2],
  'Portuguese (Brazil)': ['Observação: incluindo arquivo:', 1],
  Russian: ['Примечание: включение файла:', 2],
  Turkish: ['Not: eklenen dosya:', 2],
  'Chinese (PRC)': ['注意: 包含文件:', 2],
  Spanish: ['Nota: inclusión del archivo:', 1],
};

const CRLF = '\r\n';
const everything = () => true;

function noteLine(language: string, depth: number, path: string): string {
  const [prefix, firstIndent] = LANGUAGES[language] ?? ['', 0];
  return `${prefix}${' '.repeat(firstIndent + depth - 1)}${path}${CRLF}`;
}

for (const [language, [prefix, firstIndent]] of Object.entries(LANGUAGES)) {
  const expected: IncludeNotes = { prefix: Buffer.from(prefix), firstIndent };

  test(`the prefix of ${language} is learnt from a probe, whatever the path looks like`, () => {
    for (const path of [
      'clcache_probe.h',
      'C:\\Temp\\clcache_probe.h',
      'C:\\Users\\John Q. Doe\\AppData\\Local\\Temp\\clcache probe 1\\clcache_probe.h',
      '\\\\server\\a share\\clcache_probe.h',
      '/tmp/clcache-probe-x/clcache_probe.h',
      '.\\clcache_probe.h',
      './clcache_probe.h',
    ]) {
      const output = Buffer.from(`clcache_probe.c${CRLF}${noteLine(language, 1, path)}`);
      assert.deepEqual(learnNotes(output, 'clcache_probe.h'), expected, path);
    }
  });

  test(`the prefix of ${language} is guessed when there was no probe`, () => {
    const output = Buffer.from(`a.cpp${CRLF}${noteLine(language, 1, 'C:\\a.h')}`);
    assert.deepEqual(guessNotes(output), expected);
  });

  test(`paths and depths are read from notes in ${language}, and the notes are removed from the output`, () => {
    const output = `a.cpp${CRLF}${noteLine(language, 1, 'C:\\my inc/a.h')}${noteLine(language, 3, 'C:\\b.h')}done${CRLF}`;
    const split = splitIncludeNotes(Buffer.from(output), expected, everything);
    assert.deepEqual(split.includes, [
      { path: 'C:\\my inc/a.h', depth: 1 },
      { path: 'C:\\b.h', depth: 3 },
    ]);
    assert.equal(split.strayNotes, 0);
    assert.equal(split.rest.toString(), `a.cpp${CRLF}done${CRLF}`);
  });
}

test('a prefix in a code page is learnt byte for byte and then found again', () => {
  const french437 = Buffer.concat([
    Buffer.from('Remarque'),
    Buffer.of(0xff),
    Buffer.from(': inclusion du fichier'),
    Buffer.of(0xff),
    Buffer.from(':'),
  ]);
  const japanese932 = Buffer.from('838182 3a20834383934e83 8b815b3a'.replaceAll(' ', ''), 'hex');
  for (const prefix of [french437, japanese932]) {
    const line = (path: string) => Buffer.concat([prefix, Buffer.from(`  ${path}${CRLF}`)]);
    const notes = learnNotes(line('C:\\t\\p.h'), 'p.h');
    assert.deepEqual(notes, { prefix, firstIndent: 2 });
    assert.deepEqual(splitIncludeNotes(line('D:\\x.h'), notes, everything).includes, [
      { path: 'D:\\x.h', depth: 1 },
    ]);
  }
});

test('nothing is learnt if no line ends with the header of the probe', () => {
  assert.equal(
    learnNotes(Buffer.from('clcache_probe.c\r\nNote: including file: C:\\other.h\r\n'), 'p.h'),
    undefined,
  );
  assert.equal(learnNotes(Buffer.from('Note: including file: C:\\shop.h.txt\r\n'), 'p.h'), undefined);
  assert.equal(learnNotes(Buffer.alloc(0), 'p.h'), undefined);
  assert.equal(guessNotes(Buffer.from('a.cpp\r\na.cpp(1): warning C4000: Note: including\r\n')), undefined);
});

test('notes end in LF as well as in CRLF, and the last line may end in neither', () => {
  const output = Buffer.from(
    'Note: including file: a.h\nNote: including file:  b.h\r\nNote: including file: c.h',
  );
  const split = splitIncludeNotes(output, ENGLISH_NOTES, everything);
  assert.deepEqual(split.includes, [
    { path: 'a.h', depth: 1 },
    { path: 'b.h', depth: 2 },
    { path: 'c.h', depth: 1 },
  ]);
  assert.equal(split.rest.length, 0);
});

test('a repeated header is reported each time', () => {
  const output = Buffer.from('Note: including file: a.h\nNote: including file: a.h\n');
  assert.equal(splitIncludeNotes(output, ENGLISH_NOTES, everything).includes.length, 2);
});

test('a warning with two colons is not a note', () => {
  const text =
    'a.cpp(3): warning C4996: unsafe: use another\r\nWarning: something: C:\\a.h\r\nNote: including file:C:\\a.h\r\n note: Note: including file: C:\\a.h\r\n';
  const split = splitIncludeNotes(Buffer.from(text), ENGLISH_NOTES, everything);
  assert.deepEqual(split.includes, []);
  assert.equal(split.strayNotes, 0);
  assert.equal(split.rest.toString(), text);
});

test('a line that looks like a note but names no file stays in the output and counts as stray', () => {
  const text = 'Note: including file: gone.h\r\nNote: including file: here.h\r\n';
  const split = splitIncludeNotes(Buffer.from(text), ENGLISH_NOTES, (path) => path === 'here.h');
  assert.deepEqual(split.includes, [{ path: 'here.h', depth: 1 }]);
  assert.equal(split.strayNotes, 1);
  assert.equal(split.rest.toString(), 'Note: including file: gone.h\r\n');
});

test('a path that is not UTF-8 is read byte by byte', () => {
  const output = Buffer.concat([
    Buffer.from('Note: including file: C:\\'),
    Buffer.of(0xe4),
    Buffer.from('.h\r\n'),
  ]);
  const isThere = (path: string) => path === 'C:\\ä.h';
  assert.deepEqual(splitIncludeNotes(output, ENGLISH_NOTES, isThere).includes, [
    { path: 'C:\\ä.h', depth: 1 },
  ]);
});

test('bytes of the output that are not notes are unchanged', () => {
  const bytes = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
  assert.deepEqual(splitIncludeNotes(bytes, ENGLISH_NOTES, everything).rest, bytes);
});
