import { lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { systemName } from './byte-name.ts';
import { withoutVerbatimPrefix } from './paths.ts';

/**
 * The `stat` of a path. Undefined if it leads to nothing usable: missing, below a file, a link to itself, a name too
 * long, a folder that may not be entered. `throwIfNoEntry` covers only the first of these.
 */
export function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(systemName(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The `stat` of a path that leads to an ordinary file. Others may name a device, which may have no end. */
export function ordinaryFile(path: string): Stats | undefined {
  const stat = statIfThere(path);
  return stat?.isFile() ? stat : undefined;
}

/** The time of the last change to the contents in whole seconds since 1970, as compilers write it down. */
export function secondsOf({ mtimeMs }: Stats): number {
  return Math.floor(mtimeMs / 1000);
}

/** True for a link, wherever it leads. False for everything else. */
export function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch {
    return false;
  }
}

/** The path with all links resolved. Node.js fails at the drive of `\\?\C:\x`. Throws as `realpathSync` does. */
export function realPath(path: string): string {
  return realpathSync(withoutVerbatimPrefix(path));
}

/**
 * The bytes of an ordinary file. Undefined if it cannot be read or is something else: reading a pipe would take its
 * data from the next reader, and a device may have no end.
 */
export function readFileIfThere(path: string): Buffer | undefined {
  try {
    const name = systemName(path);
    return statSync(name).isFile() ? readFileSync(name) : undefined;
  } catch {
    return undefined;
  }
}

/** The names in a folder, sorted. None if it cannot be listed. */
export function sortedNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The text of a file. Undefined if it cannot be read. For files that may be missing. */
export function readTextIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
