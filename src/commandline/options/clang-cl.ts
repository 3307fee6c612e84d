/**
 * Options that only clang-cl has, or that it reads in its own way. The names are those that clang-cl 14 accepts on the
 * command line (each was tried), and those that later versions document. clang-cl warns about a GCC spelling that it
 * does not know, so such a name is not here and the call is not cached.
 */

import { CODE_CLANG_CL_OPTIONS } from './clang-cl-code.ts';
import { FILE_CLANG_CL_OPTIONS } from './clang-cl-files.ts';
import { REFUSED_CLANG_CL_OPTIONS } from './clang-cl-refused.ts';
import { UNUSED_CLANG_CL_OPTIONS } from './clang-cl-unused.ts';
import { HASH, type OptionGroup, PATH_TEXT } from './row.ts';

export const CLANG_CL_OPTIONS: readonly OptionGroup[] = [
  { prefix: '/-', form: 'joined', effect: { kind: 'driverWord' }, names: 'clang:' },
  { prefix: '-', form: 'separate', effect: { kind: 'frontendWord' }, names: 'Xclang' },
  { prefix: '-', form: 'joined', effect: { kind: 'frontendWord' }, names: 'Xclang=', sinceClang: 17 },
  { prefix: '-', form: 'separate', effect: { kind: 'backendWord' }, names: 'mllvm' },
  // How the driver works.
  { prefix: '-', form: 'flag', effect: HASH, names: '-driver-mode=cl' },
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
  {
    prefix: '-',
    form: 'flag',
    effect: HASH,
    names: `Qunused-arguments canonical-prefixes no-canonical-prefixes -start-no-unused-arguments
      -end-no-unused-arguments miamcu mno-iamcu m16 m32 m64 mx32`,
  },
  // Diagnostics: names of warnings and remarks.
  { prefix: '-', form: 'joinedOptional', effect: HASH, names: 'R W' },
  { prefix: '/-', form: 'joined', effect: HASH, names: 'wd w1 w2 w3 w4 we wo' },
  ...FILE_CLANG_CL_OPTIONS,
  ...CODE_CLANG_CL_OPTIONS,
  ...UNUSED_CLANG_CL_OPTIONS,
  ...REFUSED_CLANG_CL_OPTIONS,
];
