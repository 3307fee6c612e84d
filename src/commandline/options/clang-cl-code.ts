/** Options of clang-cl for the language, the code, its debug information and its checks. */
import { HASH, type OptionGroup } from './row.ts';

export const CODE_CLANG_CL_OPTIONS: readonly OptionGroup[] = [
  // Debug information.
  { prefix: '/-', form: 'flag', effect: { kind: 'debugInfo', as: 'embedded' }, names: 'Zi' },
  {
    prefix: '-',
    form: 'flag',
    effect: { kind: 'debugInfo', as: 'embedded' },
    // Some that only shape it bring it along.
    names: `gcodeview gdwarf gdwarf-2 gdwarf-3 gdwarf-4 gdwarf-5 gline-tables-only gline-directives-only g g1 g2 g3
      ginline-line-tables gno-inline-line-tables`,
  },
  { prefix: '-', form: 'flag', effect: { kind: 'debugInfo', as: 'none' }, names: 'g0' },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: `gcodeview-ghash gno-codeview-ghash gcolumn-info gno-column-info gstrict-dwarf
      gno-strict-dwarf gcodeview-command-line gno-codeview-command-line`,
  },
  // Letters in one word are one option for clang-cl. It warns about unknown ones.
  { prefix: '/-', form: 'joinedOptional', effect: HASH, names: 'EH RTC O' },
  // Code generation.
  { prefix: '-', form: 'joined', effect: HASH, names: '-target= march= mtune= mprefer-vector-width=' },
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
];
