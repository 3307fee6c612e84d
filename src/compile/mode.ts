import type { CompileJob } from '../commandline/compile-call.ts';
import { LANGUAGES } from '../commandline/languages.ts';
import { isRawName } from '../util/byte-name.ts';
import type { InspectedSources } from './miss/inspect-sources.ts';
import type { Session } from './session.ts';
import type { PreprocessedText } from './text/preprocessed.ts';

/** What decides whether a result may be served: the files that a compile read, or its preprocessed text. */
export type Mode = 'files' | 'text';

/** What is known of a job by now. */
export interface ModeEvidence {
  /** Set if the text was needed for the lookup. */
  readonly text?: PreprocessedText | undefined;
  /** Set when the compiler has ended. */
  readonly sources?: InspectedSources;
  /** True if another run of the preprocessor may print another text. */
  readonly showsTime?: boolean;
}

/** The mode of a job. What is found later can turn it from files to text, never back. */
export function modeOf(
  { request }: Pick<Session, 'request'>,
  job: CompileJob,
  { text, sources, showsTime = false }: ModeEvidence = {},
): Mode {
  // `/showIncludes:user` hides the system headers from clcache as well.
  const isAskedFor = !request.isDirect || request.call.showIncludes === 'user';
  if (isAskedFor && LANGUAGES[job.language].hasText) return 'text';
  return text || showsTime || (sources && areUndecided(sources)) ? 'text' : 'files';
}

/** A manifest cannot name a file whose name is not UTF-8. */
function areUndecided({ headers, together }: InspectedSources): boolean {
  return together.isVolatile || headers.some(({ path }) => isRawName(path));
}
