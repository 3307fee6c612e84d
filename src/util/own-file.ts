/**
 * Reads clcache's own files. Other users may have put something else under their names: a pipe that nobody writes to, a
 * link to an endless device, a file of 40 GB. None of these may hold up a call or fill the memory.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { errorCode, isBusyError, retryWhileBusy } from './busy-retry.ts';
import { markedText } from './marked-text.ts';

/**
 * Something that is not an ordinary file of a valid size has the name of one of clcache's files. It is to be replaced.
 */
export class UnfitFileError extends Error {
  override readonly name = 'UnfitFileError';
  readonly code = 'UNFIT_FILE';
  readonly path: string;

  constructor(path: string, because: string, cause?: unknown) {
    super(`${path} is ${because}`, { cause });
    this.path = path;
  }
}

/** An open file and its size in bytes. */
export interface OwnFile {
  readonly descriptor: number;
  readonly size: number;
}

/** Windows has neither flag: there the path is checked for a link, and a pipe cannot lie in a folder. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;

/** The errors of opening a link, a socket (two of them), and on Windows a folder. */
const UNFIT_CODES: ReadonlySet<string> = new Set(['ELOOP', 'EMLINK', 'ENXIO', 'EOPNOTSUPP', 'EISDIR']);

/**
 * Opens an ordinary file of at most `maximumSize` bytes, without following a link and without waiting. Throws an
 * `UnfitFileError` for everything else, and system errors (`ENOENT` if there is nothing).
 */
export function openOwnFile(path: string, maximumSize: number): OwnFile {
  return looked(path, openWithoutFollowing(path), maximumSize);
}

function looked(path: string, descriptor: number, maximumSize: number): OwnFile {
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new UnfitFileError(path, 'no ordinary file');
    if (stat.size > maximumSize) throw new UnfitFileError(path, `larger than ${maximumSize} bytes`);
    return { descriptor, size: stat.size };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** As `openOwnFile`, for a file that the user names: it may be a link. */
export function openOrdinaryFile(path: string, maximumSize = Number.POSITIVE_INFINITY): OwnFile {
  const descriptor = retryWhileBusy(() => openSync(path, constants.O_RDONLY | O_NONBLOCK));
  return looked(path, descriptor, maximumSize);
}

/** The contents of an ordinary file. Throws as `openOwnFile` does. */
export function readOwnFile(path: string, maximumSize: number): Buffer {
  return contentsOf(openOwnFile(path, maximumSize));
}

/** The text of a file that the user names and wrote, which may be a link. Throws as `openOwnFile` does. */
export function readOrdinaryText(path: string, maximumSize: number): string {
  return markedText(contentsOf(openOrdinaryFile(path, maximumSize)));
}

function contentsOf({ descriptor, size }: OwnFile): Buffer {
  try {
    const bytes = Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      const read = readSync(descriptor, bytes, filled, size - filled, null);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
}

/** The UTF-8 text of an ordinary file. Throws as `openOwnFile` does. */
export function readOwnText(path: string, maximumSize: number): string {
  return readOwnFile(path, maximumSize).toString('utf8');
}

/** As `readOwnText`, but undefined if the file cannot be read. For files that may be missing. */
export function readOwnTextIfThere(path: string, maximumSize: number): string | undefined {
  try {
    return readOwnText(path, maximumSize);
  } catch {
    return undefined;
  }
}

function openWithoutFollowing(path: string): number {
  if (O_NOFOLLOW === 0 && isNoFile(path)) throw new UnfitFileError(path, 'no ordinary file');
  try {
    return retryWhileBusy(() => openSync(path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  } catch (error) {
    // The code may be about a folder above. If a link there leads nowhere, there is no file to replace.
    if (isBusyError(error) || !UNFIT_CODES.has(errorCode(error) ?? '') || !isNoFile(path)) throw error;
    throw new UnfitFileError(path, 'no ordinary file', error);
  }
}

function isNoFile(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile();
}
