import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandLineHost } from '../../../src/commandline/compile-call.ts';
import { CL, CLANG_CL, CLANG_CL_WINDOWS, keyOf, onlyJob } from '../hosts.ts';

const SAME: readonly [left: string, right: string, why: string, host?: CommandLineHost][] = [
  ['/c a.c', '-c a.c', 'a dash is as good as a slash'],
  ['/c -O2 /DX a.c', '/c /O2 -DX a.c', 'a dash is as good as a slash'],
  ['/c a.c', '/c /nologo a.c', 'clang-cl has no banner', CLANG_CL],
  ['/c a.c', '/c /MP8 a.c', 'the number of workers changes nothing'],
  ['/c a.c', '/c /FS /cgthreads4 /errorReport:queue /Zm200 a.c', 'these change nothing', CLANG_CL],
  ['/c a.c', '/c /showIncludes a.c', 'include notes have a place of their own in the key'],
  ['/c a.c', '/c /Fdx.pdb a.c', 'without debug information the database is not named'],
  ['/c a.c', '/c /Fex.exe /Fmx.map a.c', 'a name for the linker is not used'],
  ['/c /DA /DB=1 a.c', '/c /DB=1 /DA a.c', 'the order of two macros does not matter'],
  ['/c /DA /Ix a.c', '/c /Ix /DA a.c', 'macros and folders do not meet'],
  ['/c /DA /O2 a.c', '/c /O2 /DA a.c', 'macros and code generation do not meet'],
  ['/c /I x a.c', '/c /Ix a.c', 'a blank before the value changes nothing'],
  ['/c /O2b1 a.c', '/c /O2 /Ob1 a.c', 'fused options are the same as apart'],
  ['/c /EHsc a.c', '/c /EHs /EHc a.c', 'fused options are the same as apart'],
  ['/c /Zc:auto,inline- a.c', '/c /Zc:auto /Zc:inline- a.c', 'fused options are the same as apart'],
  ['/c a.c /O2', '/c /O2 a.c', 'options hold for sources before them'],
  ['/c /Fo:x.obj a.c', '/c /Fox.obj a.c', 'the object is the same'],
  ['/c /Fox a.c', '/c /Fox.obj a.c', 'the object is the same'],
  ['/c a.c', '/c /Fox.obj a.c', 'the object is not in its file', CLANG_CL],
  ['/c a.c', '/c /Fdx.pdb a.c', 'clang-cl has no database', CLANG_CL],
];

const DIFFERENT: readonly [left: string, right: string, why: string, host?: CommandLineHost][] = [
  ['/c a.c', '/c /O2 a.c', 'code generation changes the object'],
  ['/c /O1 /O2 a.c', '/c /O2 /O1 a.c', 'the later one wins'],
  ['/c /GS a.c', '/c /GS- a.c', 'a dash switches off'],
  ['/c a.c', '/c /DA a.c', 'a macro changes the source'],
  ['/c /DA a.c', '/c /DA=2 a.c', 'the value of a macro counts'],
  ['/c /DA /UA a.c', '/c /UA /DA a.c', 'the order within one name counts'],
  ['/c /DA=1 /DA=2 a.c', '/c /DA=2 /DA=1 a.c', 'the later definition wins'],
  ['/c /DA#1 /DA=2 a.c', '/c /DA=2 /DA#1 a.c', 'a # ends the name too'],
  ['/c /DA a.c', '/c /UA a.c', 'undefining is not defining'],
  ['/c /Ia /Ib a.c', '/c /Ib /Ia a.c', 'the first folder is searched first'],
  ['/c /Ia /external:Ib a.c', '/c /external:Ib /Ia a.c', 'kinds of folders keep their order'],
  ['/c /Ia a.c', '/c /external:Ia a.c', 'warnings in external headers are off'],
  ['/c a.c', '/c /X a.c', 'INCLUDE is not searched'],
  ['/c /external:env:A a.c', '/c /external:env:B a.c', 'another variable is searched'],
  ['/c a.c', '/c /FIx.h a.c', 'a header is included'],
  ['/c /FIx.h /FIy.h a.c', '/c /FIy.h /FIx.h a.c', 'headers are included in order'],
  ['/c a.c', '/c /u a.c', 'predefined macros vanish'],
  ['/c /Fox.obj a.c', '/c /Foy.obj a.c', 'cl writes the name of the object into it'],
  ['/c /Z7 /Fdx.pdb a.c', '/c /Z7 /Fdy.pdb a.c', 'cl writes the name of the database into it'],
  ['/c a.c', '/c /FA a.c', 'a listing is written'],
  ['/c /FA a.c', '/c /FAs a.c', 'the listing has source lines'],
  ['/c /Fax.asm a.c', '/c /Fay.asm a.c', 'cl writes names into a listing'],
  ['/c a.c', '/c /FR a.c', 'browse information is written'],
  ['/c /FR a.c', '/c /Fr a.c', 'browse information is written in another form'],
  ['/c a.c', '/c /doc a.c', 'comments are written'],
  ['/c a.c', '/c /sourceDependencies x.json a.c', 'dependencies are written'],
  ['/c a.c', '/c /nologo a.c', 'the banner is replayed'],
  ['/c /Foy.obj a.c', '/c /Fox.obj /Foy.obj a.c', 'a warning that the first is overridden is replayed'],
  ['/c /await a.c', '/c -await a.c', 'a warning repeats the spelling', CLANG_CL],
  ['/c /AIx a.c', '/c /AI x a.c', 'a warning repeats the spelling', CLANG_CL],
  ['/c a.c', '/c /W4 a.c', 'warnings are replayed'],
  ['/c a.c', '/c /wd4996 a.c', 'warnings are replayed'],
  ['/c a.c', '/c /WX a.c', 'a warning is an error'],
  ['/c a.c', '/c /diagnostics:caret a.c', 'messages are replayed'],
  ['/c a.c', '/c /FC a.c', 'messages and __FILE__ have full paths'],
  ['/c a.c', '/c /bigobj a.c', 'the format of the object differs'],
  ['/c /pathmap:C:\\a=x a.c', '/c /pathmap:C:\\a=y a.c', 'paths become other text'],
  ['/c /Zp1 a.c', '/c /Zp8 a.c', 'structures are laid out differently'],
  ['/c a.c', '/c /TP a.c', 'the language differs'],
  ['/c a.c', '/c /await a.c', 'a warning that it is not used is replayed', CLANG_CL],
  ['/c a.c', '/c /MP2 a.c', 'a warning that it is not used is replayed', CLANG_CL],
  ['/c a.c', '/c /FAs a.c', 'a warning that it is not used is replayed', CLANG_CL],
  ['/c /Z7 /Fox.obj a.c', '/c /Z7 /Foy.obj a.c', 'debug information names the object', CLANG_CL],
  ['/c /clang:-MD /Fox.o a.c', '/c /clang:-MD /Foy.o a.c', 'the dependency file names the object', CLANG_CL],
  ['/c a.c', '/c /clang:-MD a.c', 'a dependency file is written', CLANG_CL],
  [
    '/c /showIncludes /clang:-MD a.c',
    '/c /showIncludes /clang:-MMD a.c',
    'system headers are left out',
    CLANG_CL,
  ],
  ['/c /clang:-MD /clang:-MTx a.c', '/c /clang:-MD /clang:-MTy a.c', 'the target is another', CLANG_CL],
  ['/c a.c', '/c --target=x86_64-pc-linux-gnu a.c', 'the machine differs', CLANG_CL],
  ['/c a.c', '/c -mavx2 a.c', 'the instruction set differs', CLANG_CL],
  ['/c a.c', '/c -Xclang -disable-llvm-passes a.c', 'nothing is optimised', CLANG_CL],
  ['/c a.c', '/c -mllvm -x=1 a.c', 'a pass is tuned', CLANG_CL],
  ['/c a.c', '/c -fdebug-compilation-dir=x a.c', 'a path is written', CLANG_CL],
  ['/c a.c', '/c -fprofile-instr-use=x a.c', 'a profile is read', CLANG_CL_WINDOWS],
  ['/c a.c', '/c --coverage a.c', 'counters are compiled in', CLANG_CL],
  ['/c a.c', '/c -ftime-trace a.c', 'a trace is written', CLANG_CL],
];

for (const [left, right, why, host = CL] of SAME) {
  test(`For ${host.family} ${left} and ${right} have one key: ${why}`, () => {
    assert.equal(keyOf(left, host), keyOf(right, host));
  });
}

for (const [left, right, why, host = CL] of DIFFERENT) {
  test(`For ${host.family} ${left} and ${right} have different keys: ${why}`, () => {
    assert.notEqual(keyOf(left, host), keyOf(right, host));
  });
}

test('What only shapes the preprocessed text is marked, and folders and files are given as paths', () => {
  const { keyParts } = onlyJob('/c /O2 /DA /I inc /FIx.h /X /AIwin a.c', CL);
  assert.deepEqual(keyParts, [
    { text: '/DA', preprocessorOnly: true },
    { text: '/I', path: 'inc', preprocessorOnly: true },
    { text: '/X', preprocessorOnly: true },
    { text: '/O2' },
    { text: '/FI', path: 'x.h', preprocessorOnly: true },
    { text: '/AI', path: 'win' },
    { text: 'output object', path: 'a.obj' },
  ]);
});

test('The replaced part of a path mapping is a path', () => {
  const { keyParts } = onlyJob('/c /clang:-ffile-prefix-map=/src=. a.c', CLANG_CL);
  assert.deepEqual(keyParts.slice(0, 2), [
    { text: '/clang:-ffile-prefix-map=', path: '/src' },
    { text: '/clang:-ffile-prefix-map= to .' },
  ]);
});

test('Two words differ from one word with the same text', () => {
  assert.notEqual(
    keyOf('/c -Xclang -target-cpu -Xclang x a.c', CLANG_CL),
    keyOf('/c -Xclang -target-feature -Xclang x a.c', CLANG_CL),
  );
});
