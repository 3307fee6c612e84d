/**
 * `npm test [-- unit | integration | real-windows | windows | stress | PATH...] [--verbose]`: sets everything up, then runs
 * the unit tests and the other stages in a few processes, without a pause in which a processor would be idle. A path is a
 * test file or a folder of them. Shows how many have passed, and what failed; --verbose names them all.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { run } from 'node:test';
import { ensureAzurite, needsAzurite } from './azurite.ts';
import { buildExecutables } from './build-exe.ts';
import { bold, green, red, seconds, table } from './console.ts';
import { ON_WINDOWS, ROOT, script } from './project.ts';
import { ensureCompiler, ensureTools } from './setup.ts';
import { showTests, sumOf, type Totals } from './test-report.ts';
import { inOrder, type PlannedStage, plannedStages } from './test-stages.ts';
import { together } from './test-together.ts';

/** More than there are processors: a test often waits for something else than a processor. */
const PROCESSES = availableParallelism() + 2;

async function test(): Promise<number> {
  const isVerbose = process.argv.includes('--verbose');
  const stages = plannedStages(
    process.argv
      .slice(2)
      .filter((word) => word !== '--verbose')
      .map(fromRoot),
  );
  if (!stages.every(({ isPure }) => isPure)) await prepare(stages);

  const started = performance.now();
  return summary(await runStages(stages, isVerbose), started);
}

/** A path as seen from the folder in which npm was started. Any other word stays what it is. */
function fromRoot(word: string): string {
  const path = resolve(process.env['INIT_CWD'] ?? '.', word);
  return existsSync(path) ? relative(ROOT, path).replaceAll('\\', '/') : word;
}

/**
 * Installs what the stages need, and builds the executables. On Windows nothing is installed: cl.exe comes from PATH, or
 * from the newest Visual Studio with all that its developer prompt has, such as MSBuild, CMake and Ninja.
 */
async function prepare(stages: readonly PlannedStage[]): Promise<void> {
  const { environment } = ensureCompiler();
  if (ON_WINDOWS) Object.assign(process.env, environment);
  else for (const need of new Set(stages.flatMap(({ needs }) => needs))) ensureTools(need);
  if (stages.some(({ files }) => files.some(needsAzurite))) ensureAzurite();
  console.log('building dist/exe');
  await buildExecutables(ON_WINDOWS ? { only: 'windows' } : {});
}

/** Runs the files of these stages beside each other with node's own runner. Gives their totals by their names. */
async function runStages(stages: readonly PlannedStage[], verbose: boolean) {
  const files = stages.flatMap((stage) => stage.files);
  const names = stages.map(({ name }) => name).join(', ');
  console.log(`\n${bold(`${names}: ${files.length} test files`)}`);
  // A run of several would show what the second does when the first has ended.
  const runs = together(inOrder(stages), PROCESSES).map((program) => run({ files: [program] }));
  const stageOf = (file = '') => {
    const fromHere = relative(ROOT, file).replaceAll('\\', '/');
    return stages.find(({ takes }) => takes(fromHere))?.name ?? names;
  };
  return showTests(runs, { verbose, stageOf });
}

/** The last line holds nothing but the totals; the exit status says the same. */
function summary(results: ReadonlyMap<string, Readonly<Totals>>, started: number): number {
  const rows = [...results].map(([name, { passed, failed, skipped, end }]) => [
    name,
    passed,
    failed,
    skipped,
    seconds(end - started),
  ]);
  console.log(`\n${table(['', 'passed', 'failed', 'skipped', 'through after'], rows)}\n`);
  const { passed, failed } = sumOf(results.values());
  const paint = failed === 0 ? green : red;
  console.log(paint(`${passed} passed, ${failed} failed`));
  return failed === 0 && passed > 0 ? 0 : 1;
}

await script(test);
