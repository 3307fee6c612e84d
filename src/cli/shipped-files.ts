/** The files for build systems that come with clcache: beside it, or written out where it was copied without them. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ClcacheError } from '../diagnostics/errors.ts';
import { makeOwnFolder } from '../util/own-folder.ts';
import { writeFileAtomicSync } from '../util/whole-file.ts';
import type { CliContext } from './context.ts';

export type ShippedName = 'msbuild/clcache.props' | 'cmake/Clcache.cmake';

/** Put in by the bundler: the text of each file. Not there when run from the sources. */
declare const __CLCACHE_SHIPPED_FILES__: Readonly<Record<ShippedName, string>> | undefined;

/** How each file finds its way back to the program: what is replaced when it does not lie beside it. */
const WAY_BACK: Readonly<
  Record<ShippedName, { readonly text: string; readonly by: (self: string) => string }>
> = {
  'msbuild/clcache.props': {
    text: '$(MSBuildThisFileDirectory)..\\clcache.exe',
    by: (self) => self.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
  },
  'cmake/Clcache.cmake': {
    text: `NAMES clcache PATHS "\${CMAKE_CURRENT_LIST_DIR}/.."`,
    by: (self) => `NAMES "${basename(self)}" PATHS "${dirname(self).replaceAll('\\', '/')}"`,
  },
};

/** `integration`, and the folder in it. */
const LEVELS_IN_CACHE = 2;

/**
 * The path of a shipped file. One that lies beside the program (in the release folder, in the npm package) is taken;
 * else it is written into the cache folder, which clcache can always write. Throws system errors.
 */
export function shippedFile({ self, config }: CliContext, name: ShippedName): string {
  const beside = join(dirname(self), name);
  if (existsSync(beside)) return beside;
  if (typeof __CLCACHE_SHIPPED_FILES__ === 'undefined') {
    throw new ClcacheError('USAGE', `${beside} is missing`);
  }
  const written = join(config.cacheDirectory, 'integration', name);
  const { text, by } = WAY_BACK[name];
  makeOwnFolder(dirname(written), LEVELS_IN_CACHE);
  writeFileAtomicSync(
    written,
    __CLCACHE_SHIPPED_FILES__[name].replaceAll(text, () => by(self)),
  );
  return written;
}

/** True for the npm package, which Node.js runs; false for an executable. */
export function isScript(self: string): boolean {
  return /\.[cm]?js$/.test(self);
}
