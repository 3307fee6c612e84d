/**
 * `prepare-tests.ts [STAGE | PATH...]`: installs what these tests need, and builds the executables. On Windows nothing is
 * installed: cl.exe comes from PATH, or from the newest Visual Studio with all that its developer prompt has, such as
 * MSBuild, CMake and Ninja.
 */
import { buildExecutables } from './build-exe.ts';
import { ON_WINDOWS, script } from './project.ts';
import { ensureCompiler, ensureTools } from './setup.ts';
import { plannedStages } from './test-stages.ts';

await script(async () => {
  ensureCompiler();
  if (!ON_WINDOWS) ensureTools(new Set(plannedStages(process.argv.slice(2)).flatMap(({ needs }) => needs)));
  console.log('[set-up] building dist/exe, where it is not up to date');
  await buildExecutables(ON_WINDOWS ? { only: 'windows' } : {});
});
