import { digestOfParts } from '../../hash/digest.ts';

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
  readonly identity: string;
  readonly answers: Answers;
}

/** The answer to a question, from the cache folder if it was asked before. An undefined answer is not stored. */
export async function rememberedAnswer(
  memory: AnswerMemory,
  question: readonly string[],
  ask: () => Promise<unknown>,
): Promise<unknown> {
  const name = digestOfParts(['probe', memory.identity, ...question]);
  const known = memory.answers.read(name);
  if (known !== undefined) return known;
  const answer = await ask();
  if (answer !== undefined) await memory.answers.keep(name, answer);
  return answer;
}
