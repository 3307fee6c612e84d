import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Folders with what was learnt in this process, by the compiler's path. */
const learnt = new Map<string, string>();

/**
 * Gives a cache folder that is not there yet what clcache has learnt of a compiler in this process. To learn it takes
 * twice as long as a miss.
 */
export function knowTheCompiler(cache: string, learner: Learner): void {
  if (existsSync(cache)) return;
  const known = learnt.get(learner.compiler) ?? learn(learner);
  learnt.set(learner.compiler, known);
  cpSync(join(known, COMPILERS), join(cache, COMPILERS), { recursive: true });
}

function learn({ machine, executable, compiler, env }: Learner): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'clcache-learnt-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'learnt.c'), '');
  const [program, ...first] = [...(machine.wine?.command ?? []), executable];
  const args = [toWindowsPath(compiler), '/nologo', '/c', 'learnt.c'];
  const all = environmentOf(machine, { env: { CLCACHE_DIR: toWindowsPath(folder), ...env } });
  const { status } = spawnSync(program, [...first, ...args], { cwd: folder, env: all, stdio: 'ignore' });
  if (status !== 0) throw new Error(`${compiler} cannot be learnt: status ${status}`);
  return folder;
}
