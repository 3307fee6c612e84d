import type { SplitOutput } from '../compiler/show-includes.ts';
import type { CompileBeginning } from './begin-compile.ts';
import type { HeaderWatch } from './header-watch.ts';
import type { OutputSnapshot } from './output-files.ts';

/** What storing must know of a successful compile. */
export interface CompileResult {
  readonly beginning: CompileBeginning;
  readonly watch: HeaderWatch;
  readonly before: OutputSnapshot;
  /** The compiler's output, split into include notes and the rest. */
  readonly output: SplitOutput;
  /** False if the run that should list the headers failed. */
  readonly areHeadersListed: boolean;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}
