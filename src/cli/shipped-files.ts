/**
 * The files for build systems that come with clcache. They lie beside it, or are written out if it was copied alone.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../diagnostics/errors.ts';
import { LEVELS_OF_INTEGRATION, layoutOf } from '../storage/local/layout.ts';
import { makeOwnFolder } from '../util/own-folder.ts';
import { writeFileAtomicSync } from '../util/whole-file.ts';
import type { CliContext } from './context.ts';

export type ShippedName = 'msbuild/clcache.props' | 'cmake/Clcache.cmake';

/** The text of each file, put in by the bundler. Missing when clcache runs from the sources. */
declare const __CLCACHE_SHIPPED_FILES__: Readonly<Record<ShippedName, string>> | undefined;

/** How each file finds the program. This part is replaced if the file does not lie beside the program. */
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

/**
 * The path of a shipped file. If none lies beside the program (as in the release folder and in the npm package), it is
 * written into the cache folder. Throws system errors.
 */
export function shippedFile({ self, config }: CliContext, name: ShippedName): string {
  const beside = join(dirname(self), name);
  if (existsSync(beside)) return beside;
  if (typeof __CLCACHE_SHIPPED_FILES__ === 'undefined') {
    throw new UsageError(`${beside} is missing`);
  }
  const written = join(layoutOf(config.cacheDirectory).integration, name);
  const { text, by } = WAY_BACK[name];
  makeOwnFolder(dirname(written), LEVELS_OF_INTEGRATION);
  writeFileAtomicSync(
    written,
    __CLCACHE_SHIPPED_FILES__[name].replaceAll(text, () => by(self)),
  );
  return written;
}

/** True for the npm package, which Node.js runs. False for an executable. */
export function isScript(self: string): boolean {
  return /\.[cm]?js$/.test(self);
}
