import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, executable, findClangCl, HOST_TARGET } from './compilers.ts';

/** Of a cache folder, what clcache remembers of compilers. */
const COMPILERS = join('v1', 'compilers');

let learnt: string | undefined;

/**
 * Gives a cache folder that is not there yet what clcache has learnt of the real compiler in this process. To learn it
 * takes more processor time than a whole test: 0.3 s.
 */
export function knowTheCompiler(cache: string): void {
  if (existsSync(cache)) return;
  learnt ??= learn();
  cpSync(join(learnt, COMPILERS), join(cache, COMPILERS), { recursive: true });
}

function learn(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clcache-learnt-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'a.c'), '');
  const { status, stderr } = spawnSync(
    executable(),
    [findClangCl().path, HOST_TARGET, '/nologo', '/c', 'a.c'],
    { cwd: folder, env: cleanEnvironment({ CLCACHE_DIR: folder }) },
  );
  if (status !== 0) throw new Error(`the compiler cannot be learnt: ${stderr}`);
  return folder;
}
