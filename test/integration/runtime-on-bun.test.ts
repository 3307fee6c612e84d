import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CONTRACT } from '../runtime/contract.ts';

const BUN = fileURLToPath(new URL('../../node_modules/bun/bin/bun.exe', import.meta.url));
const CHECK = fileURLToPath(new URL('../runtime/check-contract.ts', import.meta.url));

test('all that clcache expects of its runtime holds on Bun, of which the executables are made', {
  skip: process.platform === 'win32' && 'the executable for Windows is built on Linux',
}, () => {
  const held = execFileSync(BUN, [CHECK], { encoding: 'utf8' });
  assert.deepEqual(held.trim().split('\n'), Object.keys(CONTRACT));
});
