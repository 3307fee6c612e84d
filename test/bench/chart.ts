/** The results as an SVG picture: bars, one panel for each measurement. Legible on light and on dark pages. */
import type { Measured, Row } from './bench.ts';
import { number } from './table.ts';

const WIDTH = 820;
const LABELS = 300;
const VALUES = 96;
const BAR = 14;
const ROW = 22;
const HEAD = 34;
const GAP = 18;
const MARGIN = 20;

/** A bar that is this many times as long as the next one is cut, because the others could not be told apart. */
const CUT = 3;

const STYLE = `
  .page { fill: #ffffff; stroke: #d0d7de }
  text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 13px }
  .small { fill: #59636e; font-size: 11px }
  .own { fill: #0969da }
  .other { fill: #a3adb8 }
  .cut { stroke: #ffffff; stroke-width: 3 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #3d444d }
    text { fill: #f0f6fc }
    .small { fill: #9198a1 }
    .own { fill: #4493f8 }
    .other { fill: #656c76 }
    .cut { stroke: #0d1117 }
  }
`;

/** The picture of all measurements that compare something and have results. */
export function chart(results: readonly Measured[], machine: string): string {
  const shown = results.filter(({ rows }) => rows.length > 1 && rows.some(({ value }) => value > 0));
  const panels: string[] = [];
  let y = MARGIN;
  for (const result of shown) {
    panels.push(panel(result, y));
    y += heightOf(result) + GAP;
  }
  const height = y + MARGIN;
  const note = `Medians of one run in which all took turns. ${machine}. Shorter is better, except for hits per second.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Benchmark of clcache and other compiler caches">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>`,
    ...panels,
    `<text class="small" x="${MARGIN}" y="${height - MARGIN}">${escapeXml(note)}</text>`,
    '</svg>\n',
  ].join('\n');
}

function heightOf({ rows }: Measured): number {
  return HEAD + rows.length * ROW;
}

function panel(result: Measured, top: number): string {
  const room = WIDTH - 2 * MARGIN - LABELS - VALUES;
  const longest = scaleOf(result.rows);
  const title = `<text class="title" x="${MARGIN}" y="${top + 16}">${escapeXml(`${result.title} (${result.unit})`)}</text>`;
  const bars = result.rows.map((row, index) => {
    const y = top + HEAD + index * ROW;
    const isCut = row.value > longest;
    const length = Math.max(1, (Math.min(row.value, longest) / longest) * room);
    return [
      `<text x="${MARGIN + LABELS - 8}" y="${y + BAR - 3}" text-anchor="end">${escapeXml(row.name)}</text>`,
      `<rect class="${isOurs(row) ? 'own' : 'other'}" x="${MARGIN + LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>`,
      isCut ? cutMark(MARGIN + LABELS + length - 16, y) : '',
      `<text x="${(MARGIN + LABELS + length + 6).toFixed(1)}" y="${y + BAR - 3}">${number(row.value)}</text>`,
    ].join('');
  });
  return [title, ...bars].join('\n');
}

/** The value at full length. */
function scaleOf(rows: readonly Row[]): number {
  const [first = 1, second = first] = rows.map(({ value }) => value).sort((left, right) => right - left);
  return first > CUT * second ? second * 1.25 : first;
}

function isOurs({ name }: Row): boolean {
  return /clcache|^-|^hit with|entries|^stored|^served|compiled and stored/.test(name);
}

/** Two slanted strokes through a bar that is too long. */
function cutMark(x: number, y: number): string {
  const stroke = (offset: number) =>
    `<line class="cut" x1="${(x + offset - 3).toFixed(1)}" y1="${y + BAR + 2}" x2="${(x + offset + 3).toFixed(1)}" y2="${y - 2}"/>`;
  return stroke(0) + stroke(7);
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
