import { setTimeout } from 'node:timers/promises';
import { strangeTime, withoutTimes } from './clock.ts';
import { type Difference, differenceOf } from './compare.ts';
import { type CallResult, type Programs, Sandbox } from './sandbox.ts';
import type { Plan, Scenario, Step } from './scenario.ts';

/** Where a case went wrong. */
export interface Failure extends Difference {
  readonly step: number;
}

export interface PlanResult {
  readonly failure: Failure | undefined;
  /** Counters of clcache. */
  readonly statistics: Readonly<Record<string, number>>;
  /** Results that one tree got and another had left; each was compared with the compiler's in that tree. */
  readonly crossTreeHits: number;
  /** True when the compiler itself accepted the last call that it was asked about. */
  readonly compiled: boolean;
}

/** Files must be older than this for their hashes to be remembered, in milliseconds. */
const SETTLED = 2100;
const MOST_TRIES = 8;

/** Makes all calls of a case, and compares each with what the compiler leaves. */
export async function runPlan(plan: Plan, folder: string, programs: Programs): Promise<PlanResult> {
  const sandbox = new Sandbox(folder, programs);
  const run: Run = { plan, sandbox, last: undefined, kept: new Map(), crossTreeHits: 0 };
  const result = (failure: Failure | undefined): PlanResult => ({
    failure,
    statistics: sandbox.statistics(),
    crossTreeHits: run.crossTreeHits,
    compiled: run.last?.result.status === 0,
  });
  for (const [index, step] of plan.steps.entries()) {
    run.kept = sandbox.kept(step.scenario, plan.keeps ?? []);
    for (const path of step.removes ?? []) run.kept.delete(path);
    sandbox.arrange(step.scenario, step.touched, plan.datesFiles);
    sandbox.wipeBut(step.scenario, run.kept);
    if (plan.settings.settle && index === 0) await setTimeout(SETTLED);
    // What was kept of an earlier second must show.
    if (plan.looksAtClock && index > 0) await setTimeout(1001 - (Date.now() % 1000));
    const difference = await make(run, step);
    if (difference) return result({ ...difference, step: index });
  }
  return result(undefined);
}

interface Run {
  readonly plan: Plan;
  readonly sandbox: Sandbox;
  /** What the compiler left, asked last. */
  last: { readonly scenario: Scenario; readonly result: CallResult } | undefined;
  /** Outputs of earlier calls that each call of a step finds. */
  kept: Map<string, Buffer>;
  crossTreeHits: number;
}

async function make(run: Run, step: Step): Promise<Difference | undefined> {
  const { plan, sandbox } = run;
  const { scenario } = step;
  switch (step.does) {
    case 'arrange':
      return undefined;
    case 'edit':
      return edit(run, step);
    case 'together': {
      const { other } = step;
      sandbox.arrange(other);
      const expected = [await bare(run, scenario), await bare(run, other)];
      for (const each of [scenario, other]) sandbox.wipe(each);
      const actual = await sandbox.compileTogether(scenario, other, plan.settings);
      return firstDifference(run, [scenario, other], expected, actual);
    }
    case 'call': {
      if (step.fills) {
        sandbox.wipe(scenario);
        await sandbox.compileCached(scenario, plan.settings);
        return undefined;
      }
      const expected = await bare(run, scenario);
      sandbox.wipeBut(scenario, run.kept);
      const [before, began] = [hits(sandbox), Date.now()];
      const actual = await sandbox.compileCached(scenario, plan.settings);
      if (step.crosses) run.crossTreeHits += hits(sandbox) - before;
      const difference = differenceOf(at(run, scenario), expected, actual);
      if (!difference) return undefined;
      if (!plan.looksAtClock) return (await isSteady(run, scenario, expected)) ? difference : undefined;
      const isOfNow = strangeTime(actual, began, Date.now()) === undefined;
      const isEqual = !differenceOf(at(run, scenario), withoutTimes(expected), withoutTimes(actual));
      return isOfNow && isEqual ? undefined : atAnyTime(run, scenario);
    }
  }
}

/** False if the compiler itself leaves something else each time, such as the name of a file for its passes. */
async function isSteady(run: Run, scenario: Scenario, expected: CallResult): Promise<boolean> {
  run.last = undefined;
  return differenceOf(at(run, scenario), expected, await bare(run, scenario)) === undefined;
}

function at({ plan: { settings } }: Run, scenario: Scenario) {
  return { scenario, settings };
}

function hits(sandbox: Sandbox): number {
  return sandbox.statistics()['CacheHits'] ?? 0;
}

/** The compiler's own result. It is asked anew when the scenario is another one than before. */
async function bare(run: Run, scenario: Scenario): Promise<CallResult> {
  const { plan, sandbox, last } = run;
  if (last?.scenario === scenario && !plan.looksAtClock && !plan.looksAtFileTimes) return last.result;
  sandbox.wipeBut(scenario, run.kept);
  const result = await sandbox.compile(scenario);
  run.last = { scenario, result };
  return result;
}

/** What the call left is of one state of the files or of the other. */
async function edit(run: Run, step: Step & { does: 'edit' }): Promise<Difference | undefined> {
  const { plan, sandbox } = run;
  const { scenario, next } = step;
  const before = await bare(run, scenario);
  sandbox.wipe(scenario);
  const actual = await sandbox.compileWhileEdited(step, plan.settings);
  const difference = differenceOf(at(run, scenario), before, actual);
  if (!difference) return undefined;
  return differenceOf(at(run, next), await bare(run, next), actual) && difference;
}

/** Time goes on: what differs must be what the compiler said just before or says just after. */
async function atAnyTime(run: Run, scenario: Scenario): Promise<Difference | undefined> {
  const { sandbox, plan } = run;
  let difference: Difference | undefined;
  const ask = () => {
    sandbox.wipe(scenario);
    return sandbox.compile(scenario);
  };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await ask();
    sandbox.wipe(scenario);
    const now = await sandbox.compileCached(scenario, plan.settings);
    difference =
      differenceOf(at(run, scenario), before, now) && differenceOf(at(run, scenario), await ask(), now);
    if (!difference) return undefined;
  }
  return difference;
}

function firstDifference(
  run: Run,
  scenarios: readonly Scenario[],
  expected: readonly CallResult[],
  actual: readonly CallResult[],
): Difference | undefined {
  for (const [index, scenario] of scenarios.entries()) {
    const [wanted, got] = [expected[index], actual[index]];
    const difference = wanted && got && differenceOf(at(run, scenario), wanted, got);
    if (difference) return difference;
  }
  return undefined;
}
