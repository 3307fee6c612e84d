/** Options of clang-cl whose calls are not cached, with the reason. */
import { type OptionGroup, refuse } from './row.ts';

const MODULES = refuse('reads or writes a module cache');
const PRINTS = refuse('prints something and compiles nothing');
const ELSEWHERE = refuse('compiles for a further device');
const CONFIGURES = refuse('reads options from a place that the cache does not know');
const UNKNOWN_FILE = refuse('reads a file whose name is not on the line');

export const REFUSED_CLANG_CL_OPTIONS: readonly OptionGroup[] = [
  {
    prefix: '/-',
    form: 'flag',
    effect: refuse('is read as /o by some versions'),
    names: 'openmp:llvm options:strict',
  },
  {
    prefix: '-',
    form: 'joined',
    effect: refuse('writes a second bitcode file'),
    names: 'fthin-link-bitcode=',
  },
  { prefix: '-', form: 'joined', effect: refuse('takes bitcode as its source'), names: 'fthinlto-index=' },
  {
    prefix: '-',
    form: 'flag',
    effect: UNKNOWN_FILE,
    names: 'fprofile-instr-use fprofile-use fprofile-sample-use',
  },
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
  // The kind of work.
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
  { prefix: '-', form: 'joined', effect: refuse('passes words on'), names: 'Wp, Wl, Wa,' },
];
