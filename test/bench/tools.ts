/** The programs on this machine that can be measured. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Compiler } from '../../bin/dev/find-compiler.ts';
import { ROOT } from '../../bin/dev/project.ts';
import { ensureCompiler } from '../../bin/dev/setup.ts';

const ON_WINDOWS = process.platform === 'win32';
const EXECUTABLE = ON_WINDOWS ? 'dist/exe/windows-x64/clcache.exe' : 'dist/exe/linux-x64/clcache';

export interface Tools {
  readonly executable: string;
  /** What starts the bundle on Node.js. */
  readonly script: string;
  readonly compiler: Compiler;
  readonly ccache: string | undefined;
  readonly sccache: string | undefined;
  readonly ninja: string | undefined;
}

/** Path of a file of the project. */
export const inProject = (path: string): string => join(ROOT, path);

/** Builds what is not up to date, installs a compiler if possible, and looks for the others. */
export async function findTools(executable: string | undefined): Promise<Tools> {
  if (executable === undefined) build();
  return {
    executable: executable ?? inProject(EXECUTABLE),
    script: inProject('bin/clcache.js'),
    compiler: ensureCompiler(),
    ccache: onPath('ccache'),
    sccache: onPath('sccache'),
    ninja: onPath('ninja'),
  };
}

/** One line for each of them, from its own output. */
export function versionsOf(tools: Tools): Record<string, string> {
  const named = {
    clcache: tools.executable,
    compiler: tools.compiler.path,
    ccache: tools.ccache,
    sccache: tools.sccache,
    ninja: tools.ninja,
  };
  const versions: Record<string, string> = { node: process.version };
  for (const [name, path] of Object.entries(named)) versions[name] = path ? versionOf(path) : 'not installed';
  return versions;
}

function build(): void {
  const name = ON_WINDOWS ? 'windows' : 'linux';
  const args = [inProject('bin/dev/start.mjs'), 'build-exe', '--only', name, '--no-types'];
  const result = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (result.status !== 0) throw new Error('the executable could not be built: npm run build:exe says why');
}

function versionOf(program: string): string {
  const { stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return (stdout || stderr || '').split(/\r?\n/)[0] ?? '';
}

function onPath(name: string): string | undefined {
  const file = ON_WINDOWS ? `${name}.exe` : name;
  const folder = (process.env['PATH'] ?? '')
    .split(delimiter)
    .find((each) => each !== '' && existsSync(each) && readdirSync(each).includes(file));
  return folder && join(folder, file);
}
