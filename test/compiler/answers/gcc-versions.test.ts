import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
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

test('a GCC of the system, of a toolset of Red Hat and the choice of Gentoo change the part of the key', (t) => {
  const folder = temporaryFolder(t);
  const value = () => gccVersions(`${folder}/own/bin/clang-cl`, folder)[0]?.value ?? '';
  const values = [value()];
  for (const made of [
    'usr/lib/gcc/x86_64-redhat-linux/11',
    'opt/rh/gcc-toolset-12/root/usr/lib/gcc/x86_64-redhat-linux/12',
    'opt/rh/gcc-toolset-13/root/usr/lib/gcc/x86_64-redhat-linux/13',
  ]) {
    mkdirSync(`${folder}/${made}`, { recursive: true });
    values.push(value());
  }
  mkdirSync(`${folder}/etc/env.d/gcc`, { recursive: true });
  for (const choice of ['CURRENT=x86_64-pc-linux-gnu-12\n', 'CURRENT=x86_64-pc-linux-gnu-13\n']) {
    writeFileSync(`${folder}/etc/env.d/gcc/config-x86_64-pc-linux-gnu`, choice);
    values.push(value());
  }
  assert.equal(new Set(values).size, values.length);
});
