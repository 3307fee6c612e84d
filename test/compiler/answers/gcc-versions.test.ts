import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { gccVersions } from '../../../src/compiler/answers/gcc-versions.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test('a GCC that is installed beside the compiler changes the part of the key, wherever clang looks for it', (t) => {
  const folder = temporaryFolder(t);
  const value = () => gccVersions(`${folder}/bin/clang-cl`)[0]?.value ?? '';
  const values = [value()];
  for (const made of [
    'lib/gcc/x86_64-linux-gnu/12',
    'lib/gcc/x86_64-linux-gnu/13',
    'lib/gcc-cross/aarch64-linux-gnu/12',
    'lib64/gcc/x86_64-redhat-linux/14',
    'lib32/gcc/i686-linux-gnu/12',
  ]) {
    mkdirSync(`${folder}/${made}`, { recursive: true });
    values.push(value());
  }
  assert.equal(new Set(values).size, values.length);
  mkdirSync(`${folder}/lib/other/12`, { recursive: true });
  assert.equal(value(), values.at(-1));
});
