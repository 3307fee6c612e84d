/** What `npm test` counts. */
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
