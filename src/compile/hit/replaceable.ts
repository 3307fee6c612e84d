import type { JobOutput } from '../../commandline/compile-call.ts';
import type { FamilyFacts } from '../../commandline/family.ts';
import { isLink, statIfThere } from '../../util/file-stat.ts';
import { mayWrite } from '../../util/rights.ts';

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
  if (stat && !(stat.isFile() && mayWrite(path, stat))) return false;
  return (role === 'object' && replacesObjects) || !isLink(path);
}
