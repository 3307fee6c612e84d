import {
  closeSync,
  constants,
  copyFileSync,
  linkSync,
  openSync,
  readSync,
  type Stats,
  statSync,
  utimesSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from '../../diagnostics/errors.ts';
import { removeIfPossible, renameWithRetrySync } from '../../util/atomic-file.ts';
import { statIfThere } from '../../util/file-stat.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { absolutePath } from '../../util/paths.ts';
import { temporarySibling } from '../../util/random-name.ts';
import type { CliContext, OwnLine } from '../context.ts';
import { isScript } from '../shipped-files.ts';

/** Every build of clcache holds this text, and no compiler does. */
const MARK = Buffer.from('CLCACHE_OBJECT_CACHE_TIMEOUT_MS');
const CHUNK = 1 << 20;

/**
 * `clcache --link-as FILE`: gives the executable one more name, for build systems that want a file called cl.exe: a hard
 * link, or a copy where there can be none. The file appears whole, so that any number of processes can ask for it at once
 * and start it. Only another build of clcache is replaced.
 */
export function linkAs({ self, config, stdout, stderr }: CliContext, { value }: OwnLine): number {
  const fail = (reason: string) => {
    stderr(`clcache: '${value}' cannot be made: ${reason}\n`);
    return 1;
  };
  if (isScript(self)) return fail('Node.js runs this clcache, and only an executable can have this name');
  const target = absolutePath(config.style, config.workingDirectory, value);
  try {
    const there = statIfThere(target);
    if (there?.isDirectory()) return fail('it is a folder: name a file in it, such as cl.exe');
    if (there && !isLike(there, self)) {
      if (!isClcache(target)) return fail('there is another program of this name');
      place(self, target);
    } else if (!there) {
      place(self, target);
    }
  } catch (error) {
    return fail(reasonOf(error));
  }
  stdout(`${target}\n`);
  return 0;
}

/** Copies have the time of the original, so that size and time tell whether they are up to date. */
function isLike({ size, mtimeMs }: Stats, self: string): boolean {
  const own = statSync(self);
  return own.size === size && Math.abs(own.mtimeMs - mtimeMs) < 1;
}

function place(self: string, target: string): void {
  makeFolder(dirname(target));
  const temporary = temporarySibling(target);
  try {
    linkOrCopy(self, temporary);
    renameWithRetrySync(temporary, target);
  } catch (error) {
    // Another process was faster, and the file runs already.
    const there = statIfThere(target);
    if (!there || !isLike(there, self)) throw error;
  } finally {
    // A rename between two names of one file leaves both.
    removeIfPossible(temporary);
  }
}

function linkOrCopy(self: string, path: string): void {
  try {
    linkSync(self, path);
  } catch {
    // Another drive, a file system without links, or one with too many of them already.
    copyFileSync(self, path, constants.COPYFILE_FICLONE);
    const { atime, mtime } = statSync(self);
    utimesSync(path, atime, mtime);
  }
}

function isClcache(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    // A part begins with the end of the one before, where the text may be cut.
    const part = Buffer.alloc(MARK.length + CHUNK);
    for (;;) {
      const length = readSync(file, part, MARK.length, CHUNK, null);
      if (length === 0) return false;
      if (part.subarray(0, MARK.length + length).includes(MARK)) return true;
      part.copyWithin(0, length, length + MARK.length);
    }
  } finally {
    closeSync(file);
  }
}
