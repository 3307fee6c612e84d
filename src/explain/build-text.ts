/** What `clcache --why` says of the last build, as lines for a person and as JSON. */
import type { TextLook } from '../config/terminal.ts';
import { duration, grouped, localTime, timeOfDay } from '../report/amounts.ts';
import { wrapped } from '../util/wrapped.ts';
import type { BuildReasons, Cost, ReasonGroup } from './build.ts';
import { isoTime } from './call-text.ts';
import { shortened } from './shortened.ts';
import { wordsOfCures } from './words.ts';

const WIDTH = 80;
/** Of each kind. */
const MOST_LINES = 10;
const COUNT_WIDTH = 7;
const TIME_WIDTH = 13;
const INDENT = ' '.repeat(COUNT_WIDTH + TIME_WIDTH);

/** A build, with what its calls counted, if that is known. */
export interface ExplainedBuild extends BuildReasons {
  readonly from: number;
  readonly to: number;
  readonly counted: CountedCalls | undefined;
}

interface CountedCalls {
  readonly hits: number;
  readonly misses: number;
  readonly handedOn: number;
}

/** The whole text. Each line ends with a line feed. */
export function buildText(build: ExplainedBuild, look: TextLook): string {
  const { from, to, counted, groups, headers, options, notStored } = build;
  const bold = (text: string) => (look.colours ? `\u001b[1m${text}\u001b[0m` : text);
  const count = (result: ReasonGroup['result']) => listed(build, result);
  const misses = Math.max(counted?.misses ?? 0, count('miss'));
  const handedOn = Math.max(counted?.handedOn ?? 0, count('handedOn'));
  const numbers = [
    ...(counted ? [plural(counted.hits, 'hit', 'hits')] : []),
    plural(misses, 'miss', 'misses'),
    `${grouped(handedOn)} handed on`,
  ];
  const title = `The last build, ${localTime(from)} to ${timeOfDay(to)}: ${numbers.join(', ')}`;
  const lines = wrapped(title, WIDTH);
  const part = (name: string, rows: readonly string[][]) => {
    if (rows.length === 0) return;
    lines.push('', bold(name), ...rows.slice(0, MOST_LINES).flat());
    if (rows.length > MOST_LINES) lines.push(`${INDENT}and ${grouped(rows.length - MOST_LINES)} more`);
  };
  const costs = (cost: Cost) => costLines(cost, look);
  const ofResult = (result: ReasonGroup['result']) =>
    groups.filter((group) => group.result === result).map((group) => groupLines(group, look));
  part('Misses, because', ofResult('miss'));
  part('Handed on, because', ofResult('handedOn'));
  part('Compiled but not stored, because', notStored.map(costs));
  part('Headers that cost most', headers.map(costs));
  part('Options that cost most', options.map(costs));
  if (groups.length === 0) lines.push('', 'No call of it was a miss or handed on, as far as is kept.');
  const unlisted = unlistedOf(build);
  if (unlisted !== '') lines.push('', ...wrapped(unlisted, WIDTH));
  lines.push('', ...wrapped('clcache --why FILE tells more of a source or object.', WIDTH));
  return lines.map((line) => `${line}\n`).join('');
}

/** One JSON object. Times are ISO 8601, and `ms` is how long the calls took together. */
export function buildJson({ from, to, counted, ...reasons }: ExplainedBuild): string {
  const build = { from: isoTime(from), to: isoTime(to), ...counted };
  return `${JSON.stringify({ build, ...reasons }, undefined, 2)}\n`;
}

function listed({ groups }: BuildReasons, result: ReasonGroup['result']): number {
  return groups.filter((group) => group.result === result).reduce((sum, { calls }) => sum + calls, 0);
}

/** Says how many calls were counted of which nothing is kept. Empty if there are none. */
function unlistedOf(build: ExplainedBuild): string {
  const { misses = 0, handedOn = 0 } = build.counted ?? {};
  const missing = [
    [misses - listed(build, 'miss'), 'miss', 'misses'],
    [handedOn - listed(build, 'handedOn'), 'call handed on', 'calls handed on'],
  ] as const;
  const words = missing.flatMap(([count, one, many]) => (count > 0 ? plural(count, one, many) : []));
  return words.length === 0
    ? ''
    : `Not in these lists, because no record of them is kept: ${words.join(', ')}.`;
}

function plural(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

function groupLines({ calls, ms, text, cures, sources }: ReasonGroup, look: TextLook): string[] {
  const arrow = look.signs ? '→ ' : '-> ';
  const example = sources.length === 1 ? (sources[0] ?? '') : `${sources[0]} and others`;
  return [
    ...row({ calls, ms, text }, look),
    ...(cures.length === 0 ? [] : indented(`${arrow}${wordsOfCures(cures)}`)),
    ...indented(`(${example})`),
  ];
}

function costLines({ name, calls, ms }: Cost, look: TextLook): string[] {
  return row({ calls, ms, text: shortened(name) }, look);
}

interface Row {
  readonly calls: number;
  readonly ms: number;
  readonly text: string;
}

function row({ calls, ms, text }: Row, { signs }: TextLook): string[] {
  const [first = '', ...rest] = indented(text);
  const count = `${grouped(calls)} ${signs ? '×' : 'x'}`.padStart(COUNT_WIDTH - 1);
  return [`${count} ${duration(ms).padStart(TIME_WIDTH - 2)}  ${first.slice(INDENT.length)}`, ...rest];
}

function indented(text: string): string[] {
  return wrapped(text, WIDTH - INDENT.length).map((line) => INDENT + line);
}
