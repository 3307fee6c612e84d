/**
 * `npm test [-- unit | integration | windows | stress | PATH...] [--verbose]`: sets everything up, then runs the tests in
 * stages, fast ones first. A path is a test file or a folder of them. Shows how many have passed, and what failed; --verbose names them all.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { buildExecutables } from './build-exe.ts';
import { bold, green, red, seconds, table } from './console.ts';
import { ON_WINDOWS, ROOT, script } from './project.ts';
import { ensureCompiler, ensureTools } from './setup.ts';
import { showTests, type Totals } from './test-report.ts';
import { type PlannedStage, plannedStages, type Stage } from './test-stages.ts';
import { together } from './test-together.ts';

/** One more than there are processors: a test file often waits for a program that it started. */
const CONCURRENCY = availableParallelism() + 1;

interface StageResult extends Totals {
  readonly name: string;
  /** In milliseconds. */
  readonly time: number;
}

async function test(): Promise<number> {
  const isVerbose = process.argv.includes('--verbose');
  const stages = plannedStages(
    process.argv
      .slice(2)
      .filter((word) => word !== '--verbose')
      .map(fromRoot),
  );
  if (!stages.every(({ isPure }) => isPure)) await prepare(stages);

  const results: StageResult[] = [];
  for (const stage of stages) results.push(await runStage(stage, isVerbose));
  return summary(results);
}

/** A path as seen from the folder in which npm was started. Any other word stays what it is. */
function fromRoot(word: string): string {
  const path = resolve(process.env['INIT_CWD'] ?? '.', word);
  return existsSync(path) ? relative(ROOT, path).replaceAll('\\', '/') : word;
}

/** Installs what the stages need, and builds the executables. */
async function prepare(stages: readonly Stage[]): Promise<void> {
  ensureCompiler();
  if (!ON_WINDOWS) for (const need of new Set(stages.flatMap(({ needs }) => needs))) ensureTools(need);
  console.log('building dist/exe');
  await buildExecutables();
}

/** Runs the files of one stage with node's own runner: each in a process of its own, but for those that are pure. */
async function runStage({ name, files, isPure }: PlannedStage, verbose: boolean): Promise<StageResult> {
  console.log(`\n${bold(`${name}: ${files.length} test files`)}`);
  const started = performance.now();
  const programs = isPure ? together(files, CONCURRENCY) : files.map((file) => join(ROOT, file));
  const events = run({ files: programs, concurrency: CONCURRENCY });
  const totals = await showTests(events, { verbose });
  return { name, ...totals, time: performance.now() - started };
}

/** The last line holds nothing but the totals; the exit status says the same. */
function summary(results: readonly StageResult[]): number {
  const sum = (key: keyof Totals) => results.reduce((total, result) => total + result[key], 0);
  const rows = results.map(({ name, passed, failed, skipped, time }) => [
    name,
    passed,
    failed,
    skipped,
    seconds(time),
  ]);
  console.log(`\n${table(['', 'passed', 'failed', 'skipped', 'time'], rows)}\n`);
  const paint = sum('failed') === 0 ? green : red;
  console.log(paint(`${sum('passed')} passed, ${sum('failed')} failed`));
  return sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}

await script(test);
