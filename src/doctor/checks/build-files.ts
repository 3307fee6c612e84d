import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tokenize } from '../../commandline/read/tokenizer.ts';
import type { Config } from '../../config/config.ts';
import { readTextIfThere, realPath, statIfThere } from '../../util/file-stat.ts';
import { fileNameOf, isNameOfCl } from '../../util/program-name.ts';
import { type BuildFolder, buildFolders, compileCommands } from '../build-folders.ts';
import { bad, type Finding, good, look, stops } from '../finding.ts';
import type { Surroundings } from '../surroundings.ts';

type Needed = Pick<Surroundings, 'self'> & {
  readonly config: Pick<Config, 'workingDirectory' | 'isFolderGone'>;
};

/** Whether what build systems wrote in and below this folder calls clcache. */
export function checkBuildFiles({ config, self }: Needed): Finding[] {
  if (config.isFolderGone) return [look('not looked at: this folder was deleted')];
  const here = config.workingDirectory;
  const findings = [
    ...buildFolders(here).flatMap((folder) => aboutFolder(folder, here, self)),
    ...aboutMSBuild(here),
  ];
  return findings.length > 0 ? findings : [good('none of CMake, Meson or MSBuild in this folder')];
}

function aboutFolder({ path, system, advice }: BuildFolder, here: string, self: string): Finding[] {
  const commands = compileCommands(path).filter(isOfCl);
  if (commands.length === 0) return [];
  const missing = commands.filter((command) => !callsUs(command, self));
  if (missing.length === 0) return [good(`${system}'s files in ${path} call clcache`)];
  const found = `${system}'s files in ${path} call the compiler, not clcache`;
  return [path === here ? stops(found, advice) : bad(found, advice)];
}

/** True if one of the words before the options is a compiler with the command line of cl. */
function isOfCl(command: string): boolean {
  return programsOf(command).some(isNameOfCl);
}

/** True if one of these programs is called clcache, or is this program under another name. */
function callsUs(command: string, self: string): boolean {
  return programsOf(command).some((word) => /clcache/i.test(fileNameOf(word)) || isCopy(word, self));
}

/** The words before the first option: launchers, and the compiler. Windows paths keep their backslashes. */
function programsOf(command: string): string[] {
  const words = tokenize(command);
  const end = words.findIndex((word) => /^[-$@]|^\/[^/\\]*$/.test(word) && word !== '-E');
  return end < 0 ? words : words.slice(0, end);
}

function isCopy(program: string, self: string): boolean {
  const [theirs, ours] = [statIfThere(program), statIfThere(self)];
  if (theirs === undefined || ours === undefined) return false;
  return theirs.size === ours.size || safeRealPath(program) === self;
}

function safeRealPath(path: string): string | undefined {
  try {
    return realPath(path);
  } catch {
    return undefined;
  }
}

const PROJECT = /\.(?:vcxproj|sln|slnx)$/i;

/** Projects of Visual Studio in this folder, and whether anything above or in them names clcache. */
function aboutMSBuild(here: string): Finding[] {
  const names = namesIn(here);
  if (!names.some((name) => PROJECT.test(name))) return [];
  const files = [
    ...names.filter((name) => /\.(?:vcxproj|props|targets)$/i.test(name)).map((name) => join(here, name)),
    ...foldersAbove(here).map((folder) => join(folder, 'Directory.Build.props')),
  ];
  const naming = files.find((file) => /clcache/i.test(readTextIfThere(file) ?? ''));
  return naming === undefined
    ? [
        look(
          `projects of Visual Studio are here, and no Directory.Build.props above them imports clcache.props`,
          'see clcache --msbuild',
        ),
      ]
    : [good(`${naming} names clcache`)];
}

function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
