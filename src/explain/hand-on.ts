import type { UncacheableReason } from '../commandline/compile-call.ts';

/** Why the compiler gets a call unchanged. */
export type HandOnKind =
  | UncacheableReason
  | 'disabled'
  | 'otherCache'
  | 'otherProgram'
  | 'specialFile'
  | 'compilerConfiguration'
  | 'variable'
  | 'processor'
  | 'noFolder'
  | 'cacheFailed';

export interface HandOnReason {
  readonly kind: HandOnKind;
  /** What decided, and why. One line. */
  readonly because: string;
  /** The option or word that decided, if it was one. */
  readonly option?: string | undefined;
}
