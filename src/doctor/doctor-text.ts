/** The findings as lines for a person, and as JSON. */
import type { TextLook } from '../config/terminal.ts';
import { wrapped } from '../util/wrapped.ts';
import { CHECKS } from './checks.ts';
import type { Finding, Mark } from './finding.ts';

const WIDTH = 80;
const MARKS: Readonly<
  Record<Mark, { readonly sign: string; readonly plain: string; readonly colour: number }>
> = {
  good: { sign: '✓', plain: 'ok', colour: 32 },
  look: { sign: '!', plain: '!', colour: 33 },
  bad: { sign: '✗', plain: 'X', colour: 31 },
};
const TITLE_WIDTH = Math.max(...CHECKS.map(({ title }) => title.length));

/** The lines of a check, each with a line feed: mark, title, what was found, and below it what to do. */
export function findingText(title: string, { mark, found, advice }: Finding, look: TextLook): string {
  const { sign, plain, colour } = MARKS[mark];
  const shown = look.signs ? sign : plain;
  const begin = `${shown.padEnd(look.signs ? 1 : 2)} ${title.padEnd(TITLE_WIDTH)}  `;
  const indent = ' '.repeat(begin.length);
  const arrow = look.signs ? '→ ' : '-> ';
  const lines = [
    ...wrapped(found, WIDTH - begin.length),
    ...(advice === undefined
      ? []
      : wrapped(advice, WIDTH - begin.length - arrow.length).map(
          (line, index) => `${index === 0 ? arrow : ' '.repeat(arrow.length)}${line}`,
        )),
  ];
  const text = lines.map((line, index) => `${index === 0 ? begin : indent}${line}\n`).join('');
  return look.colours ? text.replace(shown, `\u001b[${colour}m${shown}\u001b[0m`) : text;
}

/** The last lines: whether a build would be served. */
export function summaryText(all: readonly CheckedFinding[]): string {
  const titlesOf = (isMeant: (finding: Finding) => boolean) => [
    ...new Set(all.filter(({ finding }) => isMeant(finding)).map(({ title }) => title)),
  ];
  const stopping = titlesOf(({ stops }) => stops === true);
  const others = titlesOf(({ mark, stops }) => mark !== 'good' && stops !== true);
  const rest = others.length === 0 ? '' : ` Look at: ${others.join(', ')}.`;
  const verdict =
    stopping.length === 0
      ? 'A build would be served.'
      : `A build would not be served: ${stopping.join(', ')}.`;
  return `\n${wrapped(`${verdict}${rest}`, WIDTH).join('\n')}\n`;
}

export interface CheckedFinding {
  readonly title: string;
  readonly finding: Finding;
}

/** True if nothing that was found keeps a build from being served. */
export function isServed(all: readonly CheckedFinding[]): boolean {
  return all.every(({ finding }) => finding.stops !== true);
}

/** One JSON object: `served`, and `findings` with `check`, `mark`, `found`, `advice` and `stops`. */
export function doctorJson(all: readonly CheckedFinding[]): string {
  const findings = all.map(({ title, finding }) => ({ check: title, ...finding }));
  return `${JSON.stringify({ served: isServed(all), findings }, undefined, 2)}\n`;
}
