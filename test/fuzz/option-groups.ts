import { DEBUG_OPTIONS, INSTRUMENTING_OPTIONS } from './path-options.ts';
import type { Random } from './random.ts';
import type { Words } from './scenario.ts';

/** Any option but the essential ones; `up` leads from the working folder to the tree. */
export function anyOption(random: Random, up: string): Words {
  return random.pick(random.pick(GROUPS))(random, up);
}

/** `up` leads from the working folder to the tree. */
type MakeWords = (random: Random, up: string) => Words;

const words =
  (...all: string[]): MakeWords =>
  (random) =>
    random.pick(all).split(' ');

const GROUPS: readonly (readonly MakeWords[])[] = [
  // Optimisation.
  [
    words(
      '/O1',
      '/O2',
      '/Od',
      '/Ox',
      '/Os',
      '/Ot',
      '-O2',
      '/O2b1',
      '/Ob0',
      '/Ob2',
      '/Oy-',
      '/Oi',
      '/O2y-',
      '/Og',
    ),
  ],
  // Debug information, coverage, sanitizers.
  [(random) => random.pick(DEBUG_OPTIONS).split(' ')],
  [(random) => random.pick(INSTRUMENTING_OPTIONS).split(' ')],
  [words('/Z7', '/Zi', '/Z7', '-gdwarf-4', '-gline-tables-only', '/clang:-g', '-gdwarf', '/ZI', '/Fdx.pdb')],
  [
    words(
      '/clang:-gdwarf-5 /clang:-gsplit-dwarf',
      '/Z7 -fdebug-compilation-dir=.',
      '/Z7 -gcodeview-ghash',
      '-g0',
    ),
  ],
  // Warnings.
  [
    words(
      '/W0',
      '/W1',
      '/W3',
      '/W4',
      '/Wall',
      '/w',
      '/wd4100',
      '-Wno-unused-variable',
      '-Wextra',
      '-Wunused-macros',
    ),
  ],
  [
    words(
      '/WX',
      '-Wno-#warnings',
      '/external:W0',
      '/external:W3',
      '-Wno-return-type',
      '-Weverything',
      '-Wno-macro-redefined',
    ),
  ],
  [
    words(
      '/diagnostics:caret',
      '/diagnostics:classic',
      '/FC',
      '-fcolor-diagnostics',
      '/showFilenames',
      '-fdiagnostics-absolute-paths',
    ),
  ],
  // Macros.
  [
    words(
      '/DX',
      '/DX=1',
      '/DX=2',
      '/D X=3',
      '-DX=4',
      '/UX',
      '/DY=1',
      '/DY',
      '/D Y',
      '/DX#8',
      '/DFORCED=3',
      '/U FORCED',
    ),
  ],
  // Language.
  [
    words(
      '/std:c++17',
      '/std:c++20',
      '/std:c++14',

      '/TP',
      '/J',
      '/permissive-',
      '/Zc:trigraphs',
      '/EHsc',
      '/GR-',
    ),
  ],
  [
    words(
      '/Gy',
      '/Gw',
      '/GS-',
      '/MD',
      '/MT',
      '/MTd',
      '/LD',
      '/Zl',
      '/Gs0',
      '/Zp1',
      '/utf-8',
      '/arch:AVX2',
      '/X',
      '/Zc:threadSafeInit-',
    ),
  ],
  [
    words(
      '-mavx2',
      '-fno-builtin',
      '/clang:-fno-inline',
      '/clang:-ffunction-sections',
      '-flto',
      '/clang:-fstack-protector',
    ),
  ],
  [
    words(
      '-fsanitize=undefined',
      '-fprofile-instr-generate',
      '-fprofile-instr-generate -fcoverage-mapping',
      '/hotpatch',
    ),
  ],
  // Files that are written.
  [
    words(
      '/FA',
      '/Fa',
      '/Faname.asm',
      '/Falisting',
      '/Faout/',
      '/Fa../out/',
      '/FAs',
      '/FR',
      '/doc',
      '/sourceDependencies x.json',
    ),
    words(
      '/clang:-MD',
      '/clang:-MMD',
      '/clang:-MD /clang:-MFdeps.d',
      '/clang:-MD /clang:-MF /clang:d.d /clang:-MTt',
    ),
    words(
      '/clang:-MD /clang:-MP',
      '-Xclang -dependency-file -Xclang x.d -Xclang -MT -Xclang y -Xclang -sys-header-deps',
      '/clang:-MMD /clang:-MFx.d',
    ),
    words(
      '/clang:-fstack-usage',
      '/clang:-fsave-optimization-record',
      '/clang:--serialize-diagnostics /clang:x.dia',
    ),
    words('/clang:-ftest-coverage', '--coverage'),
  ],
  // Include notes.
  [words('/showIncludes', '/showIncludes', '/showIncludes:user', '-showIncludes')],
  // Paths.
  [
    (_, up) => [`/clang:-ffile-prefix-map=$TREE=/x${up}`],
    () => ['/clang:-fdebug-prefix-map=$TREE=.'],
    () => ['/clang:-fmacro-prefix-map=$TREE=T'],
    (_, up) => ['/clang:-include', `/clang:${up}last/a.h`],
    () => ['/external:env:MORE_HEADERS'],
  ],
  // Harmless, unknown or refused.
  [words('/Fefoo.exe', '/Fifoo.i', '/Gm-', '/Zm100', '/MP3', '/cgthreads4', '/errorReport:none')],
  [
    words(
      '/unknown-option',
      '-unknown',
      '/P',
      '/E',
      '/Zs',
      '-fsyntax-only',
      '/link',
      '/clang:-save-temps',
      '-Wp,-MD,x',
    ),
  ].map(
    (make): MakeWords =>
      (random, up) =>
        random.chance(0.35) ? make(random, up) : ['/DX=9'],
  ),
];
