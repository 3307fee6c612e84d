/** Options that put paths into an object, or shape how. Each is one choice; words of it are separated by blanks. */

const clang = (...all: readonly string[]) =>
  all.map((line) =>
    line
      .split(' ')
      .map((word) => `/clang:${word}`)
      .join(' '),
  );

/** All by which clang 14 makes debug information, or shapes it. */
export const DEBUG_OPTIONS: readonly string[] = [
  ...['/Z7', '/Zi', '/Z7 -gcodeview-ghash', '-gdwarf', '-gdwarf-4', '-gline-tables-only'],
  ...[
    '-gline-directives-only',
    '-gno-inline-line-tables',
    '/Z7 -gno-inline-line-tables',
    '/Z7 -fstandalone-debug',
  ],
  ...['-g0', '/Z7 -fdebug-macro', '/Z7 /O2', '/JMC', '/Z7 /JMC'],
  ...clang('-g', '-g', '-ggdb', '-ggdb0', '-g1', '-gline-tables-only', '-gline-directives-only', '-gdwarf-2'),
  ...clang(
    '-gdwarf-3',
    '-gdwarf-5',
    '-gdwarf-5 -gdwarf64',
    '-gdwarf32',
    '-gdwarf-5 -gembed-source',
    '-g -gz',
  ),
  ...clang(
    '-g -gz=zlib',
    '-g -gsplit-dwarf',
    '-g -gsplit-dwarf=single',
    '-g -gmodules',
    '-gno-inline-line-tables',
  ),
  ...clang('-g -gno-column-info', '-g -ggnu-pubnames', '-g -gpubnames', '-g -grecord-command-line'),
  ...clang(
    '-grecord-command-line',
    '-frecord-command-line',
    '-g -gstrict-dwarf',
    '-g -gsimple-template-names',
  ),
  ...clang(
    '-g -fdebug-macro',
    '-g -fdebug-types-section',
    '-g -fdebug-info-for-profiling',
    '-fdebug-info-for-profiling',
  ),
  ...clang('-g -fstandalone-debug', '-g -fdebug-ranges-base-address', '-fdebug-default-version=5', '-g -O2'),
  ...clang(
    '-fforce-dwarf-frame',
    '-gdwarf-5 -fdwarf-directory-asm',
    '-g -fno-dwarf-directory-asm',
    '-g -fuse-line-directives',
  ),
  '-Xclang -debug-info-kind=limited',
  '-Xclang -debug-info-kind=line-tables-only -Xclang -dwarf-version=4',
  '/clang:-g -Xclang -main-file-name -Xclang main.c',
];

/** All by which it instruments: coverage, profiles, sanitizers; and those that finish code later or name it by places. */
export const INSTRUMENTING_OPTIONS: readonly string[] = [
  ...[
    '-fprofile-instr-generate',
    '-fprofile-instr-generate -fcoverage-mapping',
    '-fprofile-generate',
    '-fcs-profile-generate',
  ],
  ...[
    '-fsanitize=undefined',
    '-fsanitize=address',
    '-fsanitize=address /Z7',
    '-fsanitize=undefined,address',
    '-flto',
    '-flto=thin',
  ],
  ...[
    '-fsanitize=undefined -fsanitize-undefined-strip-path-components=2',
    '-fsanitize=undefined -fsanitize-trap=undefined',
  ],
  ...[
    '-fsanitize=undefined -fsanitize-undefined-strip-path-components=-1',
    '-fsanitize=address -fsanitize-address-use-after-return=always',
  ],
  ...[
    '-fsanitize-coverage=trace-pc-guard',
    '-fsanitize-coverage=inline-8bit-counters,pc-table',
    '-fsanitize=undefined -fsanitize-recover=all',
  ],
  ...[
    '-forder-file-instrumentation',
    '-fprofile-instr-generate=$TREE/x.profraw',
    '-fprofile-generate=prof',
    '/fsanitize=address',
  ],
  ...clang(
    '-fprofile-arcs',
    '-ftest-coverage',
    '--coverage',
    '-fprofile-instr-generate -fcoverage-mapping -fcoverage-compilation-dir=.',
  ),
  ...clang(
    '-fmemory-profile',
    '-fpseudo-probe-for-profiling',
    '-fprofile-generate -fprofile-update=atomic',
    '-fprofile-generate -O2',
  ),
  ...clang(
    '--coverage -fprofile-filter-files=main.*',
    '--coverage -fprofile-exclude-files=inc.*',
    '-fprofile-list=$TREE/list.txt -fprofile-generate',
  ),
  ...clang(
    '-fsanitize=thread',
    '-fsanitize=memory',
    '-fsanitize=memory -fsanitize-memory-track-origins',
    '-fsanitize=dataflow',
    '-fsanitize=leak',
  ),
  ...clang(
    '-fsanitize=integer',
    '-fsanitize=nullability',
    '-fsanitize=bounds',
    '-fsanitize=hwaddress',
    '-fsanitize=safe-stack',
  ),
  ...clang(
    '-fsanitize=shadow-call-stack',
    '-fsanitize=fuzzer',
    '-fsanitize=fuzzer-no-link',
    '-fsanitize=scudo',
    '-fsanitize=local-bounds',
  ),
  ...clang(
    '-fsanitize=vptr,null,return',
    '-fsanitize=function',
    '-fsanitize=undefined -fsanitize-minimal-runtime',
  ),
  ...clang(
    '-fsanitize=undefined -fsanitize-ignorelist=$TREE/list.txt',
    '-fsanitize=address -fsanitize-ignorelist=$TREE/list.txt',
  ),
  ...clang(
    '-fsanitize-coverage=func,trace-pc -fsanitize-coverage-ignorelist=$TREE/list.txt',
    '-fno-sanitize=all',
  ),
  ...clang(
    '-fxray-instrument -fxray-instruction-threshold=1',
    '-fxray-instrument -fxray-always-instrument=$TREE/list.txt',
  ),
  ...clang(
    '-finstrument-functions',
    '-fembed-bitcode',
    '-fembed-bitcode-marker',
    '-funique-internal-linkage-names',
  ),
  ...clang(
    '-fopenmp',
    '-fopenmp -g',
    '-fopenmp-simd',
    '-fbasic-block-sections=all',
    '-fstack-size-section',
    '-fsplit-stack',
  ),
  ...clang(
    '-fstack-usage',
    '-fsave-optimization-record',
    '-fsave-optimization-record -O2',
    '-ftime-trace',
    '-MD',
    '-MMD -MF x.d',
  ),
  ...clang('-mllvm -time-passes=0', '-Wl,--x', '-fmodules', '-fmodules-strict-decluse'),
  '-Xclang -emit-llvm-uselists',
  '-fcrash-diagnostics-dir=$TREE',
  '-Xclang -coverage-notes-file=$TREE/x.gcno',
];
