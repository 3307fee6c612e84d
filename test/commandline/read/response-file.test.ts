import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeResponseFile,
  type Expansion,
  expandResponseFiles,
} from '../../../src/commandline/read/response-file.ts';
import { CL, CLANG_CL } from '../hosts.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

function reader(files: Files, asked: string[] = []) {
  return (path: string): Uint8Array | undefined => {
    asked.push(path);
    const content = files[path];
    return typeof content === 'string' ? Buffer.from(content) : content;
  };
}

function expandCl(args: readonly string[], files: Files): Expansion {
  return expandResponseFiles(args, CL, reader(files));
}

function argumentsOf(expansion: Expansion): readonly string[] {
  assert.equal(expansion.kind, 'expanded', JSON.stringify(expansion));
  return expansion.kind === 'expanded' ? expansion.arguments : [];
}

function becauseOf(expansion: Expansion): string {
  assert.equal(expansion.kind, 'passThrough', JSON.stringify(expansion));
  return expansion.kind === 'passThrough' ? expansion.because : '';
}

function utf32(text: string, isLittleEndian: boolean): Uint8Array {
  const points = Array.from(`\ufeff${text}`, (letter) => letter.codePointAt(0) ?? 0);
  const view = new DataView(new ArrayBuffer(points.length * 4));
  for (const [index, point] of points.entries()) view.setUint32(index * 4, point, isLittleEndian);
  return new Uint8Array(view.buffer);
}

test('A response file may be in any Unicode encoding that its byte order mark names', () => {
  const text = '/Dä=日本 "a 😀"';
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  assert.equal(decodeResponseFile(Buffer.from(`\ufeff${text}`, 'utf8')), text);
  assert.equal(decodeResponseFile(little), text);
  assert.equal(decodeResponseFile(Buffer.from(little).swap16()), text);
  assert.equal(decodeResponseFile(utf32(text, true)), text);
  assert.equal(decodeResponseFile(utf32(text, false)), text);
});

test('A response file without a mark is UTF-8 if that is valid, else in the ANSI code page', () => {
  assert.equal(decodeResponseFile(Buffer.from('/Dä', 'utf8')), '/Dä');
  assert.equal(decodeResponseFile(Buffer.from([0x2f, 0x44, 0xe4])), '/Dä');
  assert.equal(decodeResponseFile(Buffer.from('x\ufffdy', 'utf8')), 'x\ufffdy');
});

test('A response file with invalid bytes for its encoding is not decoded', () => {
  assert.equal(decodeResponseFile(Buffer.from([0xff, 0xfe, 0x41])), undefined);
  assert.equal(decodeResponseFile(Buffer.from([0xef, 0xbb, 0xbf, 0xe4])), undefined);
  assert.equal(decodeResponseFile(Buffer.from([0xff, 0xfe, 0, 0, 0xff, 0xff, 0xff, 0xff])), undefined);
});

test('A response file is searched from the working folder, also when another file names it', () => {
  const asked: string[] = [];
  const files = { 'C:\\work\\sub\\a.rsp': '/O2 @sub\\b.rsp', 'C:\\work\\sub\\b.rsp': 'x.c' };
  const expansion = expandResponseFiles(['/c', '@sub\\a.rsp', '/W4'], CL, reader(files, asked));
  assert.deepEqual(argumentsOf(expansion), ['/c', '/O2', 'x.c', '/W4']);
  assert.deepEqual(asked, ['C:\\work\\sub\\a.rsp', 'C:\\work\\sub\\b.rsp']);
});

test('A line without a response file is unchanged', () => {
  const args = ['/c', 'a.c'];
  assert.equal(argumentsOf(expandCl(args, {})), args);
});

test('The compiler gets the line untouched when a response file is missing', () => {
  assert.match(becauseOf(expandCl(['@none.rsp'], {})), /@none\.rsp cannot be read/);
});

test('The compiler gets the line untouched when a response file contains itself', () => {
  const files = { 'C:\\work\\a.rsp': '@b.rsp', 'C:\\work\\b.rsp': '@a.rsp' };
  assert.match(becauseOf(expandCl(['@a.rsp'], files)), /contains itself/);
});

test('The same response file may be named twice side by side', () => {
  assert.deepEqual(argumentsOf(expandCl(['@a.rsp', '@a.rsp'], { 'C:\\work\\a.rsp': '/O2' })), ['/O2', '/O2']);
});

test('Response files nest ten deep at most', () => {
  const files: Record<string, string> = { 'C:\\work\\10.rsp': 'x.c' };
  for (let depth = 1; depth < 10; depth += 1) files[`C:\\work\\${depth}.rsp`] = `@${depth + 1}.rsp`;
  assert.deepEqual(argumentsOf(expandCl(['@1.rsp'], files)), ['x.c']);
  files['C:\\work\\0.rsp'] = '@1.rsp';
  assert.match(becauseOf(expandCl(['@0.rsp'], files)), /more than 10 deep/);
});

test('cl takes @x for a value when the option before it asks for one', () => {
  assert.deepEqual(argumentsOf(expandCl(['/I', '@x', '/Tp', '@y', '/Iz'], {})), [
    '/I',
    '@x',
    '/Tp',
    '@y',
    '/Iz',
  ]);
  assert.match(becauseOf(expandCl(['/Iz', '@x'], {})), /@x/);
});

test('clang-cl expands @x even where an option waits for its value', () => {
  const expansion = expandResponseFiles(['/I', '@x'], CLANG_CL, reader({ '/tree/x': 'inc a.c' }));
  assert.deepEqual(argumentsOf(expansion), ['/I', 'inc', 'a.c']);
});

test('cl does not look for the value of an option on the next line', () => {
  const files = { 'C:\\work\\a.rsp': '/I\ninc', 'C:\\work\\b.rsp': '/I inc\n/I @c\n/Iinc\nx.c' };
  assert.match(becauseOf(expandCl(['@a.rsp'], files)), /\/I lacks its value/);
  assert.deepEqual(argumentsOf(expandCl(['@b.rsp'], files)), ['/I', 'inc', '/I', '@c', '/Iinc', 'x.c']);
});

test('clang-cl does not look there either, and takes names after -- from the same line only', () => {
  const files = { '/tree/a': '/I\ninc a.c', '/tree/b': '/I inc\n/Iinc\na.c', '/tree/c': '-- a.c\n/DX=1' };
  const expand = (name: string) => expandResponseFiles([name], CLANG_CL, reader(files));
  assert.match(becauseOf(expand('@a')), /\/I lacks its value/);
  assert.deepEqual(argumentsOf(expand('@b')), ['/I', 'inc', '/Iinc', 'a.c']);
  assert.match(becauseOf(expand('@c')), /behind --/);
});

test('The compiler gets the line untouched when a quoted part runs over a line end, or there is a NUL', () => {
  assert.match(becauseOf(expandCl(['@a.rsp'], { 'C:\\work\\a.rsp': '"a\nb"' })), /no end on its line/);
  assert.match(becauseOf(expandCl(['@a.rsp'], { 'C:\\work\\a.rsp': 'a\0b' })), /NUL/);
});

test('A control character that may be a blank makes the compiler read the line itself', () => {
  assert.deepEqual(argumentsOf(expandCl(['@a'], { 'C:\\work\\a': '/O2\f/c' })), ['/O2', '/c']);
  assert.match(becauseOf(expandCl(['@a'], { 'C:\\work\\a': '/O2\v/c' })), /control character/);
  const expansion = expandResponseFiles(['@a'], CLANG_CL, reader({ '/tree/a': '/O2\f/c' }));
  assert.match(becauseOf(expansion), /control character/);
});

test('cl reads an unterminated quote to the end, and clang-cl gets the line unchanged', () => {
  assert.deepEqual(argumentsOf(expandCl(['@a'], { 'C:\\work\\a': '/O2 "/DX=a b' })), ['/O2', '/DX=a b']);
  const expansion = expandResponseFiles(['@a'], CLANG_CL, reader({ '/tree/a': '/O2 "/DX=a b' }));
  assert.match(becauseOf(expansion), /no end/);
});

test('A lone @ is an argument of its own', () => {
  assert.deepEqual(argumentsOf(expandCl(['@'], {})), ['@']);
});

test('On POSIX, which has no ANSI code page, the compiler reads such a file itself', () => {
  const bytes = Buffer.from([0x2f, 0x44, 0xe4]);
  assert.match(becauseOf(expandResponseFiles(['@x'], CLANG_CL, () => bytes)), /not valid/);
});

test('a -- in any file or in the line before it makes the end of a later line unclear', () => {
  const files: Record<string, string> = { '/w/a': '/DA\n', '/w/b': '--\n', '/w/c': '@b a.c\n' };
  const read = (path: string) => (files[path] === undefined ? undefined : Buffer.from(files[path]));
  const host = { family: 'clang-cl', clangVersion: 14, style: 'posix', workingDirectory: '/w' } as const;
  const kind = (...args: string[]) => expandResponseFiles(args, host, read).kind;
  assert.equal(kind('@a', '@a'), 'expanded');
  for (const line of [['--', '@a'], ['@b'], ['@c'], ['@a', '@b'], ['@a', '--', '@a']]) {
    assert.equal(kind(...line), 'passThrough', line.join(' '));
  }
});
