import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  quoteArgument,
  responseFileText,
  tokenize,
  tokenizeLines,
} from '../../../src/commandline/read/tokenizer.ts';

const CASES: readonly [title: string, text: string, words: string[]][] = [
  ['nothing is no argument', '', []],
  ['blanks alone are no argument', ' \t\r\n\f ', []],
  ['space, tab, line feed, carriage return and form feed separate', 'a b\tc\nd\re\r\nf\fg', [...'abcdefg']],
  ['quotes keep blanks and vanish', '/D"MSG=hello world" "/DX=a b"', ['/DMSG=hello world', '/DX=a b']],
  ['quotes may stand in the middle of a word', 'a"b c"d', ['ab cd']],
  ['an empty pair of quotes is an empty argument', 'a "" b', ['a', '', 'b']],
  ['two quotes inside quotes are a literal quote', 'a"b"" c d"', ['ab" c d']],
  ['backslashes that no quote follows stay', 'C:\\a\\\\b \\\\server\\c', ['C:\\a\\\\b', '\\\\server\\c']],
  ['an odd backslash makes the quote literal', 'a\\"b \\\\\\"c', ['a"b', '\\"c']],
  [
    'even backslashes are halved and the quote counts',
    '"a b\\\\" c \\\\\\\\"d e"',
    ['a b\\', 'c', '\\\\d e'],
  ],
  ['a backslash before the closing quote is the classic trap', '/Fo"dir\\" a.c', ['/Fodir" a.c']],
  ['an unterminated quote runs to the end', 'a "b c', ['a', 'b c']],
  ['a NUL is a character like any other', 'a\0b c', ['a\0b', 'c']],
  ['letters beyond ASCII stay', 'ä "日本 語"', ['ä', '日本 語']],
];

for (const [title, text, words] of CASES) {
  test(`In a command file, ${title}`, () => {
    assert.deepEqual(tokenize(text), words);
  });
}

test('A token knows whether it ends its line and whether a quoted part runs over a line end', () => {
  assert.deepEqual(tokenizeLines('/I \r\n"a\nb" c'), [
    { text: '/I', isDubious: false, isUnterminated: false, endsLine: true },
    { text: 'a\nb', isDubious: true, isUnterminated: false, endsLine: false },
    { text: 'c', isDubious: false, isUnterminated: false, endsLine: true },
  ]);
});

const AWKWARD = [
  'a.c',
  '',
  'a b',
  'tab\there',
  'quote"inside',
  '"',
  '\\',
  'dir\\',
  'dir with blank\\',
  'dir with blanks\\\\',
  '\\"',
  '/DX="a b"',
  '/DX=\\"a\\\\b\\"',
  '""',
  'ä日本 語',
];

test('A response file is read back as the arguments that it was written from', () => {
  assert.deepEqual(tokenize(responseFileText(AWKWARD)), AWKWARD);
  for (const argument of AWKWARD) assert.deepEqual(tokenize(quoteArgument(argument)), [argument]);
});

test('A response file keeps options and their values on one line, as cl demands', () => {
  assert.equal(responseFileText(['/I', 'a b', 'c.c']), '/I "a b" c.c\n');
});

test('A response file is one line, and a plain argument needs no quotes', () => {
  assert.equal(quoteArgument('C:\\a\\b'), 'C:\\a\\b');
});
