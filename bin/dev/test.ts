/**
 * `npm test [-- unit | e2e | windows | PATH...] [--verbose]`: sets everything up, then runs the tests in stages, fast ones
 * first. A path is a test file or a folder of them. Shows how many have passed, and what failed; --verbose names them all.
 */
import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { buildExecutables } from './build-exe.ts';
import { bold, green, red, seconds, table } from './console.ts';
import { Failure, filesBelow, ON_WINDOWS, ROOT, script } from './project.ts';
import { ensureCompiler, ensureTools, SERVERS, type Tools } from './setup.ts';
import { showTests, type Totals } from './test-report.ts';

/** One more than there are processors: a test file often waits for a program that it started. */
const CONCURRENCY = availableParallelism() + 1;

/** What a stage needs beyond the compiler: Debian packages, and the programs by which one sees that they are there. */
const BUILD_TOOLS: Tools = {
  packages: ['ninja-build', 'cmake', 'make', 'strace'],
  programs: ['ninja', 'cmake', 'make', 'strace'],
  purpose: 'the tests with build systems, and those that count system calls',
};
const MSBUILD: Tools = {
  packages: ['mono-xbuild'],
  programs: ['xbuild'],
  purpose: 'the tests with MSBuild',
  isOptional: true,
};
const WINDOWS_ON_LINUX: Tools = {
  packages: ['wine', 'wine64', 'gcc-mingw-w64-x86-64'],
  programs: ['wine', 'x86_64-w64-mingw32-gcc'],
  purpose: 'the Windows tests',
};

interface Stage {
  readonly name: string;
  readonly takes: (file: string) => boolean;
  readonly needs: readonly Tools[];
}

interface PlannedStage extends Stage {
  readonly files: readonly string[];
}

interface StageResult extends Totals {
  readonly name: string;
  /** In milliseconds. */
  readonly time: number;
}

/** Fast ones first; a test file belongs to the first stage that takes it. */
const STAGES: readonly Stage[] = [
  {
    name: 'unit',
    takes: (file) => !/^test\/(?:correctness|e2e|fuzz|windows)\//.test(file),
    needs: [SERVERS],
  },
  {
    name: 'e2e',
    takes: (file) => /^test\/(?:correctness|e2e|fuzz)\//.test(file),
    needs: [BUILD_TOOLS, MSBUILD, SERVERS],
  },
  {
    name: 'windows',
    takes: (file) => file.startsWith('test/windows/'),
    needs: [WINDOWS_ON_LINUX, SERVERS],
  },
];

async function test(): Promise<number> {
  const isVerbose = process.argv.includes('--verbose');
  const stages = planned(process.argv.slice(2).filter((word) => word !== '--verbose'));
  ensureCompiler();
  if (!ON_WINDOWS) for (const need of new Set(stages.flatMap(({ needs }) => needs))) ensureTools(need);
  const isUnitOnly = stages.every(({ name }) => name === 'unit');
  console.log(isUnitOnly ? 'building dist/exe for this machine' : 'building dist/exe');
  await buildExecutables(isUnitOnly ? { only: ON_WINDOWS ? 'windows' : 'linux' } : {});

  const results: StageResult[] = [];
  for (const stage of stages) results.push(await runStage(stage, isVerbose));
  return summary(results);
}

/** The stages with their files: all of them, or those that the arguments name. */
function planned(args: readonly string[]): PlannedStage[] {
  const files = filesBelow('test').filter((file) => file.endsWith('.test.ts'));
  const wanted = args.length === 0 ? files : args.flatMap((arg) => filesOf(arg, files));
  return STAGES.map((stage) => ({ ...stage, files: wanted.filter(stage.takes) })).filter(
    (stage) => stage.files.length > 0,
  );
}

function filesOf(arg: string, files: readonly string[]): string[] {
  const stage = STAGES.find(({ name }) => name === arg);
  if (stage !== undefined) return files.filter(stage.takes);
  const path = resolve(process.env['INIT_CWD'] ?? '.', arg);
  if (!existsSync(path)) throw new Failure(`no such test: ${arg}`);
  const fromRoot = relative(ROOT, path).replaceAll('\\', '/');
  return statSync(path).isFile() ? [fromRoot] : files.filter((file) => file.startsWith(`${fromRoot}/`));
}

/** Runs the files of one stage with node's own runner, each in a process of its own. */
async function runStage({ name, files }: PlannedStage, verbose: boolean): Promise<StageResult> {
  console.log(`\n${bold(`${name}: ${files.length} test files`)}`);
  const started = performance.now();
  const events = run({ files: files.map((file) => join(ROOT, file)), concurrency: CONCURRENCY });
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
