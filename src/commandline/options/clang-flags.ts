/**
 * Flags that clang's driver and its compiler proper accept among the words that are handed on. Each was tried with
 * clang 14: it takes no value, opens and writes no further file, and prints nothing on stdout. Its name says what it
 * changes.
 */
import { HASH, type OptionGroup } from './row.ts';

/** For `/clang:`. */
export const DRIVER_FLAGS: readonly OptionGroup[] = [
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    switchLetter: 'f',
    names: `aapcs-bitfield-width aggressive-function-elimination align-commons align-functions all-intrinsics
      allow-editor-placeholders apple-pragma-pack application-extension backtrace bounds-check
      check-array-temporaries cray-pointer d-lines-as-code d-lines-as-comments discard-value-names dollar-ok
      double-square-bracket-attributes dwarf-directory-asm experimental-isel external-blas f2c
      fine-grained-bitfield-accesses frontend-optimize init-local-zero integer-4-integer-8 integrated-cc1
      max-identifier-length objc-arc objc-arc-exceptions objc-encode-cxx-class-template-spec objc-exceptions
      objc-infer-related-result-type objc-legacy-dispatch objc-nonfragile-abi objc-weak
      openmp-assume-teams-oversubscription openmp-assume-threads-oversubscription openmp-extensions
      openmp-implicit-rpath openmp-optimistic-collapse pack-derived pack-struct preserve-as-comments
      pseudo-probe-for-profiling range-check real-4-real-10 real-4-real-16 real-4-real-8 real-8-real-10
      real-8-real-16 real-8-real-4 realloc-lhs recursive repack-arrays rtlib-add-rpath
      sanitize-address-outline-instrumentation sanitize-address-poison-custom-array-cookie
      sanitize-cfi-canonical-jump-tables sanitize-cfi-cross-dso sanitize-hwaddress-experimental-aliasing
      sanitize-link-c++-runtime sanitize-link-runtime sanitize-memory-param-retval sanitize-memory-track-origins
      sanitize-memory-use-after-dtor sanitize-thread-atomics sanitize-thread-func-entry-exit
      sanitize-thread-memory-access sanitize-undefined-trap-on-error second-underscore sign-zero stack-arrays
      struct-path-tbaa underscoring unit-at-a-time visibility-from-dllstorageclass
      visibility-inlines-hidden-static-local-var whole-file xl-pragma-pack xray-always-emit-customevents
      xray-always-emit-typedevents xray-function-index xray-ignore-loops`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    switchLetter: 'm',
    names: `3dnow 3dnowa abicalls altivec amx-bf16 amx-int8 amx-tile atomics avx512er avx512pf avx512vp2intersect backchain
      branch-likely bulk-memory check-zero-division cldemote clflushopt clwb clzero cmpb code-object-v3 crbits
      crc crypto cumode default-build-attributes direct-move dsp dspr2 embedded-data enqcmd exception-handling
      execute-only extern-sdata fix-cmse-cve-2021-35465 fix-cortex-a53-835769 float128 fprnd fsgsbase ginv
      global-merge gpopt hreset htm hvx hvx-ieee-fp hvx-qfloat implicit-float incremental-linker-compatible
      invariant-function-descriptors invpcid isel kl ldc1-sdc1 local-sdata long-calls longcall lvi-cfi
      lvi-hardening lwp madd4 memops mfocrf micromips mma movdir64b movdiri ms-bitfields msa mt multivalue
      mutable-globals mwaitx nontrapping-fptoint nvj nvs odd-spreg outline outline-atomics packed-stack packets
      paired-vector-memops pconfig pcrel pku popcntd power10-vector power8-vector power9-vector prefetchwt1
      prefixed ptwrite rdpid reference-types relax relax-pic-calls relaxed-simd restrict-it
      retpoline-external-thunk rtm seses sgx sign-ext simd128 skip-rax-setup soft-float spe stack-arg-probe
      tail-call tgsplit thumb tls-direct-seg-refs tsxldtrk uintr unaligned-access unsafe-fp-atomics virt vsx vx
      waitpkg warn-nonportable-cfstrings wavefrontsize64 wbnoinvd widekl xgot`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: `-ansi -end-no-unused-arguments -no-pedantic -pedantic -pedantic-errors -pipe -shared -start-no-unused-arguments
      -static -trigraphs -via-file-asm Qn Qunused-arguments Qy canonical-prefixes faapcs-bitfield-load
      fallow-unsupported fapple-kext fapple-link-rtlib fcall-saved-x10 fcf-protection fconvergent-functions
      fdiagnostics-print-source-range-info femit-all-decls fenable-matrix fexperimental-new-constant-interpreter
      fexperimental-new-pass-manager fexperimental-strict-floating-point ffixed-a0 ffixed-a1 ffixed-a2 ffixed-a3
      ffixed-a4 ffixed-a5 ffixed-a6 ffixed-d0 ffixed-d1 ffixed-d2 ffixed-d3 ffixed-d4 ffixed-d5 ffixed-d6
      ffixed-d7 ffixed-r19 ffixed-r9 ffixed-x1 ffixed-x10 ffixed-x11 ffixed-x12 ffixed-x13 ffixed-x14 ffixed-x15
      ffixed-x16 ffixed-x17 ffixed-x18 ffixed-x19 ffixed-x2 ffixed-x20 ffixed-x21 ffixed-x22 ffixed-x23
      ffixed-x24 ffixed-x25 ffixed-x26 ffixed-x27 ffixed-x28 ffixed-x29 ffixed-x3 ffixed-x30 ffixed-x31
      ffixed-x4 ffixed-x5 ffixed-x6 ffixed-x7 ffixed-x8 ffixed-x9 ffor-scope ffree-line-length-
      fignore-exceptions finstrument-function-entry-bare finstrument-functions
      finstrument-functions-after-inlining fms-hotpatch fmudflap fmudflapth fnested-functions
      fno-coverage-mapping fno-max-type-align fno-profile-arcs fno-profile-generate fno-profile-instr-generate
      fno-profile-instr-use fno-profile-sample-use fno-ropi fno-rwpi fno-sanitize-address-vcasan-lib
      fno-sanitize-blacklist fno-sanitize-ignorelist fno-save-optimization-record fno-temp-file
      fno-test-coverage fno-working-directory fnoopenmp-relocatable-target fnoopenmp-use-tls fnoxray-link-deps
      fobjc-disable-direct-methods-for-testing fopenmp-enable-irbuilder fopenmp-new-driver
      fopenmp-relocatable-target fopenmp-use-tls forder-file-instrumentation fparse-all-comments
      fpch-validate-input-files-content fretain-comments-from-system-headers
      fsanitize-address-globals-dead-stripping fsanitize-address-use-after-return
      fsanitize-cfi-icall-generalize-pointers fsigned-bitfields funsigned-bitfields
      fvisibility-global-new-delete-hidden fwritable-strings fxray-link-deps m68000 m68010 m68020 m68030 m68040
      m68060 malign-double mbranches-within-32B-boundaries mcmse mconsole mdll mdouble-float mefpu2
      menable-experimental-extensions menable-unsafe-fp-math mfentry mfix4300 mfp32 mfp64 mfpxx
      mgeneral-regs-only mglibc mhard-float mibt-seal mieee-rnd-near mips16 mkernel mlong-double-128
      mlong-double-64 mlong-double-80 mmark-bti-property mno-bti-at-return-twice mno-constant-cfstrings
      mno-iamcu mno-mips16 mno-movt mno-neg-immediates mno-rtd mnocrc mprivileged mqdsp6-compat mrecip
      mrop-protect msecure-plt msim msingle-float mstrict-align mthreads muclibc municode mv5 mv55 mv60 mv62
      mv65 mv66 mv67 mv67t mv68 mv69 mwindows no-canonical-prefixes no-pedantic no-pthread nobuiltininc
      nostartfiles nostdlib pie r rdynamic s shared static static-libgcc static-pie t via-file-asm`,
  },
];

/** For `-Xclang`. */
export const FRONTEND_FLAGS: readonly OptionGroup[] = [
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    switchLetter: 'f',
    names: `aapcs-bitfield-width const-strings deprecated-macro double-square-bracket-attributes
      experimental-new-pass-manager fine-grained-bitfield-accesses lto-unit objc-avoid-heapify-local-blocks
      objc-weak openmp-assume-teams-oversubscription openmp-assume-threads-oversubscription openmp-extensions
      padding-on-unsigned-fixed-point pseudo-probe-for-profiling recovery-ast recovery-ast-type
      sanitize-address-outline-instrumentation sanitize-address-poison-custom-array-cookie
      sanitize-cfi-canonical-jump-tables sanitize-cfi-cross-dso sanitize-hwaddress-experimental-aliasing
      sanitize-memory-param-retval sanitize-memory-track-origins sanitize-memory-use-after-dtor
      sanitize-thread-atomics sanitize-thread-func-entry-exit sanitize-thread-memory-access signed-wchar
      use-ctor-homing visibility-inlines-hidden-static-local-var`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    switchLetter: 'm',
    names: `backchain constructor-aliases global-merge memops nvj nvs outline outline-atomics packets skip-rax-setup`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: `cfguard cfguard-no-checks clear-ast-before-backend disable-free disable-lifetime-markers
      disable-noundef-analysis disable-objc-default-synthesize-properties disable-red-zone discard-value-names
      dwarf-explicit-import dwarf-ext-refs ehcontguard faapcs-bitfield-load faligned-alloc-unavailable
      fallow-editor-placeholders fallow-half-arguments-and-returns fapple-kext fapple-pragma-pack
      fapplication-extension fapply-global-visibility-to-externs fcf-protection
      fcompatibility-qualified-id-block-type-checking fconvergent-functions fdebugger-objc-literal
      fdebugger-support fdiagnostics-print-source-range-info femit-all-decls fenable-matrix
      fencode-extended-block-signature fexperimental-new-constant-interpreter
      fexperimental-strict-floating-point fexternc-nounwind fforbid-guard-variables
      fhalf-no-semantic-interposition fignore-exceptions finstrument-function-entry-bare finstrument-functions
      finstrument-functions-after-inlining flto-visibility-public-std fmerge-functions fms-hotpatch
      fnative-half-arguments-and-returns fnative-half-type fno-bitfield-type-align
      fno-concept-satisfaction-caching fno-diagnostics-use-presumed-location fno-dwarf-directory-asm
      fno-math-builtin fno-objc-infer-related-result-type fno-preserve-as-comments fno-sanitize-blacklist
      fno-sanitize-ignorelist fno-sanitize-undefined-trap-on-error fno-temp-file fno-validate-pch fno-wchar
      fno-xray-function-index fnoopenmp-relocatable-target fnoopenmp-use-tls fnoxray-link-deps fobjc-arc
      fobjc-arc-exceptions fobjc-disable-direct-methods-for-testing fobjc-encode-cxx-class-template-spec
      fobjc-exceptions fobjc-gc fobjc-gc-only fopenmp-enable-irbuilder fopenmp-optimistic-collapse
      fopenmp-relocatable-target forder-file-instrumentation fparse-all-comments fpass-by-value-is-noalias
      fpcc-struct-return fpreserve-vec3-type fretain-comments-from-system-headers fropi frwpi
      fsanitize-address-globals-dead-stripping fsanitize-cfi-icall-generalize-pointers
      fsanitize-coverage-8bit-counters fsanitize-coverage-indirect-calls fsanitize-coverage-inline-8bit-counters
      fsanitize-coverage-inline-bool-flag fsanitize-coverage-no-prune fsanitize-coverage-pc-table
      fsanitize-coverage-stack-depth fsanitize-coverage-trace-bb fsanitize-coverage-trace-cmp
      fsanitize-coverage-trace-div fsanitize-coverage-trace-gep fsanitize-coverage-trace-loads
      fsanitize-coverage-trace-pc fsanitize-coverage-trace-pc-guard fsanitize-coverage-trace-stores
      funknown-anytype fvisibility-from-dllstorageclass fvisibility-global-new-delete-hidden fwritable-strings
      fxl-pragma-pack fxray-always-emit-customevents fxray-always-emit-typedevents fxray-ignore-loops
      fxray-link-deps gdwarf32 gdwarf64 ggnu-pubnames gno-inline-line-tables gstrict-dwarf maix-struct-return
      malign-double massembler-fatal-warnings massembler-no-warn mcmse mdisable-tail-calls menable-no-infs
      menable-no-nans menable-unsafe-fp-math mfentry mibt-seal mignore-xcoff-visibility
      mincremental-linker-compatible mlong-double-128 mlong-double-64 mlong-double-80 mms-bitfields
      mno-packed-stack mno-stack-arg-probe mno-tls-direct-seg-refs mnoexecstack mnop-mcount mqdsp6-compat
      mreassociate mstrict-align msvr4-struct-return munsafe-fp-atomics new-struct-path-tbaa
      no-clear-ast-before-backend no-implicit-float no-round-trip-args no-struct-path-tbaa nobuiltininc
      nostdinc++ nostdsysteminc pic-is-pie round-trip-args static-define undef`,
  },
];
