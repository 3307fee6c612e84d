import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './prefix.ts';
import type { Clcache } from './product.ts';
import { runWindows, toWindowsPath } from './run.ts';
import type { Workspace } from './workspace.ts';

/** Sources of a made-up project whose objects can be told apart. */
export interface Project {
  readonly sources: readonly string[];
  /** The text in the object of `source` that was compiled in `generation`. */
  textOf(source: number, generation: number): string;
}

/** Writes a project below `src/`; a generation is a macro that changes every object. */
export function writeProject(w: Workspace, count: number): Project {
  w.write('src/shared.h', '#define AS_TEXT(x) #x\n#define TEXT_OF(x) AS_TEXT(x)\n');
  const textOf = (source: number, generation: number) => `<source ${source} generation ${generation}>`;
  const sources = Array.from({ length: count }, (_, i) => {
    const text = `"<source ${i} generation " TEXT_OF(GENERATION) ">"`;
    return w.write(
      `src/source${i}.c`,
      `#include "shared.h"\nconst char *text${i}(void) { return ${text}; }\n`,
    );
  });
  return { sources, textOf };
}

export interface BuildCall {
  readonly clcache: Clcache;
  readonly sources: readonly number[];
  readonly generation: number;
}

/**
 * Works through `calls` with `slots` compilers at once, each in its own folder. Returns what went wrong, a line each:
 * another status than 0, output that is not the compiler's, an object that is missing or wrong. Then comes clcache's
 * log of that call.
 */
export async function build(
  machine: Machine,
  w: Workspace,
  project: Project,
  calls: Iterable<BuildCall>,
  slots: number,
): Promise<string[]> {
  const problems: string[] = [];
  const waiting = calls[Symbol.iterator]();
  const slot = async (_: unknown, number: number) => {
    const folder = w.at(`slot${number}`);
    mkdirSync(folder, { recursive: true });
    for (const call of { [Symbol.iterator]: () => waiting }) {
      problems.push(...(await oneCall(machine, project, folder, call)));
    }
  };
  await Promise.all(Array.from({ length: slots }, slot));
  return problems;
}

async function oneCall(
  machine: Machine,
  project: Project,
  folder: string,
  { clcache, sources, generation }: BuildCall,
): Promise<string[]> {
  const paths = sources.map((source) => toWindowsPath(project.sources[source] ?? ''));
  const workers = sources.length > 1 ? ['/MP2'] : [];
  const log = join(folder, 'log.txt');
  const args = ['/nologo', '/c', `/DGENERATION=${generation}`, ...workers, ...paths];
  const {
    program,
    args: all,
    options,
  } = clcache.call([toWindowsPath(machine.compiler), ...args], {
    cwd: folder,
    env: { CLCACHE_LOG: toWindowsPath(log) },
  });
  const { status, stdout, stderr } = await runWindows(program, all, options);

  const what = `${sources.map((source) => `source${source}`).join(' ')} in generation ${generation}`;
  const problems: string[] = [];
  const expected = sources.map((source) => `source${source}.c\r\n`).join('');
  if (status !== 0) problems.push(`${what}: status ${status}`);
  if (String(stdout) !== expected) problems.push(`${what}: stdout ${JSON.stringify(String(stdout))}`);
  if (stderr.length > 0) problems.push(`${what}: stderr ${JSON.stringify(String(stderr))}`);
  for (const source of sources) {
    const object = join(folder, `source${source}.obj`);
    try {
      const isRight = readFileSync(object).includes(project.textOf(source, generation));
      if (!isRight) problems.push(`${what}: the object of source${source} is another one`);
      rmSync(object);
    } catch (error) {
      problems.push(`${what}: ${error}`);
    }
  }
  if (problems.length > 0) problems.push(existsSync(log) ? readFileSync(log, 'utf8') : `${what}: no log`);
  rmSync(log, { force: true });
  return problems;
}

/** Runs `work` again and again, with pauses, until `until` has settled. */
export async function meanwhile(
  until: Promise<unknown>,
  pauseMs: number,
  work: () => Promise<void>,
): Promise<void> {
  let isOver = false;
  const end = until.then(
    () => {
      isOver = true;
    },
    () => {
      isOver = true;
    },
  );
  while (!isOver) {
    await work();
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, pauseMs))]);
  }
}
