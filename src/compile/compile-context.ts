import type { Config } from '../config/config.ts';
import type { Log } from './log.ts';

/** What one call of the program gets from outside. */
export interface CompileContext extends Log {
  readonly config: Config;
  /** The real path of this program. */
  readonly self: string;
  /** The compiler's name under which this program was started, if it has such a name. */
  readonly calledAs: string | undefined;
  readonly stdout: (bytes: Uint8Array) => void;
  readonly stderr: (bytes: Uint8Array) => void;
}
