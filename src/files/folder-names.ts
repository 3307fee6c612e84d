import { readdirSync } from 'node:fs';
import { errorCode } from '../util/busy-retry.ts';
import { systemName } from '../util/byte-name.ts';
import { statIfThere } from '../util/file-stat.ts';
import { isVerbatim, type PathStyle } from '../util/paths.ts';

/** The names in a folder, in small letters. Undefined if the folder cannot be listed. */
export type FolderNames = ReadonlySet<string> | undefined;

const NONE: ReadonlySet<string> = new Set();

/**
 * Reads the names in a folder. A folder that is not there has none. A verbatim Windows folder counts as one that cannot be
 * listed: the list of one on a share did not have its files.
 */
export function namesIn(folder: string): FolderNames {
  if (isVerbatim('win32', folder)) return undefined;
  try {
    return new Set(readdirSync(systemName(folder)).map(foldName));
  } catch (error) {
    const code = errorCode(error);
    const isGone = (code === 'ENOENT' || code === 'ENOTDIR') && statIfThere(folder) === undefined;
    return isGone ? NONE : undefined;
  }
}

/**
 * A name of a folder's list as names are compared. Some folders tell capitals from small letters and others do not, so
 * equal names only may be the same.
 */
export function foldName(name: string): string {
  return name.toLowerCase();
}

/** Windows finds these in every folder ("Naming Files, Paths, and Namespaces"). */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)(?:\.|$)/i;
/** On Windows a file has no such name, or has others beside it (`LONGNA~1.H`, a stream). */
const MANY_NAMED = { win32: /[~:"<>|?*]|[. ]$/, posix: /\\/ } as const;
const PRINTABLE = /^[ -\x7e]+$/;
const SEPARATOR = { win32: /[\\/]/, posix: /\// } as const;

/**
 * The steps of an `#include` name that the lists of folders tell the presence of. Undefined for every other name, for
 * which the disk must be asked: one that leads upwards or is absolute, with letters that file systems compare in ways of
 * their own, or with a second spelling.
 */
export function listedSteps(style: PathStyle, name: string): readonly string[] | undefined {
  if (!PRINTABLE.test(name)) return undefined;
  const steps = name.split(SEPARATOR[style]);
  const isListed = (step: string) =>
    step !== '' &&
    step !== '.' &&
    step !== '..' &&
    !MANY_NAMED[style].test(step) &&
    !(style === 'win32' && DEVICE.test(step));
  return steps.every(isListed) ? steps : undefined;
}
