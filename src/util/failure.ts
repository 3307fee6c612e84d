/** What went wrong with a piece of work, in one text. Undefined if it succeeded. */
export function failureOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
