import type { CompilerAtHand } from '../at-hand.ts';
import { rememberedAnswer } from './remembered-answer.ts';

/**
 * Those of `words` that this clang-cl does not know. It ignores each of them with a warning, and does not take the next
 * word as its value. Versions differ in these words, so clang-cl is asked once for each set of words: its driver reads
 * them and says so, and compiles nothing.
 */
export async function ignoredWords(
  compiler: CompilerAtHand,
  words: readonly string[],
): Promise<ReadonlySet<string>> {
  const question = ['ignored', compiler.record.versionText, ...words];
  const answer = await rememberedAnswer(compiler, question, async () => {
    const { stderr } = await compiler.run(['-###', '/c', ...words], { isQuestion: true });
    return words.filter((word) => saysIgnored(stderr.toString('utf8'), word));
  });
  const ignored: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return new Set(words.filter((word) => ignored.includes(word)));
}

/** `warn_drv_unknown_argument_clang_cl`, with and without a suggestion. */
function saysIgnored(stderr: string, word: string): boolean {
  const head = 'unknown argument ignored in clang-cl';
  return stderr.includes(`${head}: '${word}' [-W`) || stderr.includes(`${head} '${word}'; did you mean '`);
}
