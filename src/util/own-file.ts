/**
 * Reading files of ours, in a folder where others may have put something else under their names: a pipe that nobody
 * writes to, a link to a device without end, a file of 40 GB. None of these may hold up a call or fill the memory.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { errorCode, isBusyError, retryWhileBusy } from './busy-retry.ts';

/** Something lies under the name of a file of ours that cannot be one. It is to be replaced. */
export class UnfitFileError extends Error {
  override readonly name = 'UnfitFileError';
  readonly code = 'UNFIT_FILE';
  readonly path: string;

  constructor(path: string, because: string, cause?: unknown) {
    super(`${path} is ${because}`, { cause });
    this.path = path;
  }
}

/** What is open for reading, and how many bytes it has. */
export interface OwnFile {
  readonly descriptor: number;
  readonly size: number;
}

/** Windows has neither: there a link is looked for, and a pipe cannot lie in a folder. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;

/** Opening says so of a link, of a socket (in two ways), and of a folder on Windows. */
const UNFIT_CODES: ReadonlySet<string> = new Set(['ELOOP', 'EMLINK', 'ENXIO', 'EOPNOTSUPP', 'EISDIR']);

/**
 * Opens an ordinary file of at most `maximumSize` bytes, without following a link and without waiting. Throws an
 * `UnfitFileError` for anything else, and system errors as they are (`ENOENT` where there is nothing).
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

/** As `openOwnFile`, for a file that the user names: it may be of any size, and a link to it will do. */
export function openOrdinaryFile(path: string): OwnFile {
  const descriptor = retryWhileBusy(() => openSync(path, constants.O_RDONLY | O_NONBLOCK));
  return looked(path, descriptor, Number.POSITIVE_INFINITY);
}

/** The contents of an ordinary file; throws as `openOwnFile` does. */
export function readOwnFile(path: string, maximumSize: number): Buffer {
  const { descriptor, size } = openOwnFile(path, maximumSize);
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

/** The text of an ordinary file in UTF-8; throws as `openOwnFile` does. */
export function readOwnText(path: string, maximumSize: number): string {
  return readOwnFile(path, maximumSize).toString('utf8');
}

/** The same; undefined when it cannot be read for any reason: for what may be missing at no loss. */
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
    // The code may speak of a folder above: a link that leads nowhere there is no file that could be replaced.
    if (isBusyError(error) || !UNFIT_CODES.has(errorCode(error) ?? '') || !isNoFile(path)) throw error;
    throw new UnfitFileError(path, 'no ordinary file', error);
  }
}

function isNoFile(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile();
}
