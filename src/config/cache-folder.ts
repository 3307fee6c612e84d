import { statIfThere } from '../util/file-stat.ts';
import { pathRules, withoutVerbatimPrefix } from '../util/paths.ts';
import { type Kind, type Reading, relativeOnes, unquoted } from './kinds.ts';

/**
 * The folder of the cache, an absolute path. By default the one in the home folder, as in the Python clcache. New on
 * Windows: `%LOCALAPPDATA%`, which does not roam.
 */
export const cacheFolder: Kind<string> = {
  default:
    'an existing clcache in your home folder, else %LOCALAPPDATA%\\clcache on Windows and ~/clcache elsewhere',
  read: (text, reading) => {
    const chosen = unquoted(text);
    // In a verbatim path (`\\?\`) a slash would be part of a name.
    return chosen === undefined ? usualFolder(reading) : withoutVerbatimPrefix(reading.absolute(chosen));
  },
  oddities: (value, of) => relativeOnes([value], of),
};

function usualFolder({ style, homeDirectory, absolute, variable }: Reading): string {
  const rules = pathRules(style);
  const atHome = rules.join(homeDirectory, 'clcache');
  const localAppData = variable('LOCALAPPDATA');
  if (style === 'posix' || !localAppData || isFolder(atHome)) return absolute(atHome);
  return absolute(rules.join(localAppData, 'clcache'));
}

function isFolder(path: string): boolean {
  return statIfThere(path)?.isDirectory() ?? false;
}
