/** How the scripts speak: colours and a line that updates on a terminal, plain lines elsewhere. */
const IS_TERMINAL = process.stdout.isTTY === true;
const HAS_COLOURS = IS_TERMINAL && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
/** A terminal that does not say its width has 0 columns. */
const WIDTH = process.stdout.columns || 80;
const CLEAR_LINE = '\r\u001b[2K';
const PLAIN_STEPS = 4;
/** What takes away a line that `progressLine` has left, before another text. */
export const clearLine = IS_TERMINAL ? CLEAR_LINE : '';

const paint = (code: number) => (text: string) => (HAS_COLOURS ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

/** Progress of one phase: on a terminal one line that updates, else a line whenever another quarter is done. */
export function progress(title: string, total: number) {
  let shown = -1;
  return {
    step(done: number, what = '') {
      if (IS_TERMINAL) {
        const line = `${title}  ${done}/${total}  ${what}`;
        process.stdout.write(`${CLEAR_LINE}${line.slice(0, WIDTH - 1)}`);
        return;
      }
      const quarter = Math.floor((done * PLAIN_STEPS) / total);
      if (quarter > shown && done < total) console.log(`${title}  ${done}/${total}`);
      shown = Math.max(shown, quarter);
    },
    end(result: string) {
      console.log(`${IS_TERMINAL ? CLEAR_LINE : ''}${title}  ${total}/${total}  ${dim(result)}`);
    },
  };
}

/** How long a log stays silent while work goes on. */
const SILENCE_MS = 20_000;

/**
 * What shows how far work is, to be written by the caller: on a terminal one line that is written over, with some
 * detail, else the text as a line of its own once in a while.
 */
export function progressLine() {
  let next = performance.now() + SILENCE_MS;
  return {
    update(text: string, detail: string) {
      if (IS_TERMINAL)
        return `${CLEAR_LINE}${text}  ${dim(detail.slice(0, Math.max(0, WIDTH - text.length - 3)))}`;
      if (performance.now() < next) return '';
      next = performance.now() + SILENCE_MS;
      return `${text}\n`;
    },
  };
}

/** A table with a headline: the first column to the left, the others to the right. */
export function table(headline: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [headline, ...rows].map((row) => row.map(String));
  const widths = headline.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  const [first, ...others] = all.map((row) => row.map(cell).join('   '));
  return [bold(first ?? ''), ...others].join('\n');
}

export const seconds = (milliseconds: number) =>
  `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
