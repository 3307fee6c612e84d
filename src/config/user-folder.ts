import { pathRules } from '../util/paths.ts';
import { userNumber } from './system.ts';

/**
 * The folder in which one user keeps what no other may see, for as long as the machine runs, on systems other than
 * Windows. `XDG_RUNTIME_DIR` belongs to one user. In the common folder for temporary files the user's number goes into
 * the name.
 */
export function folderOfUser(variable: (name: string) => string | undefined): string {
  const rules = pathRules('posix');
  const runtimeFolder = variable('XDG_RUNTIME_DIR');
  return runtimeFolder !== undefined && rules.isAbsolute(runtimeFolder)
    ? rules.join(runtimeFolder, 'clcache')
    : rules.join(variable('TMPDIR') || '/tmp', `clcache-${userNumber()}`);
}
