/**
 * `npm run demo`: compiles a real C++ library with and without clcache, cold and warm, and compares every object.
 * Options: --all (every source of the library that a build needs, instead of a part that is done in two minutes).
 */
import { join } from 'node:path';
import { buildExecutables, EXECUTABLES } from './build-exe.ts';
import { bold, green, red, seconds, table } from './console.ts';
import { measure, type Result } from './demo-measure.ts';
import { HOME, MODES } from './demo-modes.ts';
import { compileOptions, fetchLibrary } from './library.ts';
import { ON_WINDOWS, ROOT, script } from './project.ts';
import { ensureCompiler } from './setup.ts';

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
