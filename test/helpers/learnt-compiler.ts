import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, executable, findClangCl, HOST_TARGET } from './compilers.ts';

/** Of a cache folder, what clcache remembers of compilers. */
const COMPILERS = join('v1', 'compilers');

/** For each language and each of the usual lines, the compiler is asked where it searches for headers. */
const SOURCES = ['a.c', 'b.cpp'];

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
  for (const source of SOURCES) writeFileSync(join(folder, source), '');
  for (const options of [['/nologo'], []]) {
    const args = [findClangCl().path, HOST_TARGET, ...options, '/c', ...SOURCES];
    const env = cleanEnvironment({ CLCACHE_DIR: folder });
    const { status, stderr } = spawnSync(executable(), args, { cwd: folder, env });
    if (status !== 0) throw new Error(`the compiler cannot be learnt: ${stderr}`);
  }
  return folder;
}
