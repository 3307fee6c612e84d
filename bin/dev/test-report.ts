/** What is shown of a run of node's test runner: a counter and every failure, or, in `verbose`, each test. */

import { finished } from 'node:stream/promises';
import type { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';
import { bold, dim, progressLine, red, seconds } from './console.ts';

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

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Shows a run while it goes on, on stdout; gives its totals when it has ended. */
export async function showTests(events: Events, { verbose }: { readonly verbose: boolean }): Promise<Totals> {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const count = (kind: 'passed' | 'failed', { details, skip, todo }: TestEnd) => {
    if (details.type === 'suite') return;
    if (skip !== undefined && skip !== false) totals.skipped += 1;
    else totals[todo === undefined ? kind : 'passed'] += 1;
  };
  events.on('test:pass', (end: TestEnd) => count('passed', end));
  events.on('test:fail', (end: TestEnd) => count('failed', end));
  if (verbose) for await (const text of events.compose(new spec())) process.stdout.write(text);
  else await showCounter(events, totals);
  return totals;
}

async function showCounter(events: Events, totals: Totals): Promise<void> {
  const line = progressLine();
  const started = performance.now();
  const write = (text: string) => process.stdout.write(text);
  const update = ({ name }: TestEnd) => {
    const { passed, failed, skipped } = totals;
    const counts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])];
    write(line.update(`${counts.join(', ')}, ${seconds(performance.now() - started)}`, name));
  };
  events.on('test:pass', update);
  events.on('test:fail', (end: TestEnd) => {
    if (!isOnlyTheSum(end)) write(`${line.clear()}${failure(end)}\n`);
    update(end);
  });
  // A file that does not even load says why there.
  events.on('test:stderr', ({ message }: { readonly message: string }) => write(`${line.clear()}${message}`));
  await finished(events.resume());
  write(line.clear());
}

/** A suite or file that fails because tests in it did, which were told before. */
function isOnlyTheSum({ details }: TestEnd): boolean {
  return details.error?.failureType === 'subtestsFailed';
}

function failure({ name, file, details }: TestEnd): string {
  const cause = details.error?.cause ?? details.error;
  const told = typeof cause === 'string' ? cause : inspect(cause, { depth: 5 });
  const where = file === undefined ? '' : dim(`  ${file}`);
  return `${red('✖')} ${bold(name)}${where}\n${told.replace(/^/gm, '  ')}`;
}
