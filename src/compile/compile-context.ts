import type { Config } from '../config/config.ts';
import type { Profile } from '../diagnostics/profile.ts';
import type { Trace } from '../diagnostics/trace.ts';

/** What one call of the program gets from outside. */
export interface CompileContext {
  readonly config: Config;
  readonly trace: Trace;
  readonly profile: Profile;
  /** The real path of this program. */
  readonly self: string;
  /** The compiler's name under which this program was started, if it has such a name. */
  readonly calledAs: string | undefined;
  readonly stdout: (bytes: Uint8Array) => void;
  readonly stderr: (bytes: Uint8Array) => void;
  /** Prints a line of clcache's own for the user. It may get lost, unlike the compiler's output. */
  readonly warn: (line: string) => void;
}
