import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandLineHost, TerminalUse } from '../../../src/commandline/compile-call.ts';
import { CL, CLANG_CL, classifyLine } from '../hosts.ts';

function useOf(line: string, host: CommandLineHost = CLANG_CL): TerminalUse | undefined {
  const result = classifyLine(`/c ${line} a.c`, host);
  assert.equal(result.kind, 'cacheable', line);
  return result.kind === 'cacheable' ? result.call.terminal : undefined;
}

test('clang-cl finds out about colours unless the line decides', () => {
  const ON = '-fcolor-diagnostics';
  const lines: [line: string, colours: string[]][] = [
    ['', [ON]],
    ['-fdiagnostics-color=auto', [ON]],
    ['-fno-color-diagnostics -fdiagnostics-color=auto', [ON]],
    ['/clang:-fdiagnostics-color=auto', [ON]],
    ['-fcolor-diagnostics', []],
    ['-fno-color-diagnostics', []],
    ['-fdiagnostics-color=never', []],
    ['-fdiagnostics-color', []],
    ['-fno-diagnostics-color', []],
    ['-fdiagnostics-color=auto -fdiagnostics-color=always', []],
    ['/clang:-fno-color-diagnostics -fdiagnostics-color=auto', [ON]],
    ['/clang:-fcolor-diagnostics', [ON]],
    ['-fno-color-diagnostics /clang:-fcolor-diagnostics', []],
  ];
  for (const [line, colours] of lines) assert.deepEqual(useOf(line)?.colours, colours, line);
});

test('clang-cl wraps to the width of the terminal unless the compiler proper gets another width', () => {
  assert.equal(useOf('')?.isWrapped, true);
  assert.equal(useOf('/clang:-fmessage-length=40')?.isWrapped, false);
  assert.equal(useOf('-Xclang -fmessage-length=40')?.isWrapped, false);
});

test('an object with CodeView records the terminal as without a cache', () => {
  assert.equal(useOf('')?.isRecorded, false);
  assert.equal(useOf('/Z7')?.isRecorded, true);
});

test('no argument for the terminal is added for cl, or if the object would record it', () => {
  assert.equal(useOf('', CL), undefined);
  assert.equal(useOf('/clang:-g /clang:-grecord-command-line'), undefined);
});
