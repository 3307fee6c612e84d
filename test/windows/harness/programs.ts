import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../bin/dev/project.ts';

export interface Built {
  /** One CommonJS file for Node. */
  readonly script: string;
  /** The same as a Windows executable of Bun. */
  readonly executable: string;
}

/** Builds a program as the product is built: a CommonJS bundle, and an executable of it. Stored in `dist/`. */
export function buildProgram(source: string): Built {
  const key = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const folder = join(ROOT, 'dist', 'wine-programs', key);
  mkdirSync(folder, { recursive: true });
  const script = join(folder, 'program.cjs');
  const executable = join(folder, 'program.exe');
  if (!existsSync(script)) {
    const bundle = ['--bundle', '--platform=node', '--format=cjs', `--outfile=${script}`];
    runTool('esbuild', [source, ...bundle]);
  }
  if (!existsSync(executable)) {
    const half = join(folder, `${process.pid}.exe`);
    const compile = ['build', '--compile', '--bytecode', '--target=bun-windows-x64-baseline'];
    runTool('bun', [...compile, script, '--outfile', half]);
    renameSync(half, executable);
  }
  return { script, executable };
}

function runTool(name: string, args: readonly string[]): void {
  const program = join(ROOT, 'node_modules', '.bin', name);
  const result = spawnSync(program, args, { shell: process.platform === 'win32' });
  if (result.status !== 0) throw new Error(`${name}: ${result.error ?? String(result.stderr)}`);
}
