/**
 * The words that clang-cl hands on: `/clang:WORD` to clang's driver in its GCC spelling, `-Xclang WORD` to the compiler
 * proper. Only words that are known to read and write nothing else are here. Any other word prevents caching.
 */

import { DRIVER_FLAGS, FRONTEND_FLAGS } from './clang-flags.ts';
import { HASH, INPUT_FILE, type OptionGroup, PATH_TEXT, refuse } from './row.ts';

const DEPENDENCIES: OptionGroup['effect'] = { kind: 'output', role: 'dependencies', isSwitch: true };
const DEPENDENCIES_FILE: OptionGroup['effect'] = { kind: 'output', role: 'dependencies', isSwitch: false };
const EMBEDDED: OptionGroup['effect'] = { kind: 'debugInfo', as: 'embedded' };

/** Words that the driver and the compiler proper know by the same name. */
const COMMON_WORDS: readonly OptionGroup[] = [
  { prefix: '-', form: 'joinedOrSeparate', effect: { kind: 'macro' }, names: 'D U' },
  {
    prefix: '-',
    form: 'joinedOrSeparate',
    effect: { kind: 'searchDirectory', of: 'user' },
    names: 'I iquote',
  },
  {
    prefix: '-',
    form: 'joinedOrSeparate',
    effect: { kind: 'searchDirectory', of: 'system' },
    names: 'isystem idirafter',
  },
  { prefix: '-', form: 'separate', effect: { kind: 'forcedInclude' }, names: 'include imacros' },
  { prefix: '-', form: 'separate', effect: { kind: 'usesPrecompiled' }, names: 'include-pch' },
  { prefix: '-', form: 'joined', effect: HASH, names: 'std= W Rpass= Rpass-missed= Rpass-analysis=' },
  { prefix: '-', form: 'joined', effect: refuse('passes words on'), names: 'Wp, Wl, Wa,' },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: 'O O0 O1 O2 O3 O4 Os Oz Og Ofast w pedantic pedantic-errors',
  },
  { prefix: '-', form: 'separate', effect: { kind: 'backendWord' }, names: 'mllvm' },
  {
    prefix: '-',
    form: 'joined',
    effect: PATH_TEXT,
    names: `fdebug-compilation-dir= ffile-compilation-dir= fcoverage-compilation-dir= ffile-prefix-map=
      fdebug-prefix-map= fmacro-prefix-map= fcoverage-prefix-map=`,
  },
  { prefix: '-', form: 'flag', effect: { kind: 'embedsPaths' }, names: 'fcoverage-mapping' },
  {
    prefix: '-',
    form: 'joined',
    effect: INPUT_FILE,
    names: `fprofile-instr-use= fprofile-sample-use= fprofile-use= fprofile-list= fprofile-remapping-file=
      fsanitize-ignorelist= fsanitize-blacklist= fsanitize-coverage-allowlist= fsanitize-coverage-ignorelist=
      fpass-plugin=`,
  },
  {
    prefix: '-',
    form: 'joined',
    effect: HASH,
    names: `fsanitize= fno-sanitize= fsanitize-recover= fno-sanitize-recover= fsanitize-trap= fsanitize-coverage=
      fvisibility= ftemplate-depth= fconstexpr-depth= fconstexpr-steps= fconstexpr-backtrace-limit=
      ftemplate-backtrace-limit= fbracket-depth= ferror-limit= fmessage-length= fmacro-backtrace-limit=
      fspell-checking-limit= ftabstop= fdiagnostics-color= fdiagnostics-format= fdiagnostics-show-category=
      fdiagnostics-hotness-threshold= ffp-contract= ffp-model= ffp-exception-behavior= ffp-eval-method=
      fdenormal-fp-math= fms-compatibility-version= fmsc-version= fgnuc-version= finput-charset= fexec-charset=
      finline-max-stacksize= flto= flto-jobs= fno-builtin- fpack-struct= fmax-type-align= falign-functions=
      falign-loops= fcf-protection= fclang-abi-compat= ftls-model= ftrivial-auto-var-init=
      fveclib= fdebug-default-version= fstrict-flex-arrays= fzero-call-used-regs=
      fpatchable-function-entry= fprofile-update= fxray-instruction-threshold=`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    switchLetter: 'f',
    names: `coroutines-ts debug-info-for-profiling access-control addrsig aligned-allocation aligned-new ansi-escape-codes approx-func asm asm-blocks
      associative-math assume-sane-operator-new async-exceptions asynchronous-unwind-tables
      autolink blocks borland-extensions builtin c++-static-destructors caret-diagnostics char8_t
      color-diagnostics common complete-member-pointers concepts-ts constant-cfstrings coroutines cxx-exceptions
      data-sections debug-macro debug-ranges-base-address debug-types-section declspec delayed-template-parsing
      delete-null-pointer-checks diagnostics-absolute-paths diagnostics-color diagnostics-fixit-info
      diagnostics-parseable-fixits diagnostics-show-hotness diagnostics-show-note-include-stack
      diagnostics-show-option diagnostics-show-template-tree digraphs direct-access-external-data dollars-in-identifiers
      eliminate-unused-debug-symbols eliminate-unused-debug-types elide-constructors elide-type emulated-tls
      escaping-block-tail-calls exceptions experimental-library experimental-relative-c++-abi-vtables fast-math
      finite-loops finite-math-only fixed-point force-dwarf-frame force-emit-vtables force-enable-int128
      function-sections global-isel gnu-inline-asm gnu-keywords gnu89-inline hip-fp32-correctly-rounded-divide-sqrt
      honor-infinities honor-nans hosted freestanding ident implicit-templates inline inline-functions
      inline-hint-functions integer-overflow jump-tables keep-static-consts knr-functions lax-vector-conversions
      legacy-pass-manager lto math-errno merge-all-constants minimize-whitespace ms-compatibility ms-extensions
      ms-volatile new-infallible non-call-exceptions nonnull omit-frame-pointer openmp openmp-simd operator-names
      optimize-sibling-calls pascal-strings pch-codegen pch-debuginfo
      pch-instantiate-templates pic PIC pie PIE plt protect-parens raw-string-literals
      reciprocal-math reg-struct-return relaxed-template-template-args register-global-dtors-with-atexit
      reroll-loops rounding-math rtti rtti-data sanitize-address-use-after-scope sanitize-address-use-odr-indicator
      sanitize-minimal-runtime sanitize-recover sanitize-stats sanitize-trap semantic-interposition short-enums
      short-wchar show-column show-source-location signaling-math signed-char signed-zeros sized-deallocation
      slp-vectorize spell-checking split-dwarf-inlining split-lto-unit split-machine-functions split-stack
      stack-clash-protection stack-protector stack-protector-all stack-protector-strong stack-size-section
      standalone-debug strict-aliasing strict-enums strict-float-cast-overflow strict-overflow strict-return
      strict-vtable-pointers threadsafe-statics trapping-math trapv trigraphs unified-lto
      unique-basic-block-section-names unique-internal-linkage-names unique-section-names unroll-loops
      unsafe-math-optimizations unsigned-char unwind-tables use-cxa-atexit use-init-array use-line-directives
      vectorize verbose-asm virtual-function-elimination visibility-inlines-hidden visibility-ms-compat
      whole-program-vtables wrapv wrapv-pointer xray-instrument zero-initialized-in-bss zvector`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    switchLetter: 'm',
    names: `adx aes avx avx2 avx512bf16 avx512bitalg avx512bw avx512cd avx512dq avx512f avx512fp16 avx512ifma
      avx512vbmi avx512vbmi2 avx512vl avx512vnni avx512vpopcntdq avxvnni bmi bmi2 crc32 cx16 f16c fma fma4 fxsr
      gfni lzcnt mmx movbe omit-leaf-frame-pointer pclmul popcnt prfchw rdrnd rdseed red-zone relax-all
      retpoline sahf sha shstk speculative-load-hardening sse sse2 sse3 sse4.1 sse4.2 sse4 sse4a ssse3 stackrealign
      tbm vaes vpclmulqdq vzeroupper x87 xop xsave xsavec xsaveopt xsaves`,
  },
];

/** For `/clang:`. */
export const DRIVER_WORDS: readonly OptionGroup[] = [
  ...COMMON_WORDS,
  ...DRIVER_FLAGS,
  { prefix: '-', form: 'flag', effect: DEPENDENCIES, names: 'MD MMD' },
  { prefix: '-', form: 'joinedOrSeparate', effect: DEPENDENCIES_FILE, names: 'MF' },
  { prefix: '-', form: 'joinedOrSeparate', effect: { kind: 'dependencyText' }, names: 'MT MQ' },
  { prefix: '-', form: 'flag', effect: { kind: 'dependencyText' }, names: 'MP MV' },
  { prefix: '-', form: 'flag', effect: refuse('writes rules in place of an object'), names: 'M MM MG' },
  { prefix: '-', form: 'separate', effect: { kind: 'forcedInclude' }, names: '-include -imacros' },
  {
    prefix: '-',
    form: 'joined',
    effect: HASH,
    names: '-std= march= mtune= mcpu= mabi= mcmodel= mprefer-vector-width= mfpmath=',
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: 'm16 m32 m64 mx32 trigraphs ansi undef nostdinc nostdinc++ pthread',
  },
  {
    prefix: '-',
    form: 'flag',
    effect: EMBEDDED,
    names: `g g1 g2 g3 ggdb ggdb1 ggdb2 ggdb3 glldb gsce gdbx gdwarf gdwarf-2 gdwarf-3 gdwarf-4 gdwarf-5 gfull gused
      gcodeview gline-tables-only gline-directives-only gmlt ginline-line-tables gno-inline-line-tables gdwarf32
      gdwarf64`,
  },
  { prefix: '-', form: 'flag', effect: { kind: 'debugInfo', as: 'none' }, names: 'g0 ggdb0' },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: `gcolumn-info gno-column-info gstrict-dwarf gno-strict-dwarf gdwarf-aranges gpubnames gno-pubnames ggnu-pubnames gno-gnu-pubnames
      gsimple-template-names gno-simple-template-names gcodeview-ghash gno-codeview-ghash gno-split-dwarf
      gembed-source gno-embed-source gz grecord-command-line gno-record-command-line
      gcodeview-command-line gno-codeview-command-line`,
  },
  { prefix: '-', form: 'joined', effect: HASH, names: 'gz= gsimple-template-names=' },
  {
    prefix: '-',
    form: 'flag',
    effect: { kind: 'output', role: 'splitDebug', isSwitch: true },
    names: 'gsplit-dwarf',
  },
  {
    prefix: '-',
    form: 'flag',
    effect: { kind: 'output', role: 'optimizationRecord', isSwitch: true },
    names: 'fsave-optimization-record fsave-optimization-record=yaml',
  },
  {
    prefix: '-',
    form: 'joined',
    effect: { kind: 'output', role: 'optimizationRecord', isSwitch: false },
    names: 'foptimization-record-file=',
  },
  {
    prefix: '-',
    form: 'joined',
    effect: refuse('shapes a record of optimisations'),
    names: 'fsave-optimization-record= foptimization-record-passes=',
  },
  // The name of the file to which the program writes its counts.
  { prefix: '-', form: 'flag', effect: { kind: 'embedsPaths' }, names: 'fprofile-arcs' },
  { prefix: '-', form: 'joined', effect: HASH, names: '-target=' },
  { prefix: '-', form: 'separate', effect: HASH, names: 'target' },
  // It comes after all sources, so it does not affect them.
  { prefix: '-', form: 'joinedOrSeparate', effect: HASH, names: 'x' },
  {
    prefix: '-',
    form: 'flag',
    effect: { kind: 'output', role: 'stackUsage', isSwitch: true },
    names: 'fstack-usage',
  },
  {
    prefix: '-',
    form: 'flag',
    effect: { kind: 'output', role: 'timeTrace', isSwitch: true },
    names: 'ftime-trace',
  },
  {
    prefix: '-',
    form: 'separate',
    effect: { kind: 'output', role: 'serializedDiagnostics', isSwitch: true },
    names: '-serialize-diagnostics serialize-diagnostics',
  },
  {
    prefix: '-',
    form: 'flag',
    effect: { kind: 'output', role: 'coverageNotes', isSwitch: true },
    names: '-coverage coverage ftest-coverage',
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: 'pipe fno-crash-diagnostics fintegrated-as integrated-as',
  },
];

/** For `-Xclang`. */
export const FRONTEND_WORDS: readonly OptionGroup[] = [
  ...COMMON_WORDS,
  ...FRONTEND_FLAGS,
  {
    prefix: '-',
    form: 'separate',
    effect: { kind: 'output', role: 'dependencies', isSwitch: true },
    names: 'dependency-file',
  },
  {
    prefix: '-',
    form: 'separate',
    effect: HASH,
    names: 'target-feature target-cpu tune-cpu fdiagnostics-format',
  },
  { prefix: '-', form: 'flag', effect: { kind: 'makesPrecompiled' }, names: 'emit-pch' },
  { prefix: '-', form: 'separate', effect: { kind: 'dependencyText' }, names: 'MT' },
  { prefix: '-', form: 'flag', effect: { kind: 'dependencyText' }, names: 'MP MV sys-header-deps' },
  {
    prefix: '-',
    form: 'joinedOrSeparate',
    effect: { kind: 'searchDirectory', of: 'system' },
    names: 'internal-isystem internal-externc-isystem',
  },
  { prefix: '-', form: 'joined', effect: EMBEDDED, names: 'debug-info-kind=' },
  {
    prefix: '-',
    form: 'joined',
    effect: HASH,
    names: 'dwarf-version= debugger-tuning= mframe-pointer= exception-model=',
  },
  { prefix: '-', form: 'separate', effect: PATH_TEXT, names: 'fdebug-compilation-dir' },
  { prefix: '-', form: 'separate', effect: INPUT_FILE, names: 'load' },
  { prefix: '-', form: 'separate', effect: HASH, names: 'plugin add-plugin' },
  { prefix: '-', form: 'joinedAndSeparate', effect: HASH, names: 'plugin-arg-' },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: `disable-llvm-passes disable-llvm-verifier disable-O0-optnone relaxed-aliasing gcodeview-ghash
      gno-column-info no-opaque-pointers fno-pch-timestamp vectorize-loops vectorize-slp
      ffake-address-space-map msoft-float cl-ext`,
  },
];
