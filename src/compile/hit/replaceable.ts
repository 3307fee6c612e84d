import { accessSync, constants, type Stats } from 'node:fs';
import type { JobOutput } from '../../commandline/compile-call.ts';
import type { FamilyFacts } from '../../commandline/family.ts';
import { systemName } from '../../util/byte-name.ts';
import { isLink, statIfThere } from '../../util/file-stat.ts';

/**
 * Whether a hit may put a file in the place of an output, with the same effect as the compiler. Not in that of a pipe or
 * device, which must be written to. Nor in that of a write-protected file, at which the compiler fails. Nor in that of a
 * link: most outputs are written into the file at its end.
 */
export function isReplaceable(
  { role, path }: JobOutput,
  { replacesObjects }: Pick<FamilyFacts, 'replacesObjects'>,
): boolean {
  const stat = statIfThere(path);
  if (stat && !(stat.isFile() && isWritable(path, stat))) return false;
  return (role === 'object' && replacesObjects) || !isLink(path);
}

/** Asks the system only where the rights leave a doubt, because nearly all outputs are the user's own. */
function isWritable(path: string, { mode, uid }: Stats): boolean {
  const isOwn = uid === (process.getuid?.() ?? uid);
  if (isOwn && (mode & OWNER_MAY_WRITE) !== 0) return true;
  try {
    accessSync(systemName(path), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const OWNER_MAY_WRITE = 0o200;
