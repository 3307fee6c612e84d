import assert from 'node:assert/strict';
import test from 'node:test';
import { checkTrial, findingsOfTrial } from '../../src/doctor/checks/trial-compile.ts';
import { isSameObject } from '../../src/doctor/object-files.ts';
import type { TrialStep } from '../../src/doctor/trial.ts';
import { configOf, foundCompiler, linesOf } from './surroundings.ts';

const STEPS: readonly TrialStep[] = [
  { name: 'cold', milliseconds: 120.4, status: 0, was: 'miss', isSame: true, said: [] },
  { name: 'warm', milliseconds: 5.31, status: 0, was: 'hit', isSame: true, said: [] },
  { name: 'header changed', milliseconds: 90, status: 0, was: 'miss', isSame: true, said: [] },
];
const said = (steps: readonly TrialStep[]) =>
  linesOf(findingsOfTrial({ kind: 'compared', bareMilliseconds: 80, steps }));
const changed = (name: TrialStep['name'], change: Partial<TrialStep>) =>
  STEPS.map((step) => (step.name === name ? { ...step, ...change } : step));

test('a trial that missed, hit and missed with the compiler’s objects is good, with its times', () => {
  assert.deepEqual(said(STEPS), [
    "good cold 120 ms, warm 5.3 ms, header changed 90 ms; the compiler alone 80 ms; each object is the compiler's, byte for byte",
  ]);
});

test('a warm miss, a stale hit, another object and a failure each stop, with what the log said', () => {
  const log = ['trial.cpp: not stored: no room'];
  assert.match(
    said(changed('warm', { was: 'miss', said: log }))[0] ?? '',
    /^stops warm: a hit was expected.*no room/,
  );
  assert.match(
    said(changed('header changed', { was: 'hit' }))[0] ?? '',
    /^stops header changed: a miss was expected/,
  );
  assert.match(
    said(changed('cold', { isSame: false }))[0] ?? '',
    /^stops cold: the object is not the compiler's/,
  );
  assert.match(
    said(changed('cold', { status: 3 }))[0] ?? '',
    /^stops cold: status 3, while the compiler alone.* => please report it, .* clcache --why says/,
  );
});

test('a compiler that fails by itself stops, and one that differs from itself is looked at', () => {
  const failed = findingsOfTrial({ kind: 'compilerFailed', status: 3, said: 'no licence' });
  assert.match(linesOf(failed)[0] ?? '', /^stops the compiler alone fails with status 3: no licence/);
  assert.match(
    linesOf(findingsOfTrial({ kind: 'unsteady' }))[0] ?? '',
    /^look the compiler makes another object/,
  );
});

test('without a temporary folder the trial is not made, and says why', async () => {
  const room = { kind: 'none', because: 'no folder can be made in /x: no space left on device' } as const;
  const findings = await checkTrial({
    compiler: foundCompiler(),
    config: configOf({}),
    self: '/opt/clcache',
    room,
  });
  assert.match(linesOf(findings)[0] ?? '', /^look not made: .*no space left on device => set TMPDIR/);
});

test('objects are compared byte for byte, but for the time in a COFF header', () => {
  const coff = (time: number, last: number) =>
    Uint8Array.from([0x64, 0x86, 1, 0, time, 0, 0, 0, 9, 9, 9, last]);
  const large = (time: number) => Uint8Array.from([0, 0, 0xff, 0xff, 2, 0, 0x64, 0x86, time, 0, 0, 0, 7]);
  const elf = (byte: number) => Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, byte, 0, 0, 0, 0, 0, 0, 0]);
  assert.ok(isSameObject(coff(1, 5), coff(2, 5)));
  assert.ok(!isSameObject(coff(1, 5), coff(1, 6)));
  assert.ok(isSameObject(large(1), large(2)));
  assert.ok(!isSameObject(elf(1), elf(2)));
  assert.ok(!isSameObject(coff(1, 5), undefined));
  assert.ok(!isSameObject(coff(1, 5), coff(1, 5).subarray(1)));
});
