/** `npm run bench` and `npm run fuzz`: set up what a fresh clone lacks, then run the program of that name in `test/`. */
import { spawnSync } from 'node:child_process';
import { buildExecutables } from './build-exe.mjs';
import { Failure, ON_WINDOWS, ROOT, script } from './project.mjs';
import { ensureCompiler, ensureDependencies, ensureTools } from './setup.mjs';

/** Other caches to compare with, and the build tool that starts them. */
const CONTESTANTS = {
  packages: ['ccache', 'ninja-build', 'sccache'],
  programs: ['ccache', 'ninja', 'sccache'],
  purpose: 'the caches that are measured beside clcache',
  isOptional: true,
};

const PROGRAMS = {
  bench: { file: 'test/bench/run.ts', needs: [CONTESTANTS], buildsItself: true },
  fuzz: { file: 'test/fuzz/run.ts', needs: [], buildsItself: false },
};

await script(async () => {
  const [name, ...args] = process.argv.slice(2);
  const program = PROGRAMS[name];
  if (program === undefined) throw new Failure(`run.mjs takes one of ${Object.keys(PROGRAMS).join(', ')}`);
  const { file, needs, buildsItself } = program;
  ensureDependencies();
  const isQuestion = args.includes('--list') || args.includes('--help');
  if (!isQuestion) {
    ensureCompiler();
    if (!ON_WINDOWS) for (const need of needs) ensureTools(need);
    if (!buildsItself) await buildExecutables({ only: ON_WINDOWS ? 'windows' : 'linux' });
  }
  const words = ['--import', 'tsx', file, ...args];
  return spawnSync(process.execPath, words, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
});
