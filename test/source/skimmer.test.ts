import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Findings } from '../../src/source/findings.ts';
import { type Interests, interestIn, sourceInterests } from '../../src/source/interests.ts';
import { inReading, prepare } from '../../src/source/prepare.ts';
import { READINGS } from '../../src/source/readings.ts';
import { Skimmer } from '../../src/source/skimmer.ts';
import { readTokens } from '../../src/source/source-reader.ts';
import { TOKENS } from '../../src/source/token.ts';
import { FORMED, WORDS } from '../../src/source/words.ts';
import { Random } from '../fuzz/random.ts';
import { randomLines } from './random-lines.ts';

/** Reads each token by itself. */
class Slow extends Skimmer {
  protected override passBy(): boolean {
    return false;
  }
}

type Kind = new (bytes: Uint8Array, reading: number, interests: Interests) => Skimmer;

function findingsOf(Lexer: Kind, bytes: Buffer, reading: number) {
  const findings = new Findings();
  const lexer = new Lexer(inReading(bytes, reading), reading, sourceInterests());
  const differs = readTokens(lexer, findings, false);
  const found = findings.found();
  return { differs, ...found, pathWords: found.pathWords.toSorted() };
}

const MARKS = [
  '\n',
  '\n',
  ' ',
  ' ',
  '(',
  ')',
  ',',
  ';',
  '.',
  '...',
  '##',
  '#',
  '\\\n',
  '\\ \n',
  '\r\n',
  '\r',
].concat(
  [
    '\t',
    '/**/',
    '/* a\n*/',
    '// x\n',
    '//\\\n',
    '//*',
    '*/',
    '"a.b"',
    '"GCC x"',
    '"a"',
    "'a'",
    '"',
    "'",
    '/',
    '%:',
  ],
  [
    'L"x"',
    'R"(\n)"',
    '1.e+',
    '0x1',
    "1'0",
    '.5',
    '=',
    '{',
    '}',
    '[',
    ']',
    '>',
    '+',
    '-',
    'e+',
    '\xe9',
    '$',
    '\\u00e9',
  ],
  [
    '#if ',
    '#endif',
    '#define X ',
    '#define X(a, b) ',
    '#define X(T)',
    '#define __(f, T...) ',
    ' # define T(x)x',
    '#include "a.h"',
    '# include\t<a>',
    '#include "a',
    '#include <a//*b#.h>',
    '#include_next <a>',
    '#pragma ',
    '#pragma once\n',
    '# pragma once',
    '#undef ',
    '\f',
  ],
  [
    'defined',
    'defined(',
    'if',
    'f',
    'x',
    'foo_',
    '_x',
    '__x',
    'T',
    'struct',
    'typename',
    'asm',
    '_Pragma("GCC x")',
  ],
);

/** Words that a scan looks for, pieces of those, and all that may stand beside them. */
function randomText(random: Random): Buffer {
  const words = [...Object.keys(WORDS), ...FORMED];
  const next = () => {
    if (random.chance(0.6)) return random.pick(MARKS);
    const word = random.pick(words);
    const from = random.between(0, word.length - 1);
    return random.chance(0.5) ? word : word.slice(from, random.between(from + 1, word.length));
  };
  return Buffer.from(
    Array.from({ length: random.between(1, 40) }, next).join(random.chance(0.3) ? ' ' : ''),
    'latin1',
  );
}

test('what is passed by is nothing: random text reads the same without', () => {
  for (let seed = 1; seed <= 20_000; seed++) {
    const random = new Random(seed);
    const text = random.chance(0.2) ? Buffer.from(randomLines(seed, 4), 'latin1') : randomText(random);
    const reading = random.chance(0.2) ? random.between(1, 2 * READINGS.halfLetters - 1) : 0;
    assert.deepEqual(
      findingsOf(Skimmer, text, reading),
      findingsOf(Slow, text, reading),
      `seed ${seed}, reading ${reading}: ${JSON.stringify(text.toString('latin1'))}`,
    );
  }
});

test('what is passed by is nothing: words of interest that hold digits are found among others that do', () => {
  const words = ['a3b', 'a2c', '__x12', '__x3'];
  const interests = interestIn(words);
  /** The words that are found, with their places in the text. */
  const found = (Lexer: Kind, text: string) => {
    const lexer = new Lexer(inReading(Buffer.from(text), 0), 0, interests);
    const places: string[] = [];
    while (lexer.skim() !== TOKENS.end)
      if (words.includes(lexer.spelling())) places.push(`${lexer.spelling()} ${lexer.end}`);
    return places;
  };
  const others = ['a2b', 'a3', '__x1', '__x13', '9b9', '2', '3.a3b', 'b', 'b99', '(', ',', ';', '+'];
  for (let seed = 1; seed <= 5000; seed++) {
    const random = new Random(seed);
    const next = () => random.pick(random.chance(0.3) ? words : others);
    const text = Array.from({ length: 12 }, next).join(random.chance(0.5) ? ' ' : '\n');
    assert.deepEqual(found(Skimmer, text), found(Slow, text), JSON.stringify(text));
  }
});

test('what is passed by is nothing: the headers of the system read the same without', () => {
  const folders = ['/usr/include', '/usr/include/linux', '/usr/include/c++/12', '/usr/include/c++/12/bits'];
  for (const folder of folders) {
    for (const { name } of readdirSafely(folder)) {
      const { bytes } = prepare(readFileSync(join(folder, name)), false) ?? {};
      if (bytes) assert.deepEqual(findingsOf(Skimmer, bytes, 0), findingsOf(Slow, bytes, 0), name);
    }
  }
});

function readdirSafely(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  } catch {
    return [];
  }
}
