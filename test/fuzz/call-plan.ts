import { type Change, makeChange } from './change.ts';
import { LINUX, makeLine, SAME_EACH_TIME } from './command-line.ts';
import type { Random } from './random.ts';
import type { Plan, Scenario, Settings, Step } from './scenario.ts';
import { makeTree } from './source-tree.ts';

/** A tree and a command line, cold and warm, again after each of a few changes, and after they are undone. */
export function callPlan(random: Random): Plan {
  const { scenario, settings, looksAtClock, looksAtFileTimes } = anyCall(random);
  const steps: Step[] = ['cold', 'warm', ...(settings.settle ? ['warmer'] : [])].map((title) => ({
    title,
    does: 'call',
    scenario,
  }));
  const titles: string[] = [];
  let current: Change = { title: '', scenario };
  for (let count = random.pick([1, 1, 1, 2]); count > 0; count--) {
    current = makeChange(random, current.scenario);
    const { touched = [] } = current;
    titles.push(current.title);
    const title = `after ${titles.join(', then ')}`;
    steps.push({ title, does: 'call', scenario: current.scenario, touched });
    if (random.chance(0.3)) steps.push({ title: `${title}, warm`, does: 'call', scenario: current.scenario });
  }
  if (current.scenario.place === scenario.place) {
    steps.push({ title: `undone: ${titles.join(', then ')}`, does: 'call', scenario });
  }
  return { settings, steps, looksAtClock, looksAtFileTimes };
}

export interface AnyCall extends Omit<Plan, 'steps'> {
  readonly scenario: Scenario;
}

/** A call of any kind, in one tree. */
export function anyCall(random: Random): AnyCall {
  const made = makeTree(random);
  // Several sources take several times.
  const generated = made.looksAtClock ? { ...made, sources: made.sources.slice(0, 1) } : made;
  const { looksAtClock, looksAtFileTimes } = generated;
  const { line: anyLine, workingFolder, environment } = makeLine(random, generated);
  // For Windows the name of a text has a hash of it, in which one time cannot be told from another.
  const options = anyLine.options.map((words) => (words === SAME_EACH_TIME && looksAtClock ? LINUX : words));
  const line = { ...anyLine, options };
  const scenario: Scenario = { tree: generated.tree, line, workingFolder, environment, place: 'tree' };
  const settings: Settings = {
    noDirect: random.chance(0.2),
    baseDirectories: random.chance(0.5) ? ['$TREE'] : [],
    hardLink: random.chance(0.1),
    compress: random.chance(0.1),
    settle: random.chance(0.02),
  };
  return { scenario, settings, looksAtClock, looksAtFileTimes };
}
