import { digestOfParts } from '../hash/digest.ts';
import { writeFileAtomicSync } from '../util/atomic-file.ts';
import { readJsonFile, stableStringify } from '../util/json.ts';

/** Of an answer that is kept, in bytes. */
const MAXIMUM_ANSWER_SIZE = 1024 * 1024;

/** Where the answers of a compiler are kept. */
export interface AnswerMemory {
  /** The compiler's part of the key: another compiler, another answer. */
  readonly identity: string;
  readonly answerFile: (name: string) => string;
}

/** The answer to a question, from the cache folder if it was asked before. An undefined answer is not kept. */
export async function rememberedAnswer(
  memory: AnswerMemory,
  question: readonly string[],
  ask: () => Promise<unknown>,
): Promise<unknown> {
  const file = memory.answerFile(digestOfParts(['probe', memory.identity, ...question]));
  try {
    const known = readJsonFile(file, MAXIMUM_ANSWER_SIZE);
    if (known !== undefined) return known;
  } catch {
    // Broken: asked anew and replaced.
  }
  const answer = await ask();
  try {
    if (answer !== undefined) writeFileAtomicSync(file, stableStringify(answer));
  } catch {
    // A cache folder that cannot be written: the next call asks again.
  }
  return answer;
}
