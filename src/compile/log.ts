import type { Profile } from '../diagnostics/profile.ts';
import type { Trace } from '../diagnostics/trace.ts';

/** Where the program says what it does. */
export interface Log {
  readonly trace: Trace;
  readonly profile: Profile;
  /** Prints a line of clcache's own for the user. It may get lost, unlike the compiler's output. */
  readonly warn: (line: string) => void;
}
