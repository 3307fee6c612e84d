import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { describeError, UsageError } from '../../src/diagnostics/errors.ts';
import { createTrace } from '../../src/diagnostics/trace.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('each line in the log file names its process and time', (t) => {
  const path = `${temporaryFolder(t)}/log.txt`;
  const trace = createTrace({ kind: 'file', path });
  trace(() => 'one');
  createTrace({ kind: 'file', path })(() => 'two\nthree');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) =>
      line.replace(/^\[clcache (\d+) +[\d.]+ ms\] /, (_, pid) => `${pid === String(process.pid)} `),
    ),
    ['true one', 'true two', 'true three'],
  );
});

test('a log file that cannot be written changes nothing', (t) => {
  createTrace({ kind: 'file', path: `${temporaryFolder(t)}/none/log.txt` })(() => 'lost');
});

test('a trace that is off does not make its lines', () => {
  createTrace({ kind: 'off' })(() => assert.fail());
});

test('an error is one line with its cause', () => {
  const cause = Object.assign(new Error("EACCES: permission denied,\n  open 'a'"), { code: 'EACCES' });
  const error = new UsageError('no use', cause);
  assert.equal(describeError(error), "no use: EACCES: permission denied, open 'a'");
});
