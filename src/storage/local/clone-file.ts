import { chmodSync, constants, copyFileSync, lstatSync, utimesSync } from 'node:fs';

/** In milliseconds. By then Linux has written a new file to the disk. */
const WRITTEN_BACK_AFTER_MS = 60_000;

/**
 * Lets a new file share the blocks of a stored one, where the file system can (Btrfs, XFS, APFS). False if it cannot. What
 * is not on the disk yet would be written there first, which takes longer than a copy. The caller verifies the new file.
 * Throws if the stored file is missing.
 */
export function cloneFile(file: string, target: string): boolean {
  const stat = lstatSync(file);
  const isOnDisk = Math.abs(Date.now() - stat.mtimeMs) > WRITTEN_BACK_AFTER_MS;
  if (process.platform === 'win32' || !stat.isFile() || !isOnDisk) return false;
  try {
    copyFileSync(file, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
  } catch {
    return false;
  }
  // A clone has the rights of the stored file, and on macOS its time.
  chmodSync(target, 0o666 & ~process.umask());
  setTimeToNow(target);
  return true;
}

/** A build tool would take an object that is as old as the stored file for older than its source. */
export function setTimeToNow(path: string): void {
  const now = new Date();
  utimesSync(path, now, now);
}
