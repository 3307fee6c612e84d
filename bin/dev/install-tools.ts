/**
 * `install-tools.ts [STAGE | PATH...]`: installs the compiler and the tools of these tests. On Windows nothing is installed:
 * cl.exe comes from PATH, or from the newest Visual Studio with all that its developer prompt has, such as MSBuild, CMake and
 * Ninja.
 */
import { ON_WINDOWS, script } from './project.ts';
import { ensureCompiler, ensureTools } from './setup.ts';
import { plannedStages } from './test-stages.ts';

await script(() => {
  ensureCompiler();
  const stages = plannedStages(process.argv.slice(2));
  if (!ON_WINDOWS) ensureTools(new Set(stages.flatMap(({ needs }) => needs)));
});
