/** `npm run bench` and `npm run fuzz`: set up what a fresh clone lacks, then run the program of that name in `test/`. */
import { spawnSync } from 'node:child_process';
import { buildExecutables } from './build-exe.ts';
import { Failure, ON_WINDOWS, ROOT, script } from './project.ts';
import { ensureCompiler, ensureTools, type Tools } from './setup.ts';

/** Other caches to compare with, and the build tool that starts them. */
const CONTESTANTS: Tools = {
  packages: ['ccache', 'ninja-build', 'sccache'],
  programs: ['ccache', 'ninja', 'sccache'],
  purpose: 'the caches that are measured beside clcache',
  isOptional: true,
};

interface Program {
  readonly file: string;
  readonly needs: readonly Tools[];
  readonly buildsItself: boolean;
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  bench: { file: 'test/bench/run.ts', needs: [CONTESTANTS], buildsItself: true },
  fuzz: { file: 'test/fuzz/run.ts', needs: [], buildsItself: false },
};

await script(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const program = PROGRAMS[name];
  if (program === undefined) throw new Failure(`run.ts takes one of ${Object.keys(PROGRAMS).join(', ')}`);
  const { file, needs, buildsItself } = program;
  const isQuestion = args.includes('--list') || args.includes('--help');
  if (!isQuestion) {
    ensureCompiler();
    if (!ON_WINDOWS) ensureTools(needs);
    if (!buildsItself) await buildExecutables({ only: ON_WINDOWS ? 'windows' : 'linux' });
  }
  const words = ['--import', 'tsx', file, ...args];
  return spawnSync(process.execPath, words, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
});
