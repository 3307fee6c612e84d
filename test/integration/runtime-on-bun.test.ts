import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { CONTRACT } from '../runtime/contract.ts';

const BUN = join(ROOT, 'node_modules/bun/bin/bun.exe');
const CHECK = join(ROOT, 'test/runtime/check-contract.ts');

test('all that clcache expects of its runtime holds on Bun, of which the executables are made', {
  skip: process.platform === 'win32' && 'the executable for Windows is built on Linux',
}, () => {
  const held = execFileSync(BUN, [CHECK], { encoding: 'utf8' });
  assert.deepEqual(held.trim().split('\n'), Object.keys(CONTRACT));
});
