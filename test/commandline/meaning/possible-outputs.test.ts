import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  OUTPUT_SUFFIXES,
  type PossibleOutputs,
  possibleOutputs,
} from '../../../src/commandline/meaning/possible-outputs.ts';

const NOTHING = { fileExists: () => false, folderExists: () => false };
const POSIX = { style: 'posix', workingDirectory: '/w', ...NOTHING } as const;
const WINDOWS = { style: 'win32', workingDirectory: 'C:\\w', ...NOTHING } as const;

const CASES: readonly (readonly [string, string])[] = [
  ['/c /Zi a.c', '/w/a.obj'],
  ['/c /Zi a.c /Foout/b.obj', '/w/out/b.obj'],
  ['/c /Zi a.c /Fo:out/b.obj', '/w/out/b.obj'],
  ['/c /Zi a.c /Foout/b', '/w/out/b.obj'],
  ['/c /Zi sub/a.c b.cpp /Foout/', '/w/out/b.obj'],
  ['/c /Zi sub/a.c b.cpp /Foout/', '/w/out/a.obj'],
  ['/c a.c -o x.o --unknown', '/w/x.o'],
  ['-c a.c -ox.o --unknown', '/w/x.o'],
  ['/c /Zi a.c /FA /Falist/', '/w/list/a.asm'],
  ['/c /Zi a.c /FAc', '/w/a.cod'],
  ['/c /Zi a.c /sourceDependencies deps/', '/w/deps/a.c.json'],
  ['/c /unheard:x.bin a.c', '/w/x.bin'],
  ['a.c /link /out:a.exe', '/w/a.obj'],
  ['/P a.c', '/w/a.i'],
  ['/c /Tpa.x /Zi', '/w/a.obj'],
  ['if=b.o of=a.o', '/w/a.o'],
];

function allOf({ paths, stems, sources }: PossibleOutputs): string[] {
  const named = Array.from(stems).flatMap((stem) => OUTPUT_SUFFIXES.map((suffix) => `${stem}.${suffix}`));
  return [...paths, ...named].filter((path) => !sources.has(path));
}

for (const [line, path] of CASES) {
  test(`${line} may write ${path}`, () => {
    assert.ok(allOf(possibleOutputs(line.split(' '), POSIX)).includes(path));
  });
}

test('on Windows folders are named with either slash', () => {
  const outputs = allOf(possibleOutputs(['/c', '/ZI', 'src\\a.cpp', '/Foobj\\', '/Fd', 'x'], WINDOWS));
  assert.ok(outputs.includes('C:\\w\\obj\\a.obj'));
});

test('a source is not among what its call may write', () => {
  const outputs = allOf(possibleOutputs(['/c', '/Zi', 'a.c', '/Tpb.obj'], POSIX));
  assert.ok(!outputs.includes('/w/a.c') && !outputs.includes('/w/b.obj'));
});
