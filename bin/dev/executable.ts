/** Makes one executable of the program, by Bun's bundler alone. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alignSections } from './align-sections.ts';
import { constants, ENTRY } from './program.ts';
import { mustRun } from './programs.ts';
import { DIST, ROOT } from './project.ts';

export type System = 'linux' | 'windows';

/** Bun 1.4.5 has the same runtime with and without `-baseline`, byte for byte: each runs on processors without AVX2. */
const TARGETS: Readonly<Record<System, string>> = {
  linux: 'bun-linux-x64',
  windows: 'bun-windows-x64-baseline',
};

/**
 * Nine tenths of the file are Bun's runtime. What would make the rest smaller slows each start. The processor time of a
 * hit, by the median of 60 runs by turns: without --bytecode (8 % less) 2.4 times, with --bytecode-depth=1, 2 or 3 (2 %,
 * 0.6 % and 0.1 % less) 1.3, 1.1 and 1.1 times, with --no-optimize-bytecode 1.1 times, without --splitting 1.8 times.
 * --bytecode-order and --min-chunk-size change less than 3 %, which is noise. `strip` takes 50 KB and the program with them.
 *
 * Settings files of the folder it happens to run in are none of a compiler wrapper's business. Bun's --windows-title
 * and the like are left out: they work on Windows only, and the bytes would depend on where one builds.
 */
const OPTIONS = [
  '--compile',
  '--minify',
  '--bytecode',
  '--format=esm',
  '--splitting',
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  // Code of a hit runs once or twice: compiling it to machine code takes a fifth of the processor time of a hit (20.3 ms
  // against 16.5, by the median of 40 runs) and saves nothing. A miss of 148 new headers took 140 ms of it on other threads,
  // and now 17. Loops over hundreds of sources still get compiled: a call with 300 hits is faster with 30 than with 1, 10
  // or 100.
  '--compile-jit-policy=30',
  // An executable with an option of its own starts in a deleted folder as well ("boot from a deleted cwd", Bun's change
  // 34843), and a compiler works there. This option keeps the runtime's warnings out of the compiler's output.
  '--compile-exec-argv=--no-deprecation',
];

/** write-file-atomic and ioredis ask for these. Bun would put the folder that clcache is built in into the program. */
const NO_BUILD_FOLDER = { __filename: 'process.execPath', __dirname: '"node_modules"' };

/** Which module went into which part of an executable, and what a part loads (the format is esbuild's). */
export interface Metafile {
  readonly inputs: Readonly<Record<string, object>>;
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, object>>;
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
      }
    >
  >;
}

/**
 * Makes the executable for one of the systems, and returns what it is made of. Bun puts the path of its output into it:
 * the same name in a folder of its own keeps builds the same.
 */
export function compileExecutable(system: System, target: string): Metafile {
  const folder = join(DIST, `.build-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(target, '..'), { recursive: true });
  try {
    const built = join(folder, target.endsWith('.exe') ? 'clcache.exe' : 'clcache');
    const metafile = join(folder, 'metafile.json');
    const define = Object.entries({ ...constants(), ...NO_BUILD_FOLDER });
    const words = [
      ...['build', ENTRY, '--outfile', built, `--metafile=${metafile}`, `--target=${TARGETS[system]}`],
      ...OPTIONS,
      ...define.flatMap(([name, value]) => ['--define', `${name}=${value}`]),
    ];
    const bun = join(ROOT, 'node_modules', 'bun', 'bin', 'bun.exe');
    mustRun(bun, words, { stdio: 'pipe', encoding: 'utf8' });
    if (system === 'windows') writeFileSync(built, alignSections(readFileSync(built)));
    renameSync(built, target);
    return JSON.parse(readFileSync(metafile, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
