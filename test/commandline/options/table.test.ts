import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CL_OPTIONS } from '../../../src/commandline/options/cl.ts';
import { CLANG_CL_OPTIONS } from '../../../src/commandline/options/clang-cl.ts';
import { LATER_CLANG_CL_OPTIONS } from '../../../src/commandline/options/clang-cl-later.ts';
import { DRIVER_WORDS, FRONTEND_WORDS } from '../../../src/commandline/options/clang-words.ts';
import { findOptions } from '../../../src/commandline/options/lookup.ts';
import type { OptionForm, OptionGroup } from '../../../src/commandline/options/row.ts';
import { SHARED_OPTIONS } from '../../../src/commandline/options/shared.ts';
import { namesOfGroup } from '../../../src/commandline/options/table.ts';
import { CL, CLANG_CL_WINDOWS, callOf } from '../hosts.ts';

const TABLES: Readonly<Record<string, readonly OptionGroup[]>> = {
  cl: [...SHARED_OPTIONS, ...CL_OPTIONS],
  'clang-cl': [...SHARED_OPTIONS, ...CLANG_CL_OPTIONS, ...LATER_CLANG_CL_OPTIONS],
  '/clang:': DRIVER_WORDS,
  '-Xclang': FRONTEND_WORDS,
};

/** The forms that an effect with a value can have. */
const NEEDS_VALUE: readonly OptionForm[] = ['joined', 'joinedOrSeparate', 'separate'];
const NEEDS_NONE: readonly OptionForm[] = ['flag', 'toggle'];

for (const [name, groups] of Object.entries(TABLES)) {
  test(`No option has two rows in the table of ${name}`, () => {
    const seen = new Set<string>();
    for (const option of groups.flatMap(namesOfGroup)) {
      assert.ok(!seen.has(option), option);
      seen.add(option);
    }
  });

  test(`Every row in the table of ${name} is well formed`, () => {
    for (const group of groups) {
      const names = namesOfGroup(group);
      assert.ok(names.length > 0);
      for (const option of names) {
        assert.match(option, /^[!-~]+$/, option);
        assert.ok(!option.startsWith('/'), option);
        const { kind } = group.effect;
        if (
          ['macro', 'searchDirectory', 'forcedInclude', 'inputFile', 'source', 'searchVariable'].includes(
            kind,
          )
        ) {
          assert.ok(NEEDS_VALUE.includes(group.form), `${option} needs a value`);
        }
        if (['compileOnly', 'debugInfo', 'language', 'showIncludes', 'noSearchVariables'].includes(kind)) {
          assert.ok(NEEDS_NONE.includes(group.form) || option.endsWith('='), `${option} takes no value`);
        }
        if (group.effect.kind === 'refuse') assert.ok(group.effect.because.length > 0, option);
      }
    }
  });
}

test('The longest name wins, and case counts', () => {
  const nameOf = (argument: string, host = CL) =>
    findOptions(host, argument)?.map(({ row, rest }) => `${row.name} ${rest}`);
  assert.deepEqual(nameOf('/FIx.h'), ['FI x.h']);
  assert.deepEqual(nameOf('/Fix.i'), ['Fi x.i']);
  assert.deepEqual(nameOf('/external:Ix'), ['external:I x']);
  assert.deepEqual(nameOf('/external:W3'), ['external:W 3']);
  assert.deepEqual(nameOf('/Gm-'), ['Gm- ']);
  assert.deepEqual(nameOf('/GS-'), ['GS -']);
  assert.deepEqual(nameOf('/Gs4096'), ['Gs 4096']);
  assert.deepEqual(nameOf('/MDd'), ['MDd ']);
  assert.deepEqual(nameOf('/w14640'), ['w1 4640']);
  assert.deepEqual(nameOf('/Wall'), ['Wall ']);
  assert.deepEqual(nameOf('-Wall', CLANG_CL_WINDOWS), ['Wall ']);
  assert.deepEqual(nameOf('-Wno-x', CLANG_CL_WINDOWS), ['W no-x']);
  assert.equal(nameOf('/Wno-x', CLANG_CL_WINDOWS), undefined);
  assert.equal(nameOf('/NOLOGO'), undefined);
});

test('Several options in one word are split', () => {
  const apart = (argument: string, host = CL) =>
    findOptions(host, argument)?.map(({ row, rest }) => row.name + rest);
  assert.deepEqual(apart('/O1ib2s'), ['O1', 'Oi', 'Ob2', 'Os']);
  assert.deepEqual(apart('/O2b1y-'), ['O2', 'Ob1', 'Oy-']);
  assert.deepEqual(apart('/EHs-c-'), ['EHs-', 'EHc-']);
  assert.deepEqual(apart('/Zip8'), ['Zi', 'Zp8']);
  assert.deepEqual(apart('/Z7p1'), ['Z7', 'Zp1']);
  assert.deepEqual(apart('/Zc:auto,inline-'), ['Zc:auto', 'Zc:inline-']);
  assert.deepEqual(apart('/RTCsu'), ['RTCs', 'RTCu']);
  assert.deepEqual(apart('/GyGF'), undefined);
  assert.deepEqual(apart('/Gyd'), ['Gy', 'Gd']);
  assert.equal(apart('/Zip8', CLANG_CL_WINDOWS), undefined);
  assert.deepEqual(apart('/O2b1y-', CLANG_CL_WINDOWS), ['O2b1y-']);
});

/** Lines of real build systems, without sources and /c. */
const REAL_LINES_OF_CL = `
/nologo /W3 /O2 /DNDEBUG
/nologo /TP /DWIN32 /D_WINDOWS /W3 /GR /EHsc /MD /O2 /Ob2 /DNDEBUG /showIncludes /FoCMakeFiles\\x.dir\\a.cpp.obj /FdCMakeFiles\\x.dir\\ /FS
/nologo /TP -DFOO_EXPORTS -IC:\\src\\include -external:IC:\\vcpkg\\include -external:W0 /DWIN32 /D_WINDOWS /GR /EHsc /Ob0 /Od /RTC1 -std:c++17 -MDd -Z7 /showIncludes /Fox.obj /Fdx\\ /FS
/IC:\\a\\inc /Z7 /nologo /W3 /WX- /diagnostics:column /MP /O2 /Oi /Ob2 /D _MBCS /D WIN32 /D NDEBUG /GF /Gm- /EHsc /MD /GS /Gy /fp:precise /Zc:wchar_t /Zc:forScope /Zc:inline /GR /std:c++17 /permissive- /FoRelease\\ /FdRelease\\vc142.pdb /external:W3 /Gd /TP /FC /errorReport:queue
/IC:\\a /nologo /W4 /WX /sdl /diagnostics:caret /MP /Od /Ob0 /Oy- /D WIN32 /D _DEBUG /GF /Gm- /EHa /RTC1 /MDd /GS /fp:strict /fp:except- /arch:AVX2 /Zc:wchar_t- /Zc:forScope- /Zc:inline /std:c++latest /FAcs /Fax64\\ /Fox64\\ /Fdx64\\vc143.pdb /Gz /TC /wd4996 /we4700 /FC /errorReport:prompt /utf-8
/permissive- /GS /GL /W3 /Gy /Zc:wchar_t /Gm- /O2 /sdl /Fdx64\\vc143.pdb /Zc:inline /fp:precise /D NDEBUG /D _CONSOLE /D _UNICODE /D UNICODE /errorReport:prompt /WX- /Zc:forScope /Gd /Oi /MD /FC /Fax64\\ /EHsc /nologo /Fox64\\ /Fpx64\\x.pch /diagnostics:column
-nologo -MD -O2 -W3 -wd4090 -nologo -DL_ENDIAN -DOPENSSL_PIC -D_USING_V110_SDK71_ -D_WINDLL /Zl /Gs0 /GF /Gy /FIx.h
-nologo -Zc:wchar_t -FS -Zc:rvalueCast -Zc:inline -Zc:strictStrings -Zc:throwingNew -permissive- -Zc:__cplusplus -Zc:externConstexpr -O2 -MD -std:c++17 -utf-8 -W3 -w34100 -w34189 -w44996 -w44456 -wd4577 -wd4467 -EHsc /Fdx.pdb -DUNICODE -D_UNICODE -DQT_NO_DEBUG
/bigobj /Zm500 /cgthreads8 /d2Zi+ /Zo /Qpar /Qvec-report:2 /favor:blend /guard:cf /Qspectre /volatile:iso /vmg /vd2 /J
/GR- /EHs-c- /Zp8 /Gr /hotpatch /homeparams /Gw /Brepro /experimental:deterministic /pathmap:C:\\src=x /d1trimfile:C:\\src\\
/std:c11 /std:clatest /Zc:preprocessor /Zc:__STDC__ /openmp /openmp:experimental /openmp:llvm /await /await:strict
/permissive /Za /Ze /Zd /LD /LDd /MT /MTd /TP /u /X /external:anglebrackets /external:env:EXT /external:templates-
/w /W0 /W1 /W2 /Wall /WL /WX /w14244 /wo4710 /wd 4996 /Wv:19 /validate-charset /source-charset:utf-8 /execution-charset:utf-8 /options:strict
/O1ib2s /Ox /Ot /Og /Oy /Oi- /Ob3 /GA /GT /GH /Gh /GX /GZ /Ge /Gv /Gu /QIfist /Qfast_transcendentals
/JMC /jumptablerdata /kernel /forceInterlockedFunctions /fastfail /presetPadding /guard:ehcont /guard:signret /Qspectre-load /QIntel-jcc-erratum
/fsanitize=address /fsanitize=fuzzer /fsanitize-coverage=edge /fno-sanitize-address-vcasan-lib /ZH:SHA_256 /constexpr:depth1024 /constexpr:steps100000 /constexpr:backtrace5
/FRx\\ /doc /sourceDependencies x\\ /Yd /Yl- /Y- /Yuold.h /Fpold.pch /FIforced.h /AIwinmd /limitTemplateNotes:3 /templateDepth:5
/d2FastFail /d2SSAOptimizer- /d1nodatetime /d1reportAllClassLayout /d1reportSingleClassLayoutFoo /d2guardspecload /experimental:external
/vmb /vmm /vms /vmv /volatile:ms /arch:SSE2 /arch:IA32 /fp:fast /fp:contract /Zc:trigraphs /Zc:twoPhase- /Zc:char8_t- /Zc:sizedDealloc- /Zc:threadSafeInit-
/analyze- /Wp64 /H31 /V1.0 /sourcelink x.json /Fm /F1000 /Fex.exe /Zc:auto,ternary- /feature:lse /vlen=256 /fpcvt:IA
`;

const REAL_LINES_OF_CLANG_CL = `
/nologo -TP -DA -IC:\\x /DWIN32 /D_WINDOWS /EHsc /O2 /Ob2 /DNDEBUG -std:c++17 -MD -imsvcC:\\sdk /showIncludes /Fox.obj /Fdx\\
-m64 -msse3 --target=x86_64-pc-windows-msvc -fms-compatibility-version=19.29 /W4 -Wno-unused -Werror=return-type -Qunused-arguments
/nologo /showIncludes:user -fcomplete-member-pointers -fcolor-diagnostics -fmerge-all-constants -fcrash-diagnostics-dir=x -mllvm -instcombine-lower-dbg-declare=0 -fansi-escape-codes /Zc:dllexportInlines- -fno-delayed-template-parsing /guard:cf,nochecks /clang:-fno-math-errno
/Z7 -gcodeview-ghash -gline-tables-only -fdebug-compilation-dir . -fdebug-compilation-dir=. -no-canonical-prefixes -ftrivial-auto-var-init=pattern -Xclang -fdebug-compilation-dir -Xclang .
-fsanitize=address,undefined -fno-sanitize-recover=all -fsanitize-ignorelist=list.txt -fsanitize-coverage=trace-pc-guard -fprofile-instr-generate -fcoverage-mapping
-flto=thin -fwhole-program-vtables -fsplit-lto-unit -fprofile-instr-use=x.profdata -fprofile-sample-use=y.prof -fprofile-list=z.list -march=native -mtune=x -mavx2
/clang:-O3 /clang:-ffast-math /clang:-fno-finite-math-only /clang:-std=c++20 /clang:-Wno-x /clang:-D /clang:X=1 /clang:-UX /clang:-isystem /clang:inc /clang:-include /clang:x.h /clang:-march=haswell
-Xclang -std=c++2b -Xclang -mllvm -Xclang -x=1 -Xclang -fno-pch-timestamp -Xclang -target-feature -Xclang +avx -Xclang -add-plugin -Xclang p -Xclang -load -Xclang p.dll
/winsysroot C:\\sdk /vctoolsdir C:\\vc /vctoolsversion 14.3 /winsdkdir C:\\kit /winsdkversion 10 /diasdkdirC:\\dia -resource-dir=C:\\r -nobuiltininc
/EHs-c- /GR- /Gs /Gw /Gy /Zl /Zp4 /arch:AVX2 /tune:native /vd1 /vmg /volatile:iso /RTC1 /RTCsu /sdl /ZI /FS /bigobj /MP /GL /analyze- /QIntel-jcc-erratum /Qvec- /hotpatch
-fno-exceptions -fno-rtti -fno-strict-aliasing -fno-addrsig -fms-extensions -fno-builtin-memcpy -ferror-limit=0 -fbracket-depth=512 -fdiagnostics-absolute-paths -fdiagnostics-parseable-fixits
/FA /FAcs -ftime-trace -ftime-trace-granularity=1 /showFilenames /clang:-MD /clang:-MF /clang:x.d /clang:-fsave-optimization-record -Rpass=inline
/Fo:x.obj /Fe:x.exe /Fp:x.pch /Fi:x.i /TP /external:W0 /external:I C:\\x /utf-8 /validate-charset- /diagnostics:caret /J /X /u /await /permissive-
`;

for (const [host, lines] of [
  [CL, REAL_LINES_OF_CL],
  [CLANG_CL_WINDOWS, REAL_LINES_OF_CLANG_CL],
] as const) {
  for (const line of lines.trim().split('\n')) {
    test(`${host.family} understands every option of ${line}`, () => {
      const { jobs } = callOf(`${line} /c a.cpp`, host);
      assert.equal(jobs.length, 1);
    });
  }
}
