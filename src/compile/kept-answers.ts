import type { Answers } from '../compiler/answers/remembered-answer.ts';
import type { Config } from '../config/config.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import { sizeAccounts } from '../statistics/size-accounts.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { LearntFiles } from '../storage/local/learnt-files.ts';
import { parseJson, stableStringify } from '../util/json.ts';

/** The largest answer that is stored, in bytes. */
const MAXIMUM_SIZE = 1024 * 1024;

/** The answers in the cache folder. */
export function answersOf(
  { cacheDirectory, lockTimeoutMs }: Pick<Config, 'cacheDirectory' | 'lockTimeoutMs'>,
  trace: Trace,
): Answers {
  const { compilers, statistics } = layoutOf(cacheDirectory);
  return keptAnswers(new LearntFiles(compilers, sizeAccounts(statistics, lockTimeoutMs)), trace);
}

/** Answers of compilers, stored in the cache folder by earlier calls. */
export function keptAnswers(files: LearntFiles, trace: Trace): Answers {
  return {
    read(name) {
      const text = files.read(name, MAXIMUM_SIZE);
      return text === undefined ? undefined : parseJson(text);
    },
    lockOf: (name) => files.lockOf(name),
    async keep(name, answer) {
      try {
        await files.keep(name, stableStringify(answer));
      } catch (error) {
        // The next call asks again.
        trace(() => `the compiler's answer was not stored: ${describeError(error)}`);
      }
    },
  };
}
