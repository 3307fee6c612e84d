import { type AnyCall, anyCall } from './call-plan.ts';
import { makeChange } from './change.ts';
import type { Random } from './random.ts';
import type { Plan, Scenario, Step } from './scenario.ts';

/** Files that change while the compiler runs, or calls that begin at the same moment. */
export function racePlan(random: Random): Plan {
  const { scenario, ...call } = callWithoutClock(random);
  // What replaces the compiler for an edit looks for `/c` in its arguments.
  const line = { ...scenario.line, inCL: 0, inUnderscoreCL: 0, inResponseFile: 0 };
  const plain: Scenario = { ...scenario, line };
  return { ...call, steps: random.chance(0.6) ? edited(random, plain) : together(random, plain) };
}

/** What two states of the files give can be told only if the time gives nothing. */
function callWithoutClock(random: Random): AnyCall {
  for (;;) {
    const call = anyCall(random);
    if (!call.looksAtClock) return call;
  }
}

function edited(random: Random, scenario: Scenario): Step[] {
  const swaps = random.chance(0.25) ? swappedFolders(random, scenario) : undefined;
  const next = swaps ? withSwapped(scenario, swaps) : anotherStateOf(random, scenario);
  const when = random.pick(['before', 'after'] as const);
  const call = (title: string, at: Scenario): Step => ({ title, does: 'call', scenario: at });
  const title = `files change ${when} the compiler reads them`;
  const steps: Step[] = [
    { title, does: 'edit', when, scenario, next, ...(swaps ? { swaps } : {}) },
    call('the files as they are now', next),
    call('the files as they were', scenario),
  ];
  return random.chance(0.4) ? [...steps, call('and as they were edited', next)] : steps;
}

/** With the same line in the same place: what can change while a call is under way. */
function anotherStateOf(random: Random, scenario: Scenario): Scenario {
  const isState = ({ line, environment, place, workingFolder, tree }: Scenario) =>
    line === scenario.line &&
    environment === scenario.environment &&
    place === scenario.place &&
    workingFolder === scenario.workingFolder &&
    tree !== scenario.tree;
  for (;;) {
    const next = makeChange(random, scenario).scenario;
    if (isState(next)) return next;
  }
}

/** Two folders of headers that take each other's names. */
function swappedFolders(random: Random, { tree }: Scenario): readonly [string, string] | undefined {
  if (tree.links.size > 0) return undefined;
  const folders = new Set([...tree.files.keys()].map(firstFolder));
  const [one, other] = random.shuffled([...folders].filter((folder) => /^(?:inc|sys|last)/.test(folder)));
  return one === undefined || other === undefined ? undefined : [one, other];
}

function withSwapped(scenario: Scenario, [one, other]: readonly [string, string]): Scenario {
  const renamed = (path: string) => {
    const first = firstFolder(path);
    const name = first === one ? other : first === other ? one : first;
    return name + path.slice(first.length);
  };
  const files = new Map([...scenario.tree.files].map(([path, text]) => [renamed(path), text] as const));
  return { ...scenario, tree: { ...scenario.tree, files } };
}

function firstFolder(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

function together(random: Random, scenario: Scenario): Step[] {
  const other = random.chance(0.4)
    ? scenario
    : { ...scenario, place: random.pick(['other', 'a longer name', 'eert']) };
  return [
    { title: 'two calls at once', does: 'together', scenario, other },
    { title: 'two calls at once again', does: 'together', scenario, other },
    { title: 'afterwards', does: 'call', scenario },
    { title: 'afterwards, the other', does: 'call', scenario: other },
  ];
}
