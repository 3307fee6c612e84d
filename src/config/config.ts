/** The only reader of the environment (with main): everything that the rest of the program may know of it, as a value. */
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
import { DEFAULT_LOCK_TIMEOUT_MS, DEFAULT_UPLOAD_LIMIT_MS, type VariableName } from './variables.ts';

/** Where Linux still lets programs be started in a folder that was deleted. */
const DELETED_FOLDER = '/proc/self/cwd';
/** The original's. */
const SERVER_PIPE = '\\\\.\\pipe\\clcache_srv';
const TIMEOUT = 'CLCACHE_OBJECT_CACHE_TIMEOUT_MS';
const UPLOAD_TIMEOUT = 'CLCACHE_REMOTE_UPLOAD_TIMEOUT_MS';

export interface Config {
  /** Absolute. */
  readonly cacheDirectory: string;
  /** CLCACHE_CL as it was set: a path or a bare name. */
  readonly compiler?: string;
  readonly log: LogTarget;
  readonly disabled: boolean;
  readonly hardLink: boolean;
  readonly compress: boolean;
  readonly compressionLevel?: number;
  /** False: decide on the preprocessed text (CLCACHE_NODIRECT). */
  readonly direct: boolean;
  /** Absolute, without trailing separators, in the order given: their numbers must mean the same in every tree. */
  readonly baseDirectories: readonly string[];
  readonly lockTimeoutMs: number;
  /** Options that are taken for safe though no table knows them, as they were set. */
  readonly safeOptions: readonly string[];
  readonly profile: boolean;
  readonly server: boolean;
  /** Where the hash server listens: a named pipe, elsewhere a socket in a folder of this user's. */
  readonly serverAddress: string;
  readonly compilerCheck: CompilerCheck;
  readonly hashCache: boolean;
  /** CLCACHE_REMOTE and CLCACHE_MEMCACHED as they were set; they may hold passwords. */
  readonly remote?: string;
  readonly memcached?: string;
  readonly remoteOnly: boolean;
  readonly remoteSecret?: string;
  /** How long all uploads of a call may take together. */
  readonly uploadLimitMs: number;
  /** A copy of the whole environment, names as they were. Read it with `environmentValue`. */
  readonly environment: Environment;
  readonly workingDirectory: string;
  /** True when the working folder was deleted (only absolute names lead anywhere then), or has a name that is no text. */
  readonly isFolderGone: boolean;
  readonly style: PathStyle;
  readonly homeDirectory: string;
  /** Asked of the system only when read. */
  readonly processorCount: number;
  /** The terminal that stderr is, if it is one; asked of the system only when read. */
  readonly terminal: Terminal | undefined;
  /** Values that were no good and what is used instead, one line each, for the trace. */
  readonly problems: readonly string[];
}

/** The slice of `process` that is read; tests give their own. */
export interface ProcessView {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  cwd(): string;
}

/** Reads the configuration from a process. Never fails: a bad value is a line in `problems`, and the default holds. */
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
    compilerCheck: compilerCheck(value('CLCACHE_COMPILER_CHECK'), problems),
    // MSBuild's Tracker takes for a dependency what it sees us open; a header that is only looked at is none, and the
    // next build would not notice its change (clcache issue 319 on what Tracker does).
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

/** As the original: CLCACHE_DIR, else in the home folder. New on Windows: %LOCALAPPDATA%, which does not roam. */
function cacheFolder(
  style: PathStyle,
  absolute: (path: string) => string,
  chosen: string | undefined,
  homeDirectory: string,
  localAppData: string | undefined,
): string {
  // Below a verbatim path our own slashes would be parts of names.
  if (chosen !== undefined) return withoutVerbatimPrefix(absolute(chosen));
  const rules = pathRules(style);
  const atHome = rules.join(homeDirectory, 'clcache');
  if (style === 'posix' || !localAppData || isFolder(atHome)) return absolute(atHome);
  return absolute(rules.join(localAppData, 'clcache'));
}

/** `XDG_RUNTIME_DIR` is a user's own; what is in a folder for temporary files of all needs the user in its name. */
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

/** A program may stand in a folder that was deleted: then it has no name (see `bin/dev/deleted-folder.ts` for ours). */
function currentFolder(process: ProcessView): string | undefined {
  try {
    const folder = process.cwd();
    return folder === DELETED_FOLDER || hasLostBytes(folder) ? undefined : folder;
  } catch {
    return undefined;
  }
}
