/** Finds out what keeps clcache from doing what the settings say. `clcache -s` shows it. */
import { locateCompiler } from '../compiler/identity/locate.ts';
import type { Config } from '../config/config.ts';
import { exposedKey, exposedSecret } from '../config/private-settings.ts';
import { variableProblems } from '../config/variable-problems.ts';
import { logProblem } from '../diagnostics/log-problem.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { folderProblem } from '../storage/local/try-folder.ts';
import { hasRemotes } from '../storage/open-store.ts';
import { readSealing } from '../storage/wire/read-sealing.ts';
import { statIfThere } from '../util/file-stat.ts';
import { quoted } from '../util/one-line.ts';

/** One line for each problem with variables, the compiler, the log and the cache folder. Leaves no file behind. */
export function problemsOf(config: Config, self: string): readonly string[] {
  const { environment, style, log, cacheDirectory, baseDirectories } = config;
  const read = readSealing(hasRemotes(config) ? config : {});
  return [
    ...variableProblems(environment, style),
    ...config.problems,
    ...listOf(exposedSecret(layoutOf(cacheDirectory).settingsFile)),
    ...listOf(exposedKey(config.remoteSign)),
    ...baseDirectories
      .filter((folder) => !statIfThere(folder)?.isDirectory())
      .map((folder) => `CLCACHE_BASEDIR does not name a folder: ${quoted(folder)}`),
    ...compilerProblem(config, self),
    ...(config.remoteOnly && !hasRemotes(config)
      ? ['CLCACHE_REMOTE_ONLY does nothing where no store is named: the local folder is used']
      : []),
    ...(read.kind === 'unusable' ? [`no shared store is used: ${read.because}`] : []),
    ...(log.kind === 'file' ? listOf(logProblem(log.path)) : []),
    ...listOf(folderProblem(layoutOf(cacheDirectory))),
  ];
}

/** A call of a build may name its compiler itself. */
function compilerProblem(config: Config, self: string): string[] {
  const { compiler: configured, environment, style, workingDirectory } = config;
  if (configured === undefined) return [];
  const located = locateCompiler({ arguments: [], configured, environment, style, workingDirectory, self });
  return located.kind === 'found'
    ? []
    : [`CLCACHE_CL names no compiler that is there: searched ${located.searched}`];
}

function listOf(problem: string | undefined): string[] {
  return problem === undefined ? [] : [problem];
}
