import { digestOfParts } from '../hash/digest.ts';

/** Answers that were given before, by names that are digests. */
export interface Answers {
  /** Undefined when none is kept, or it cannot be read. It may be anything: others can write there too. */
  read(name: string): unknown;
  /** Keeps an answer for later calls, if that can be done. Never rejects. */
  keep(name: string, answer: unknown): Promise<void>;
  /** The lock for whoever is to find an answer of that name while others wait for it. Throws system errors. */
  lockOf(name: string): string;
}

/** Where the answers of a compiler are kept. */
export interface AnswerMemory {
  /** The compiler's part of the key: another compiler, another answer. */
  readonly identity: string;
  readonly answers: Answers;
}

/** The answer to a question, from the cache folder if it was asked before. An undefined answer is not kept. */
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
