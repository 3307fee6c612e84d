/** Finds programs and compilers on this machine. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './project.ts';

export interface Compiler {
  readonly path: string;
  readonly kind: 'cl' | 'clang-cl';
  readonly environment: NodeJS.ProcessEnv;
}

/** The first program of that name on PATH, or undefined. */
export function findOnPath(names: readonly string[], environment = process.env): string | undefined {
  const path = environment['PATH'] ?? environment['Path'] ?? '';
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of names) {
      const file = join(folder, name);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}

/** The `clang-cl` or `clang-cl-N` on PATH that has the highest number. */
export function findClangCl(environment = process.env): Compiler | undefined {
  const found = new Map<string, { readonly path: string; readonly number: number }>();
  for (const folder of (environment['PATH'] ?? '').split(delimiter).filter(existsSync)) {
    for (const name of readdirSync(folder)) {
      const match = /^clang-cl(?:-(\d+))?$/.exec(name);
      if (match && !found.has(name))
        found.set(name, { path: join(folder, name), number: Number(match[1] ?? 0) });
    }
  }
  const [newest] = [...found.values()].sort((a, b) => b.number - a.number);
  return newest && { path: newest.path, kind: 'clang-cl', environment: { ...process.env } };
}

/**
 * cl.exe from PATH, else that of the newest Visual Studio with the environment its vcvars64.bat makes. Throws a `Failure`
 * if there is none.
 */
export function findMicrosoftCompiler(): Compiler {
  const onPath = findOnPath(['cl.exe']);
  if (onPath) return { path: onPath, kind: 'cl', environment: { ...process.env } };
  const installation = newestVisualStudio();
  const environment = installation && environmentOf(join(installation, 'VC\\Auxiliary\\Build\\vcvars64.bat'));
  const path = environment && findOnPath(['cl.exe'], environment);
  if (path) return { path, kind: 'cl', environment };
  throw new Failure(
    'no cl.exe: please install the "Desktop development with C++" workload of Visual Studio or of its Build Tools',
  );
}

function newestVisualStudio(): string | undefined {
  const folder = process.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)';
  const vswhere = join(folder, 'Microsoft Visual Studio\\Installer\\vswhere.exe');
  if (!existsSync(vswhere)) return undefined;
  const query = ['-latest', '-products', '*', '-property', 'installationPath', '-utf8'];
  const part = ['-requires', 'Microsoft.VisualStudio.Component.VC.Tools.x86.x64'];
  const result = spawnSync(vswhere, [...query, ...part], { encoding: 'utf8' });
  return result.stdout?.trim() || undefined;
}

function environmentOf(batchFile: string): NodeJS.ProcessEnv | undefined {
  const command = `""${batchFile}" >nul && set"`;
  const result = spawnSync('cmd.exe', ['/d', '/u', '/s', '/c', command], { windowsVerbatimArguments: true });
  if (result.status !== 0) return undefined;
  const pairs = result.stdout
    .toString('utf16le')
    .split('\r\n')
    .map((line) => /^([^=]+)=(.*)$/.exec(line));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : [])));
}
