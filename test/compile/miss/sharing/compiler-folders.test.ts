import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trustInHeaders } from '../../../../src/compile/miss/sharing/compiler-folders.ts';

const trustOf = trustInHeaders({
  style: 'posix',
  trees: ['/home/me/tree'],
  searched: [
    '/home/me/tree/inc',
    '/usr/bin/../lib/gcc/x86_64-linux-gnu/12/../../../../include/c++/12',
    '/usr/lib/llvm-14/lib/clang/14.0.6/include',
    '/usr/local/include',
    '/usr/include',
    '/opt/sdk/c++',
  ],
  named: ['/opt/sdk/c++', '/usr/include/theirs'],
  installed: [],
});

const TRUST = [
  ['/usr/include/c++/12/debug/macros.h', 'whole'],
  ['/usr/lib/llvm-14/lib/clang/14.0.6/include/limits.h', 'whole'],
  ['/usr/include/assert.h', 'asserts'],
  ['/usr/include/x86_64-linux-gnu/sys/cdefs.h', 'whole'],
  ['/usr/include/openssl/macros.h', 'none'],
  ['/usr/include/theirs/assert.h', 'none'],
  ['/usr/local/include/assert.h', 'none'],
  ['/opt/sdk/c++/vector', 'none'],
  ['/home/me/tree/inc/assert.h', 'none'],
] as const;

for (const [path, trust] of TRUST) {
  test(`the trust in what ${path} does with the path of a file is: ${trust}`, () => {
    assert.equal(trustOf(path), trust);
  });
}
