/** Options that only cl has, or that cl reads in its own way ("Compiler options listed alphabetically"; cl `/?`). */
import { HASH, HASH_PREPROCESSOR, IGNORE, INPUT_FILE, type OptionGroup, PATH_TEXT, refuse } from './row.ts';

const ASSEMBLIES = refuse('reads assemblies that include notes do not name');
const MODULES = refuse('reads or writes module interfaces');
const NO_OBJECT = refuse('makes no object');
const VARIES = refuse('prints what differs from run to run');
const ANOTHER_COMPILER = refuse('replaces a part of the compiler');
const ANALYSIS = refuse('writes an analysis log whose name depends on more than the source');

export const CL_OPTIONS: readonly OptionGroup[] = [
  { prefix: '/-', form: 'number', effect: { kind: 'parallel' }, names: 'MP' },
  // These change no object, but they change stderr: the banner appears or not, and the driver warns of old options
  // (D9035).
  { prefix: '/-', form: 'flag', effect: HASH, names: 'nologo FS' },
  { prefix: '/-', form: 'joined', effect: HASH, names: 'cgthreads errorReport:' },
  { prefix: '/-', form: 'number', effect: HASH, names: 'Zm' },
  // Debug information.
  { prefix: '/-', form: 'flag', effect: { kind: 'debugInfo', as: 'external' }, names: 'Zi ZI' },
  { prefix: '/-', form: 'flag', effect: { kind: 'debugInfo', as: 'embedded' }, names: 'Zd' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: { kind: 'databaseName' }, names: 'Fd:' },
  { prefix: '/-', form: 'flag', effect: HASH, names: 'Gm-' },
  { prefix: '/-', form: 'toggle', effect: HASH, names: 'Zf' },
  {
    prefix: '/-',
    form: 'flag',
    effect: refuse('minimal rebuild keeps state between compiles'),
    names: 'Gm FD',
  },
  { prefix: '/-', form: 'joinedOrSeparate', effect: INPUT_FILE, names: 'sourcelink sourcelink:' },
  // Files that are written.
  {
    prefix: '/-',
    form: 'joinedOptional',
    effect: { kind: 'output', role: 'browse', isSwitch: true },
    names: 'FR Fr',
  },
  {
    prefix: '/-',
    form: 'joinedOrSeparate',
    effect: { kind: 'output', role: 'browse', isSwitch: true },
    names: 'FR:',
  },
  {
    prefix: '/-',
    form: 'flag',
    effect: { kind: 'output', role: 'listing', isSwitch: true },
    names: 'FA FAc FAs FAu FAcs FAsc FAcu FAuc FAsu FAus FAcsu FAcus FAscu FAsuc FAucs FAusc',
  },
  {
    prefix: '/-',
    form: 'joinedOptional',
    effect: { kind: 'output', role: 'documentation', isSwitch: true },
    names: 'doc doc:',
  },
  {
    prefix: '/-',
    form: 'joinedOrSeparate',
    effect: { kind: 'output', role: 'sourceDependencies', isSwitch: true },
    names: 'sourceDependencies',
  },
  { prefix: '/-', form: 'flag', effect: refuse('writes its notes on stdout'), names: 'sourceDependencies-' },
  // Without effect with /c.
  { prefix: '/-', form: 'joinedOptional', effect: IGNORE, names: 'Fe Fm' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: IGNORE, names: 'Fe: Fm:' },
  { prefix: '/-', form: 'number', effect: IGNORE, names: 'F' },
  { prefix: '/-', form: 'joined', effect: refuse('moves the headers of #import'), names: 'Ft' },
  { prefix: '/-', form: 'flag', effect: refuse('writes merged sources'), names: 'Fx' },
  { prefix: '/-', form: 'joinedOptional', effect: refuse('writes a second object'), names: 'dynamicdeopt' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: refuse('writes a SARIF log'), names: 'experimental:log' },
  // Precompiled headers.
  { prefix: '/-', form: 'flag', effect: HASH, names: 'Yd' },
  { prefix: '/-', form: 'joinedOptional', effect: HASH, names: 'Yl' },
  {
    prefix: '/-',
    form: 'joinedOptional',
    effect: refuse('makes or uses a precompiled header as it sees fit', 'precompiledHeader'),
    names: 'YX',
  },
  // The preprocessor.
  { prefix: '/-', form: 'flag', effect: HASH_PREPROCESSOR, names: 'u d1nodatetime' },
  {
    prefix: '/-',
    form: 'flag',
    effect: refuse('shapes preprocessed text only', 'preprocessing'),
    names: 'PD PH',
  },
  { prefix: '/-', form: 'joinedOrSeparate', effect: ASSEMBLIES, names: 'FU FU:asFriend' },
  // Where #using searches, which only the options below allow.
  { prefix: '/-', form: 'joinedOrSeparate', effect: PATH_TEXT, names: 'AI' },
  { prefix: '/-', form: 'joinedOptional', effect: ASSEMBLIES, names: 'clr' },
  { prefix: '/-', form: 'flag', effect: ASSEMBLIES, names: 'ZW ZW:nostdlib LN' },
  // Modules.
  {
    prefix: '/-',
    form: 'flag',
    effect: MODULES,
    names: `translateInclude interface internalPartition exportHeader ifcOnly showResolvedHeader headerName:quote
      headerName:angle experimental:module`,
  },
  { prefix: '/-', form: 'flag', effect: HASH, names: 'experimental:module- translateInclude-' },
  {
    prefix: '/-',
    form: 'joinedOrSeparate',
    effect: MODULES,
    names: `headerUnit headerUnit:quote headerUnit:angle reference ifcOutput ifcSearchDir ifcMap stdIfcDir`,
  },
  { prefix: '/-', form: 'joined', effect: MODULES, names: 'module:' },
  {
    prefix: '/-',
    form: 'joinedOrSeparate',
    effect: NO_OBJECT,
    names: 'sourceDependencies:directives scanDependencies',
  },
  // The output differs from run to run.
  { prefix: '/-', form: 'flag', effect: VARIES, names: 'Bt Bt+ Bd d1templateStats d2cgsummary' },
  { prefix: '/-', form: 'joinedOptional', effect: VARIES, names: 'd1reportTime' },
  { prefix: '/-', form: 'flag', effect: NO_OBJECT, names: 'Zg Bv Bz' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: ANOTHER_COMPILER, names: 'B1 B2 Bx' },
  { prefix: '/-', form: 'joinedOptional', effect: ANALYSIS, names: 'analyze' },
  // Code generation.
  {
    prefix: '/-',
    form: 'flag',
    effect: HASH,
    names: `options:strict Za Ze await await:strict openmp:llvm vlen Ge GH Gh GT GZ homeparams jumptablerdata
      Qfast_transcendentals QIfist Qimprecise_fwaits Qsafe_fp_loads Qspectre-load Qspectre-load-cf callcap fastcap
      fsanitize=kernel-address fsanitize=fuzzer fsanitize-address-use-after-return
      fno-sanitize-address-vcasan-lib fsanitize-address-asan-compat-lib fno-sanitize-address-asan-compat-lib
      experimental:external experimental:newLambdaProcessor experimental:deterministic experimental:c11atomics
      d1ForceLowerCaseNames d2guardspecload d2notypeopt d2vzeroupper d2archSSE42 external:anglebrackets WL`,
  },
  {
    prefix: '/-',
    form: 'toggle',
    effect: HASH,
    names: `GL Gu guard:signret forceInterlockedFunctions fastfail presetPadding Qpar Qspectre Qspectre-jmp
      volatileMetadata Wp64 external:templates experimental:preprocessor d2SSAOptimizer d2ssa-cfg-jt d2ssa-rse
      d2ssa-pre d2ssa-cfg-sink`,
  },
  {
    prefix: '/-',
    form: 'joined',
    effect: HASH,
    names: `constexpr:depth constexpr:backtrace constexpr:steps templateDepth: favor: feature: vlen= fpcvt:
      Qpar-report: Qvec-report: fsanitize-coverage= fno-sanitize-coverage= limitTemplateNotes:
      d1reportSingleClassLayout`,
  },
  { prefix: '/-', form: 'joinedOptional', effect: HASH, names: 'Wv' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: HASH, names: 'H V w1 w2 w3 w4 wd we wo' },
  { prefix: '/-', form: 'joined', effect: PATH_TEXT, names: 'd1trimfile:' },
];
