/** Reads the environment. Besides main, nothing else does: the rest of the program gets values. */
import { statSync } from 'node:fs';
import type { LogTarget } from '../diagnostics/trace.ts';
import { hasLostBytes } from '../util/byte-name.ts';
import { type Environment, environmentValue } from '../util/environment.ts';
import {
  absolutePath,
  type PathStyle,
  pathRules,
  splitList,
  withoutTrailingSeparator,
  withoutVerbatimPrefix,
} from '../util/paths.ts';
import { homeOfUser, processors, userNumber } from './system.ts';
import { type Terminal, terminalOfStderr } from './terminal.ts';
import {
  type CompilerCheck,
  compilerCheck,
  isOn,
  logTarget,
  safeOptions,
  unquoted,
  wholeNumber,
} from './values.ts';
import {
  DEFAULT_LOCK_TIMEOUT_MS,
  DEFAULT_SERVER_TIMEOUT_MS,
  DEFAULT_UPLOAD_LIMIT_MS,
  type VariableName,
} from './variables.ts';

/** The folder in which Linux can still start programs if the working folder was deleted. */
const DELETED_FOLDER = '/proc/self/cwd';
/** The name that the Python clcache uses. */
const SERVER_PIPE = '\\\\.\\pipe\\clcache_srv';
const TIMEOUT = 'CLCACHE_OBJECT_CACHE_TIMEOUT_MS';
const SERVER_TIMEOUT = 'CLCACHE_SERVER_TIMEOUT_MS';
const UPLOAD_TIMEOUT = 'CLCACHE_REMOTE_UPLOAD_TIMEOUT_MS';

export interface Config {
  /** An absolute path. */
  readonly cacheDirectory: string;
  /** CLCACHE_CL as it was set: a path or a bare name. */
  readonly compiler?: string;
  readonly log: LogTarget;
  readonly disabled: boolean;
  readonly hardLink: boolean;
  readonly compress: boolean;
  readonly compressionLevel?: number;
  /** False for preprocessor mode (CLCACHE_NODIRECT). */
  readonly direct: boolean;
  /** Absolute, without trailing separators, in the order given. Their numbers must mean the same in every tree. */
  readonly baseDirectories: readonly string[];
  readonly lockTimeoutMs: number;
  /** Unknown options that are treated as safe, as they were set. */
  readonly safeOptions: readonly string[];
  readonly profile: boolean;
  readonly server: boolean;
  /** How long a call waits for the hash server, in milliseconds. */
  readonly serverTimeoutMs: number;
  /** The address of the hash server: a named pipe on Windows, elsewhere a socket in a folder of this user. */
  readonly serverAddress: string;
  readonly compilerCheck: CompilerCheck;
  readonly hashCache: boolean;
  /** CLCACHE_REMOTE and CLCACHE_MEMCACHED as they were set. They may hold passwords. */
  readonly remote?: string;
  readonly memcached?: string;
  readonly remoteOnly: boolean;
  readonly remoteSecret?: string;
  /** How long all uploads of a call may take together, in milliseconds. */
  readonly uploadLimitMs: number;
  /** A copy of the whole environment with unchanged names. Read it with `environmentValue`. */
  readonly environment: Environment;
  readonly workingDirectory: string;
  /** True if the working folder was deleted (only absolute paths work then) or its name is not UTF-8. */
  readonly isFolderGone: boolean;
  readonly style: PathStyle;
  readonly homeDirectory: string;
  /** The system is asked when this is read. */
  readonly processorCount: number;
  /** The terminal of stderr, if it is one. The system is asked when this is read. */
  readonly terminal: Terminal | undefined;
  /** Values that were not understood, with the value used instead, one line each, for the log. */
  readonly problems: readonly string[];
}

/** The part of `process` that is read. Tests pass their own. */
export interface ProcessView {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  cwd(): string;
}

/**
 * Reads the configuration from a process. Never fails: a bad value gives a line in `problems`, and the default is used.
 */
export function readConfig(process: ProcessView): Config {
  const style: PathStyle = process.platform === 'win32' ? 'win32' : 'posix';
  const environment = Object.freeze({ ...process.env });
  const problems: string[] = [];
  const variable = (name: string): string | undefined => environmentValue(environment, style, name);
  const value = (name: VariableName): string | undefined => unquoted(variable(name));
  const found = currentFolder(process);
  const workingDirectory = found ?? (process.platform === 'linux' ? DELETED_FOLDER : variable('PWD')) ?? '/';
  const homeDirectory =
    variable(style === 'win32' ? 'USERPROFILE' : 'HOME') || homeOfUser() || workingDirectory;
  const absolute = (path: string): string => absolutePath(style, workingDirectory, path);
  const compiler = value('CLCACHE_CL');
  const remote = value('CLCACHE_REMOTE');
  const memcached = value('CLCACHE_MEMCACHED');
  const remoteSecret = variable('CLCACHE_REMOTE_SECRET') || undefined;
  const compressionLevel = wholeNumber('CLCACHE_COMPRESSLEVEL', value('CLCACHE_COMPRESSLEVEL'), problems);

  return Object.freeze({
    cacheDirectory: cacheFolder(
      style,
      absolute,
      value('CLCACHE_DIR'),
      homeDirectory,
      variable('LOCALAPPDATA'),
    ),
    ...(compiler !== undefined && { compiler }),
    log: logTarget(value('CLCACHE_LOG'), absolute),
    disabled: isOn(variable('CLCACHE_DISABLE')),
    hardLink: isOn(variable('CLCACHE_HARDLINK')),
    compress: isOn(variable('CLCACHE_COMPRESS')),
    ...(compressionLevel !== undefined && { compressionLevel }),
    direct: !isOn(variable('CLCACHE_NODIRECT')),
    baseDirectories: Object.freeze(
      splitList(value('CLCACHE_BASEDIR'), ';').map((folder) =>
        withoutTrailingSeparator(style, absolute(folder)),
      ),
    ),
    lockTimeoutMs: wholeNumber(TIMEOUT, value(TIMEOUT), problems) ?? DEFAULT_LOCK_TIMEOUT_MS,
    safeOptions: Object.freeze(safeOptions(value('CLCACHE_SAFE_OPTIONS'), problems)),
    profile: isOn(variable('CLCACHE_PROFILE')),
    server: isOn(variable('CLCACHE_SERVER')),
    serverTimeoutMs:
      wholeNumber(SERVER_TIMEOUT, value(SERVER_TIMEOUT), problems) ?? DEFAULT_SERVER_TIMEOUT_MS,
    compilerCheck: compilerCheck(value('CLCACHE_COMPILER_CHECK'), problems),
    // MSBuild's Tracker counts as dependencies only the files that it sees clcache open. If clcache only looked at the
    // times of a header, the next build would not notice that the header changed (clcache issue 319).
    hashCache: !isOn(variable('CLCACHE_NOHASHCACHE')) && variable('TRACKER_ENABLED') === undefined,
    ...(remote !== undefined && { remote }),
    ...(memcached !== undefined && { memcached }),
    remoteOnly: isOn(variable('CLCACHE_REMOTE_ONLY')),
    ...(remoteSecret !== undefined && { remoteSecret }),
    uploadLimitMs: wholeNumber(UPLOAD_TIMEOUT, value(UPLOAD_TIMEOUT), problems) ?? DEFAULT_UPLOAD_LIMIT_MS,
    environment,
    workingDirectory,
    isFolderGone: found === undefined,
    style,
    homeDirectory,
    get serverAddress() {
      return style === 'win32' ? SERVER_PIPE : socketOfUser(variable('XDG_RUNTIME_DIR'), variable('TMPDIR'));
    },
    get processorCount() {
      return processors();
    },
    get terminal() {
      return terminalOfStderr();
    },
    problems: Object.freeze(problems),
  });
}

/** CLCACHE_DIR, else the home folder, as in the Python clcache. New on Windows: %LOCALAPPDATA%, which does not roam. */
function cacheFolder(
  style: PathStyle,
  absolute: (path: string) => string,
  chosen: string | undefined,
  homeDirectory: string,
  localAppData: string | undefined,
): string {
  // In a verbatim path (`\\?\`) a slash would be part of a name.
  if (chosen !== undefined) return withoutVerbatimPrefix(absolute(chosen));
  const rules = pathRules(style);
  const atHome = rules.join(homeDirectory, 'clcache');
  if (style === 'posix' || !localAppData || isFolder(atHome)) return absolute(atHome);
  return absolute(rules.join(localAppData, 'clcache'));
}

/**
 * `XDG_RUNTIME_DIR` belongs to one user. In the common folder for temporary files the user's number goes into the name.
 */
function socketOfUser(runtimeFolder: string | undefined, temporaryFolder: string | undefined): string {
  const rules = pathRules('posix');
  const folder =
    runtimeFolder !== undefined && rules.isAbsolute(runtimeFolder)
      ? rules.join(runtimeFolder, 'clcache')
      : rules.join(temporaryFolder || '/tmp', `clcache-${userNumber()}`);
  return rules.join(folder, 'server.sock');
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The working folder may have been deleted. Then it has no name. */
function currentFolder(process: ProcessView): string | undefined {
  try {
    const folder = process.cwd();
    return hasLostBytes(folder) ? undefined : folder;
  } catch {
    return undefined;
  }
}
