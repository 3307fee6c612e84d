import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Machine } from './prefix.ts';
import { environmentOf, toWindowsPath } from './run.ts';

/** Of a cache folder, what clcache remembers of compilers. */
const COMPILERS = join('v1', 'compilers');

/** A compiler to be learnt, and the clcache that does it. Paths of the host. */
export interface Learner {
  readonly machine: Machine;
  readonly executable: string;
  readonly compiler: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Gives a cache folder that is not there yet what clcache has learnt of a compiler in this run of the tests. To learn it
 * takes twice as long as a miss.
 */
export function knowTheCompiler(cache: string, learner: Learner): void {
  if (existsSync(cache)) return;
  const known = join(folderOfRun(), `learnt ${basename(learner.compiler)}`);
  if (!existsSync(known)) place(learn(learner), known);
  cpSync(join(known, COMPILERS), join(cache, COMPILERS), { recursive: true });
}

let ownFolder: string | undefined;

/** The folder that all processes of `npm test` share, or, if a test file is run alone, one of this process. */
function folderOfRun(): string {
  const shared = process.env['CLCACHE_TEST_FOLDER'];
  if (shared !== undefined) return shared;
  if (ownFolder === undefined) {
    const made = mkdtempSync(join(realpathSync(tmpdir()), 'clcache-learnt-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    ownFolder = made;
  }
  return ownFolder;
}

/** Several processes may learn the same at once. The first one counts. */
function place(made: string, target: string): void {
  try {
    renameSync(made, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    rmSync(made, { recursive: true });
  }
}

function learn({ machine, executable, compiler, env }: Learner): string {
  const folder = mkdtempSync(join(folderOfRun(), 'learning-'));
  writeFileSync(join(folder, 'learnt.c'), '');
  const [program, ...first] = [...(machine.wine?.command ?? []), executable];
  const args = [toWindowsPath(compiler), '/nologo', '/c', 'learnt.c'];
  const all = environmentOf(machine, { env: { CLCACHE_DIR: toWindowsPath(folder), ...env } });
  const { status } = spawnSync(program, [...first, ...args], { cwd: folder, env: all, stdio: 'ignore' });
  if (status !== 0) throw new Error(`${compiler} cannot be learnt: status ${status}`);
  return folder;
}
