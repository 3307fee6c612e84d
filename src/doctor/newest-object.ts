import { type Dirent, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { statIfThere } from '../util/file-stat.ts';

export interface FoundObject {
  readonly path: string;
  /** When it was written, in milliseconds since 1970. */
  readonly time: number;
}

const OBJECT = /\.(?:obj|o)$/i;
/** Folders that are no build's: of version control, of packages. */
const NOT_OF_A_BUILD = /^(?:\.git|\.hg|\.svn|node_modules)$/;
/** In `CMakeFiles`, only these have the objects of targets. Into others CMake compiles itself, without a launcher. */
const OF_A_TARGET = /\.dir$/;
/** A build folder lies a few levels deep: `build/CMakeFiles/target.dir/sub/a.cpp.obj`. */
const DEEPEST = 6;
const MOST_ENTRIES = 20_000;

/** The object file below a folder that was written last. Looks at a limited number of files. */
export function newestObject(folder: string): FoundObject | undefined {
  let newest: FoundObject | undefined;
  let left = MOST_ENTRIES;
  let level = [folder];
  for (let depth = 0; depth < DEEPEST && level.length > 0 && left > 0; depth++) {
    const next: string[] = [];
    for (const path of level) {
      const entries = entriesOf(path);
      left -= entries.length;
      if (left < 0) break;
      for (const entry of entries) {
        const inside = join(path, entry.name);
        if (entry.isDirectory() && isOfABuild(path, entry.name)) next.push(inside);
        if (!entry.isFile() || !OBJECT.test(entry.name)) continue;
        const time = statIfThere(inside)?.mtimeMs ?? 0;
        if (time > (newest?.time ?? 0)) newest = { path: inside, time };
      }
    }
    level = next;
  }
  return newest;
}

function isOfABuild(folder: string, name: string): boolean {
  return basename(folder) === 'CMakeFiles' ? OF_A_TARGET.test(name) : !NOT_OF_A_BUILD.test(name);
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
