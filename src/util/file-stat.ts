import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { systemName } from './byte-name.ts';
import { withoutVerbatimPrefix } from './paths.ts';

/**
 * What the system says of a path; undefined when it leads to nothing that we could use: missing, below a file, a link
 * to itself, a name too long, a folder that we may not enter. `throwIfNoEntry` alone covers the first of these only.
 */
export function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(systemName(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** True for a link, wherever it leads; false for anything else, or nothing. */
export function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch {
    return false;
  }
}

/** The path that is left when links are followed. Node gets stuck at the drive of `\\?\C:\x`. Throws what it throws. */
export function realPath(path: string): string {
  return realpathSync(withoutVerbatimPrefix(path));
}

/**
 * The bytes of an ordinary file; undefined when it cannot be read, and for anything else that may have the name: a pipe
 * would be empty for who reads it next, and a device may have no end.
 */
export function readFileIfThere(path: string): Buffer | undefined {
  try {
    const name = systemName(path);
    return statSync(name).isFile() ? readFileSync(name) : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a file, undefined when it cannot be read for any reason: for what may be missing at no loss. */
export function readTextIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
