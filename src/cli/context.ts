import type { FoundCompiler } from '../compile/find-compiler.ts';
import type { Config } from '../config/config.ts';
import type { TextLook } from '../config/terminal.ts';
import type { Listener } from '../doctor/examine.ts';

/** What is on a line of clcache's own, besides the option that names the action. */
export interface OwnLine {
  /** The value of this option. Empty if it takes none. */
  readonly value: string;
  /** Its values, if it takes any number of them. */
  readonly values: readonly string[];
  /** The modifiers on the line by their long names, each with its value, or with an empty text. */
  readonly modifiers: Readonly<Record<string, string>>;
  /** The text of `--help`. */
  readonly help: () => string;
}

/** What the actions of clcache's own options may use. */
export interface CliContext {
  readonly config: Pick<
    Config,
    | 'cacheDirectory'
    | 'lockTimeoutMs'
    | 'hardLink'
    | 'compress'
    | 'compressionLevel'
    | 'remote'
    | 'memcached'
    | 'remoteSecret'
    | 'remoteSign'
    | 'remoteTrust'
    | 'workingDirectory'
    | 'style'
    | 'environment'
    | 'homeDirectory'
    | 'disabled'
    | 'fromFile'
    | 'problems'
  >;
  /** The real path of this program. Shipped files lie beside it. */
  readonly self: string;
  /** Finds the compiler of a call that names none. Missing in tests that do not need it. */
  readonly findCompiler?: () => Promise<FoundCompiler>;
  /** Lists what is wrong with settings and folders, one line each. Missing in tests that do not need it. */
  readonly findProblems?: () => Promise<readonly string[]>;
  /** Makes the checks of `--doctor`. Missing in tests that do not need it. */
  readonly examine?: (listener: Listener) => Promise<void>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** True if stderr is a terminal. Only there is progress shown. */
  readonly isTerminal: boolean;
  /** How text on stdout may look. If it is missing: without colours, in ASCII. */
  readonly look?: TextLook;
}
