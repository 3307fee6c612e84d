import type { CompileJob } from '../../commandline/compile-call.ts';
import type { SplitOutput } from '../../compiler/headers/show-includes.ts';
import type { CompilerResult } from '../../compiler/run/run.ts';
import type { Miss } from '../hit/lookup.ts';
import type { CompileBeginning } from './begin-compile.ts';
import type { HeaderWatch } from './header-watch.ts';
import type { HeaderListing } from './list-headers.ts';
import type { OutputSnapshot } from './output-files.ts';

/** Where the headers of a compile are listed. */
export type HeaderList =
  /** Nowhere, since the language includes nothing. */
  | { readonly kind: 'none' }
  /** In include notes on stdout, for which the user asked. */
  | { readonly kind: 'userNotes' }
  /** In include notes on stdout, for which clcache asked. The user must not see them. */
  | { readonly kind: 'ownNotes' }
  /** In what a separate run printed; undefined if it could not be started. */
  | { readonly kind: 'separateRun'; readonly listing: HeaderListing | undefined };

/** A miss whose compiler has ended. */
export interface EndedCompile {
  readonly job: CompileJob;
  readonly miss: Miss;
  readonly beginning: CompileBeginning;
  readonly before: OutputSnapshot;
  readonly watch: HeaderWatch;
  readonly run: CompilerResult;
  /** How long the compiler ran, in milliseconds. */
  readonly compileMs: number;
  readonly headers: HeaderList;
}

/** The same with its output read. */
export interface ReadCompile extends EndedCompile {
  /** The list of headers, and what is left of the text that it was in. */
  readonly output: SplitOutput;
  /** What the user sees. */
  readonly stdout: Buffer;
}
