import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { fileTracker, type LoadedLibraries, trackerIn } from '../../src/runtime/file-tracker.ts';
import { beginUntracked, endUntracked, tracked } from '../../src/runtime/file-tracking.ts';

const E_FAIL = 0x80004005;

/** Libraries in a process by their names, with the results of their functions. `calls` gets the name of each call. */
function librariesOf(libraries: Readonly<Record<string, Readonly<Record<string, number>>>>): {
  readonly loaded: LoadedLibraries;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const names = Object.keys(libraries);
  const loaded: LoadedLibraries = {
    find: (name) => (names.includes(name) ? names.indexOf(name) + 1 : undefined),
    functionOf(library, name) {
      const result = libraries[names[library - 1] ?? '']?.[name];
      if (result === undefined) return undefined;
      return () => {
        calls.push(name);
        return result;
      };
    },
  };
  return { loaded, calls };
}

const OBEDIENT = { SuspendTracking: 0, ResumeTracking: 0 };

/** What is called of an obedient library after the beginning. */
function untrackedCalls(): string[] {
  const { loaded, calls } = librariesOf({ 'FileTracker64.dll': OBEDIENT });
  const tracker = trackerIn(loaded);
  assert.ok(tracker && beginUntracked(tracker));
  calls.length = 0;
  return calls;
}

afterEach(endUntracked);

for (const name of ['FileTracker64.dll', 'FileTracker32.dll', 'FileTrackerA4.dll', 'FileTracker.dll']) {
  test(`${name} is found in a process that has it`, () => {
    const { loaded, calls } = librariesOf({ [name]: OBEDIENT });
    assert.deepEqual([trackerIn(loaded)?.suspend(), calls], [true, ['SuspendTracking']]);
  });
}

test('there is no tracker where no library of its names is loaded, or where one of its functions is missing', () => {
  assert.equal(trackerIn(librariesOf({ 'Other.dll': OBEDIENT }).loaded), undefined);
  for (const functions of [{}, { SuspendTracking: 0 }, { ResumeTracking: 0 }]) {
    assert.equal(trackerIn(librariesOf({ 'FileTracker64.dll': functions }).loaded), undefined);
  }
});

test('a library without the functions does not hide another one that has them', () => {
  const { loaded } = librariesOf({ 'FileTracker64.dll': {}, 'FileTracker32.dll': OBEDIENT });
  assert.ok(trackerIn(loaded));
});

test('the runtime has no tracker where it is Node.js or not on Windows', async () => {
  assert.equal(await fileTracker(), undefined);
});

test('tracking comes back for the work that is to be seen, and once for work within it', () => {
  const calls = untrackedCalls();
  const value = tracked(() => tracked(() => calls.push('work')));
  assert.deepEqual([value, calls], [2, ['ResumeTracking', 'work', 'SuspendTracking']]);
});

test('tracking stops again behind work that fails', () => {
  const calls = untrackedCalls();
  const fail = () => {
    throw new Error('no such file');
  };
  assert.throws(() => tracked(fail), /no such file/);
  assert.throws(() => tracked(() => tracked(fail)), /no such file/);
  const one = ['ResumeTracking', 'SuspendTracking'];
  assert.deepEqual(calls, [...one, ...one]);
});

test('at the end tracking is as it was at the start, and nothing is switched any more', () => {
  const calls = untrackedCalls();
  endUntracked();
  tracked(() => {});
  endUntracked();
  assert.deepEqual(calls, ['ResumeTracking']);
});

for (const [what, functions] of Object.entries({
  'does not stop': { SuspendTracking: E_FAIL, ResumeTracking: 0 },
  'does not come back': { SuspendTracking: 0, ResumeTracking: E_FAIL },
  'says nothing but failures': { SuspendTracking: E_FAIL | 0, ResumeTracking: E_FAIL | 0 },
})) {
  test(`a tracker that ${what} is left alone`, () => {
    const { loaded, calls } = librariesOf({ 'FileTracker64.dll': functions });
    const tracker = trackerIn(loaded);
    assert.ok(tracker);
    assert.equal(beginUntracked(tracker), false);
    calls.length = 0;
    assert.equal(
      tracked(() => 'done'),
      'done',
    );
    endUntracked();
    assert.deepEqual(calls, []);
  });
}
