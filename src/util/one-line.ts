/** The text without control characters, which could break a line or reach a terminal. Each run of them becomes a blank. */
export function oneLine(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\xa0-\uffff]+/g, ' ');
}

/** In characters. Enough to recognise what one wrote. */
const LONGEST_QUOTE = 80;

/** A value in quotes for a message, cut if it is long. */
export function quoted(text: string): string {
  return text.length <= LONGEST_QUOTE ? `'${text}'` : `'${text.slice(0, LONGEST_QUOTE)}...'`;
}
