/** Finds out by trying what a folder does with files. Leaves nothing behind. */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../diagnostics/errors.ts';
import { removeIfPossible } from '../util/atomic-file.ts';
import { temporarySibling } from '../util/random-name.ts';
import type { Room } from './room.ts';

/** What is written, in bytes: more than a small entry. */
const TRIED_BYTES = 256 * 1024;
const TRIED_FILES = 10;

/** Why no contents can be written into a folder, for example because the disk is full. Undefined if they can. */
export function roomProblem(folder: string): string | undefined {
  const file = temporarySibling(join(folder, 'room'));
  try {
    writeFile(file, TRIED_BYTES);
    return undefined;
  } catch (error) {
    return `nothing can be stored in '${folder}': ${reasonOf(error)}`;
  } finally {
    removeIfPossible(file);
  }
}

/** Why nothing can be tried in the temporary folder. Undefined if it can. */
export function unfitRoom(room: Room): string | undefined {
  return room.kind === 'none' ? room.because : roomProblem(room.path);
}

/** How long it takes to make, rename and remove a small file, in milliseconds: the median of a few. */
export function millisecondsOfAFile(folder: string): number | undefined {
  const times: number[] = [];
  try {
    for (let count = 0; count < TRIED_FILES; count++) {
      const file = temporarySibling(join(folder, 'time'));
      const renamed = temporarySibling(join(folder, 'time'));
      const start = performance.now();
      try {
        writeFile(file, 1);
        renameSync(file, renamed);
      } finally {
        removeIfPossible(file);
        removeIfPossible(renamed);
      }
      times.push(performance.now() - start);
    }
  } catch {
    return undefined;
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

function writeFile(file: string, bytes: number): void {
  const descriptor = openSync(file, 'wx');
  try {
    const buffer = Buffer.alloc(bytes, 'clcache');
    for (let at = 0; at < bytes; ) at += writeSync(descriptor, buffer, at);
  } finally {
    closeSync(descriptor);
  }
}
