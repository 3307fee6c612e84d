import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOfProgram } from '../../../src/compiler/identity/program-kind.ts';

const CLANG = 'Debian clang version 14.0.6\nTarget: x86_64-pc-linux-gnu\nThread model: posix\n';
const GCC = 'gcc (Debian 12.2.0-14) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc.\n';

/** `status` is the exit status of the question for help, if it is asked. */
function kind(program: string, text: string, status?: number): Promise<string> {
  return kindOfProgram(program, text, async (argument) => {
    assert.equal(argument, '-?');
    if (status === undefined) throw new Error('asked for help');
    return { status, text: '' };
  });
}

test('cl is recognised by its banner in any language, whatever its name', async () => {
  for (const banner of [
    'Microsoft (R) C/C++ Optimizing Compiler Version 19.29.30133 for x64',
    'Microsoft (R) 32-bit C/C++ Optimizing Compiler Version 15.00.30729.01 for 80x86',
    'Compilateur d\u0092optimisation Microsoft (R) C/C++ version 19.29.30133 pour x64',
    'Microsoft (R) C/C++-Optimierungscompiler Version 19.29.30133 f\u0081r x64',
    'Microsoft(R) C/C++ Optimizing Compiler Version 19.29.30133 for x64',
  ]) {
    for (const name of ['cl.exe', 'C:\\tools\\my-cl.exe', '/bin/compiler']) {
      assert.equal(await kind(name, `${banner}\r\nCopyright (C) Microsoft Corporation.\r\n`), 'cl');
    }
  }
  assert.equal(await kind('compiler', 'cl : Ligne de commande warning D9002 : option inconnue'), 'cl');
});

test('a clang is a clang-cl by its name, or by its answer', async () => {
  for (const name of ['clang-cl', 'clang-cl-14', 'C:\\LLVM\\bin\\CLANG-CL.EXE', 'my-cl', 'cl.exe'])
    assert.equal(await kind(`/usr/bin/${name}`, CLANG), 'clang-cl', name);
  for (const name of ['clang-14', 'clang', 'clang++', 'compiler.sh']) {
    assert.equal(await kind(name, CLANG, 1), 'other', name);
    assert.equal(await kind(name, CLANG, 0), 'clang-cl', name);
  }
});

test('other compilers and programs are recognised by their output, also under cl’s name', async () => {
  for (const text of [
    GCC,
    'ccache version 4.7.4\n',
    'sccache 0.4.0\n',
    'Intel(R) C++ Compiler Classic 2021\n',
  ]) {
    for (const name of ['gcc', 'cl', 'my-cl.exe']) assert.equal(await kind(name, text), 'other', text);
  }
});

test('a program with an unknown answer counts by its name', async () => {
  for (const name of ['cl', 'cl.exe', 'scripted-cl', 'my-cl.cmd', 'CL.EXE'])
    assert.equal(await kind(name, 'out'), 'cl', name);
  for (const name of ['gcc', 'ls', 'tcl', 'program']) assert.equal(await kind(name, 'out'), 'other', name);
});

test('a clcache is recognised by its answer, whatever its name', async () => {
  for (const name of ['cl', 'clang-cl', 'wrapper.sh']) {
    assert.equal(await kind(name, 'clcache 5.0.0\nLicence: BSD-3-Clause\n'), 'clcache');
  }
});
