/**
 * Finds the Visual Studio and the Windows SDK that clang-cl uses if nothing names them completely. It takes its headers
 * from there if INCLUDE is not set, and on Windows it takes the version of cl from that program (`MSVCPaths.cpp`,
 * `MSVC.cpp` of LLVM). The program counts by its contents, because an update may keep the folder's name.
 */
import type { EnvironmentPart, ToolFolder } from '../../commandline/compile-call.ts';
import { type Environment, environmentValue } from '../../util/environment.ts';
import { readTextIfThere, sortedNames, statIfThere } from '../../util/file-stat.ts';
import { parseJson } from '../../util/json.ts';
import { absoluteFile, type PathStyle, pathRules, splitList } from '../../util/paths.ts';

export interface ToolSearch {
  readonly environment: Environment;
  readonly style: PathStyle;
  readonly workingDirectory: string;
  readonly toolFolders: readonly ToolFolder[];
  /** The digest of a file's contents. Undefined if there is no file. */
  readonly digestOf: (path: string) => string | undefined;
}

/**
 * What decides that, as parts of a key, in this order: the options (the highest of several versions in their folders
 * counts), the variables of a developer prompt (parts of the key by themselves, except for the programs that they lead
 * to), a `cl.exe` on PATH, and on Windows what is installed.
 */
export function microsoftTools(search: ToolSearch): EnvironmentPart[] {
  const { environment, style, toolFolders } = search;
  const parts: EnvironmentPart[] = [];
  const add = (name: string, value: string) => parts.push({ name, value, isFolderList: false });
  const told: string[] = [];
  for (const { kind, path } of toolFolders) {
    const names = versionFolders(kind).map((folder) => namesIn(search, `${path}/${folder}`).join());
    if (names.length > 0) add(`versions in ${kind}`, names.join(';'));
    told.push(...toolsIn(search, kind, path));
  }
  for (const name of ['VCToolsInstallDir', 'VCINSTALLDIR']) {
    const folder = environmentValue(environment, style, name);
    if (folder !== undefined) told.push(folder);
  }
  if (told.length > 0 || toolFolders.some(({ kind }) => kind !== 'winsdkdir')) {
    const programs = told.map((folder) => compilersIn(search, folder)).join('');
    if (programs !== '') add('cl.exe of Visual Studio', programs);
    return parts;
  }
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

/** The folders of tools that an option leads to. */
function toolsIn(search: ToolSearch, kind: ToolFolder['kind'], path: string): string[] {
  if (kind === 'winsdkdir') return [];
  const versions = `${path}/VC/Tools/MSVC`;
  return kind === 'vctoolsdir' ? [path] : namesIn(search, versions).map((name) => `${versions}/${name}`);
}

const PROCESSORS = ['x64', 'x86', 'arm64'];
/** The folders of compilers in Visual Studio, for each processor that they run on and compile for. */
const COMPILERS = [
  ...PROCESSORS.flatMap((host) => PROCESSORS.map((target) => `bin/Host${host}/${target}/cl.exe`)),
  'bin/cl.exe',
];

/** The compilers in a folder of tools, with the contents of each. */
function compilersIn({ style, workingDirectory, digestOf }: ToolSearch, folder: string): string {
  return COMPILERS.map((name) => {
    const digest = digestOf(absoluteFile(style, workingDirectory, `${folder}/${name}`));
    return digest === undefined ? '' : `${name} ${digest};`;
  }).join('');
}

/** clang takes a `cl.exe` for Microsoft's if `link.exe` lies beside it. */
function compilerOnPath(search: ToolSearch): string | undefined {
  const { environment, style, workingDirectory, digestOf } = search;
  const { join } = pathRules(style);
  const separator = style === 'win32' ? ';' : ':';
  for (const entry of splitList(environmentValue(environment, style, 'PATH'), separator)) {
    const folder = absoluteFile(style, workingDirectory, entry);
    const compiler = join(folder, 'cl.exe');
    if (statIfThere(compiler) && statIfThere(join(folder, 'link.exe'))) {
      return `${folder} ${digestOf(compiler)}`;
    }
  }
  return undefined;
}

/** An installation of Visual Studio has a folder here. Both variables are Windows's own. */
function installed(search: ToolSearch): [name: string, value: string][] {
  const { environment, style, workingDirectory } = search;
  const found: [name: string, value: string][] = [];
  const data = environmentValue(environment, style, 'ProgramData');
  if (data !== undefined) {
    const instances = `${data}/Microsoft/VisualStudio/Packages/_Instances`;
    const states = namesIn(search, instances).map((name) =>
      describeInstance(search, absoluteFile(style, workingDirectory, `${instances}/${name}/state.json`)),
    );
    found.push(['installed Visual Studio', states.join(';')]);
  }
  const programs = environmentValue(environment, style, 'ProgramFiles(x86)');
  if (programs !== undefined) {
    const kits = namesIn(search, `${programs}/Windows Kits/10/Include`);
    found.push(['installed Windows SDK', kits.join(';')]);
  }
  return found;
}

/**
 * The file names the folder and the version of an installation, and much that only concerns this machine. clang asks
 * the installation which tools to use.
 */
function describeInstance(search: ToolSearch, stateFile: string): string {
  const state = parseJson(readTextIfThere(stateFile) ?? '');
  const { installationPath, installationVersion } = (state ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof installationPath !== 'string') return search.digestOf(stateFile) ?? '';
  const version = readTextIfThere(
    `${installationPath}/VC/Auxiliary/Build/Microsoft.VCToolsVersion.default.txt`,
  )?.trim();
  const tools =
    version === undefined ? '' : compilersIn(search, `${installationPath}/VC/Tools/MSVC/${version}`);
  return [installationPath, String(installationVersion), version ?? '', tools].join(' ');
}

function namesIn({ style, workingDirectory }: ToolSearch, folder: string): string[] {
  return sortedNames(absoluteFile(style, workingDirectory, folder));
}
