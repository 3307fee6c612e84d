/** Options of clang-cl that name files to write, search or read, or whose paths may get into an output. */
import { HASH, INPUT_FILE, type OptionGroup, PATH_TEXT } from './row.ts';

export const FILE_CLANG_CL_OPTIONS: readonly OptionGroup[] = [
  // Files that are written.
  { prefix: '/-', form: 'joinedOrSeparate', effect: { kind: 'object' }, names: 'o' },
  { prefix: '/-', form: 'flag', effect: { kind: 'output', role: 'listing', isSwitch: true }, names: 'FA' },
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
  { prefix: '-', form: 'joinedOptional', effect: HASH, names: 'fplugin-arg-' },
];
