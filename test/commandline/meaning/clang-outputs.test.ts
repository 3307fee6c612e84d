import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLANG_CL, CLANG_CL_WINDOWS, outputsOf, reasonOf } from '../hosts.ts';

for (const [line, why] of [
  ['/c src/a.c src/other.c /Foone.obj', 'is an error of several sources'],
  ['/c src/a.c src/other.c -o one', 'is an error of several sources'],
  ['/c src/a.c src/other.c /FA /Faone.asm', 'is overwritten by the second source'],
  ['/c src/a.c src/other.c /clang:-MD /clang:-MFone.d', 'is overwritten by the second source'],
  ['/c src/a.c --coverage /Foout/', 'has a name that clang gets wrong'],
  ['/c src/a.c --coverage -o out/x.obj', 'has a name that is not certain'],
  ['/c src/a.c -flto /FA', 'is a listing that is not written'],
  ['/c src/a.c /clang:-gsplit-dwarf /Z7', 'is a .dwo that may not be written'],
  ['/c src/a.c /Fo/dev/null', 'is a device'],
  ['/c src/a.c /clang:-MD /clang:-MF-', 'goes to stdout'],
  ['/c src/a.c src/a.c', 'is written twice'],
]) {
  test(`A clang-cl call is not cached when an output ${why}: ${line}`, () => {
    assert.equal(reasonOf(line ?? '', CLANG_CL), 'unsupportedOption');
  });
}

test('A colon behind /Fo is part of the name before clang 19, and a separator from then on', () => {
  const before = { ...CLANG_CL_WINDOWS, style: 'posix', workingDirectory: '/w', clangVersion: 18 } as const;
  const since = { ...before, clangVersion: 19 };
  assert.deepEqual(outputsOf('/c a.c /Fo:z.obj', before), ['object /w/:z.obj']);
  assert.deepEqual(outputsOf('/c a.c /Fo:z.obj', since), ['object /w/z.obj']);
  assert.deepEqual(outputsOf('/c a.c /Fo: z.obj', since), ['object /w/z.obj']);
});

test('On Windows clang-cl takes both separators for a folder', () => {
  assert.deepEqual(outputsOf('/c src\\a.c /Foout\\', CLANG_CL_WINDOWS), ['object C:\\work\\out\\a.obj']);
  assert.deepEqual(outputsOf('/c src/a.c /Foout/', CLANG_CL_WINDOWS), ['object C:\\work\\out\\a.obj']);
});
