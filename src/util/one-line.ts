/** The text without control characters, which could break a line or reach a terminal. Each run of them becomes a blank. */
export function oneLine(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\xa0-\uffff]+/g, ' ');
}
