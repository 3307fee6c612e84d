/**
 * A reporter of node's test runner for people: how many tests have passed so far, and every failure whole. On a terminal
 * one line that updates; elsewhere a line each time a while has passed, so that a log shows that the tests go on.
 */
import { inspect } from 'node:util';
import { bold, dim, progressLine, red, seconds } from './console.mjs';

export default async function* countingReporter(source) {
  const line = progressLine();
  const started = performance.now();
  let passed = 0;
  let skipped = 0;
  let failed = 0;
  const counted = () =>
    `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}, ${seconds(performance.now() - started)}`;
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite' && type === 'test:pass') continue;
    if (data.skip !== undefined && data.skip !== false) skipped += 1;
    else if (type === 'test:pass' || data.todo !== undefined) passed += 1;
    else if (!isOnlyTheSum(data)) {
      failed += 1;
      yield `${line.clear()}${failure(data)}\n`;
    }
    yield line.update(counted(), data.name);
  }
  yield line.clear();
}

/** A suite or file that fails because tests in it did, which were told before. */
function isOnlyTheSum({ details }) {
  return details?.error?.failureType === 'subtestsFailed';
}

function failure({ name, file, line, details }) {
  const { cause = details.error } = details.error ?? {};
  const told = typeof cause === 'string' ? cause : inspect(cause, { depth: 5 });
  const where = file === undefined ? '' : dim(`  ${file}${line === undefined ? '' : `:${line}`}`);
  return `${red('✖')} ${bold(name)}${where}\n${told.replace(/^/gm, '  ')}`;
}
