import type { Stats } from 'node:fs';

/**
 * A time stamp shows no change within its own resolution (two seconds on FAT). So only a file that had not changed for
 * that long when it was hashed is remembered. ccache's inode cache has the same rule.
 */
const SETTLED_MS = 2000;

/**
 * Size, times and identity of a file or folder. If all are equal, nobody has changed it. The two times of most files are
 * the same and then stand there once.
 */
export function signatureOf({ size, mtimeMs, ctimeMs, ino }: Stats): string {
  return mtimeMs === ctimeMs ? `${size} ${mtimeMs} ${ino}` : `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

/** What identifies a folder or file, however a path leads to it. */
export function identityOf({ dev, ino }: Stats): string {
  return `${dev} ${ino}`;
}

/** The signature if it can be trusted later. */
export function settledSignatureOf(stat: Stats): string | undefined {
  return isSettled(stat, Date.now()) ? signatureOf(stat) : undefined;
}

/**
 * Whether two states of a file have the same signature. Without making the text it takes 1 microsecond less a header.
 */
export function hasSameSignature(a: Stats, b: Stats): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.ino === b.ino;
}

/**
 * Whether a signature taken now can be trusted later. A change time in the future cannot, nor can a file system without
 * change times (FAT, where Windows says 1601): there a folder does not show that a file was added. A modification time
 * in the future was set by somebody, and setting it is a change that has a change time of its own.
 */
export function isSettled({ mtimeMs, ctimeMs }: Stats, nowMs: number): boolean {
  const changedMs = mtimeMs > nowMs ? ctimeMs : Math.max(mtimeMs, ctimeMs);
  return ctimeMs > 0 && nowMs - changedMs >= SETTLED_MS;
}
