import type { SplitOutput } from '../compiler/show-includes.ts';
import type { CompileBeginning } from './begin-compile.ts';
import type { HeaderWatch } from './header-watch.ts';
import type { OutputSnapshot } from './output-files.ts';

/** A compile that has ended well, as far as storing must know it. */
export interface CompileResult {
  readonly beginning: CompileBeginning;
  readonly watch: HeaderWatch;
  readonly before: OutputSnapshot;
  /** The compiler's output parted into include notes and the rest. */
  readonly output: SplitOutput;
  /** False when the run that was to list the headers failed. */
  readonly areHeadersListed: boolean;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}
