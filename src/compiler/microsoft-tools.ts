/**
 * Which Visual Studio and which Windows SDK clang-cl works for, where nobody says so in full: it takes its headers from
 * there when INCLUDE is not set, and on Windows the version of cl that it claims to be (`MSVCPaths.cpp`,
 * `MSVC.cpp` of LLVM).
 */
import { readdirSync } from 'node:fs';
import type { EnvironmentPart, ToolFolder } from '../commandline/compile-call.ts';
import { type Environment, environmentValue } from '../util/environment.ts';
import { statIfThere } from '../util/file-stat.ts';
import { absoluteFile, type PathStyle, pathRules, splitList } from '../util/paths.ts';

export interface ToolSearch {
  readonly environment: Environment;
  readonly style: PathStyle;
  readonly workingDirectory: string;
  readonly toolFolders: readonly ToolFolder[];
}

/**
 * What decides about that, as parts of a key. In order: the options (of several versions in their folders the highest
 * counts), the variables of a developer prompt (parts of the key by themselves), a `cl.exe` on PATH, and on Windows
 * what is installed.
 */
export function microsoftTools(search: ToolSearch): EnvironmentPart[] {
  const { environment, style, toolFolders } = search;
  const parts: EnvironmentPart[] = [];
  const add = (name: string, value: string) => parts.push({ name, value, isFolderList: false });
  for (const { kind, path } of toolFolders) {
    const names = versionFolders(kind).map((folder) => namesIn(search, `${path}/${folder}`).join());
    if (names.length > 0) add(`versions in ${kind}`, names.join(';'));
  }
  const isTold =
    toolFolders.some(({ kind }) => kind !== 'winsdkdir') ||
    environmentValue(environment, style, 'VCToolsInstallDir') !== undefined ||
    environmentValue(environment, style, 'VCINSTALLDIR') !== undefined;
  if (isTold) return parts;
  const onPath = compilerOnPath(search);
  if (onPath !== undefined) add('cl.exe on PATH', onPath);
  else for (const [name, value] of installed(search)) add(name, value);
  return parts;
}

function versionFolders(kind: ToolFolder['kind']): string[] {
  switch (kind) {
    case 'winsysroot':
      return ['VC/Tools/MSVC', 'Windows Kits', 'Windows Kits/10/Include'];
    case 'winsdkdir':
      return ['Include'];
    case 'vctoolsdir':
      return [];
  }
}

/** Clang takes a `cl.exe` for Microsoft's when `link.exe` lies beside it. Its size and time stand for its version. */
function compilerOnPath({ environment, style, workingDirectory }: ToolSearch): string | undefined {
  const { join } = pathRules(style);
  const separator = style === 'win32' ? ';' : ':';
  for (const entry of splitList(environmentValue(environment, style, 'PATH'), separator)) {
    const folder = absoluteFile(style, workingDirectory, entry);
    const stat = statIfThere(join(folder, 'cl.exe'));
    if (stat && statIfThere(join(folder, 'link.exe'))) return `${folder} ${stat.size} ${stat.mtimeMs}`;
  }
  return undefined;
}

/**
 * An installation of Visual Studio has a folder here, with a file that each update rewrites. Both variables are those of
 * Windows.
 */
function installed(search: ToolSearch): [name: string, value: string][] {
  const { environment, style, workingDirectory } = search;
  const found: [name: string, value: string][] = [];
  const data = environmentValue(environment, style, 'ProgramData');
  if (data !== undefined) {
    const instances = `${data}/Microsoft/VisualStudio/Packages/_Instances`;
    const states = namesIn(search, instances).map((name) => {
      const stat = statIfThere(absoluteFile(style, workingDirectory, `${instances}/${name}/state.json`));
      return `${name} ${stat?.size} ${stat?.mtimeMs}`;
    });
    found.push(['installed Visual Studio', states.join(';')]);
  }
  const programs = environmentValue(environment, style, 'ProgramFiles(x86)');
  if (programs !== undefined) {
    const kits = namesIn(search, `${programs}/Windows Kits/10/Include`);
    found.push(['installed Windows SDK', kits.join(';')]);
  }
  return found;
}

function namesIn({ style, workingDirectory }: ToolSearch, folder: string): string[] {
  try {
    return readdirSync(absoluteFile(style, workingDirectory, folder)).sort();
  } catch {
    return [];
  }
}
