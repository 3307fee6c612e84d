/**
 * Options that only clang-cl has, or that it reads in a way of its own. The names are what clang-cl 14 accepts at top
 * level (each was tried) and what later versions added by their documentation; a GCC spelling that clang-cl does not
 * know is a warning of its own, so it stays out of here and the call goes uncached.
 */
import { HASH, IGNORE, INPUT_FILE, type OptionGroup, PATH_TEXT, refuse } from './option-row.ts';

const MODULES = refuse('reads or writes a module cache');
const PRINTS = refuse('prints something and compiles nothing');
const ELSEWHERE = refuse('compiles for a further device');
const CONFIGURES = refuse('reads options from a place that the cache does not know');
const UNKNOWN_FILE = refuse('reads a file whose name is not on the line');

export const CLANG_CL_OPTIONS: readonly OptionGroup[] = [
  { prefix: '/-', form: 'joined', effect: { kind: 'driverWord' }, names: 'clang:' },
  { prefix: '-', form: 'separate', effect: { kind: 'frontendWord' }, names: 'Xclang' },
  { prefix: '-', form: 'joined', effect: { kind: 'frontendWord' }, names: 'Xclang=', sinceClang: 17 },
  // Accepted without a word, and without effect.
  { prefix: '/-', form: 'flag', effect: IGNORE, names: 'nologo FS' },
  { prefix: '/-', form: 'joinedOptional', effect: IGNORE, names: 'cgthreads errorReport Zm' },
  // Files that are written.
  { prefix: '/-', form: 'joinedOrSeparate', effect: { kind: 'object' }, names: 'o' },
  {
    prefix: '/-',
    form: 'flag',
    effect: refuse('is read as /o by some versions'),
    names: 'openmp:llvm options:strict',
  },
  { prefix: '/-', form: 'flag', effect: { kind: 'output', role: 'listing', isSwitch: true }, names: 'FA' },
  // Other forms of /FA are not used, with a warning.
  {
    prefix: '/-',
    form: 'flag',
    effect: HASH,
    names: 'FAc FAs FAu FAcs FAsc FAcu FAuc FAsu FAus FAcsu FAcus',
  },
  {
    prefix: '-',
    form: 'flag',
    effect: { kind: 'output', role: 'timeTrace', isSwitch: true },
    names: 'ftime-trace',
  },
  { prefix: '-', form: 'joined', effect: HASH, names: 'ftime-trace-granularity=' },
  {
    prefix: '-',
    form: 'flag',
    effect: { kind: 'output', role: 'coverageNotes', isSwitch: true },
    names: '-coverage coverage',
  },
  {
    prefix: '-',
    form: 'joined',
    effect: refuse('writes a second bitcode file'),
    names: 'fthin-link-bitcode=',
  },
  { prefix: '-', form: 'joined', effect: refuse('takes bitcode as its source'), names: 'fthinlto-index=' },
  // Debug information.
  { prefix: '/-', form: 'flag', effect: { kind: 'debugInfo', as: 'embedded' }, names: 'Zi' },
  {
    prefix: '-',
    form: 'flag',
    effect: { kind: 'debugInfo', as: 'embedded' },
    names:
      'gcodeview gdwarf gdwarf-2 gdwarf-3 gdwarf-4 gdwarf-5 gline-tables-only gline-directives-only g g1 g2 g3',
  },
  { prefix: '-', form: 'flag', effect: { kind: 'debugInfo', as: 'none' }, names: 'g0' },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: `gcodeview-ghash gno-codeview-ghash gcolumn-info gno-column-info ginline-line-tables
      gno-inline-line-tables gstrict-dwarf gno-strict-dwarf gcodeview-command-line gno-codeview-command-line`,
  },
  // /ZI is not used, with a warning; none of the following is.
  {
    prefix: '/-',
    form: 'flag',
    effect: HASH,
    names: `ZI Zd Gm Gm- GL GL- GH GT GZ Ge Gh G1 G2 Fx Za Ze Zg LN QIfist Qfast_transcendentals
      Qimprecise_fwaits Qpar Qpar- Qsafe_fp_loads Qspectre Qspectre- Qspectre-load Qspectre-load-cf WL Wp64 u Yd Bt
      Bt+ homeparams await await:strict exportHeader translateInclude fsanitize-address-use-after-return
      fno-sanitize-address-vcasan-lib external:anglebrackets external:templates-`,
  },
  { prefix: '/-', form: 'joinedOptional', effect: HASH, names: 'FR Fr Fm doc Yl clr ZW V' },
  { prefix: '/-', form: 'joinedOptional', effect: PATH_TEXT, names: 'Fe' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: PATH_TEXT, names: 'Fe:' },
  // Not used either, but the jobs of this program heed it.
  { prefix: '/-', form: 'number', effect: { kind: 'parallel' }, names: 'MP' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: HASH, names: 'AI FU F sourceDependencies' },
  {
    prefix: '/-',
    form: 'joined',
    effect: HASH,
    names: 'experimental: constexpr: headerName:',
  },
  {
    prefix: '/-',
    form: 'joinedOptional',
    effect: HASH,
    names: 'Qpar-report Qvec-report favor await: external: d2 Zc:',
  },
  {
    prefix: '/-',
    form: 'joinedOrSeparate',
    effect: HASH,
    names: 'headerUnit headerUnit:angle headerUnit:quote reference',
  },
  { prefix: '/-', form: 'flag', effect: HASH, names: 'H ObjC ObjC++' },
  // Letters run together are one word to clang-cl; those that it does not know it warns of.
  { prefix: '/-', form: 'joinedOptional', effect: HASH, names: 'EH RTC O' },
  // The preprocessor.
  {
    prefix: '/-',
    form: 'joinedOrSeparate',
    effect: { kind: 'searchDirectory', of: 'system' },
    names: 'imsvc',
  },
  {
    prefix: '/-',
    form: 'joinedOrSeparate',
    effect: PATH_TEXT,
    names: 'winsysroot vctoolsdir winsdkdir diasdkdir',
  },
  { prefix: '/-', form: 'joinedOrSeparate', effect: HASH, names: 'vctoolsversion winsdkversion' },
  { prefix: '-', form: 'separate', effect: PATH_TEXT, names: 'resource-dir' },
  { prefix: '-', form: 'joined', effect: PATH_TEXT, names: 'resource-dir=' },
  { prefix: '-', form: 'flag', effect: HASH, names: 'nobuiltininc' },
  { prefix: '/-', form: 'flag', effect: { kind: 'showIncludes', of: 'user' }, names: 'showIncludes:user' },
  // Paths that may get into an output.
  { prefix: '-', form: 'separate', effect: PATH_TEXT, names: 'fdebug-compilation-dir' },
  {
    prefix: '-',
    form: 'joined',
    effect: PATH_TEXT,
    names: `fdebug-compilation-dir= ffile-compilation-dir= fcoverage-compilation-dir= ffile-prefix-map=
      fdebug-prefix-map= fmacro-prefix-map= fcoverage-prefix-map= object-file-name=`,
  },
  { prefix: '-', form: 'flag', effect: { kind: 'embedsPaths' }, names: 'fcoverage-mapping' },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: 'fno-coverage-mapping fprofile-generate fcs-profile-generate fprofile-instr-generate',
  },
  {
    prefix: '-',
    form: 'joined',
    effect: PATH_TEXT,
    names: 'fprofile-generate= fcs-profile-generate= fprofile-instr-generate=',
  },
  // Files that are read.
  {
    prefix: '-',
    form: 'joined',
    effect: INPUT_FILE,
    names: `fprofile-instr-use= fprofile-use= fprofile-sample-use= fprofile-list= fprofile-remapping-file=
      fsanitize-blacklist= fsanitize-system-ignorelist= fsanitize-system-blacklist=
      fsanitize-coverage-allowlist= fsanitize-coverage-ignorelist= fsanitize-coverage-whitelist=
      fsanitize-coverage-blacklist= fpass-plugin= fplugin=`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: UNKNOWN_FILE,
    names: 'fprofile-instr-use fprofile-use fprofile-sample-use',
  },
  { prefix: '-', form: 'joinedOptional', effect: HASH, names: 'fplugin-arg-' },
  {
    prefix: '-',
    form: 'flag',
    effect: MODULES,
    names: 'fmodules fimplicit-modules fimplicit-module-maps fsystem-module',
  },
  { prefix: '-', form: 'joined', effect: MODULES, names: 'fmodule-file= fmodule-map-file= fmodule-name=' },
  {
    prefix: '-',
    form: 'joined',
    effect: CONFIGURES,
    names: '-config= -config-system-dir= -config-user-dir=',
  },
  { prefix: '-', form: 'separate', effect: CONFIGURES, names: '-config working-directory ccc-install-dir' },
  {
    prefix: '-',
    form: 'joined',
    effect: CONFIGURES,
    names: '-driver-mode= -rsp-quoting= working-directory=',
  },
  { prefix: '-', form: 'flag', effect: HASH, names: '-driver-mode=cl' },
  // What is done.
  {
    prefix: '-',
    form: 'flag',
    effect: PRINTS,
    names: `### v -version -help -help-hidden print-supported-cpus -print-supported-cpus ccc-print-bindings
      ccc-print-phases fsyntax-only -analyze gen-reproducer save-temps`,
  },
  { prefix: '-', form: 'joined', effect: PRINTS, names: 'gen-reproducer= save-temps=' },
  {
    prefix: '-',
    form: 'separate',
    effect: refuse('writes a part of a compilation database'),
    names: 'gen-cdb-fragment-path',
  },
  { prefix: '-', form: 'joinedOptional', effect: PRINTS, names: 'MJ' },
  { prefix: '-', form: 'flag', effect: ELSEWHERE, names: 'fsycl' },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: 'fintegrated-cc1 fno-integrated-cc1 fno-temp-file fno-crash-diagnostics fcrash-diagnostics',
  },
  {
    prefix: '-',
    form: 'joined',
    effect: HASH,
    names: 'fcrash-diagnostics= fuse-ld=',
  },
  // Goes to LLVM, and with CodeView into the record of its arguments.
  { prefix: '-', form: 'joined', effect: PATH_TEXT, names: 'fcrash-diagnostics-dir=' },
  // Code generation.
  { prefix: '-', form: 'joined', effect: HASH, names: '-target= march= mtune= mprefer-vector-width=' },
  { prefix: '-', form: 'separate', effect: { kind: 'backendWord' }, names: 'mllvm' },
  {
    prefix: '/-',
    form: 'flag',
    effect: HASH,
    names: 'O0 O3 Ofast Brepro- Gregcall Gregcall4',
  },
  {
    prefix: '/-',
    form: 'toggle',
    effect: HASH,
    names: 'Qvec showFilenames Zc:dllexportInlines Qgather Qscatter',
  },
  { prefix: '/-', form: 'joined', effect: HASH, names: 'tune: guard:' },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: `Qunused-arguments canonical-prefixes no-canonical-prefixes -start-no-unused-arguments
      -end-no-unused-arguments miamcu mno-iamcu m16 m32 m64 mx32`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    switchLetter: 'm',
    names: `3dnow 3dnowa adx aes amx-bf16 amx-int8 amx-tile avx avx2 avx512bf16 avx512bitalg avx512bw avx512cd
      avx512dq avx512er avx512f avx512fp16 avx512ifma avx512pf avx512vbmi avx512vbmi2 avx512vl avx512vnni
      avx512vp2intersect avx512vpopcntdq avxvnni bmi bmi2 cldemote clflushopt clwb clzero crc32 cx16 enqcmd f16c
      fma fma4 fsgsbase fxsr gfni hreset ibt-seal invpcid kl lvi-cfi lvi-hardening lwp lzcnt mmx movbe
      movdir64b movdiri mwaitx pclmul pconfig pku popcnt prefetchwt1 prfchw ptwrite rdpid rdrnd rdseed retpoline
      retpoline-external-thunk rtm sahf serialize seses sgx sha shstk speculative-load-hardening sse sse2 sse3
      sse4.1 sse4.2 sse4a ssse3 tbm tsxldtrk uintr vaes vpclmulqdq vzeroupper waitpkg wbnoinvd widekl x87 xop
      xsave xsavec xsaveopt xsaves`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    switchLetter: 'f',
    names: `addrsig ansi-escape-codes blocks builtin cf-protection color-diagnostics common
      complete-member-pointers debug-macro delayed-template-parsing delete-null-pointer-checks
      diagnostics-absolute-paths diagnostics-color diagnostics-parseable-fixits force-emit-vtables ident lto
      merge-all-constants modules-decluse modules-strict-decluse ms-compatibility ms-extensions ms-hotpatch
      offload-lto order-file-instrumentation pch-instantiate-templates protect-parens
      sanitize-address-globals-dead-stripping sanitize-address-outline-instrumentation
      sanitize-address-poison-custom-array-cookie sanitize-address-use-after-scope
      sanitize-address-use-odr-indicator sanitize-cfi-canonical-jump-tables sanitize-cfi-cross-dso
      sanitize-cfi-icall-generalize-pointers sanitize-hwaddress-experimental-aliasing sanitize-link-c++-runtime
      sanitize-link-runtime sanitize-memory-param-retval sanitize-memory-track-origins
      sanitize-memory-use-after-dtor sanitize-minimal-runtime sanitize-recover sanitize-stats
      sanitize-thread-atomics sanitize-thread-func-entry-exit sanitize-thread-memory-access sanitize-trap
      sanitize-undefined-trap-on-error split-lto-unit standalone-debug strict-aliasing
      virtual-function-elimination whole-program-vtables exceptions cxx-exceptions rtti rtti-data`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: `fno-implicit-modules fno-modules fmodules-search-all fno-modules-search-all fno-sycl via-file-asm
      -via-file-asm enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang fno-profile-generate fno-profile-instr-generate fno-profile-instr-use
      fno-profile-sample-use fno-sanitize-blacklist fno-sanitize-ignorelist fno-sanitize-coverage`,
  },
  {
    prefix: '-',
    form: 'joined',
    effect: HASH,
    names: `fmodules-ignore-macro= sycl-std= -sycl-std= fbracket-depth= fcf-protection= ferror-limit= fgnuc-version= flto= fmacro-backtrace-limit=
      fmessage-length= fms-compatibility-version= fmsc-version= fno-builtin- fno-sanitize= fno-sanitize-coverage=
      fno-sanitize-recover= fno-sanitize-trap= fobjc-runtime= foffload-lto= fprofile-exclude-files=
      fprofile-filter-files= fprofile-update= fsanitize= fsanitize-address-destructor=
      fsanitize-address-field-padding= fsanitize-address-use-after-return= fsanitize-coverage=
      fsanitize-hwaddress-abi= fsanitize-memory-track-origins= fsanitize-recover= fsanitize-trap=
      fsanitize-undefined-strip-path-components= fswift-async-fp= ftrivial-auto-var-init=
      ftrivial-auto-var-init-stop-after= fdiagnostics-color= fvisibility= ffp-contract= std=`,
  },
  // Diagnostics: names of warnings and remarks. The GCC words that pass options on are refused.
  { prefix: '-', form: 'joinedOptional', effect: HASH, names: 'R W' },
  { prefix: '-', form: 'joined', effect: refuse('passes words on'), names: 'Wp, Wl, Wa,' },
  { prefix: '/-', form: 'joined', effect: HASH, names: 'wd w1 w2 w3 w4 we wo' },
];
