import { digestOfParts } from '../../hash/digest.ts';
import type { Later } from '../../util/later.ts';

/** Stored answers of compilers, by names that are digests. */
export interface Answers {
  /**
   * Undefined if no answer is stored, or it cannot be read. It may have any shape, because other users can write there.
   */
  read(name: string): unknown;
  /** Stores an answer for later calls, if possible. Never rejects. */
  keep(name: string, answer: unknown): Promise<void>;
  /** A lock for the process that asks, while others wait for the answer. Throws system errors. */
  lockOf(name: string): string;
}

/** Where the answers of a compiler are stored. */
export interface AnswerMemory {
  /** The compiler's part of the key: another compiler has other answers. */
  readonly identity: Later<string>;
  readonly answers: Answers;
}

/** The answer to a question, from the cache folder if it was asked before. An undefined answer is not stored. */
export async function rememberedAnswer(
  memory: AnswerMemory,
  question: readonly string[],
  ask: () => Promise<unknown>,
): Promise<unknown> {
  const nameOf = (identity: string) => digestOfParts(['probe', identity, ...question]);
  const { known: identity } = memory.identity;
  // A compiler that was not met before is asked while its files are being hashed.
  if (identity === undefined) {
    const [answer, found] = await Promise.all([ask(), memory.identity.get()]);
    if (answer !== undefined) await memory.answers.keep(nameOf(found), answer);
    return answer;
  }
  const name = nameOf(identity);
  const known = memory.answers.read(name);
  if (known !== undefined) return known;
  const answer = await ask();
  if (answer !== undefined) await memory.answers.keep(name, answer);
  return answer;
}
