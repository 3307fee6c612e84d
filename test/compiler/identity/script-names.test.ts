import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesInScript } from '../../../src/compiler/identity/script-names.ts';

function read(text: string, environment: Readonly<Record<string, string>> = {}) {
  return namesInScript(text, { style: 'posix', folder: '/tools', isLinked: false, environment });
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

test('a script searches in the PATH that it sets', () => {
  assert.equal(read('PATH=/opt/bin:$PATH\nclang-cl "$@"', { PATH: '/bin' }).searchPath, '/opt/bin:/bin');
});

const SHELL = '#!/bin/sh\n';

const PLAIN: readonly string[] = [
  `${SHELL}exec /usr/bin/clang-cl "$@"`,
  `#!/usr/bin/env bash\nset -euo pipefail\nexec "$(dirname "$0")/clang-cl" --target=x86_64-pc-windows-msvc "$@"`,
  `${SHELL}# \`only\` said $(here)\nexec clang-cl "$@"`,
  `${SHELL}export INCLUDE="/opt/sdk/include"\nV=14\nPATH=/opt/llvm/bin:$PATH\nclang-cl-$V \${1+"$@"}`,
  `${SHELL}echo "$@" >> /var/log/calls\nexec "\${LLVM:-/usr/lib/llvm-14}/bin/clang-cl" "$@"`,
];

const UNCLEAR: readonly string[] = [
  '#!/usr/bin/python3\nimport os',
  ...[
    'exec $(cat /etc/version)/clang-cl "$@"',
    'exec `cat /etc/version`/clang-cl "$@"',
    'read v < version\nexec clang-cl-$v "$@"',
    '. /etc/llvm.conf\nexec $CLANG "$@"',
    'eval "$COMMAND"',
    'exec "$PROGRAM" "$@"',
    'exec ccache clang-cl "$@"',
    'exec env clang-cl "$@"',
    'exec clang-cl @/etc/options "$@"',
    'exec ~/bin/clang-cl "$@"',
    'exec /opt/*/clang-cl "$@"',
    'exec /opt/{a,b}/clang-cl "$@"',
    'exec /opt/[ab]/clang-cl "$@"',
    `exec "\${X%.old}" "$@"`,
    `exec "\${X-/usr}/bin/clang-cl" "$@"`,
    'if [ -f flag ]; then exec clang-cl-14 "$@"; fi',
    'case $1 in a) exec clang-cl "$@";; esac',
    'A=1 B=2\nexec clang-cl "$@"',
    'X="$A"/b\nexec "$X/clang-cl" "$@"',
    'exec \'$X/clang-cl\' "$@"',
    'exec "$TMPDIR/clang-cl" "$@"',
    'exec clang-cl-14 -DX=$RANDOM "$@"',
    'exec clang-cl "$@" | tee log',
    'shift\nexec clang-cl "$@"',
    'exec clang-cl \\\n"$@"',
  ].map((line) => SHELL + line),
];

for (const [isPlain, scripts] of [
  [true, PLAIN],
  [false, UNCLEAR],
] as const) {
  for (const script of scripts) {
    test(`a script is ${isPlain ? '' : 'not '}plain: ${JSON.stringify(script)}`, () => {
      assert.equal(read(`${script}\n`).isPlain, isPlain);
    });
  }
}

test('a batch file is plain while it only sets variables and starts a compiler that it names', () => {
  const isPlain = (text: string) =>
    namesInScript(text, { style: 'win32', folder: 'C:\\tools', isLinked: false, environment: {} }).isPlain;
  assert.ok(isPlain('@echo off\r\nset "LLVM=C:\\LLVM"\r\n"%LLVM%\\bin\\clang-cl.exe" %*\r\n'));
  assert.ok(isPlain('@"%~dp0clang-cl.exe" %*\r\n'));
  assert.ok(!isPlain('@if exist flag (clang-cl.exe %*) else other.exe %*\r\n'));
  assert.ok(!isPlain('@"%LLVM:~0,-1%\\clang-cl.exe" %*\r\n'));
  assert.ok(!isPlain('@for /f %%v in (version) do clang-cl-%%v %*\r\n'));
});

test('a file that a script writes decides nothing, also if the script checks whether it exists', () => {
  const { names } = read(
    'LOG=/var/log/calls\n[ -f "$LOG" ] && echo "$@" >> "$LOG"\nexec /usr/bin/clang-cl "$@"\n',
  );
  assert.ok(names.includes('/usr/bin/clang-cl') && !names.includes('/var/log/calls'), names.join(' '));
});
