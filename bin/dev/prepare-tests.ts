/**
 * `prepare-tests.ts [STAGE | PATH...]`: installs what these tests need, and builds the executables. On Windows nothing is
 * installed: cl.exe comes from PATH, or from the newest Visual Studio with all that its developer prompt has, such as
 * MSBuild, CMake and Ninja.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildExecutables } from './build-exe.ts';
import { ON_WINDOWS, ROOT, script } from './project.ts';
import { ensureCompiler, ensureTools } from './setup.ts';
import { plannedStages } from './test-stages.ts';

/** Runs a script beside this one. Whether it succeeds is seen by the tests that need what it makes. */
async function startBeside(path: string): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', path], { cwd: ROOT, stdio: 'ignore' });
  await once(child, 'exit');
}

await script(async () => {
  const stages = plannedStages(process.argv.slice(2));
  ensureCompiler();
  if (!ON_WINDOWS) ensureTools(new Set(stages.flatMap(({ needs }) => needs)));
  const beside = stages.flatMap(({ prepares }) => prepares ?? []).map(startBeside);
  console.log('[set-up] building dist/exe, where it is not up to date');
  await buildExecutables(ON_WINDOWS ? { only: 'windows' } : {});
  await Promise.all(beside);
});
