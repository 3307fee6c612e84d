/** The words that switch a switch off, in a variable and in the address of a store. Case does not matter. */
export const OFF_WORDS: readonly string[] = ['0', 'false', 'no', 'off'];

export function isOffWord(text: string): boolean {
  return OFF_WORDS.includes(text.toLowerCase());
}
