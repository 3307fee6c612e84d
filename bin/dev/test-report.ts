/**
 * What is shown of a run of node's test runner: a counter and every failure with the line that runs its file alone, or, in
 * `verbose`, each test.
 */

import { relative } from 'node:path';
import { finished } from 'node:stream/promises';
import type { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';
import { bold, clearLine, dim, progressLine, red, seconds } from './console.ts';
import { ROOT } from './project.ts';

type Events = ReturnType<typeof run>;

/** What the runner tells at the end of a test ("Class: TestsStream", Node.js), as far as it is looked at. */
interface TestEnd {
  readonly name: string;
  readonly file?: string;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: {
    readonly type?: string;
    readonly error?: Error & { readonly failureType?: string };
  };
}

/** A test or a suite begins. Suites contain what has a higher nesting. */
interface TestStart {
  readonly name: string;
  readonly nesting: number;
}

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  /** When its last test ended, by `performance.now()`. */
  end: number;
}

export interface Shown {
  readonly verbose: boolean;
  /** The name of the stage to which a test file belongs. */
  readonly stageOf: (file: string | undefined) => string;
  /** After so many milliseconds without the end of a test, those that are running are named. */
  readonly longMs?: number;
  /** Where to; stdout if it is missing. */
  readonly write?: (text: string) => void;
}

/** Shows runs while they go on; gives the totals of their stages, by their names, when they have ended. */
export async function showTests(
  runs: readonly Events[],
  { verbose, stageOf, longMs = 60_000, write = (text) => process.stdout.write(text) }: Shown,
): Promise<ReadonlyMap<string, Readonly<Totals>>> {
  const stages = new Map<string, Totals>();
  const count = (kind: 'passed' | 'failed', end: TestEnd) => {
    const { name, details, file, skip, todo } = end;
    // A suite that fails by itself is a file that cannot be loaded, or a hook. A process that got no file ends well.
    const isTest = details.type !== 'suite' && name !== file;
    if (!isTest && (kind === 'passed' || isOnlyTheSum(end))) return;
    const stage = stageOf(file);
    const totals = stages.get(stage) ?? { passed: 0, failed: 0, skipped: 0, end: 0 };
    if (skip !== undefined && skip !== false) totals.skipped += 1;
    else totals[todo === undefined ? kind : 'passed'] += 1;
    totals.end = performance.now();
    stages.set(stage, totals);
  };
  for (const events of runs) {
    events.on('test:pass', (end: TestEnd) => count('passed', end));
    events.on('test:fail', (end: TestEnd) => count('failed', end));
  }
  await (verbose
    ? Promise.all(runs.map((events) => showNames(events, write)))
    : showCounter(runs, stages, { longMs, write }));
  return stages;
}

/** The totals of all stages together. */
export function sumOf(all: Iterable<Readonly<Totals>>): Totals {
  const sum = { passed: 0, failed: 0, skipped: 0, end: 0 };
  for (const { passed, failed, skipped, end } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
    sum.end = Math.max(sum.end, end);
  }
  return sum;
}

async function showNames(events: Events, write: (text: string) => void): Promise<void> {
  for await (const text of events.compose(new spec())) write(text);
}

async function showCounter(
  runs: readonly Events[],
  stages: ReadonlyMap<string, Readonly<Totals>>,
  { longMs, write }: Required<Pick<Shown, 'longMs' | 'write'>>,
): Promise<void> {
  const line = progressLine();
  const started = performance.now();
  const update = ({ name }: TestEnd) => {
    const { passed, failed, skipped } = sumOf(stages.values());
    const counts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])];
    write(line.update(`${counts.join(', ')}, ${seconds(performance.now() - started)}`, name));
  };
  const show = (events: Events) => {
    events.on('test:pass', update);
    events.on('test:fail', (end: TestEnd) => {
      if (!isOnlyTheSum(end)) write(`${clearLine}${failure(end)}\n`);
      update(end);
    });
    // A process that does not even start says why there.
    events.on('test:stderr', ({ message }: { readonly message: string }) => write(`${clearLine}${message}`));
    return finished(events.resume());
  };
  const stopWatching = watchLongTests(runs, longMs, (text) => write(`${clearLine}${text}\n`));
  await Promise.all(runs.map(show));
  stopWatching();
  write(clearLine);
}

/** Tells what is running when no test has ended for so long, and again after as long. Gives what ends that. */
function watchLongTests(runs: readonly Events[], longMs: number, tell: (text: string) => void): () => void {
  const running = runs.map(() => [] as string[]);
  for (const [index, events] of runs.entries()) {
    events.on('test:dequeue', ({ name, nesting }: TestStart) => {
      running[index] = [...(running[index] ?? []).slice(0, nesting), name];
    });
    events.on('test:complete', ({ nesting }: TestStart) => {
      running[index]?.splice(nesting);
      timer.refresh();
    });
  }
  const timer = setInterval(() => {
    for (const names of running) if (names.length > 1) tell(`still running: ${names.join(' > ')}`);
  }, longMs);
  return () => clearInterval(timer);
}

/** A suite or file that fails because tests in it did, which were told before. */
function isOnlyTheSum({ details }: TestEnd): boolean {
  return details.error?.failureType === 'subtestsFailed';
}

/** What a failure says, and how to run its file alone. */
function failure({ name, file, details }: TestEnd): string {
  const cause = details.error?.cause ?? details.error;
  const told = typeof cause === 'string' ? cause : inspect(cause, { depth: 5 });
  const path = file === undefined ? '' : relative(ROOT, file).replaceAll('\\', '/');
  const where = path === '' ? '' : dim(`  ${path.startsWith('test/') ? `npm test -- ${path}` : file}`);
  return `${red('✖')} ${bold(name)}${where}\n${told.replace(/^/gm, '  ')}`;
}
