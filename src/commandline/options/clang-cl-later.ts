/**
 * Options that clang-cl 19 and 22 know and 14 does not. Those that are accepted change only what their name says. The
 * others have the reason why they are refused. An older clang-cl ignores most of them with a warning, and is asked.
 */
import { HASH, INPUT_FILE, type OptionGroup, PATH_TEXT, refuse } from './row.ts';

const ELSEWHERE = refuse('compiles for a further device');
const PRINTS = refuse('prints something and compiles nothing');
const MODULES = refuse('reads or writes modules');

export const LATER_CLANG_CL_OPTIONS: readonly OptionGroup[] = [
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    switchLetter: 'f',
    names: `assume-unique-vtables coverage-mcdc devirtualize-speculatively eliminate-unused-debug-types file-reproducible
      integrated-objemitter pseudo-probe-for-profiling rtlib-defaultlib sanitize-alloc-token-extended
      sanitize-alloc-token-fast-abi sanitize-annotate-debug-info sanitize-debug-trap-reasons
      sanitize-handler-preserve-all-regs sanitize-merge sanitize-stable-abi
      sanitize-type-outline-instrumentation strict-overflow verify-intermediate-code wrapv wrapv-pointer`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    switchLetter: 'm',
    names: `amx-avx512 amx-complex amx-fp16 amx-fp8 amx-movrs amx-tf32 annotate-tablejump apxf avx10.1 avx10.1-256
      avx10.1-512 avx10.2 avxifma avxneconvert avxvnniint16 avxvnniint8 backchain branch-likely cmpccxadd
      constructor-aliases daz-ftz default-build-attributes div32 evex512 frecipe global-merge implicit-float
      incremental-linker-compatible lam-bh lamcas lasx ld-seq-sa link-builtin-bitcode-postopt long-calls lsx
      movrs ms-bitfields omit-leaf-frame-pointer packed-stack pic-data-is-text-relative prefetchi raoint rdpru
      red-zone regnames relax relax-all reserve-frame-pointer-reg rtd scalar-strict-align scq sha512
      skip-rax-setup sm3 sm4 soft-float stack-arg-probe stackrealign strict-align tls-direct-seg-refs tocdata
      unaligned-access unaligned-symbols unsafe-fp-atomics usermsr vector-strict-align vx
      warn-nonportable-cfstrings wavefrontsize64 xcoff-roptr`,
  },
  {
    prefix: '-',
    form: 'joined',
    effect: { kind: 'backendWord' },
    names: `mllvm=`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: ELSEWHERE,
    names: `-cuda-compile-host-device -cuda-device-only -cuda-host-only -cuda-noopt-device-debug -cuda-path-ignore-env
      -gpu-bundle-output -gpu-use-aux-triple-only -hip-link -hipstdpar -hipstdpar-interpose-alloc
      -no-cuda-noopt-device-debug -no-cuda-version-check -no-gpu-bundle-output -no-offload-compress
      -no-offload-new-driver -no-offloadlib -no-wasm-opt -offload-compress -offload-device-only
      -offload-host-device -offload-host-only -offload-new-driver -offloadlib -print-rocm-search-dirs -sycl-link
      -wasm-opt fcuda-flush-denormals-to-zero fcuda-rdc fcuda-short-ptr fgpu-allow-device-init fgpu-defer-diag
      fgpu-exclude-wrong-side-overloads fgpu-flush-denormals-to-zero fgpu-rdc fgpu-sanitize
      fhip-dump-offload-linker-script fhip-emit-relocatable fhip-fp32-correctly-rounded-divide-sqrt
      fhip-kernel-arg-name fhip-new-launch-api fno-cuda-flush-denormals-to-zero fno-cuda-rdc fno-cuda-short-ptr
      fno-gpu-allow-device-init fno-gpu-defer-diag fno-gpu-exclude-wrong-side-overloads
      fno-gpu-flush-denormals-to-zero fno-gpu-rdc fno-gpu-sanitize fno-hip-emit-relocatable
      fno-hip-fp32-correctly-rounded-divide-sqrt fno-hip-kernel-arg-name fno-hip-new-launch-api
      fno-offload-implicit-host-device-templates fno-offload-via-llvm fno-openmp-target-jit
      foffload-implicit-host-device-templates foffload-via-llvm fopenmp-target-jit fsycl-device-only
      fsycl-host-only mamdgpu-expand-waitcnt-profiling mamdgpu-ieee mamdgpu-precise-memory-op
      mno-amdgpu-expand-waitcnt-profiling mno-amdgpu-ieee mno-amdgpu-precise-memory-op no-hip-rt
      no-use-spirv-backend print-rocm-search-dirs use-spirv-backend`,
  },
  {
    prefix: '-',
    form: 'joinedOptional',
    effect: ELSEWHERE,
    names: `-amdgpu-arch-tool= -cuda-feature= -cuda-gpu-arch= -cuda-include-ptx= -cuda-path= -gpu-instrument-lib=
      -gpu-max-threads-per-block= -hip-device-lib-path= -hip-device-lib= -hip-path= -hip-version=
      -hipspv-pass-plugin= -hipstdpar-path= -hipstdpar-prim-path= -hipstdpar-thrust-path= -no-cuda-gpu-arch=
      -no-cuda-include-ptx= -no-offload-arch= -nvptx-arch-tool= -offload-arch-tool= -offload-arch=
      -offload-compression-level= -offload-jobs= -offload-targets= -ptxas-path= -rocm-device-lib-path=
      -rocm-path= Xclangas= cuid= fgpu-default-stream= fgpu-inline-threshold= fuse-cuid=`,
  },
  {
    prefix: '-',
    form: 'separate',
    effect: ELSEWHERE,
    names: `Xclangas Xcuda-ptxas Xflang mmlir`,
  },
  {
    prefix: '-',
    form: 'joinedOrSeparate',
    effect: refuse('is of use for other targets only'),
    names: `G`,
  },
  {
    prefix: '-',
    form: 'joinedOptional',
    effect: refuse('is of use for other targets only'),
    names: `G= Xthinlto-distributor= fthinlto-distributor=`,
  },
  {
    prefix: '-',
    form: 'separate',
    effect: refuse('is of use for other targets only'),
    names: `Xlinker darwin-target-variant meabi mthread-model rpath`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: `-no-default-config -shared -static fexperimental-library ffixed-x1 ffixed-x10 ffixed-x11 ffixed-x12 ffixed-x13
      ffixed-x14 ffixed-x15 ffixed-x16 ffixed-x17 ffixed-x18 ffixed-x19 ffixed-x2 ffixed-x20 ffixed-x21
      ffixed-x22 ffixed-x23 ffixed-x24 ffixed-x25 ffixed-x26 ffixed-x27 ffixed-x28 ffixed-x29 ffixed-x3
      ffixed-x30 ffixed-x31 ffixed-x4 ffixed-x5 ffixed-x6 ffixed-x7 ffixed-x8 ffixed-x9 fms-define-stdc
      fms-omit-default-lib fno-knr-functions fprofile-generate-cold-function-coverage
      fsanitize-cfi-icall-experimental-normalize-integers fsanitize-kcfi-arity ftemporal-profile
      ftime-trace-verbose gkey-instructions gno-key-instructions gno-omit-unreferenced-methods gno-split-dwarf
      gno-structor-decl-linkage-names gomit-unreferenced-methods gstructor-decl-linkage-names maix-struct-return
      maix32 maix64 malign-double mapx-inline-asm-use-gpr32 marm64x mbig-endian mbranches-within-32B-boundaries
      mconsole mcrc mdll mdouble-float mdynamic-no-pic menable-experimental-extensions mfentry
      mgeneral-regs-only mhard-float mignore-xcoff-visibility mindirect-branch-cs-prefix mkernel mlittle-endian
      mno-constant-cfstrings mno-gather mno-scatter mnop-mcount mqdsp6-compat mrecip mrecord-mcount
      msave-reg-params msim msingle-float msse2avx msvr4-struct-return mthreads mthumb municode mwindows
      nostdinc regcall4 shared static`,
  },
  {
    prefix: '-',
    form: 'joinedOptional',
    effect: HASH,
    names: `-rtlib= fcaret-diagnostics-max-lines= fexcess-precision= fexperimental-sanitize-metadata= ffuchsia-api-level=
      finline-max-stacksize= fms-runtime-lib= fms-secure-hotpatch-functions-list=
      fno-experimental-sanitize-metadata= fno-sanitize-annotate-debug-info= fno-sanitize-merge=
      fsanitize-annotate-debug-info= fsanitize-coverage-stack-depth-callback-min= fsanitize-debug-trap-reasons=
      fsanitize-kcfi-hash= fsanitize-memtag-mode= fsanitize-merge= fsanitize-skip-hot-cutoff=
      fsanitize-undefined-ignore-overflow-pattern= ftrivial-auto-var-init-max-size= inline-asm= mabi=
      malign-branch-boundary= malign-branch= mapx-features= masm= mbranch-protection= mcf-branch-label-scheme=
      mcmodel= mcode-object-version= mcpu= mdefault-visibility-export-mapping= mdouble= mfloat-abi= mfpmath=
      mfpu= mfunction-return= mguard= mharden-sls= mhwdiv= mhwmult= mimplicit-it= mios-simulator-version-min=
      mios-version-min= miphoneos-version-min= mlarge-data-threshold= mlinker-version= mmacos-version-min=
      mmacosx-version-min= mmcu= mno-apx-features= mno-tocdata= moslib= mpad-max-prefix-size= mprintf-kind=
      mrecip= mregparm= mrvv-vector-bits= msign-return-address= msimd= msmall-data-limit= msmall-data-threshold=
      mstack-alignment= mstack-probe-size= mstack-protector-guard-offset= mstack-protector-guard-reg=
      mstack-protector-guard-symbol= mstack-protector-guard= mtargetos= mtls-dialect= mtls-size= mtocdata=
      mtvos-version-min= mwatchos-simulator-version-min= mwatchos-version-min= mzos-target= rtlib=`,
  },
  {
    prefix: '-',
    form: 'joined',
    effect: INPUT_FILE,
    names: `-warning-suppression-mappings= fexperimental-sanitize-metadata-ignorelist= fmemory-profile-use=
      fms-secure-hotpatch-functions-file=`,
  },
  {
    prefix: '-',
    form: 'joinedOrSeparate',
    effect: refuse('is an option for the following sources in some versions'),
    names: `x`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: MODULES,
    names: `-precompile emit-ast fmodule-header fmodule-output fmodules-embed-all-files`,
  },
  {
    prefix: '-',
    form: 'joinedOptional',
    effect: MODULES,
    names: `fmodule-header= fmodule-output= fprebuilt-module-path=`,
  },
  {
    prefix: '-',
    form: 'joinedOrSeparate',
    effect: refuse('puts files in the place of others'),
    names: `-vfsoverlay vfsoverlay`,
  },
  {
    prefix: '-',
    form: 'joined',
    effect: PATH_TEXT,
    names: `fprofile-generate-cold-function-coverage=`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: PRINTS,
    names: `-print-diagnostic-options -print-effective-triple -print-enabled-extensions -print-libgcc-file-name
      -print-library-module-manifest-path -print-resource-dir -print-runtime-dir -print-search-dirs
      -print-supported-extensions -print-target-triple -print-targets fdriver-only print-diagnostic-options
      print-effective-triple print-enabled-extensions print-libgcc-file-name print-library-module-manifest-path
      print-resource-dir print-runtime-dir print-search-dirs print-supported-extensions print-target-triple
      print-targets`,
  },
  {
    prefix: '-',
    form: 'joinedOptional',
    effect: PRINTS,
    names: `-print-file-name= -print-prog-name= print-file-name= print-prog-name=`,
  },
  {
    prefix: '-',
    form: 'flag',
    effect: refuse('reads or writes a further file'),
    names: `fcodegen-data-generate fcodegen-data-use gsplit-dwarf`,
  },
  {
    prefix: '-',
    form: 'joinedOptional',
    effect: refuse('reads or writes a further file'),
    names: `fcodegen-data-generate= fcodegen-data-use= ftime-trace= gsplit-dwarf=`,
  },
  { prefix: '/-', form: 'flag', effect: HASH, names: 'vlen vlen=256 vlen=512', sinceClang: 20 },
  { prefix: '/-', form: 'joined', effect: HASH, names: 'funcoverride:', sinceClang: 20 },
];
