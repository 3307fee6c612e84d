import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandLineHost } from '../../../src/commandline/compile-call.ts';
import { CL, CLANG_CL, classifyLine, keyOf, reasonOf } from '../hosts.ts';

function declaring(host: CommandLineHost, ...safeOptions: string[]): CommandLineHost {
  return { ...host, safeOptions, fileExists: (path) => /(?:^|[\\/])(?:here|a\.c)$/.test(path) };
}

const SAFE: readonly [option: string, entry: string, host?: CommandLineHost][] = [
  ['/d1whatever', '/d1whatever'],
  ['-d1whatever', '/d1whatever'],
  ['/d1whatever', '-d1what*'],
  ['/d2opt:12', '/d2opt*'],
  ['/newOption:on,1.5', '/newOption:*'],
  ['-fnew-thing=on', '-fnew-*', CLANG_CL],
  ['/clang:-fnew-thing=on', '/clang:-fnew-*', CLANG_CL],
  ['-Xclang -fnew-thing', '-Xclang=-fnew-thing', CLANG_CL],
  ['-mllvm -print-nothing', '-mllvm=-print-nothing', CLANG_CL],
];

for (const [option, entry, host = CL] of SAFE) {
  test(`${host.family} ${option} is cached if ${entry} is declared safe, and its text is part of the key`, () => {
    const line = `/c ${option} a.c`;
    assert.equal(reasonOf(line, host), 'unsupportedOption');
    assert.equal(reasonOf(line, declaring(host, '/other', entry)), 'cacheable');
    assert.notEqual(keyOf(line, declaring(host, entry)), keyOf('/c a.c', host));
  });
}

const NEVER: readonly [option: string, entry: string, why: RegExp, host?: CommandLineHost][] = [
  ['/d1out:x.json', '/d1out*', /seems to name a file/],
  ['/d1out=dir\\x', '/d1out*', /seems to name a file/],
  ['/d1outhere', '/d1out*', /seems to name a file/],
  ['/d1out:here', '/d1out:here', /seems to name a file/],
  ['/d1out:some.dir', '/d1out:*', /seems to name a file/],
  ['/d1out:on,x.txt', '/d1out*', /seems to name a file/],
  ['-fnew-file=/x', '-fnew-file=*', /seems to name a file/, CLANG_CL],
  ['/clang:-fnew-file=here', '/clang:-fnew-file=*', /seems to name a file/, CLANG_CL],
  ['-mllvm -print-to=x.txt', '-mllvm=-print-*', /seems to name a file/, CLANG_CL],
  ['/experimental:log x', '/experimental:log*', /SARIF/],
  ['/analyze:log', '/analyze*', /analysis log/],
  ['/Zs', '/Zs', /syntax only/],
  ['/d1other', '/d1what*', /not in the table/],
  ['/d1', '/d1what', /not in the table/],
];

for (const [option, entry, why, host = CL] of NEVER) {
  test(`${host.family} ${option} is not cached though ${entry} is declared safe`, () => {
    const result = classifyLine(`/c ${option} a.c`, declaring(host, entry));
    assert.equal(result.kind, 'uncacheable');
    assert.match(result.kind === 'uncacheable' ? result.because : '', why);
  });
}
