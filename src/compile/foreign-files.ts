/** Files in the places of program databases that are something else, and are never replaced by one. */
import { closeSync, lstatSync, openSync, readSync } from 'node:fs';

/** What a program database begins with (LLVM, "The MSF File Format"). */
const BEGINNING = Buffer.from('Microsoft C/C++ ');

/** True if there is anything but a program database: another file, a folder, a link. An empty file is none yet. */
export function isForeign(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return false;
  return !stat.isFile() || (stat.size > 0 && !beginsAsDatabase(path));
}

function beginsAsDatabase(path: string): boolean {
  const beginning = Buffer.alloc(BEGINNING.length);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, beginning, 0, beginning.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return beginning.equals(BEGINNING);
}
