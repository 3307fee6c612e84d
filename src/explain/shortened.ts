/** The most characters of an option or a value in a sentence. A clang that names each feature of its processor has thousands. */
const LONGEST = 200;

/** A text of the user for a sentence, with the length of what it leaves out. Pure. */
export function shortened(text: string): string {
  return text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST)}... (${text.length - LONGEST} characters more)`;
}
