/** Compiles all sources of the demo's library once, and keeps what was printed and written. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { progress, seconds } from './console.ts';
import { type Mode, OBJECTS, type Project } from './demo-modes.ts';
import { Failure } from './project.ts';

interface Output {
  stdout: string;
  stderr: string;
}

export interface Run {
  /** In milliseconds. */
  readonly time: number;
  readonly outputs: readonly Output[];
  /** Every object by its name. */
  readonly objects: ReadonlyMap<string, Buffer>;
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

/** Runs all calls of a mode, as many at a time as it says. Rejects when one does not end with 0. */
export async function compileAll({
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
