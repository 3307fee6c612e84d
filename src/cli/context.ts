import type { FoundCompiler } from '../compile/find-compiler.ts';
import type { Config } from '../config/config.ts';

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
    | 'workingDirectory'
    | 'style'
  >;
  /** The real path of this program. Shipped files lie beside it. */
  readonly self: string;
  /** Finds the compiler of a call that names none. Missing in tests that do not need it. */
  readonly findCompiler?: () => Promise<FoundCompiler>;
  /** Lists what is wrong with settings and folders, one line each. Missing in tests that do not need it. */
  readonly findProblems?: () => Promise<readonly string[]>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** True if stderr is a terminal. Only there is progress shown. */
  readonly isTerminal: boolean;
}
