/**
 * `npm test [-- unit | e2e | windows | PATH...] [--verbose]`: sets everything up, then runs the tests in stages, fast ones
 * first. A path is a test file or a folder of them. Shows how many have passed, and what failed; --verbose names them all.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { buildExecutables } from './build-exe.mjs';
import { bold, green, red, seconds, table } from './console.mjs';
import { DIST, Failure, filesBelow, ON_WINDOWS, ROOT, script } from './project.mjs';
import { ensureCompiler, ensureDependencies, ensureTools, SERVERS } from './setup.mjs';

const CONCURRENCY = 2;

/** What a stage needs beyond the compiler: Debian packages, and the programs by which one sees that they are there. */
const BUILD_TOOLS = {
  packages: ['ninja-build', 'cmake', 'make', 'strace'],
  programs: ['ninja', 'cmake', 'make', 'strace'],
  purpose: 'the tests with build systems, and those that count system calls',
};
const MSBUILD = {
  packages: ['mono-xbuild'],
  programs: ['xbuild'],
  purpose: 'the tests with MSBuild',
  isOptional: true,
};
const WINDOWS_ON_LINUX = {
  packages: ['wine', 'wine64', 'gcc-mingw-w64-x86-64'],
  programs: ['wine', 'x86_64-w64-mingw32-gcc'],
  purpose: 'the Windows tests',
};

/** Fast ones first; a test file belongs to the first stage that takes it. */
const STAGES = [
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

async function test() {
  const isVerbose = process.argv.includes('--verbose');
  const stages = planned(process.argv.slice(2).filter((word) => word !== '--verbose'));
  ensureDependencies();
  ensureCompiler();
  if (!ON_WINDOWS) for (const need of new Set(stages.flatMap(({ needs }) => needs))) ensureTools(need);
  const isUnitOnly = stages.every(({ name }) => name === 'unit');
  console.log(isUnitOnly ? 'building dist/exe for this machine' : 'building dist/exe');
  await buildExecutables(isUnitOnly ? { only: ON_WINDOWS ? 'windows' : 'linux' } : {});

  const results = [];
  for (const stage of stages)
    results.push(runStage(stage, isVerbose ? 'spec' : './bin/dev/counting-reporter.mjs'));
  return summary(results);
}

/** The stages with their files: all of them, or those that the arguments name. */
function planned(args) {
  const files = filesBelow('test').filter((file) => file.endsWith('.test.ts'));
  const wanted = args.length === 0 ? files : args.flatMap((arg) => filesOf(arg, files));
  return STAGES.map((stage) => ({ ...stage, files: wanted.filter(stage.takes) })).filter(
    (stage) => stage.files.length > 0,
  );
}

function filesOf(arg, files) {
  const stage = STAGES.find(({ name }) => name === arg);
  if (stage !== undefined) return files.filter(stage.takes);
  const path = resolve(process.env.INIT_CWD ?? '.', arg);
  if (!existsSync(path)) throw new Failure(`no such test: ${arg}`);
  const fromRoot = relative(ROOT, path).replaceAll('\\', '/');
  return statSync(path).isFile() ? [fromRoot] : files.filter((file) => file.startsWith(`${fromRoot}/`));
}

/** Runs the files of one stage with node's own runner and shows what it says. */
function runStage({ name, files }, reporter) {
  console.log(`\n${bold(`${name}: ${files.length} test files`)}`);
  const started = performance.now();
  const totals = join(DIST, `.test-totals-${process.pid}`);
  const reporters = [
    [`--test-reporter=${reporter}`, '--test-reporter-destination=stdout'],
    ['--test-reporter=./bin/dev/totals-reporter.mjs', `--test-reporter-destination=${totals}`],
  ].flat();
  const options = ['--import', 'tsx', '--test', `--test-concurrency=${CONCURRENCY}`, ...reporters];
  const { status } = spawnSync(process.execPath, [...options, ...files], { cwd: ROOT, stdio: 'inherit' });
  return { name, ...totalsIn(totals, status), time: performance.now() - started };
}

/** A runner that broke before it counted is a failure too. */
function totalsIn(file, status) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  rmSync(file, { force: true });
  if (text === '') return { passed: 0, failed: 1, skipped: 0 };
  const totals = JSON.parse(text);
  return status === 0 ? totals : { ...totals, failed: Math.max(1, totals.failed) };
}

/** The last line holds nothing but the totals; the exit status says the same. */
function summary(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
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
