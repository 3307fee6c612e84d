/**
 * `test-run.js BUNDLE [STAGE... | PATH...] [--verbose]`, which `npm test` makes: runs the unit tests, and the others as soon
 * as what they need is made, in a few processes, without a pause in which a processor would be idle. Shows how many have
 * passed, and what failed; --verbose names them all.
 */
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { run } from 'node:test';
import { bold, green, red, seconds, table } from './console.ts';
import { ON_WINDOWS, ROOT, script } from './project.ts';
import { ensureCompiler } from './setup.ts';
import { spreadFolders } from './test-folders.ts';
import { needsOf, prepare } from './test-preparation.ts';
import { showTests, sumOf, type Totals } from './test-report.ts';
import { inOrder, isOption, type PlannedStage, plannedStages } from './test-stages.ts';
import { together } from './test-together.ts';

/** More than there are processors: a test waits for half of its time for something else than a processor. */
const PROCESSES = availableParallelism() + 3;

async function test(): Promise<number> {
  const [bundle = '', ...given] = process.argv.slice(2);
  const isVerbose = given.includes('--verbose');
  const words = given.filter((word) => !isOption(word));
  const stages = plannedStages(words);
  const started = performance.now();
  const files = inOrder(stages).map((file) => ({ file, needs: needsOf(file, stageOf(file, stages)) }));
  // The tests get the environment of Visual Studio.
  if (ON_WINDOWS && files.some(({ needs }) => needs.length > 0))
    Object.assign(process.env, ensureCompiler().environment);
  const turns = together(bundle, files, PROCESSES);
  spreadFolders();
  process.env['CLCACHE_TEST_FOLDER'] = turns.folder;
  const preparing = prepare(words, files, turns);
  const results = await runStages(stages, turns.programs, isVerbose);
  const isPrepared = await preparing;
  if (!isPrepared)
    console.log(red('not all tests were run: what they need could not be made, as is said above'));
  const status = summary(results, started);
  return isPrepared ? status : 1;
}

function stageOf(file: string, stages: readonly PlannedStage[]): PlannedStage {
  const stage = stages.find(({ takes }) => takes(file));
  if (stage === undefined) throw new Error(`${file} belongs to no stage`);
  return stage;
}

/** Runs the programs, which share the files of these stages, beside each other with node's own runner. */
async function runStages(stages: readonly PlannedStage[], programs: readonly string[], verbose: boolean) {
  const count = stages.reduce((sum, { files }) => sum + files.length, 0);
  const names = stages.map(({ name }) => name).join(', ');
  console.log(`\n${bold(`${names}: ${count} test files`)}`);
  // A run of several would show what the second does when the first has ended.
  const runs = programs.map((program) => run({ files: [program] }));
  const nameOf = (file = '') => {
    const fromHere = relative(ROOT, file).replaceAll('\\', '/');
    return stages.find(({ takes }) => takes(fromHere))?.name ?? names;
  };
  return showTests(runs, { verbose, stageOf: nameOf });
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
