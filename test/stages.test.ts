/** Which test files `npm test` runs on which system. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plannedStages, STAGES } from '../bin/dev/test-stages.ts';

const filesOf = (wanted: readonly string[], onWindows: boolean) =>
  Object.fromEntries(plannedStages(wanted, onWindows).map(({ name, files }) => [name, files]));

test('each test file belongs to one stage, and every stage runs on Linux', () => {
  const planned = plannedStages([], false);
  assert.deepEqual(
    planned.map(({ name }) => name),
    STAGES.map(({ name }) => name),
  );
  const files = planned.flatMap((stage) => stage.files);
  assert.equal(new Set(files).size, files.length);
});

test('on Windows, npm test leaves out what needs a clang-cl for Linux, scripts as compilers or Debian’s servers', () => {
  const here = filesOf([], true);
  assert.deepEqual(Object.keys(here), ['unit', 'integration', 'real-windows', 'windows', 'stress']);
  assert.deepEqual(here['integration'], ['test/e2e/cmake.test.ts']);
  assert.ok(here['stress']?.includes('test/stress/util/file-lock.test.ts'));
  assert.ok(!here['stress']?.some((file) => /fuzz|model/.test(file)));
  assert.deepEqual(here['windows'], filesOf([], false)['windows']);
  assert.deepEqual(filesOf(['integration'], true), { integration: here['integration'] });
});

test('what Windows leaves out of the unit tests is there, and is not most of them', () => {
  const [all, here] = [filesOf(['unit'], false)['unit'] ?? [], filesOf(['unit'], true)['unit'] ?? []];
  const left = all.filter((file) => !here.includes(file));
  assert.ok(left.includes('test/compile/jobs.test.ts'));
  assert.equal(left.length, 26);
  assert.ok(here.length > 100);
});

test('a file or folder that is named is run on each system', () => {
  const wanted = ['test/correctness/time.test.ts', 'test/fuzz'];
  assert.deepEqual(filesOf(wanted, true), filesOf(wanted, false));
  assert.throws(() => filesOf(['test/nowhere'], true), /no such test: test\/nowhere/);
});
