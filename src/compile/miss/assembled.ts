import { readFileSync } from 'node:fs';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { LANGUAGES } from '../../commandline/languages.ts';
import { fileReadByAssembler } from '../../source/assembler-text.ts';
import type { Session } from '../session.ts';
import { runPreprocessor } from '../text/preprocessed.ts';

/**
 * Why the result of a source for the assembler is not stored: it may read a file, and the assembler does not report
 * that. What macros of the preprocessor make of the source only shows in the preprocessed text. Undefined if it may be
 * stored, and for other languages.
 */
export async function problemOfAssembled(
  session: Pick<Session, 'request' | 'compiler' | 'tree'>,
  job: CompileJob,
): Promise<string | undefined> {
  const { isAssembled, hasText } = LANGUAGES[job.language];
  if (!isAssembled) return undefined;
  if (!hasText) return fileReadByAssembler(readFileSync(session.tree.absolute(job.source), 'latin1'));
  const { status, stdout } = await runPreprocessor(session, job);
  return status === 0 ? fileReadByAssembler(stdout.toString('latin1')) : 'the preprocessor failed';
}
