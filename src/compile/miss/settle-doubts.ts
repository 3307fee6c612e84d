import { readFileSync, statSync } from 'node:fs';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { LANGUAGES } from '../../commandline/languages.ts';
import { hasSameSignature } from '../../files/signature.ts';
import { assemblesFile, mayShowTime, repeatsMacros } from '../../source/preprocessed-text.ts';
import { systemName } from '../../util/byte-name.ts';
import type { Session } from '../session.ts';
import { type PreprocessedText, runPreprocessor } from '../text/preprocessed.ts';
import type { InspectedSources } from './inspect-sources.ts';
import { scanOptions } from './scan-options.ts';

export type SettledDoubts =
  | { readonly kind: 'unsupported'; readonly because: string }
  /** `showsTime`: another run of the preprocessor may give another text. */
  | { readonly kind: 'settled'; readonly showsTime: boolean };

/**
 * Decides with the preprocessed text what the sources leave open: whether macros compose a time macro, and whether an
 * assembler reads a file that no note names. The text is made if it does not exist yet, which few sources need.
 */
export async function settleDoubts(
  session: Pick<Session, 'request' | 'compiler'>,
  job: CompileJob,
  {
    sources,
    text: known,
  }: { readonly sources: InspectedSources; readonly text: PreprocessedText | undefined },
): Promise<SettledDoubts> {
  const { hasTimeMacro, mayFormTime, mayAssembleFiles, repeatsText } = sources.together;
  // Without notes of system headers, or if there is no preprocessing, some sources are unknown.
  const isBlind = session.request.call.showIncludes === 'user';
  const asksTime = mayFormTime || isBlind;
  const asksAssembler = (mayAssembleFiles || isBlind) && !LANGUAGES[job.language].isAssembled;
  const asksPragmas = (repeatsText || isBlind) && (hasTimeMacro || asksTime);
  if (!asksTime && !asksAssembler && !asksPragmas) return { kind: 'settled', showsTime: hasTimeMacro };
  // Its macros are those of the call that made it, whatever options this call has.
  if (session.request.call.precompiled?.work === 'used') {
    return { kind: 'unsupported', because: 'only text could decide, and a precompiled header has none' };
  }
  const text = known?.output ?? (await textOf(session, job, sources));
  if (!text)
    return { kind: 'unsupported', because: 'the preprocessor failed, or a file changed before it ran' };
  if (asksAssembler && assemblesFile(text)) {
    return { kind: 'unsupported', because: 'assembler text that may read a file' };
  }
  const showsTime = hasTimeMacro || (asksTime && mayShowTime(text));
  if (asksPragmas && repeatsMacros(text, scanOptions(session))) {
    return { kind: 'unsupported', because: 'a pragma may repeat the time' };
  }
  return { kind: 'settled', showsTime };
}

/** The text of the same files that were compiled. Undefined if there is none. */
async function textOf(
  session: Pick<Session, 'request' | 'compiler'>,
  job: CompileJob,
  sources: InspectedSources,
): Promise<Buffer | undefined> {
  // A preprocessed source is its own text.
  if (!LANGUAGES[job.language].hasText) return readFileSync(systemName(sources.source.path));
  const { status, stdout } = await runPreprocessor(session, job);
  const isSame = [sources.source, ...sources.headers].every(({ path, stat }) =>
    hasSameSignature(stat, statSync(systemName(path))),
  );
  return status === 0 && isSame ? stdout : undefined;
}
