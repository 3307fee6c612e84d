import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispatch } from '../../src/cli/dispatch.ts';

function kinds(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => [line, dispatch(line === '' ? [] : line.split(' ')).kind]));
}

function all(lines: readonly string[], kind: string): Record<string, string> {
  return Object.fromEntries(lines.map((line) => [line, kind]));
}

test('a line with only own options is clcache’s', () => {
  const lines = [
    ...[
      '-s',
      '--stats',
      '-s --json',
      '--json -s',
      '-c',
      '--clean',
      '-C',
      '--clear',
      '-z',
      '--reset',
      '-h',
      '--help',
    ],
    ...[
      '--version',
      '-M 1000',
      '-M',
      '-M -5',
      '-M1G',
      '-M=5',
      '-M=huge',
      '--set-size 5',
      '--set-size=5',
      '--export a.obj',
      '--export=x --since=2h',
      '--since last-build --export x',
      '--import x',
      '-M huge',
      '-s -c',
      '-c -M 5',
      '--where',
      '--msbuild',
      '--cmake',
    ],
  ];
  assert.deepEqual(kinds(lines), all(lines, 'own'));
});

test('a line with anything else on it is a compile', () => {
  const lines = [
    ...[
      '-c foo.cpp',
      'foo.cpp -c',
      '-c -s foo.cpp',
      '/c',
      '--json',
      '-MD',
      '-MT foo.c',
      '-M -c foo.c',
      'cl.exe -s',
    ],
    ...['-C -E foo.c', '--target=x foo.c', '-h foo.c', '@args', '/?', '-?', '--', '-Sc', '--statistics'],
  ];
  assert.deepEqual(kinds(lines), all(lines, 'compile'));
});

test('an empty line is the compiler’s, which then prints its version', () => {
  assert.equal(dispatch([]).kind, 'compile');
});

test('a size with blanks around it is the value of -M', () => {
  assert.equal(dispatch(['-M', ' 1000 ']).kind, 'own');
  assert.equal(dispatch(['-M', '']).kind, 'own');
});
