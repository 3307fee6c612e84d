import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandLineHost } from '../../../src/commandline/compile-call.ts';
import { withEmbeddedDebug } from '../../../src/commandline/meaning/embedded-debug.ts';
import { CL, CLANG_CL, keyOf, words } from '../hosts.ts';

const CHANGED: readonly [line: string, changed: string, host?: CommandLineHost][] = [
  ['/c /Zi a.c', '/c /Z7 a.c'],
  ['/c /ZI a.c', '/c /Z7 a.c'],
  ['-c -Zi a.c', '-c /Z7 a.c'],
  ['/c /Z7 /Zi a.c', '/c /Z7 /Z7 a.c'],
  ['/c /Zi /Fdx.pdb /FS a.c', '/c /Z7 a.c'],
  ['/c /Zi /Fd:x.pdb a.c', '/c /Z7 a.c'],
  ['/c /Zi /Fd: x.pdb a.c', '/c /Z7 a.c'],
  ['/c /Zi -Fd -FS /Zf /Gm a.c', '/c /Z7 a.c'],
  ['/c /Zip8 a.c', '/c /Z7 /Zp8 a.c'],
  ['/c /Zp8i a.c', '/c /Zp8 /Z7 a.c'],
  ['/c /Zi,c:inline a.c', '/c /Z7 /Zc:inline a.c'],
  ['/c /Zi /Zo- /JMC /d2Zi+ a.c', '/c /Z7 /Zo- /JMC /d2Zi+ a.c'],
  ['/c /Zi /Ycpch.h /Fppch.pch /Fdx.pdb pch.c', '/c /Z7 /Ycpch.h /Fppch.pch pch.c'],
  ['/c /Zi /Yupch.h /Fppch.pch /Fdx.pdb a.c', '/c /Z7 /Yupch.h /Fppch.pch a.c'],
  ['/c /Zi /unknown a.c', '/c /Z7 /unknown a.c'],
  ['/c /Zi /Fdx.pdb /FS a.c', '/c /Z7 a.c', CLANG_CL],
  ['/c /ZI -- a.c', '/c /Z7 -- a.c', CLANG_CL],
];

test('a line that makes a program database gets /Z7, and loses what belongs to the database alone', () => {
  for (const [line, changed, host = CL] of CHANGED) {
    assert.deepEqual(withEmbeddedDebug(words(line), host), words(changed), line);
  }
});

const KEPT: readonly [line: string, host?: CommandLineHost][] = [
  ['/c /O2 a.c'],
  ['/c /Z7 /Fdx.pdb /FS a.c'],
  // The later /Z7 counts.
  ['/c /Zi /Fdx.pdb /Z7 a.c'],
  ['/c /I /Zi a.c'],
  // It links, and /Zi there means /DEBUG as well.
  ['/Zi a.c'],
  ['/Zi /E a.c'],
  ['/c a.c /link /Zi'],
  ['/c /Zi a.c /FI'],
  ['/c -- /Zi', CLANG_CL],
  ['/c /clang:/Zi -Xclang /Zi a.c', CLANG_CL],
];

test('a line without a program database, one that links and one that cannot be read stay as they are', () => {
  for (const [line, host = CL] of KEPT) {
    const args = words(line);
    assert.equal(withEmbeddedDebug(args, host), args, line);
  }
});

test('the key of a changed line is that of the line with /Z7', () => {
  const changed = withEmbeddedDebug(words('/c /ZI /Fdx.pdb /FS /O2 a.c'), CL);
  assert.equal(keyOf(changed, CL), keyOf('/c /Z7 /O2 a.c', CL));
});
