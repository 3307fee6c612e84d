/**
 * `npm run demo`: compiles a real C++ library with and without clcache, cold and warm, and compares every object.
 * Options: --all (every source of the library that a build needs, instead of a part that is done in two minutes).
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, parse } from 'node:path';
import { buildExecutables, EXECUTABLES } from './build-exe.ts';
import { bold, green, progress, red, seconds, table } from './console.ts';
import { compileOptions, fetchLibrary, type Library, objectOf } from './library.ts';
import { DIST, Failure, ON_WINDOWS, ROOT, script } from './project.ts';
import { type Compiler, ensureCompiler } from './setup.ts';

const HOME = join(DIST, 'demo');
/** Every run writes to this one folder, since the name of an object can be part of its bytes. */
const OBJECTS = join(HOME, 'objects');

async function demo() {
  const product = await builtProduct();
  const compiler = ensureCompiler();
  const library = fetchLibrary(HOME, { all: process.argv.includes('--all') });
  const project = { compiler, library, options: compileOptions(compiler, library), product };
  console.log(`\n${bold(`${library.title}: ${library.sources.length} sources`)}`);
  console.log(`${library.note}\ncompiler: ${compiler.path}\nclcache:  ${product.join(' ')}\n`);

  const results: Result[] = [];
  for (const mode of MODES) results.push(await measure(mode, project));
  console.log(results.map(({ mode, statistics }) => `\n${bold(mode)}\n${statistics}`).join(''));
  console.log(`${table(HEADLINE, results.map(rowOf))}\n`);
  return judge(results, library.sources.length);
}

/** The program for this machine; where none is built for it, the npm package's start script. */
async function builtProduct(): Promise<string[]> {
  const only = ON_WINDOWS ? 'windows' : 'linux';
  console.log('[set-up] building clcache for this machine, where it is not up to date');
  await buildExecutables({ only });
  const runsHere = ON_WINDOWS || (process.platform === 'linux' && process.arch === 'x64');
  return runsHere ? [EXECUTABLES[only]] : [process.execPath, join(ROOT, 'bin', 'clcache.js')];
}

interface Project {
  readonly compiler: Compiler;
  readonly library: Library;
  readonly options: readonly string[];
  /** The words that start clcache. */
  readonly product: readonly string[];
}

interface Mode {
  readonly name: string;
  readonly calls: (project: Project) => string[][];
  readonly atOnce: number;
  /** What the compiler printed comes in the same order each time. */
  readonly comparesOutput?: boolean;
}

interface Output {
  stdout: string;
  stderr: string;
}

interface Run {
  /** In milliseconds. */
  readonly time: number;
  readonly outputs: readonly Output[];
  /** Every object by its name. */
  readonly objects: ReadonlyMap<string, Buffer>;
}

interface Result {
  readonly mode: string;
  readonly bare: Run;
  readonly cold: Run;
  readonly warm: Run;
  readonly hits: number;
  /** What is not the same, a line each. */
  readonly differing: readonly string[];
  readonly statistics: string;
}

/** Each mode says which calls compile the sources; a call is the list of its arguments. */
const MODES: readonly Mode[] = [
  {
    name: 'one source a call',
    calls: ({ library, options }) =>
      library.sources.map((source) => [...options, source, `/Fo${join(OBJECTS, objectOf(source))}`]),
    atOnce: availableParallelism(),
    // With /MP the order of what cl prints is a matter of luck.
    comparesOutput: true,
  },
  {
    name: 'several, /MP',
    calls: ({ library, options }) =>
      groupsOfUniqueNames(library.sources).map((group, number) => [
        ...options,
        '/MP',
        ...group,
        `/Fo${join(OBJECTS, String(number))}${ON_WINDOWS ? '\\' : '/'}`,
      ]),
    atOnce: 1,
  },
];

/** Two sources of one name would write the same object: the second of them goes into another call. */
function groupsOfUniqueNames(sources: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const source of sources) {
    const name = parse(source).name;
    const group = groups.find((other) => !other.some((member) => parse(member).name === name));
    if (group === undefined) groups.push([source]);
    else group.push(source);
  }
  return groups;
}

interface Compilation {
  readonly title: string;
  readonly program: string;
  /** What stands before the arguments of the compiler. */
  readonly leading: readonly string[];
  readonly mode: Mode;
  readonly project: Project;
  readonly environment: NodeJS.ProcessEnv;
}

/** The bare compiler, then clcache with an empty cache, then clcache again. */
async function measure(mode: Mode, project: Project): Promise<Result> {
  const cache = join(HOME, 'cache');
  const [clcache = '', ...first] = project.product;
  const { path } = project.compiler;
  const environment = cleanEnvironment(project.compiler.environment);
  rmSync(cache, { recursive: true, force: true });
  const run = (title: string, program: string, leading: readonly string[]) =>
    compileAll({ title: `${mode.name}, ${title}`, program, leading, mode, project, environment });
  environment['CLCACHE_DIR'] = cache;

  const bare = await run('bare compiler', path, []);
  const cold = await run('cold', clcache, [...first, path]);
  const before = hitsOf(project.product, environment);
  const warm = await run('warm', clcache, [...first, path]);
  const after = hitsOf(project.product, environment);
  return {
    mode: mode.name,
    bare,
    cold,
    warm,
    hits: after - before,
    differing: [
      ...differingObjects(warm, cold, 'cold'),
      ...differingObjects(warm, bare, 'bare'),
      ...differingOutput(warm, cold, 'cold'),
      ...(mode.comparesOutput ? differingOutput(warm, bare, 'bare') : []),
    ],
    statistics: ask(project.product, ['-s'], environment),
  };
}

/** Nothing that is set here by chance may change what is measured. */
function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOurs = (name: string) => /^(?:CLCACHE_.*|CL|_CL_)$/i.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOurs(name)));
}

async function compileAll({
  title,
  program,
  leading,
  mode,
  project,
  environment,
}: Compilation): Promise<Run> {
  const calls = mode.calls(project);
  const total = project.library.sources.length;
  rmSync(OBJECTS, { recursive: true, force: true });
  for (const number of calls.keys()) mkdirSync(join(OBJECTS, String(number)), { recursive: true });
  const shown = progress(title, total);
  shown.step(0);
  const ticker = setInterval(() => shown.step(Math.min(objectFiles().length, total)), 250);
  const started = performance.now();
  const outputs = await inParallel(calls, mode.atOnce, (call) =>
    run(program, [...leading, ...call], { cwd: project.library.folder, env: environment }),
  ).finally(() => clearInterval(ticker));
  const time = performance.now() - started;
  shown.end(seconds(time));
  return { time, outputs, objects: takeObjects() };
}

/** Runs `work` for each item, so many at once; the results are in the order of the items. */
async function inParallel<Item, Value>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const results: Value[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** Resolves with everything that the program printed; rejects when it does not end with 0. */
function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('latin1').on('data', (text: string) => {
        output[stream] += text;
      });
    }
    child.on('error', reject).on('close', (status) => {
      if (status === 0) resolve(output);
      else reject(new Failure(`${basename(program)} ended with ${status}\n${output.stdout}${output.stderr}`));
    });
  });
}

function objectFiles(): string[] {
  return readdirSync(OBJECTS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.obj'))
    .sort();
}

function takeObjects(): Map<string, Buffer> {
  return new Map(objectFiles().map((name) => [name, readFileSync(join(OBJECTS, name))]));
}

function differingObjects(warm: Run, other: Run, name: string): string[] {
  const differing = [...other.objects].filter(([file, bytes]) => !warm.objects.get(file)?.equals(bytes));
  return differing.map(([file]) => `${file} differs from that of the ${name} run`);
}

function differingOutput(warm: Run, other: Run, name: string): string[] {
  const isSame = JSON.stringify(warm.outputs) === JSON.stringify(other.outputs);
  return isSame ? [] : [`what was printed differs from the ${name} run`];
}

const hitsOf = (product: readonly string[], environment: NodeJS.ProcessEnv): number =>
  JSON.parse(ask(product, ['-s', '--json'], environment)).CacheHits;

function ask(
  [program = '', ...first]: readonly string[],
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): string {
  const { status, stdout, stderr } = spawnSync(program, [...first, ...args], { encoding: 'utf8', env });
  if (status !== 0) throw new Failure(`clcache ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** With its rows no wider than 80 columns. */
const HEADLINE = ['', 'bare', 'cold', 'warm', 'gain', 'hits', 'objects', 'same'];

function rowOf({ mode, bare, cold, warm, hits, differing }: Result): (string | number)[] {
  const bytes = [...warm.objects.values()].reduce((sum, object) => sum + object.length, 0);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const times = [bare, cold, warm].map(({ time }) => seconds(time));
  const same = differing.length === 0 ? 'yes' : 'NO';
  return [mode, ...times, `${(bare.time / warm.time).toFixed(1)} x`, hits, size, same];
}

/** The exit status: a warm compile that was no hit, or another byte anywhere, is a failure. */
function judge(results: readonly Result[], expectedHits: number): number {
  const problems = results.flatMap(({ mode, hits, differing, warm }) => [
    ...(hits === expectedHits ? [] : [`${mode}: ${hits} hits instead of ${expectedHits}`]),
    ...(warm.objects.size === expectedHits
      ? []
      : [`${mode}: ${warm.objects.size} objects instead of ${expectedHits}`]),
    ...differing.map((line) => `${mode}: ${line}`),
  ]);
  for (const problem of problems) console.error(red(problem));
  if (problems.length > 0) return 1;
  console.log(green('All warm compiles were hits. Every object has the bytes of the bare compiler.'));
  return 0;
}

await script(demo);
