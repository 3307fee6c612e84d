import assert from 'node:assert/strict';
import type { Stats } from 'node:fs';
import { test } from 'node:test';
import { FileClock } from '../../src/files/file-clock.ts';

const HOUR = 3_600_000;
const OURS = 1;
const SERVER = 2;

/** A compile that began two seconds ago. */
function twoSeconds() {
  const wallMs = Date.now() - 2000;
  const clock = new FileClock({ wallMs, steadyMs: performance.now() - 2000 });
  return { clock, wallMs };
}

function file(dev: number, ctimeMs: number, mtimeMs = ctimeMs): Stats {
  // No whole second, which would be the time of a coarse file system.
  return { dev, ctimeMs: ctimeMs + 0.25, mtimeMs: mtimeMs + 0.25 } as Stats;
}

for (const skewMs of [HOUR, -HOUR, 500, -500]) {
  test(`a file server’s clock that is ${skewMs} ms ahead is recognised by what the compiler wrote there`, () => {
    const { clock, wallMs } = twoSeconds();
    clock.setBy([file(SERVER, wallMs + 1990 + skewMs)], OURS);
    assert.equal(clock.isChangedSince(file(SERVER, wallMs - 500 + skewMs)), false);
    assert.equal(clock.isChangedSince(file(SERVER, wallMs + 1000 + skewMs)), true);
  });
}

test('a system clock behind that of its own disk is noticed', () => {
  const { clock, wallMs } = twoSeconds();
  clock.setBy([file(OURS, wallMs + 1990 + HOUR)], OURS);
  assert.equal(clock.isChangedSince(file(OURS, wallMs - 500 + HOUR)), false);
  assert.equal(clock.isChangedSince(file(OURS, wallMs + 1000 + HOUR)), true);
});

test('a file of just before the compile counts as unchanged if the clocks agree', () => {
  const { clock, wallMs } = twoSeconds();
  clock.setBy([file(OURS, wallMs + 1000)], OURS);
  assert.equal(clock.isChangedSince(file(OURS, wallMs - 20)), false);
  assert.equal(clock.isChangedSince(file(OURS, wallMs - 3)), true);
});

test('a modification time in the future is no change, and one in the past does not hide a change', () => {
  const { clock, wallMs } = twoSeconds();
  clock.setBy([], OURS);
  assert.equal(clock.isChangedSince(file(OURS, wallMs - 500, wallMs + HOUR)), false);
  assert.equal(clock.isChangedSince(file(OURS, wallMs + 500, wallMs + HOUR)), true);
  assert.equal(clock.isChangedSince(file(OURS, wallMs + 500, wallMs - HOUR)), true);
});

test('a time in whole seconds may be a second or two late', () => {
  const wallMs = Math.floor(Date.now() / 10_000) * 10_000 + 900;
  const clock = new FileClock({ wallMs, steadyMs: performance.now() });
  const seconds = (ctimeMs: number) => ({ dev: OURS, ctimeMs, mtimeMs: ctimeMs }) as Stats;
  assert.equal(clock.isChangedSince(seconds(wallMs - 900)), true);
  assert.equal(clock.isChangedSince(seconds(wallMs - 2900)), false);
});
