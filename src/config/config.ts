/** Reads the environment and `config.txt`. Besides main, nothing else does: the rest of the program gets values. */
import { hasLostBytes } from '../util/byte-name.ts';
import { type Environment, environmentValue } from '../util/environment.ts';
import { oneLine } from '../util/one-line.ts';
import { absolutePath, type PathStyle } from '../util/paths.ts';
import { cacheFolder } from './cache-folder.ts';
import type { Reading } from './kinds.ts';
import { readSettings, settingsFileIn } from './settings-file.ts';
import { homeOfUser, machineName, processors } from './system.ts';
import { type Terminal, terminalOfStderr } from './terminal.ts';
import { folderOfUser } from './user-folder.ts';
import {
  isVariableName,
  type Settings,
  VARIABLES,
  type VariableName,
  type VariableRow,
} from './variables.ts';

/** The folder in which Linux can still start programs if the working folder was deleted. */
const DELETED_FOLDER = '/proc/self/cwd';
/** The name that the Python clcache uses. */
const SERVER_PIPE = '\\\\.\\pipe\\clcache_srv';

/** What each variable of clcache means (`variables.ts`), and what else the program must know of its surroundings. */
export interface Config extends Settings {
  /** The address of the hash server: a named pipe on Windows, elsewhere a socket in a folder of this user. */
  readonly serverAddress: string;
  /**
   * A copy of the whole environment with unchanged names, and with the variables of `config.txt` that it lacks. Read it
   * with `environmentValue`.
   */
  readonly environment: Environment;
  /** The variables that come from `config.txt`. */
  readonly fromFile: readonly VariableName[];
  readonly workingDirectory: string;
  /** True if the working folder was deleted (only absolute paths work then) or its name is not UTF-8. */
  readonly isFolderGone: boolean;
  readonly style: PathStyle;
  readonly homeDirectory: string;
  /** The system is asked when this is read. */
  readonly processorCount: number;
  /** The name of this machine in its network. The system is asked when this is read. */
  readonly machineName: string;
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
  const given: Environment = { ...process.env };
  const problems: string[] = [];
  const givenValue = (name: string): string | undefined => environmentValue(given, style, name);
  const found = currentFolder(process);
  const workingDirectory =
    found ?? (process.platform === 'linux' ? DELETED_FOLDER : givenValue('PWD')) ?? '/';
  const homeDirectory =
    givenValue(style === 'win32' ? 'USERPROFILE' : 'HOME') || homeOfUser() || workingDirectory;
  const absolute = (path: string): string => absolutePath(style, workingDirectory, path);
  const reading = { style, homeDirectory, absolute, problems };
  const cacheDirectory = cacheFolder.read(
    givenValue('CLCACHE_DIR'),
    { ...reading, variable: givenValue },
    '',
  );
  const file = readSettings(settingsFileIn(cacheDirectory));
  problems.push(...(file.problem === undefined ? [] : [file.problem]), ...file.oddities);
  const added = Object.entries(file.variables).filter(([name]) => givenValue(name) === undefined);
  const environment = Object.freeze({ ...given, ...Object.fromEntries(added) });
  const variable = (name: string): string | undefined => environmentValue(environment, style, name);
  const settings = readVariables({ ...reading, variable }, { cacheDirectory });

  return Object.freeze({
    ...settings,
    environment,
    fromFile: Object.freeze(added.map(([name]) => name).filter(isVariableName)),
    workingDirectory,
    isFolderGone: found === undefined,
    style,
    homeDirectory,
    get serverAddress() {
      return style === 'win32' ? SERVER_PIPE : `${folderOfUser(variable)}/server.sock`;
    },
    get processorCount() {
      return processors();
    },
    get machineName() {
      return machineName();
    },
    get terminal() {
      return terminalOfStderr();
    },
    problems: Object.freeze(problems.map(oneLine)),
  });
}

/** `known` is what was read before. */
function readVariables(reading: Reading, known: Pick<Settings, 'cacheDirectory'>): Settings {
  const values: Record<string, unknown> = { ...known };
  for (const [name, { setting, kind }] of Object.entries<VariableRow>(VARIABLES)) {
    if (setting in values) continue;
    const value = kind.read(reading.variable(name), reading, name);
    if (value !== undefined) values[setting] = value;
  }
  // The type is made from the same rows.
  return values as Settings;
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
