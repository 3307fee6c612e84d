import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CL, callOf, outputsOf, reasonOf } from '../hosts.ts';

const NAMES: readonly [line: string, ...outputs: string[]][] = [
  ['/c a.cpp', 'object C:\\work\\a.obj'],
  ['/c src\\deep.x.c', 'object C:\\work\\deep.x.obj'],
  ['/c D:\\s/a.c', 'object C:\\work\\a.obj'],
  ['/c a.c /Foout\\', 'object C:\\work\\out\\a.obj'],
  ['/c a.c -Foout/', 'object C:\\work\\out\\a.obj'],
  ['/c a.c /Foout', 'object C:\\work\\out.obj'],
  ['/c a.c /Fox.o', 'object C:\\work\\x.o'],
  ['/c a.c /Fo:x', 'object C:\\work\\x.obj'],
  ['/c a.c /Fo: out\\x.obj', 'object C:\\work\\out\\x.obj'],
  ['/c a.c /FoC:\\o\\x.obj', 'object C:\\o\\x.obj'],
  ['/c a.c /Fo\\\\server\\share\\x.obj', 'object \\\\server\\share\\x.obj'],
  ['/c a.c /Fo\\\\?\\C:\\o\\', 'object \\\\?\\C:\\o\\a.obj'],
  ['/c a.c /Fo\\\\?\\UNC\\server\\share\\x', 'object \\\\?\\UNC\\server\\share\\x.obj'],
  ['/c \\\\?\\C:\\src\\a.c /FoC:\\LONGNA~1\\', 'object C:\\LONGNA~1\\a.obj'],
  ['/c a.c /Fox.obj /Fo', 'object C:\\work\\a.obj'],
  ['/c a.c /Fox.obj /Foy.obj', 'object C:\\work\\y.obj'],
  ['/c a.c /FA', 'object C:\\work\\a.obj', 'listing C:\\work\\a.asm'],
  ['/c a.c /FAs', 'object C:\\work\\a.obj', 'listing C:\\work\\a.asm'],
  ['/c a.c /FAcs', 'object C:\\work\\a.obj', 'listing C:\\work\\a.cod'],
  ['/c a.c /FAcs /Falist\\', 'object C:\\work\\a.obj', 'listing C:\\work\\list\\a.cod'],
  ['/c a.c /Fa', 'object C:\\work\\a.obj', 'listing C:\\work\\a.asm'],
  ['/c a.c /Falist', 'object C:\\work\\a.obj', 'listing C:\\work\\list.asm'],
  ['/c a.c /FAu /Falist.txt', 'object C:\\work\\a.obj', 'listing C:\\work\\list.txt'],
  ['/c a.c /FR', 'object C:\\work\\a.obj', 'browse C:\\work\\a.sbr'],
  ['/c a.c /Frsbr\\', 'object C:\\work\\a.obj', 'browse C:\\work\\sbr\\a.sbr'],
  ['/c a.c /FR:x', 'object C:\\work\\a.obj', 'browse C:\\work\\x.sbr'],
  ['/c a.c /doc', 'object C:\\work\\a.obj', 'documentation C:\\work\\a.xdc'],
  ['/c a.c /docx.xml', 'object C:\\work\\a.obj', 'documentation C:\\work\\x.xml'],
  ['/c a.c /sourceDependencies x.json', 'object C:\\work\\a.obj', 'sourceDependencies C:\\work\\x.json'],
  ['/c s\\a.c /sourceDependencies d\\', 'object C:\\work\\a.obj', 'sourceDependencies C:\\work\\d\\a.c.json'],
  [
    '/c s\\a.c /sourceDependencies out.dir',
    'object C:\\work\\a.obj',
    'sourceDependencies C:\\work\\out.dir\\a.c.json',
  ],
  ['/c a.c /Fix.i', 'object C:\\work\\a.obj'],
  ['/c a.c /Z7 /Fdx.pdb', 'object C:\\work\\a.obj'],
  ['/c a.c /Fdx.pdb /Fex.exe /Fmx.map', 'object C:\\work\\a.obj'],
];

for (const [line, ...outputs] of NAMES) {
  test(`cl writes ${outputs.length > 1 ? 'the object and more' : 'the object'} where it should for ${line}`, () => {
    assert.deepEqual(outputsOf(line, CL), outputs);
  });
}

const REFUSED: readonly [line: string, why: string][] = [
  ['/c a.c b.c /Foone.obj', 'several sources share an object'],
  ['/c a.c b.c /Fa1.asm', 'several sources share a listing'],
  ['/c a.c b.c /FRone', 'several sources share browse information'],
  ['/c a.c b.c /sourceDependencies x.json', 'several sources share a dependency file'],
  ['/c s\\a.c t\\a.c', 'two sources make the same object'],
  ['/c s\\a.c t\\A.c', 'two sources make the same object in another case'],
  ['/c a.c /FoNUL', 'the object is a device'],
  ['/c a.c /Foout\\nul.obj', 'the object is a device with a suffix'],
  ['/c a.c /FaCON', 'the listing is a device'],
  ['/c a.c /FAs /FAc', 'it is not clear which form a listing has'],
  ['/c a.c /FAc /Falist', 'it is not clear which suffix a listing gets'],
  ['/c a.c /sourceDependencies -', 'dependencies go to stdout'],
  ['/c a.c /sourceDependencies-', 'dependencies go to stdout'],
  ['/c a.c /sourceDependencies deps', 'a name may be that of a folder'],
  ['/c a.c /Fo\\\\.\\pipe\\x.obj', 'the object is a device of another kind'],
  ['/c a.c /Fo\\\\?\\Volume{1}\\x.obj', 'a verbatim name is neither of a drive nor of a share'],
  ['/c a.c /Fo\\\\?\\C:\\o/x.obj', 'a slash is part of a name'],
  ['/c a.c /Fo\\\\?\\C:\\o\\x?.obj', 'a verbatim name is a pattern'],
  ['/c a.c /Fo\\\\?\\C:\\o\\x.obj:stream', 'a verbatim name is that of a stream'],
  ['/c a.c /FoC:x.obj', 'a name is relative to a drive'],
  ['/c a.c /Fodir\\x.obj:stream', 'a name is that of a stream'],
  ['/c a.c /Fodir" /W3', 'a backslash escaped the closing quote'],
  ['/c a.c /Fox.obj.', 'Windows drops the dot at the end'],
  ['/c a.c /Fo x.obj', 'a name behind a blank is an input that cl ignores'],
];

for (const [line, why] of REFUSED) {
  test(`A cl call is not cached when ${why}: ${line}`, () => {
    assert.equal(reasonOf(line, CL), 'unsupportedOption');
  });
}

test('Each source of a line has its own outputs in a folder that they share', () => {
  const { jobs } = callOf('/c a.cpp src\\b.cpp /Foobj\\ /FA /Falst\\', CL);
  assert.deepEqual(
    jobs.map((job) => job.outputs.map((output) => output.path)),
    [
      ['C:\\work\\obj\\a.obj', 'C:\\work\\lst\\a.asm'],
      ['C:\\work\\obj\\b.obj', 'C:\\work\\lst\\b.asm'],
    ],
  );
});
