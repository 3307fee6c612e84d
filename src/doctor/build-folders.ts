/** Finds build folders, and the compile commands in what a build system wrote there. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readFileIfThere, statIfThere } from '../util/file-stat.ts';

/** What a build system leaves in its build folders, and how it is made to call clcache. */
const SYSTEMS = {
  CMake: {
    mark: 'CMakeCache.txt',
    advice: 'configure it again with the lines that clcache --cmake shows',
  },
  Meson: {
    mark: 'meson-private/coredata.dat',
    advice: 'name clcache before the compiler in a native file, and set up a new build folder with it',
  },
} as const satisfies Record<string, { readonly mark: string; readonly advice: string }>;

export interface BuildFolder {
  readonly path: string;
  readonly system: keyof typeof SYSTEMS;
  /** What to do where it calls the compiler itself. */
  readonly advice: string;
}

/** The usual places below a source folder: `build`, `cmake-build-debug`, `out/build/x64-Debug`. */
const PLACES = ['', 'out', 'out/build', 'build'];
const MOST_FOLDERS = 20;
const MOST_MAKE_FILES = 20;
/** In bytes. The rules of a generator are at the beginning, or in a file of their own. */
const MOST_TEXT = 16 * 1024 * 1024;

/** The build folders in and below a folder, the folder itself first. */
export function buildFolders(folder: string): BuildFolder[] {
  const below = PLACES.flatMap((place) => foldersIn(join(folder, place)));
  const all = [...new Set([folder, ...below])];
  return all.flatMap((path) => asBuildFolder(path) ?? []).slice(0, MOST_FOLDERS);
}

function asBuildFolder(path: string): BuildFolder | undefined {
  const isOf = (system: BuildFolder['system']) => statIfThere(join(path, SYSTEMS[system].mark))?.isFile();
  const system = (['CMake', 'Meson'] as const).find(isOf);
  return system && { path, system, advice: SYSTEMS[system].advice };
}

/** The commands with which a build folder compiles C and C++. Empty for a generator that is not known here. */
export function compileCommands(folder: string): string[] {
  const ninja = [join(folder, 'CMakeFiles/rules.ninja'), join(folder, 'build.ninja')].map(textOf).join('\n');
  const rules = ninja.matchAll(/^rule (?:C|CXX|c|cpp)_COMPILER\w*\n(?:[ #].*\n)*? +command = (.*)$/gm);
  const targets = foldersIn(join(folder, 'CMakeFiles')).filter((name) => name.endsWith('.dir'));
  const makefiles = targets.slice(0, MOST_MAKE_FILES).map((target) => textOf(join(target, 'build.make')));
  const lines = makefiles.join('\n').matchAll(/^\t(?!@|\$\(CMAKE_COMMAND\))(.* [-/]c .*)$/gm);
  return [...Array.from(rules, ([, command = '']) => command), ...Array.from(lines, ([, line = '']) => line)];
}

function textOf(file: string): string {
  const size = statIfThere(file)?.size ?? 0;
  return size > MOST_TEXT ? '' : (readFileIfThere(file)?.toString() ?? '');
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}
