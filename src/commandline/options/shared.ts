/**
 * Options that cl and clang-cl read alike ("Compiler options listed alphabetically"; clang's `/help`). If clang-cl
 * warns that it does not use one, the warning is part of the output, so the text is in the key.
 */
import { HASH, HASH_PREPROCESSOR, INPUT_FILE, type OptionGroup, PATH_TEXT, refuse } from './row.ts';

const PREPROCESSES = refuse('preprocesses only', 'preprocessing');
const SHOWS = refuse('prints something and compiles nothing');

export const SHARED_OPTIONS: readonly OptionGroup[] = [
  // The kind of work.
  { prefix: '/-', form: 'flag', effect: { kind: 'compileOnly' }, names: 'c' },
  { prefix: '/-', form: 'rest', effect: refuse('links', 'linking'), names: 'link' },
  { prefix: '/-', form: 'flag', effect: PREPROCESSES, names: 'E EP P' },
  { prefix: '/-', form: 'flag', effect: SHOWS, names: '? help HELP' },
  { prefix: '/-', form: 'flag', effect: refuse('checks syntax only'), names: 'Zs' },
  { prefix: '/-', form: 'flag', effect: { kind: 'showIncludes', of: 'all' }, names: 'showIncludes' },
  // Files that are written.
  { prefix: '/-', form: 'joinedOptional', effect: { kind: 'object' }, names: 'Fo' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: { kind: 'object' }, names: 'Fo:', sinceClang: 19 },
  { prefix: '/-', form: 'joinedOptional', effect: { kind: 'databaseName' }, names: 'Fd' },
  // Without effect, perhaps with a warning.
  { prefix: '/-', form: 'flag', effect: HASH, names: 'C' },
  { prefix: '/-', form: 'joinedOptional', effect: PATH_TEXT, names: 'Fi Fp' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: PATH_TEXT, names: 'Fi:', sinceClang: 19 },
  { prefix: '/-', form: 'joinedOrSeparate', effect: PATH_TEXT, names: 'Fp:', sinceClang: 19 },
  {
    prefix: '/-',
    form: 'joinedOptional',
    effect: { kind: 'output', role: 'listing', isSwitch: true },
    names: 'Fa',
  },
  // Precompiled headers.
  { prefix: '/-', form: 'joinedOptional', effect: { kind: 'precompiledHeader' }, names: 'Yc Yu' },
  { prefix: '/-', form: 'flag', effect: { kind: 'noPrecompiledHeader' }, names: 'Y-' },
  // The preprocessor.
  { prefix: '/-', form: 'joinedOrSeparate', effect: { kind: 'macro' }, names: 'D U' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: { kind: 'searchDirectory', of: 'user' }, names: 'I' },
  {
    prefix: '/-',
    form: 'joinedOrSeparate',
    effect: { kind: 'searchDirectory', of: 'external' },
    names: 'external:I',
  },
  { prefix: '/-', form: 'joined', effect: { kind: 'searchVariable' }, names: 'external:env:' },
  { prefix: '/-', form: 'flag', effect: { kind: 'noSearchVariables' }, names: 'X' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: { kind: 'forcedInclude' }, names: 'FI' },
  { prefix: '/-', form: 'flag', effect: HASH_PREPROCESSOR, names: 'd1PP' },
  // Sources.
  { prefix: '/-', form: 'flag', effect: { kind: 'language', language: 'c' }, names: 'TC' },
  { prefix: '/-', form: 'flag', effect: { kind: 'language', language: 'c++' }, names: 'TP' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: { kind: 'source', language: 'c' }, names: 'Tc' },
  { prefix: '/-', form: 'joinedOrSeparate', effect: { kind: 'source', language: 'c++' }, names: 'Tp' },
  // Debug information.
  { prefix: '/-', form: 'flag', effect: { kind: 'debugInfo', as: 'embedded' }, names: 'Z7' },
  { prefix: '/-', form: 'toggle', effect: HASH, names: 'Zo JMC' },
  { prefix: '/-', form: 'joined', effect: HASH, names: 'ZH:' },
  { prefix: '/-', form: 'flag', effect: HASH, names: 'd2Zi+' },
  { prefix: '/-', form: 'toggle', effect: HASH, names: 'd2FH4' },
  // Code generation.
  {
    prefix: '/-',
    form: 'flag',
    effect: HASH,
    names: `bigobj LD LDd J utf-8 openmp:experimental O1 O2 Od Os Ot Ox arm64EC fp:contract fp:fast fp:precise
      fp:strict GA Gd Gr Gv Gz hotpatch MD MDd MT MTd QIntel-jcc-erratum vmb vmg vmm vms vmv volatile:iso
      volatile:ms Zl d2FastFail Brepro RTC1 Zc:__STDC__ fsanitize=address`,
  },
  {
    prefix: '/-',
    form: 'toggle',
    effect: HASH,
    names: `permissive validate-charset openmp Og Oi Oy fp:except EHa EHs EHc EHr GF GR GS Gw GX Gy guard:cf
      guard:ehcont sdl kernel RTCc RTCs RTCu`,
  },
  // Conformance switches read and write no files.
  {
    prefix: '/-',
    form: 'toggle',
    effect: HASH,
    names: `Zc:__cplusplus Zc:alignedNew Zc:auto Zc:char8_t Zc:checkGwOdr Zc:enumTypes Zc:enumEncoding Zc:externC
      Zc:externConstexpr Zc:forScope Zc:gotoScope Zc:hiddenFriend Zc:implicitNoexcept Zc:inline Zc:lambda
      Zc:noexceptTypes Zc:nrvo Zc:preprocessor Zc:referenceBinding Zc:rvalueCast Zc:sizedDealloc Zc:static_assert
      Zc:strictStrings Zc:templateScope Zc:ternary Zc:threadSafeInit Zc:throwingNew Zc:tlsGuards Zc:trigraphs
      Zc:twoPhase Zc:u8EscapeEncoding Zc:wchar_t Zc:zeroSizeArrayNew`,
  },
  { prefix: '/-', form: 'number', effect: HASH, names: 'Ob Gs Zp vd' },
  { prefix: '/-', form: 'joined', effect: HASH, names: 'std: source-charset: execution-charset: arch:' },
  // Diagnostics: their text is stored and printed on a hit.
  {
    prefix: '/-',
    form: 'flag',
    effect: HASH,
    names: 'FC w W0 W1 W2 W3 W4 Wall d1reportAllClassLayout analyze-',
  },
  { prefix: '/-', form: 'toggle', effect: HASH, names: 'WX' },
  { prefix: '/-', form: 'joined', effect: HASH, names: 'external:W diagnostics:' },
  // Sanitizers.
  { prefix: '-', form: 'joined', effect: INPUT_FILE, names: 'fsanitize-ignorelist=' },
  { prefix: '/-', form: 'joined', effect: PATH_TEXT, names: 'pathmap:' },
];
