/** What `npm test` counts and says. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { showTests } from '../bin/dev/test-report.ts';

type Events = Parameters<typeof showTests>[0][number];

test('a process that got no test file and ended well is not counted as a passed test, nor is a suite', async () => {
  const events = new PassThrough({ objectMode: true });
  const shown = showTests([events as unknown as Events], { verbose: false, stageOf: () => 'unit' });
  const ends = [
    { name: 'a test', file: '/tests/process-1.mjs', details: {} },
    { name: 'a suite', file: '/tests/process-1.mjs', details: { type: 'suite' } },
    { name: '/tests/process-2.mjs', file: '/tests/process-2.mjs', details: {} },
  ];
  for (const end of ends) events.emit('test:pass', end);
  events.end();
  assert.equal((await shown).get('unit')?.passed, 1);
});

test('when no test ends for long, those that are running are named with their files', async () => {
  const written: string[] = [];
  const events = new PassThrough({ objectMode: true });
  const shown = showTests([events as unknown as Events], {
    verbose: false,
    stageOf: () => 'unit',
    longMs: 50,
    write: (text) => written.push(text),
  });
  events.emit('test:dequeue', { name: '/tests/process-1.mjs', nesting: 0 });
  events.emit('test:dequeue', { name: 'test/a.test.ts', nesting: 0 });
  for (const name of ['a quick test', 'a long test']) {
    events.emit('test:dequeue', { name, nesting: 1 });
    if (name === 'a quick test') events.emit('test:complete', { name, nesting: 1 });
  }
  while (written.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  events.end();
  await shown;
  assert.equal(written[0], 'still running: test/a.test.ts > a long test\n');
});
