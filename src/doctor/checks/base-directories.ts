import type { Config } from '../../config/config.ts';
import { realPath, statIfThere } from '../../util/file-stat.ts';
import { isInside, type PathStyle } from '../../util/paths.ts';
import { type Finding, good, look } from '../finding.ts';

type Needed = Pick<Config, 'baseDirectories' | 'workingDirectory' | 'style'>;

/** Whether each base directory is there and the current folder is below one of them. */
export function checkBaseDirectories({ config }: { readonly config: Needed }): Finding[] {
  const { baseDirectories, workingDirectory, style } = config;
  if (baseDirectories.length === 0) return [good('none is set: each folder has results of its own')];
  const gone = baseDirectories.filter((folder) => !statIfThere(folder)?.isDirectory());
  const findings: Finding[] = gone.map((folder) =>
    look(`CLCACHE_BASEDIR does not name a folder: '${folder}'`, 'name the folder of a checkout'),
  );
  const covering = baseDirectories.find((folder) => covers(style, folder, workingDirectory));
  if (covering !== undefined) return [...findings, good(`${covering} covers this folder`)];
  const other = baseDirectories.find((folder) => coversByOtherName(style, folder, workingDirectory));
  return [
    ...findings,
    other === undefined
      ? look(
          `no base directory covers this folder, ${workingDirectory}, so it shares nothing with other folders`,
          'set CLCACHE_BASEDIR to the folder of this checkout, or run this in it',
        )
      : look(
          `${other} is another name for a folder above ${workingDirectory}, and names count as they are written`,
          'set CLCACHE_BASEDIR as the build names the folder',
        ),
  ];
}

/** Capitals count, because `__FILE__` repeats them. */
function covers(style: PathStyle, folder: string, path: string): boolean {
  return isInside(style, folder, path) && path.startsWith(folder);
}

/** The same folder by a link, or with other capitals. */
function coversByOtherName(style: PathStyle, folder: string, path: string): boolean {
  if (isInside(style, folder, path)) return true;
  try {
    return isInside(style, realPath(folder), realPath(path));
  } catch {
    return false;
  }
}
