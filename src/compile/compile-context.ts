import type { Config } from '../config/config.ts';
import type { Profile } from '../diagnostics/profile.ts';
import type { Trace } from '../diagnostics/trace.ts';

/** What one call of the program has of the world. */
export interface CompileContext {
  readonly config: Config;
  readonly trace: Trace;
  readonly profile: Profile;
  /** Real path of this program. */
  readonly self: string;
  /** The compiler's name under which this program was started, if it passes for one. */
  readonly calledAs: string | undefined;
  readonly stdout: (bytes: Uint8Array) => void;
  readonly stderr: (bytes: Uint8Array) => void;
  /** For a line of our own that a user must see: it may get lost, which the compiler's words may not. */
  readonly warn: (line: string) => void;
}
