import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompilerFamily } from '../../src/commandline/family.ts';
import type { Language } from '../../src/commandline/languages.ts';
import { withoutRepeatedDriverMessages } from '../../src/compile/driver-messages.ts';

const lines = (all: readonly string[], end: string) => Buffer.from(all.map((line) => line + end).join(''));

const UNUSED =
  "clang-cl: warning: argument unused during compilation: '/x' [-Wunused-command-line-argument]\n";
const STANDARD = "clang-cl: warning: '/std:c++17' is not valid for C [-Wunused]\n";
const IN_SOURCE = 'a.c(1,1): warning: something about the source\n';

function later(first: string, text: string, family: CompilerFamily = 'clang-cl', language: Language = 'c') {
  const stderr = Buffer.from(text, 'latin1');
  const left = withoutRepeatedDriverMessages(family, Buffer.from(first, 'latin1'), { stderr, language });
  return Buffer.from(left).toString('latin1');
}

test('a warning of the driver that the first source showed is not shown for the next one', () => {
  assert.equal(later(UNUSED, UNUSED), '');
  assert.equal(later(`${UNUSED}${IN_SOURCE}`, `${UNUSED}${IN_SOURCE}`), IN_SOURCE);
});

test('a warning of the driver that the first source did not show stays', () => {
  const unknown = "clang-cl: warning: unknown argument ignored in clang-cl: '-x' [-Wunknown-argument]\n";
  assert.equal(later('', unknown), unknown);
  assert.equal(later(IN_SOURCE, unknown), unknown);
});

test('a message about a source is shown for each source, even if the first gave the same', () => {
  assert.equal(later(IN_SOURCE, IN_SOURCE), IN_SOURCE);
  assert.equal(later(`${UNUSED}${IN_SOURCE}`, `${IN_SOURCE}${UNUSED}`), `${IN_SOURCE}${UNUSED}`);
});

test('a coloured message is recognised as the driver’s', () => {
  const coloured = UNUSED.replace('warning: ', '\x1b[0;1;35mwarning: \x1b[0m');
  assert.equal(later(coloured, coloured), '');
});

test('a warning that the language standard does not fit is shown for each source, as by clang-cl', () => {
  assert.equal(later(STANDARD, STANDARD), STANDARD);
  assert.equal(later(STANDARD, STANDARD, 'clang-cl', 'c++'), '');
});

test('everything that cl writes to stderr is its driver’s: the banner comes once, another line stays', () => {
  const banner = 'Microsoft (R) C/C++ Optimizing Compiler\r\nCopyright\r\n\r\n';
  const deprecated = 'cl : Command line warning D9035\r\n';
  assert.equal(later(banner, banner, 'cl'), '');
  assert.equal(later(banner, `${banner}${deprecated}`, 'cl'), deprecated);
});

test('bytes that are not UTF-8 are unchanged', () => {
  const text = `${UNUSED}caf\xe9\xff: note\n`;
  assert.equal(later(UNUSED, text), 'caf\xe9\xff: note\n');
});

test('a message of clang-cl about the line is shown once, however it is coloured, wrapped and ended', () => {
  const own = ['a.c(1,1): warning: w', '      one;', '      ^'];
  const said: (readonly string[])[] = [
    ['clang-cl: warning: unknown argument ignored'],
    ['clang: \x1b[0;1;35mwarning: \x1b[0m\x1b[1m', '      unknown argument', '      ignored\x1b[0m'],
    ['clang-14: warning: first', 'clang-14: note: second', '      goes on'],
  ];
  for (const end of ['\n', '\r\n']) {
    for (const messages of said) {
      const first = lines(messages, end);
      const later = { stderr: lines([...messages, ...own], end), language: 'c' } as const;
      assert.deepEqual(withoutRepeatedDriverMessages('clang-cl', first, later), lines(own, end));
      const other = lines(['clang-cl: warning: another'], end);
      assert.deepEqual(withoutRepeatedDriverMessages('clang-cl', other, later), later.stderr);
    }
  }
});

test('an option that the first source uses is used, whatever a later one says', () => {
  assert.equal(later('', `${UNUSED}${IN_SOURCE}`, 'clang-cl', 'assembler'), IN_SOURCE);
  const wrapped = "clang: warning: argument unused during\n      compilation: '/FA'\n";
  assert.equal(later(IN_SOURCE, `${wrapped}${IN_SOURCE}`, 'clang-cl', 'assembler'), IN_SOURCE);
  const standard = "clang: warning: argument unused during compilation: '/std:c++17'\n";
  assert.equal(later('', standard), standard);
});
