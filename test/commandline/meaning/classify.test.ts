import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandLineHost, UncacheableReason } from '../../../src/commandline/compile-call.ts';
import { CL, CLANG_CL, CLANG_CL_WINDOWS, callOf, classifyLine, onlyJob, reasonOf } from '../hosts.ts';

const UNCACHEABLE: readonly [reason: UncacheableReason, line: string, host?: CommandLineHost][] = [
  ['invalidArgument', '/c a.c /I'],
  ['invalidArgument', '/c a.c /FI'],
  ['invalidArgument', '/c a.c /FI /O2'],
  ['invalidArgument', '/c a.c /D /O2'],
  ['invalidArgument', '/c a.c /std:'],
  ['invalidArgument', '/c a.c /Tp'],
  ['invalidArgument', '/E /Fo:'],
  ['invalidArgument', '/c a.c -Xclang', CLANG_CL],
  ['invalidArgument', '/c a.c /clang:-MF', CLANG_CL],
  ['invalidArgument', '/c a.c -Xclang -include', CLANG_CL],
  ['noSource', '/c /O2'],
  ['noSource', '/?'],
  ['noSource', '/E'],
  ['noSource', '/c --', CLANG_CL],
  ['preprocessing', '/c /E a.c'],
  ['preprocessing', '/EP a.c'],
  ['preprocessing', '/P a.c /Zi'],
  ['preprocessing', '-E a.c', CLANG_CL],
  ['externalDebugInfo', '/c /Zi a.c'],
  ['externalDebugInfo', '/c /ZI a.c'],
  ['externalDebugInfo', '/c /Z7 /Zi a.c'],
  ['externalDebugInfo', '/c /Zip8 a.c'],
  ['externalDebugInfo', '/c /Zp8i a.c'],
  ['externalDebugInfo', '/Zi a.c /Yupch.h'],
  ['precompiledHeader', '/c /Ycpch.h a.c'],
  ['precompiledHeader', '/c /Yu a.c'],
  ['precompiledHeader', '/Yupch.h a.c'],
  ['precompiledHeader', '/c /Yupch.h a.c', CLANG_CL],
  ['precompiledHeader', '/c /Yuno.h a.c', CLANG_CL],
  ['precompiledHeader', '/c /Fpfolder/ /Ycpch.h a.c', CLANG_CL],
  ['precompiledHeader', '/c /Ycpch.h a.c b.c', CLANG_CL],
  ['precompiledHeader', '/c /Ycpch.h /Yu/src/pch.h a.c', CLANG_CL],
  ['precompiledHeader', '/c /Ycpch.h -Xclang -emit-pch a.c', CLANG_CL],
  ['precompiledHeader', '/c /Ycpch.h /FA a.c', CLANG_CL],
  ['precompiledHeader', '/c /Yu/src/pch.h a.i', CLANG_CL],
  ['precompiledHeader', '/c /Yu/src/pch.h a.S', CLANG_CL],
  ['precompiledHeader', '/c -Xclang -include-pch -Xclang x.pch a.c', CLANG_CL],
  ['precompiledHeader', '/c /clang:-include-pch /clang:/src/x.pch /Yu/src/pch.h a.c', CLANG_CL],
  ['linking', 'a.c'],
  ['linking', 'a.obj b.obj /Feprogram.exe'],
  ['linking', '/c a.c /link x.lib'],
  ['linking', '/Tpa.c b.c'],
  ['multipleSources', '/c /Tpa.c b.c'],
  ['multipleSources', '/c a.c /Tc b.c'],
  ['multipleSources', '/c /unknown a.c /Tcb.c'],
  ['unsupportedOption', '/c /unknown a.c'],
  ['unsupportedOption', '/c -unknown a.c', CLANG_CL],
  ['unsupportedOption', '/c /unknown.x a.c', CLANG_CL],
  ['unsupportedOption', '/c a.c b.obj'],
  ['unsupportedOption', '/c a.c b.lib'],
  ['unsupportedOption', '/c b.obj'],
  ['unsupportedOption', '/c /TP b.obj'],
  ['unsupportedOption', '/c a.ixx'],
  ['unsupportedOption', '/c *.c'],
  ['unsupportedOption', '/c C:a.c'],
  ['unsupportedOption', '/c -- a.c'],
  ['unsupportedOption', '/c - ', CLANG_CL],
  ['unsupportedOption', '/c /TC /TP a.x'],
  ['unsupportedOption', '/c /Zs a.c'],
  ['unsupportedOption', '/c /clr a.cpp'],
  ['unsupportedOption', '/c /clr:netcore a.cpp'],
  ['unsupportedOption', '/c /ZW a.cpp'],
  ['unsupportedOption', '/c /FUx.dll a.cpp'],
  ['unsupportedOption', '/c /analyze a.cpp'],
  ['unsupportedOption', '/c /analyze:log x a.cpp'],
  ['unsupportedOption', '/c /interface a.cpp'],
  ['unsupportedOption', '/c /reference m=m.ifc a.cpp'],
  ['unsupportedOption', '/c /module:output x a.cpp'],
  ['unsupportedOption', '/c /experimental:whatever a.c'],
  ['unsupportedOption', '/c /experimental:log x a.c'],
  ['unsupportedOption', '/c /d1unknown a.c'],
  ['unsupportedOption', '/c /d2unknown a.c'],
  ['unsupportedOption', '/c /d1reportTime a.c'],
  ['unsupportedOption', '/c /Bt+ a.c'],
  ['unsupportedOption', '/c /B1c1.dll a.c'],
  ['unsupportedOption', '/c /Gm a.c'],
  ['unsupportedOption', '/c /Wp,x a.c'],
  ['unsupportedOption', '/c /Zq a.c'],
  ['unsupportedOption', '/c /O2q a.c'],
  ['unsupportedOption', '/c /Zc:unknown a.c'],
  ['unsupportedOption', '/c /RTCx a.c'],
  ['unsupportedOption', '/c /dynamicdeopt a.c'],
  ['unsupportedOption', '/c /clang:-MD a.c'],
  ['unsupportedOption', '/c -save-temps a.c', CLANG_CL],
  ['unsupportedOption', '/c -MJx.json a.c', CLANG_CL],
  ['unsupportedOption', '/c -v a.c', CLANG_CL],
  ['unsupportedOption', '/c -fmodules a.c', CLANG_CL],
  ['unsupportedOption', '/c -fmodule-file=x a.c', CLANG_CL],
  ['unsupportedOption', '/c -fprofile-instr-use a.c', CLANG_CL],
  ['unsupportedOption', '/c -fprofile-instr-use=none a.c', { ...CLANG_CL, fileExists: () => false }],
  ['unsupportedOption', '/c -fthin-link-bitcode=x a.c', CLANG_CL],
  ['unsupportedOption', '/c -working-directory x a.c', CLANG_CL],
  ['unsupportedOption', '/c --config x a.c', CLANG_CL],
  ['unsupportedOption', '/c --driver-mode=gcc a.c', CLANG_CL],
  ['unsupportedOption', '/c -gen-cdb-fragment-path x a.c', CLANG_CL],
  ['unsupportedOption', '/c -fsomething a.c', CLANG_CL],
  ['unsupportedOption', '/c -msomething a.c', CLANG_CL],
  ['unsupportedOption', '/c -gsomething a.c', CLANG_CL],
  ['unsupportedOption', '/c -Wp,-MD,x a.c', CLANG_CL],
  ['unsupportedOption', '/c /openmp:llvm a.c', CLANG_CL],
  ['unsupportedOption', '/c /Zip8 a.c', CLANG_CL],
  ['unsupportedOption', '/c -mllvm -stats a.c', CLANG_CL],
  ['unsupportedOption', '/c -mllvm -info-output-file=x a.c', CLANG_CL],
  ['unsupportedOption', '/c -Xclang -mllvm -Xclang -debug-pass=x a.c', CLANG_CL],
  ['unsupportedOption', '/c /clang:-save-temps a.c', CLANG_CL],
  ['unsupportedOption', '/c /clang:-emit-llvm a.c', CLANG_CL],
  ['unsupportedOption', '/c /clang:-S a.c', CLANG_CL],
  ['unsupportedOption', '/c /clang:-M a.c', CLANG_CL],
  ['unsupportedOption', '/c /clang:other.c a.c', CLANG_CL],
  ['unsupportedOption', '/c /clang:-o /clang:x.o a.c', CLANG_CL],
  ['unsupportedOption', '/c -Xclang -emit-module a.c', CLANG_CL],
];

for (const [reason, line, host = CL] of UNCACHEABLE) {
  test(`${host.family} ${line} is not cached: ${reason}`, () => {
    assert.equal(reasonOf(line, host), reason);
  });
}

test('The refusal names the option that decided, and the reason', () => {
  const result = classifyLine('/c a.c /clr:pure', CL);
  assert.match(result.kind === 'uncacheable' ? result.because : '', /^\/clr:pure .*assemblies/);
  const missing = classifyLine('/c a.c /I', CL);
  assert.match(missing.kind === 'uncacheable' ? missing.because : '', /^\/I lacks its value/);
});

const CACHEABLE: readonly [line: string, host: CommandLineHost][] = [
  ['/c /Zi /Z7 a.c', CL],
  ['/c /Z7p1 a.c', CL],
  ['/c /Yupch.h /Y- a.c', CL],
  ['/c /Gm- a.c', CL],
  ['/c /TP a.inl', CL],
  ['/c /c a.CPP', CL],
  ['/c /Zi a.c', CLANG_CL],
  ['/c /ZI a.c', CLANG_CL],
  ['/c /D -x a.c', CLANG_CL],
  ['/c -mllvm -inline-threshold=5 a.c', CLANG_CL],
  ['/c -mllvm -enable-x=false a.c', CLANG_CL],
  ['/c --driver-mode=cl a.c', CLANG_CL],
  ['/c -Rsomething a.c', CLANG_CL],
  ['/c /Zf- /d2FH4 /d2FH4- a.c', CL],
  ['/c /d2FH4- /d2anything /Zc:anything /Oanything a.c', CLANG_CL],
  ['/c -fprofile-instr-use=x.profdata a.c', CLANG_CL_WINDOWS],
  ['/c -Xclang -plugin-arg-find-bad -Xclang check-x a.c', CLANG_CL],
];

for (const [line, host] of CACHEABLE) {
  test(`${host.family} ${line} is cached`, () => {
    assert.equal(reasonOf(line, host), 'cacheable');
  });
}

test('A job has the arguments of the line as spelled, without /MP and other sources, its source last', () => {
  const { jobs } = callOf('-nologo a.cpp /I inc /MP4 -DX=1 /c b.c /Foo\\', CL);
  assert.deepEqual(
    jobs.map((job) => job.compilerArguments),
    [
      ['-nologo', '/I', 'inc', '-DX=1', '/c', '/Foo\\', 'a.cpp'],
      ['-nologo', '/I', 'inc', '-DX=1', '/c', '/Foo\\', 'b.c'],
    ],
  );
  assert.deepEqual(
    jobs.map((job) => [job.source, job.language, job.sourceArguments]),
    [
      ['a.cpp', 'c++', ['a.cpp']],
      ['b.c', 'c', ['b.c']],
    ],
  );
});

test('The options for a probe are without source, outputs, /c and include notes', () => {
  const line = '/c /O2 /showIncludes /FA /Fal.asm /Fox.obj /clang:-MD /clang:-MFx.d /clang:-MTt -DX a.c';
  assert.deepEqual(onlyJob(line, CLANG_CL).optionArguments, ['/O2', '-DX']);
});

test('The question for search folders has no macros and no forced headers, because every target has its own', () => {
  const line = (macros: string) => `/c /O2 -m32 -Iinc ${macros} /X a.c`;
  const asked = onlyJob(line(''), CLANG_CL).searchArguments;
  assert.deepEqual(asked, ['/O2', '-m32', '-Iinc', '/X']);
  for (const macros of ['-DX', '/D Y=1', '-UX -DZ', '/FIforced.h', '/clang:-DX', '-Xclang -DX']) {
    assert.deepEqual(onlyJob(line(macros), CLANG_CL).searchArguments, asked, macros);
  }
});

test('An option that was split from others is passed on once', () => {
  const { compilerArguments } = onlyJob('/c /O2b1y- /EHs-c- a.c', CL);
  assert.deepEqual(compilerArguments, ['/c', '/O2b1y-', '/EHs-c-', 'a.c']);
});

test('The language of a source comes from the suffix, from /TC and /TP for all sources, and from /Tc and /Tp for one', () => {
  const languageOf = (line: string, host = CL) => callOf(line, host).jobs.map((job) => job.language);
  assert.deepEqual(languageOf('/c a.c b.cpp d.cxx e.cc'), ['c', 'c++', 'c++', 'c++']);
  assert.deepEqual(languageOf('/c a.c /TP'), ['c++']);
  assert.deepEqual(languageOf('/c /TC a.cpp'), ['c']);
  assert.deepEqual(languageOf('/c /TP /Tc a.cpp'), ['c']);
  assert.deepEqual(languageOf('/c /Tpa.c'), ['c++']);
  assert.deepEqual(languageOf('/c /TC /TP a.x', CLANG_CL), ['c++']);
  assert.deepEqual(languageOf('/c a.c++ b.CPP', CLANG_CL), ['c++', 'c++']);
});

test('cl ignores the case of a suffix, and clang-cl does not', () => {
  assert.equal(reasonOf('/c a.Cpp', CL), 'cacheable');
  assert.equal(reasonOf('/c a.Cpp', CLANG_CL_WINDOWS), 'unsupportedOption');
});

test('/Tc and /Tp stand before their source', () => {
  assert.deepEqual(onlyJob('/c /Tpa.x', CL).sourceArguments, ['/Tpa.x']);
  assert.deepEqual(onlyJob('/c /Tp a.x', CL).sourceArguments, ['/Tp', 'a.x']);
  assert.deepEqual(onlyJob('/c /Tp /odd.x', CL).source, '/odd.x');
});

test('A source behind -- keeps the --', () => {
  const { jobs } = callOf('/c /Foo/ -- /src/a.c /src/b.c', CLANG_CL);
  assert.deepEqual(jobs[1]?.compilerArguments, ['/c', '/Foo/', '--', '/src/b.c']);
  assert.equal(jobs[1]?.source, '/src/b.c');
});

test('On POSIX an existing absolute path is a source, even if an option begins like it', () => {
  assert.equal(onlyJob('/c /Users/x/a.cpp', CLANG_CL).source, '/Users/x/a.cpp');
  assert.deepEqual(onlyJob('/c /Users/x/a.cpp', CLANG_CL).sourceArguments, ['--', '/Users/x/a.cpp']);
  assert.equal(onlyJob('/c /home/x/a.c', CLANG_CL).source, '/home/x/a.c');
  assert.equal(reasonOf('/c /Users/x/gone.txt', CLANG_CL), 'noSource');
  assert.equal(reasonOf('/c /Users/x/a.cpp', { ...CLANG_CL, fileExists: () => false }), 'noSource');
});

test('On Windows a slash always begins an option', () => {
  assert.equal(reasonOf('/c /Users/x/a.cpp', CL), 'noSource');
});

test('The number of workers is that of the last /MP, the processors for a bare one, else one', () => {
  const workersOf = (line: string) => callOf(line, CL).workers;
  assert.equal(workersOf('/c a.c'), 1);
  assert.equal(workersOf('/c /MP a.c'), 4);
  assert.equal(workersOf('/c /MP /MP7 a.c'), 7);
  assert.equal(workersOf('/c /MP0 a.c'), 1);
  assert.equal(workersOf('/c /MP99999 a.c'), 1);
});

test('clang-cl warns about /MP, so its jobs keep it', () => {
  const { jobs, workers } = callOf('/c /MP2 a.c', CLANG_CL);
  assert.equal(workers, 2);
  assert.deepEqual(jobs[0]?.compilerArguments, ['/c', '/MP2', 'a.c']);
});

test('Search directories come in the order of the search, those handed on to clang last', () => {
  const { searchDirectories } = callOf(
    '/c /Ia /external:I b /clang:-Ic /clang:-isystemd /imsvce -If a.c',
    CLANG_CL,
  );
  assert.deepEqual(searchDirectories, [
    { path: 'a', kind: 'user' },
    { path: 'b', kind: 'external' },
    { path: 'e', kind: 'system' },
    { path: 'f', kind: 'user' },
    { path: 'c', kind: 'user' },
    { path: 'd', kind: 'system' },
  ]);
});

test('Variables with search directories are named, none of them after /X but those of /external:env', () => {
  const variables = (line: string) => callOf(line, CL).searchVariables;
  assert.deepEqual(variables('/c a.c'), ['INCLUDE', 'EXTERNAL_INCLUDE']);
  assert.deepEqual(variables('/c /X a.c'), []);
  assert.deepEqual(variables('/c /X /external:env:MORE a.c'), ['MORE']);
});

test('Forced includes are listed in their order, however they are spelled', () => {
  const line = '/c /FIa.h -FI b.h /clang:-include /clang:c.h -Xclang -imacros -Xclang d.h a.c';
  assert.deepEqual(callOf(line, CLANG_CL).forcedIncludes, ['a.h', 'b.h', 'c.h', 'd.h']);
});

test('Files that options make the compiler read are listed', () => {
  const line = '/c -fsanitize=address -fsanitize-ignorelist=list.txt -fprofile-instr-use=p.profdata a.c';
  assert.deepEqual(callOf(line, CLANG_CL_WINDOWS).inputFiles, ['list.txt', 'p.profdata']);
  assert.deepEqual(
    callOf('/c -fpass-plugin=p.dll -Xclang -load -Xclang q.dll a.c', CLANG_CL_WINDOWS).inputFiles,
    ['p.dll', 'q.dll'],
  );
});

test('A folder that stands for a profile is the file that clang reads there', () => {
  const files = (line: string) => callOf(line, CLANG_CL_WINDOWS).inputFiles;
  assert.deepEqual(files('/c -fprofile-use=p.dir a.c'), ['p.dir\\default.profdata']);
  assert.deepEqual(files('/c /clang:-fprofile-instr-use=p.dir\\ a.c'), ['p.dir\\default.profdata']);
  assert.deepEqual(files('/c /clang:-fprofile-use=p.profdata a.c'), ['p.profdata']);
  const isThere = (path: string) => path === '/tree/none/default.profdata';
  const host = { ...CLANG_CL, fileExists: isThere, folderExists: () => true };
  assert.equal(reasonOf('/c /clang:-fprofile-use=none a.c', host), 'cacheable');
  assert.equal(reasonOf('/c /clang:-fprofile-use=other a.c', host), 'unsupportedOption');
});

test('The target may be named among the words that are handed on, which come after all others', () => {
  const toolFolders = (line: string) => callOf(line, CLANG_CL).toolFolders;
  assert.deepEqual(toolFolders('/c /clang:--target=x86_64-pc-windows-msvc --target=x a.c'), []);
  const linux = 'x86_64-pc-linux-gnu';
  assert.equal(
    toolFolders(`/c /clang:-target /clang:${linux} --target=x86_64-pc-windows-msvc a.c`),
    undefined,
  );
});

test('The target in the name of the driver counts unless the line names one', () => {
  const toolFolders = (line: string, namedTarget: string) =>
    callOf(line, { ...CLANG_CL, namedTarget }).toolFolders;
  assert.equal(toolFolders('/c a.c', 'aarch64-linux-gnu'), undefined);
  assert.deepEqual(toolFolders('/c --target=i686-pc-windows-msvc a.c', 'aarch64-linux-gnu'), []);
  for (const name of ['my', 'vendor', 'archive-x']) assert.deepEqual(toolFolders('/c a.c', name), [], name);
});

test('Calls for targets other than Windows and Linux are not cached', () => {
  const known = `windows x86_64-pc-windows-msvc x86_64-pc-windows-msvc19.29.30133 arm64ec-pc-windows-msvc x86_64-windows
    i686-pc-win32 x86_64-pc-linux-gnu aarch64-linux-gnu arm-linux-gnueabihf x86_64-alpine-linux-musl x86_64-linux`;
  const others = `x86_64-w64-mingw32 x86_64-pc-windows-gnu x86_64-pc-windows-cygnus x86_64-unknown-windows-itanium
    x86_64-apple-darwin arm64-apple-ios aarch64-linux-android arm-none-eabi wasm32-unknown-unknown x86_64-unknown-uefi
    x86_64-unknown-freebsd x`;
  for (const target of known.split(/\s+/)) {
    assert.equal(reasonOf(`/c --target=${target} a.c`, CLANG_CL), 'cacheable', target);
    assert.equal(reasonOf('/c a.c', { ...CLANG_CL, namedTarget: target }), 'cacheable', target);
  }
  for (const target of others.split(/\s+/)) {
    assert.equal(reasonOf(`/c --target=${target} a.c`, CLANG_CL), 'unsupportedOption', target);
    assert.equal(reasonOf(`/c /clang:--target=${target} a.c`, CLANG_CL), 'unsupportedOption', target);
  }
  assert.equal(reasonOf('/c a.c', { ...CLANG_CL, namedTarget: 'x86_64-w64-mingw32' }), 'unsupportedOption');
});

test('The lists of a -resource-dir count only with a sanitizer', () => {
  const lists = (line: string) => callOf(line, CLANG_CL).inputFiles;
  assert.deepEqual(lists('/c -resource-dir own a.c'), []);
  assert.deepEqual(lists('/c -fsanitize=address a.c'), []);
  for (const line of [
    '/c -resource-dir own -fsanitize=undefined,address a.c',
    '/c -resource-dir=own /clang:-fsanitize=memory a.c',
  ]) {
    assert.ok(lists(line).includes('own/share/ubsan_ignorelist.txt'), line);
    assert.ok(lists(line).includes('own/share/dfsan_abilist.txt'), line);
  }
});

test('The folders of Microsoft’s tools are reported with their kinds', () => {
  const line = '/c /winsysroot root /vctoolsdirvc -winsdkdir sdk /diasdkdir dia a.c';
  assert.deepEqual(callOf(line, CLANG_CL).toolFolders, [
    { kind: 'winsysroot', path: 'root' },
    { kind: 'vctoolsdir', path: 'vc' },
    { kind: 'winsdkdir', path: 'sdk' },
  ]);
  for (const target of ['x86_64-pc-windows-msvc', 'i686-pc-win32']) {
    assert.deepEqual(callOf(`/c --target=x --target=${target} a.c`, CLANG_CL).toolFolders, []);
  }
  assert.equal(callOf('/c --target=x86_64-pc-linux-gnu a.c', CLANG_CL).toolFolders, undefined);
});

test('The user’s wish for include notes is recognised', () => {
  assert.equal(callOf('/c a.c', CLANG_CL).showIncludes, 'no');
  assert.equal(callOf('/c /showIncludes a.c', CL).showIncludes, 'all');
  assert.equal(callOf('/c -showIncludes:user a.c', CLANG_CL).showIncludes, 'user');
  assert.equal(reasonOf('/c /showIncludes:user a.c', CL), 'unsupportedOption');
});

test('Debug information is recognised in all its forms, and the last option wins', () => {
  const debugOf = (line: string, host = CLANG_CL) => callOf(line, host).debugInfo;
  assert.equal(debugOf('/c a.c'), false);
  assert.equal(debugOf('/c /Z7 a.c', CL), true);
  assert.equal(debugOf('/c /O2 a.c', CL), false);
  for (const option of ['/Z7', '/Zi', '-gdwarf', '-gline-tables-only', '/clang:-g', '/clang:-ggdb3']) {
    assert.equal(debugOf(`/c ${option} a.c`), true, option);
  }
  assert.equal(debugOf('/c /clang:-g /clang:-g0 a.c'), false);
  assert.equal(debugOf('/c /clang:-g0 /Z7 a.c'), false);
  assert.equal(debugOf('/c -Xclang -debug-info-kind=limited a.c'), true);
  assert.equal(debugOf('/c --coverage a.c'), true);
  assert.equal(debugOf('/c -fcoverage-mapping -fprofile-instr-generate a.c'), true);
});

test('Defined macros are listed in order, and undefined ones are not', () => {
  const definitions = (line: string) => callOf(line, CL).definitions;
  assert.deepEqual(definitions('/c /DWHEN=__TIME__ /D HAS(x)=__has_##x /UX -DA a.c'), [
    'WHEN=__TIME__',
    'HAS(x)=__has_##x',
    'A',
  ]);
  assert.deepEqual(callOf('/c -Xclang -DA=1 /clang:-DB a.c', CLANG_CL).definitions, ['A=1', 'B']);
});
