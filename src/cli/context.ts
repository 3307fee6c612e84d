import type { FoundCompiler } from '../compile/find-compiler.ts';
import type { Config } from '../config/config.ts';

/** What an own command of clcache may use. */
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
  /** Real path of this program: what is shipped with it lies beside it. */
  readonly self: string;
  /** The compiler that a call without one would run; not there where nobody can ask. */
  readonly findCompiler?: () => Promise<FoundCompiler>;
  /** What is wrong with settings and folders, one line each; not there where nobody can ask. */
  readonly findProblems?: () => Promise<readonly string[]>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** True if stderr is a terminal, where progress may be shown. */
  readonly isTerminal: boolean;
}
