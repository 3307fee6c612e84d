import type { GuardedRemote } from './guarded-remote.ts';

/** How long a store may be silent before the next one is asked as well. */
const PATIENCE_MS = 1000;

/**
 * Asks stores one after the other until `use` accepts an answer. If a store is silent for a second, the next one is
 * asked as well. If that one serves, the silent store is left out like one that did not answer in time. Answers are
 * used one at a time, in the order in which they come.
 */
export async function askInOrder<T>(
  remotes: readonly GuardedRemote[],
  ask: (remote: GuardedRemote) => Promise<T>,
  use: (remote: GuardedRemote, answer: T) => Promise<boolean> | boolean,
): Promise<void> {
  const waiting = remotes.filter(({ canRead }) => canRead);
  const asked = new Map<GuardedRemote, Promise<{ readonly remote: GuardedRemote; readonly answer: T }>>();
  const areSilent = () => [...asked.keys()].every(({ silenceMs }) => silenceMs >= PATIENCE_MS);
  for (;;) {
    const next = areSilent() ? waiting.shift() : undefined;
    if (next) {
      const answered = ask(next).then((answer) => ({ remote: next, answer }));
      asked.set(next, answered);
    }
    if (asked.size === 0) return;
    const first = await soonest([...asked.values()], waiting.length > 0);
    if (!first) continue;
    asked.delete(first.remote);
    if (!(await use(first.remote, first.answer))) continue;
    await arrivals();
    for (const remote of asked.keys()) if (remote.silenceMs >= PATIENCE_MS) remote.giveUp();
    return;
  }
}

/** The first answer. Undefined when it is time to check which stores are silent. */
async function soonest<T>(answers: readonly Promise<T>[], mayGoOn: boolean): Promise<T | undefined> {
  if (!mayGoOn) return Promise.race(answers);
  let timer: NodeJS.Timeout | undefined;
  const pause = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => arrivals().then(() => resolve(undefined)), PATIENCE_MS / 4);
  });
  try {
    return await Promise.race([...answers, pause]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lets data in that arrived while this process was busy. It shows that the store is alive. */
async function arrivals(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
