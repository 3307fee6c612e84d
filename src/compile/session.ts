import type { CompileCall, EnvironmentPart } from '../commandline/compile-call.ts';
import type { CompilerAtHand } from '../compiler/at-hand.ts';
import type { Store } from '../storage/store.ts';
import type { OwnDatabases } from './databases.ts';
import type { Log } from './log.ts';
import type { KnownFiles } from './open-files.ts';
import type { Tree } from './tree.ts';
import type { View } from './view.ts';

/** What all jobs of one call share. A function takes the parts that it uses. */
export interface Session {
  readonly request: Request;
  readonly compiler: CompilerAtHand;
  readonly tree: Tree;
  readonly files: KnownFiles;
  readonly store: Store;
  readonly log: Log;
  /** Set if it is kept why calls were no hits. */
  readonly reasons?: Reasons;
}

/** Where it is kept why calls were no hits, and what else is kept with it. */
export interface Reasons {
  readonly folder: string;
  /** The variables that add to the line. */
  readonly lineVariables: () => Readonly<Record<string, string | undefined>>;
}

/** What is asked of the compiler. */
export interface Request {
  readonly call: CompileCall;
  /** The variables that count. */
  readonly environmentParts: readonly EnvironmentPart[];
  readonly view: View;
  /** Set if the call makes program databases that are kept. */
  readonly databases?: OwnDatabases | undefined;
  /** False in preprocessor mode. */
  readonly isDirect: boolean;
}
