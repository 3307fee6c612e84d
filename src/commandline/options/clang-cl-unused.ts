/**
 * Options of cl that clang-cl accepts and does not use. Most of them give a warning, which is part of the output, so
 * their text is in the key.
 */
import { HASH, IGNORE, type OptionGroup, PATH_TEXT } from './row.ts';

export const UNUSED_CLANG_CL_OPTIONS: readonly OptionGroup[] = [
  // Accepted without a warning, and without effect.
  { prefix: '/-', form: 'flag', effect: IGNORE, names: 'nologo FS' },
  { prefix: '/-', form: 'joinedOptional', effect: IGNORE, names: 'cgthreads errorReport Zm' },
  // Other forms of /FA are not used, with a warning.
  {
    prefix: '/-',
    form: 'flag',
    effect: HASH,
    names: 'FAc FAs FAu FAcs FAsc FAcu FAuc FAsu FAus FAcsu FAcus',
  },
  // /ZI and the following options are not used, with a warning.
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
  // clang-cl does not use it, but clcache's jobs do.
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
];
