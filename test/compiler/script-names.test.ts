import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesInScript } from '../../src/compiler/script-names.ts';

function read(text: string, environment: Readonly<Record<string, string>> = {}) {
  return namesInScript(text, { style: 'posix', folder: '/tools', environment });
}

const NAMING: readonly (readonly [script: string, name: string])[] = [
  ['exec "$LLVM_HOME/bin/clang-cl" "$@"', '/opt/llvm/bin/clang-cl'],
  [`exec \${LLVM_HOME}/bin/clang-cl "$@"`, '/opt/llvm/bin/clang-cl'],
  [`exec "\${OTHER:-/usr/lib/llvm-14}/bin/clang-cl" "$@"`, '/usr/lib/llvm-14/bin/clang-cl'],
  ['V=14\nexec clang-cl-$V "$@"', 'clang-cl-14'],
  ['DIR=\'/a b\'\n"$DIR/clang-cl" "$@"', '/a b/clang-cl'],
  ['exec "$(dirname "$0")/../clang-cl" "$@"', '/tools/../clang-cl'],
  ['here=$(cd "$(dirname "$0")" && pwd)\nexec $here/clang-cl "$@"', '/tools/clang-cl'],
  [`exec "\${0%/*}/real" "$@"`, '/tools/real'],
  ['. ./settings\nclang-cl "$@"', './settings'],
  ['PATH=/opt/llvm/bin:$PATH exec clang-cl "$@"', 'clang-cl'],
];

for (const [script, name] of NAMING) {
  test(`a script names ${name}: ${script.split('\n').at(-1)}`, () => {
    const { names } = read(`#!/bin/sh\n${script}\n`, { LLVM_HOME: '/opt/llvm' });
    assert.ok(names.includes(name), names.join(' '));
  });
}

test('a script searches along the PATH that it sets', () => {
  assert.equal(read('PATH=/opt/bin:$PATH\nclang-cl "$@"', { PATH: '/bin' }).searchPath, '/opt/bin:/bin');
});

for (const [script, isPlain] of [
  ['#!/bin/sh\nexec /usr/bin/clang-cl "$@"\n', true],
  ['#!/usr/bin/env bash\nexec "$(dirname "$0")/clang-cl" "$@"\n', true],
  ['#!/bin/sh\nexec $(cat /etc/version)/clang-cl "$@"\n', false],
  ['#!/bin/sh\nexec `cat /etc/version`/clang-cl "$@"\n', false],
  ['#!/bin/sh\nread v < version\nexec clang-cl-$v "$@"\n', false],
  ['#!/bin/sh\n. /etc/llvm.conf\nexec $CLANG "$@"\n', false],
  ['#!/bin/sh\neval "$COMMAND"\n', false],
  ['#!/usr/bin/python3\nimport os\n', false],
  ['#!/bin/sh\n# `only` said $(here)\nexec clang-cl "$@"\n', true],
] as const) {
  test(`a script is ${isPlain ? '' : 'not '}plain: ${JSON.stringify(script)}`, () => {
    assert.equal(read(script).isPlain, isPlain);
  });
}

test('a file that a script writes is nothing that decides, also where it looks whether that is there', () => {
  const { names } = read(
    'LOG=/var/log/calls\n[ -f "$LOG" ] && echo "$@" >> "$LOG"\nexec /usr/bin/clang-cl "$@"\n',
  );
  assert.ok(names.includes('/usr/bin/clang-cl') && !names.includes('/var/log/calls'), names.join(' '));
});
