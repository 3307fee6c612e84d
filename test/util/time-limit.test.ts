import assert from 'node:assert/strict';
import { mock, type TestContext, test } from 'node:test';
import { Pulse, patienceFor, whileAlive } from '../../src/util/time-limit.ts';

/** A clock that the test moves, for everything that waits. In milliseconds. */
function clock(t: TestContext): (ms: number) => Promise<void> {
  let now = 0;
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(performance, 'now', () => now);
  t.after(() => {
    mock.timers.reset();
    mock.restoreAll();
  });
  return async (ms) => {
    now += ms;
    mock.timers.tick(ms);
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
}

/** Starts work that shows progress every so many milliseconds, and ends on request. */
function begin(silenceMs: number) {
  const pulse = new Pulse();
  let end = () => {};
  const work = new Promise<string>((resolve) => {
    end = () => resolve('done');
  });
  const outcome = whileAlive({ ...patienceFor(silenceMs, 0), pulse }, work, 'the answer').catch(String);
  return { pulse, outcome, end: () => end() };
}

test('work that shows progress may take several times the limit for silence', async (t) => {
  const pass = clock(t);
  const { pulse, outcome, end } = begin(400);
  for (let step = 0; step < 7; step += 1) {
    await pass(300);
    pulse.beat();
  }
  end();
  assert.equal(await outcome, 'done');
});

test('silent work is given up after the limit for silence, and endless work after six of them', async (t) => {
  const pass = clock(t);
  const silent = begin(400);
  await pass(401);
  assert.match(await silent.outcome, /silence for 400 ms/);
  const talking = begin(400);
  for (let step = 0; step < 25; step += 1) {
    await pass(100);
    talking.pulse.beat();
  }
  assert.match(await talking.outcome, /the answer took over 2\d\d\d ms/);
});

test('sending has the time that it takes at twenty kilobytes a second, without progress', () => {
  assert.deepEqual(patienceFor(400, 60_000), { silenceMs: 3400, totalMs: 5400 });
});
