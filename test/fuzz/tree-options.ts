import { DEBUG_OPTIONS, INSTRUMENTING_OPTIONS } from './path-options.ts';
import type { Random } from './random.ts';
import type { Words } from './scenario.ts';

/** Maps of prefixes and compilation folders; calm ones work on the tree exactly, or on nothing that matters. */
export function mapOptions(random: Random, isCalm: boolean): Words[] {
  const count = random.chance(isCalm ? 0.1 : 0.3) ? 2 : 1;
  return Array.from({ length: count }, () =>
    random.chance(0.3) ? compilationFolder(random, isCalm) : prefixMap(random, isCalm),
  );
}

const MAPS = ['file', 'file', 'macro', 'debug', 'coverage'] as const;
const CALM_FOLDERS = ['$TREE', '$TREE', '$TREE', '$TREE/', '/nowhere', '$ABOVE/beside'];
const FOLDERS = [
  ...['$TREE', '$TREE/', '$ABOVE', '$ABOVE/', '/', '$TREE/src', '$TREE/inc', '$TREE/in', '$ABOVE/sdk'],
  ...[
    '$ABOVE/$NAME/src/',
    '$TREE/..',
    '.',
    './',
    'src',
    '',
    '/tmp',
    '$ABOVE/one',
    '$ABOVE/o',
    '$TREE/src/..',
    '$TREE//',
  ],
];
const TARGETS = ['.', '/U', '', '/U/', 'tree', '$ABOVE', '..'];

function prefixMap(random: Random, isCalm: boolean): Words {
  const from = random.pick(isCalm ? CALM_FOLDERS : FOLDERS);
  const map = `-f${random.pick(MAPS)}-prefix-map=${from}=${isCalm ? random.pick(['.', '/U', '']) : random.pick(TARGETS)}`;
  return random.chance(0.85) ? [`/clang:${map}`] : random.pick([[map], ['-Xclang', map]]);
}

function compilationFolder(random: Random, isCalm: boolean): Words {
  const folder = random.pick(
    isCalm ? ['.', '.', '/U'] : ['.', '$TREE', '$ABOVE', '/U', '$TREE/build', '..', '$ABOVE/beside', '$NAME'],
  );
  const option = `-f${random.pick(['debug', 'file', 'coverage'])}-compilation-dir=${folder}`;
  return random.chance(0.7) ? [option] : [`/clang:${option}`];
}

/** Debug information, coverage and sanitizers by which nothing of the tree's place comes into the object, if names are relative. */
export function constantPaths(random: Random, isLinux: boolean): Words[] {
  const words = random.pick([...CONSTANT, ...(isLinux ? LINUX_CONSTANT : ['/Z7 -ffile-compilation-dir=.'])]);
  return words.split(' ').map((word) => [word]);
}

const CONSTANT: readonly string[] = [
  ...[
    '-fprofile-instr-generate -fcoverage-mapping -fcoverage-compilation-dir=.',
    '-fsanitize=undefined',
    '-flto',
  ],
  ...[
    '-fprofile-instr-generate -fcoverage-mapping /clang:-fcoverage-prefix-map=$TREE=.',
    '-fprofile-generate',
  ],
  ...['/clang:-funique-internal-linkage-names', '/clang:-fopenmp', '-fsanitize-coverage=trace-pc-guard'],
];

const LINUX_CONSTANT: readonly string[] = [
  ...[
    '/clang:-g /clang:-ffile-prefix-map=$TREE=.',
    '/clang:-g -fdebug-compilation-dir=.',
    '/clang:-fxray-instrument',
  ],
  ...[
    '/clang:-gdwarf-5 /clang:-ffile-prefix-map=$TREE=/U',
    '/clang:-gline-tables-only -ffile-compilation-dir=.',
  ],
  ...[
    '/clang:-g /clang:-gsplit-dwarf /clang:-ffile-prefix-map=$TREE=.',
    '/clang:-g /clang:-gz /clang:-fdebug-prefix-map=$TREE=.',
  ],
];

/** What may put a path into the object. */
export function wildOptions(random: Random): Words {
  return random.pick(random.pick([DEBUG_OPTIONS, DEBUG_OPTIONS, INSTRUMENTING_OPTIONS, OTHERS])).split(' ');
}

const OTHERS: readonly string[] = [
  ...['/DM="$TREE"', '/DM=$TREE', '/DWHERE=__FILE__', '-DM=sizeof("$ABOVE")', '/U$NAME', '/D$NAME=1'],
  ...[
    '/Fd$TREE/x.pdb',
    '/Fa$TREE/out/',
    '/FA',
    '/Fi$TREE/x.i',
    '/sourceDependencies $TREE/x.json',
    '/FR$TREE/out/',
  ],
  ...[
    '/clang:-working-directory=$TREE',
    '-Xclang -working-directory -Xclang $TREE',
    '/clang:-B$TREE',
    '/clang:--sysroot=$TREE',
  ],
  ...[
    '/clang:-ivfsoverlay /clang:$TREE/vfs.yaml',
    '-vctoolsdir $TREE/sr',
    '/winsysroot$TREE/sr',
    '-resource-dir=$TREE/res',
  ],
  ...[
    '/clang:-fident',
    '/clang:-dM',
    '/clang:-frandom-seed=$TREE',
    '-Xclang -mlink-builtin-bitcode',
    '-Xclang -main-file-name -Xclang $TREE',
  ],
  ...[
    '/FC',
    '-fdiagnostics-absolute-paths',
    '/showIncludes',
    '/showIncludes:user',
    '/clang:-H',
    '/diagnostics:caret',
  ],
  ...[
    '-fmessage-length=40',
    '/clang:-fmessage-length=60',
    '-fcolor-diagnostics',
    '/clang:-fdiagnostics-parseable-fixits',
  ],
  ...[
    '/clang:-fdiagnostics-format=vi',
    '/clang:-fno-show-source-location',
    '/clang:-fmacro-backtrace-limit=1',
  ],
  ...[
    '/clang:--serialize-diagnostics /clang:x.dia',
    '-Xclang -dwarf-debug-flags -Xclang $TREE',
    '/clang:-fplugin-arg-x-y',
  ],
  ...[
    '/clang:-MD',
    '/clang:-MMD /clang:-MT$TREE/x',
    '/clang:-MD /clang:-MF$TREE/out/x.d',
    '/clang:-MJ /clang:$TREE/out/x.json',
  ],
];

/** What says nothing of paths. */
export function pathlessOptions(random: Random): Words {
  return random.pick(PATHLESS).split(' ');
}

const PATHLESS: readonly string[] = [
  ...[
    '/O1',
    '/O2',
    '/Od',
    '/W3',
    '/W4',
    '/w',
    '/DX=1',
    '/DX#8',
    '/UX',
    '/Gy',
    '/Gw',
    '/GS-',
    '/EHsc',
    '/GR-',
    '/J',
    '/utf-8',
  ],
  ...[
    '/Zc:trigraphs',
    '/Oy-',
    '/nologo',
    '/MP',
    '/permissive-',
    '/clang:-fno-inline',
    '/clang:-ffunction-sections',
    '/showIncludes',
  ],
  ...[
    '-Wextra',
    '/WX-',
    '/arch:AVX2',
    '/Zl',
    '/clang:-fvisibility=hidden',
    '/clang:-fno-ident',
    '/external:W0',
    '-mavx2',
    '/FS',
  ],
];
