import type { Random } from './random.ts';
import type { Words } from './scenario.ts';
import type { Place } from './tree-pieces.ts';

/** How the compiler finds the header, and in which folder it lies. */
export interface Way {
  readonly folder: string;
  /** `$UP` leads from the working folder to the tree. */
  readonly options: readonly Words[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A way that is relative, that nothing can take a path from, or any. */
export function makeWay(
  random: Random,
  isFree: boolean,
  isRelative: boolean,
  { isLinux, language }: Place,
): Way {
  const spelled = (path: string) =>
    isRelative ? `$UP${path}` : random.pick([`$TREE/${path}`, `$UP${path}`]);
  if (!isFree || random.chance(0.3)) {
    const path = spelled('inc');
    const options = random.pick<Words>([
      [`/I${path}`],
      ['-I', path],
      ['/clang:-isystem', `/clang:${path}`],
      [`/clang:-idirafter${path}`],
      ...(isLinux
        ? []
        : [
            ['/external:I', path],
            ['-imsvc', path],
          ]),
    ]);
    return { folder: 'inc', options: [options] };
  }
  return random.pick([
    ...WAYS,
    ...(isLinux ? LINUX_WAYS : WINDOWS_WAYS),
    ...(language === 'cpp' ? CPP_WAYS : C_WAYS),
  ])(random);
}

type MakeWay = (random: Random) => Way;

const SPELLINGS = [
  '$TREE/inc',
  '$TREE/inc',
  '$TREE/src/../inc',
  '$TREE//inc',
  '$UPinc',
  '$TREE/./inc/',
  '$ABOVE/$NAME/inc',
];
/** Outside, called as folders of compilers are. */
const SDKS = [
  'sdk',
  'sdk/lib/clang/14/include',
  'sdk/Windows Kits/10',
  'sdk/c++/v1',
  'usr/include',
  '$NAME-sdk',
];

const by = (environment: Readonly<Record<string, string>>, ...options: readonly Words[]): Way => ({
  folder: 'inc',
  options,
  environment,
});
const found = (folder: string, ...options: readonly Words[]): Way => ({ folder, options });
const outside =
  (words: (folder: string) => Words): MakeWay =>
  (random) => {
    const folder = `$ABOVE/${random.pick(SDKS)}`;
    return found(folder, words(folder));
  };

const WAYS: readonly MakeWay[] = [
  (random) => found('inc', [`/I${random.pick(SPELLINGS)}`]),
  (random) => found('inc', ['-I', random.pick(SPELLINGS)]),
  (random) => found('inc', ['/clang:-isystem', `/clang:${random.pick(SPELLINGS)}`]),
  (random) => found('inc', [`/clang:-iquote${random.pick(SPELLINGS)}`], ['/I$UPinc']),
  (random) => found('inc', [`/clang:-idirafter${random.pick(SPELLINGS)}`]),
  () => found('inc', ['-Xclang', '-internal-isystem', '-Xclang', '$TREE/inc']),
  () => found('inc', ['-Xclang', '-internal-externc-isystem', '-Xclang', '$UPinc']),
  (random) =>
    by({ CPATH: random.pick(['$TREE/inc', '$ABOVE:$TREE/inc', '$TREE/src/../inc', '$TREE/keep:$TREE/inc']) }),
  () => by({ CPATH: '$TREE/inc' }, ['/I$TREE']),
  () => found('inc', ['/FI$TREE/inc/h.h'], ['/I$UPinc']),
  () => found('inc', ['/FI$UPinc/more.h'], ['/I$TREE/inc']),
  () => found('inc', ['/clang:-include', '/clang:$TREE/inc/more.h'], ['/I$UPinc']),
  () => found('inc', ['/clang:-imacros', '/clang:$TREE/inc/plain.h'], ['/I$TREE/inc']),
  () => found('res/include', ['-resource-dir=$TREE/res']),
  () => found('res/include', ['-Xclang', '-resource-dir', '-Xclang', '$TREE/res'], ['/I$TREE/res/include']),
  outside((folder) => [`/I${folder}`]),
  outside((folder) => ['/clang:-isystem', `/clang:${folder}`]),
  (random) =>
    ((folder) => ({ ...found(folder), environment: { CPATH: folder } }))(`$ABOVE/${random.pick(SDKS)}`),
  (random) => ((sdk) => found(sdk, [`/I$TREE/${sdk}`]))(random.pick(SDKS)),
];

const LINUX_WAYS: readonly MakeWay[] = [
  () => found('sr/usr/include', ['/clang:--sysroot=$TREE/sr']),
  () => found('sr/usr/include', ['-Xclang', '-isysroot', '-Xclang', '$TREE/sr'], ['/I$TREE/sr/usr/include']),
];

const WINDOWS_WAYS: readonly MakeWay[] = [
  (random) => found('inc', [`-imsvc${random.pick(SPELLINGS)}`]),
  (random) => found('inc', [`/external:I${random.pick(SPELLINGS)}`]),
  (random) =>
    by({ INCLUDE: random.pick(['$TREE/inc', '$TREE/keep;$TREE/inc', '$TREE/inc;', '$ABOVE;$TREE/inc']) }),
  () => by({ INCLUDE: '$TREE/inc' }, ['-imsvc', '$UPkeep']),
  () => by({ EXTERNAL_INCLUDE: '$TREE/inc' }),
  () => by({ OWN: '$TREE/inc' }, ['/external:env:OWN']),
  () => found('sr/VC/Tools/MSVC/14.0/include', ['/winsysroot$TREE/sr']),
  () => found('sr/include', ['/vctoolsdir$TREE/sr']),
  () => found('sr/Include/10.0/ucrt', ['/winsdkdir', '$TREE/sr'], ['/winsdkversion', '10.0']),
  outside((folder) => [`-imsvc${folder}`]),
  (random) => ((sdk) => found(sdk, ['-imsvc', `$UP${sdk}`]))(random.pick(SDKS)),
];

const C_WAYS: readonly MakeWay[] = [
  () => by({ C_INCLUDE_PATH: '$TREE/inc' }),
  () => by({ C_INCLUDE_PATH: '$ABOVE:$TREE/inc' }),
];

const CPP_WAYS: readonly MakeWay[] = [
  () => by({ CPLUS_INCLUDE_PATH: '$TREE/inc' }),
  () => by({ CPLUS_INCLUDE_PATH: '$TREE/keep:$TREE/src/../inc' }),
];
