import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findOptions } from '../../../src/commandline/options/lookup.ts';
import { CL } from '../hosts.ts';

/** The options on the pages of "MSVC compiler options" and in `cl /?`, with a value if one is required. */
const DOCUMENTED = `
  c link ? help HELP nologo MP cgthreads1 errorReport:1 options:strict bigobj LD LDd LN F1 E EP P C PD PH Zs Zg
  analyze:only Fo Fo:1 Fd Fd:1 Fe Fe:1 Fi Fi:1 Fm Fm:1 FA Fa FR FR:1 Fr Ft1 Fx doc FC FS FD FU1 FU:asFriend1 FI1
  D1 U1 u I1 X AI1 external:I1 external:env:1 external:anglebrackets external:W1 external:templates
  experimental:external showIncludes TC TP Tc1 Tp1 J std:1 permissive Za Ze await await:strict constexpr:depth1
  constexpr:backtrace1 constexpr:steps1 templateDepth:1 source-charset:1 execution-charset:1 utf-8
  validate-charset openmp openmp:experimental openmp:llvm clr clr:netcore clr:nostdlib clr:nostdimport
  clr:noAssembly clr:initialAppDomain clr:implicitKeepAlive- clr:pure clr:safe ZW ZW:nostdlib O1 O2 Ob1 Od Og Oi
  Os Ot Ox Oy arch:1 arm64EC favor:1 feature:1 vlen vlen=1 fp:contract fp:except fp:fast fp:precise fp:strict
  fpcvt:1 EHa EHs EHc EHr GA Gd Gr Gv Gz Ge GF GH Gh GL Gm Gm- GR GS Gs GT Gu guard:cf guard:ehcont
  guard:signret Gw GX Gy GZ H1 homeparams hotpatch jumptablerdata JMC kernel forceInterlockedFunctions fastfail
  presetPadding MD MDd MT MTd Qfast_transcendentals QIfist Qimprecise_fwaits QIntel-jcc-erratum Qpar
  Qpar-report:1 Qsafe_fp_loads Qspectre Qspectre-load Qspectre-load-cf Qspectre-jmp Qvec-report:1 RTC1 RTCc RTCs
  RTCu sdl vd1 vmb vmg vmm vms vmv volatile:iso volatile:ms volatileMetadata V1 callcap fastcap dynamicdeopt
  dynamicdeopt:suffix dynamicdeopt:sync fsanitize=address fsanitize=kernel-address fsanitize=fuzzer
  fsanitize-address-use-after-return fno-sanitize-address-vcasan-lib fsanitize-address-asan-compat-lib
  fno-sanitize-address-asan-compat-lib fsanitize-coverage=1 fno-sanitize-coverage=1 Brepro Z7 Zi ZI Zd Zf Zo
  ZH:1 Zl Zm1 Zp sourcelink1 Yc Yu Yd Yl Y- Fp1 Fp:1 sourceDependencies1 sourceDependencies-
  sourceDependencies:directives1 scanDependencies1 translateInclude interface internalPartition exportHeader
  headerName:quote headerName:angle headerUnit1 headerUnit:quote1 headerUnit:angle1 reference1 ifcOutput1
  ifcSearchDir1 ifcMap ifcOnly stdIfcDir1 showResolvedHeader module:interface module:export module:exportHeader
  module:name module:output module:reference module:search module:stdIfcDir module:wrapper
  module:showResolvedHeader experimental:log1 experimental:module experimental:preprocessor
  experimental:newLambdaProcessor experimental:deterministic experimental:c11atomics pathmap:1 d1trimfile:1
  d1nodatetime d1ForceLowerCaseNames d1PP d1reportTime d1reportAllClassLayout d1reportSingleClassLayout1
  d1templateStats d2cgsummary d2Zi+ d2FastFail d2guardspecload Bt Bt+ Bv Bd Bz B11 B21 Bx1 w W0 W1 W2 W3 W4 Wall
  WX w11 w21 w31 w41 wd1 we1 wo1 Wv WL Wp64 diagnostics:1 limitTemplateNotes:1 analyze analyze- analyze:quiet
  analyze:max_paths1 analyze:stacksize1 analyze:WX- analyze:plugin1 analyze:external- analyze:external:ruleset1
  analyze:autolog analyze:autolog:ext1 analyze:log1 analyze:log:format:1 analyze:log:compilerwarnings
  analyze:log:includesuppressed analyze:sarif:analyzedfiles analyze:sarif:configuration
  analyze:projectdirectory1 analyze:rulesetdirectory1 analyze:ruleset1 Zc:__cplusplus Zc:__STDC__ Zc:alignedNew
  Zc:auto Zc:char8_t Zc:checkGwOdr Zc:enumTypes Zc:enumEncoding Zc:externC Zc:externConstexpr Zc:forScope
  Zc:gotoScope Zc:hiddenFriend Zc:implicitNoexcept Zc:inline Zc:lambda Zc:noexceptTypes Zc:nrvo Zc:preprocessor
  Zc:referenceBinding Zc:rvalueCast Zc:sizedDealloc Zc:static_assert Zc:strictStrings Zc:templateScope
  Zc:ternary Zc:threadSafeInit Zc:throwingNew Zc:tlsGuards Zc:trigraphs Zc:twoPhase Zc:u8EscapeEncoding
  Zc:wchar_t Zc:zeroSizeArrayNew EHsc EHa- Wv:19
`;

test('every documented option of cl has a row, with a reason if it is refused', () => {
  const options = DOCUMENTED.trim().split(/\s+/);
  assert.ok(options.length > 300);
  const missing = options.filter(
    (option) => !findOptions(CL, `/${option}`) || !findOptions(CL, `-${option}`),
  );
  assert.deepEqual(missing, []);
  for (const option of options) {
    for (const { row } of findOptions(CL, `/${option}`) ?? []) {
      if (row.effect.kind === 'refuse') assert.notEqual(row.effect.because, '', option);
    }
  }
});
