import { callPlan } from './call-plan.ts';
import { racePlan } from './race-plan.ts';
import { Random } from './random.ts';
import { reproduction } from './reproduction.ts';
import { type Failure, type PlanResult, runPlan } from './run-plan.ts';
import type { Programs } from './sandbox.ts';
import type { Plan } from './scenario.ts';
import { shrink } from './shrink.ts';
import { treePlan } from './tree-plan.ts';
import { widePlan } from './wide-plan.ts';

/** What a case is about, by its share of all cases. */
const KINDS = [
  { share: 0.78, make: treePlan },
  { share: 0.12, make: callPlan },
  { share: 0.04, make: widePlan },
  { share: 0.06, make: racePlan },
];

/** The case of a seed, which decides all of it. */
export function planOf(seed: number): Plan {
  const random = new Random(seed);
  let chance = random.next();
  const kind = KINDS.find(({ share }) => {
    chance -= share;
    return chance < 0;
  });
  return (kind?.make ?? treePlan)(random);
}

export function runCase(seed: number, folder: string, programs: Programs): Promise<PlanResult> {
  return runPlan(planOf(seed), folder, programs);
}

/** A failure for a person: what to run again, what came out, and how to see it by hand with as little as possible. */
export async function describeFailure(
  seed: number,
  failure: Failure,
  { folder, programs }: { folder: string; programs: Programs },
): Promise<string> {
  const plan = planOf(seed);
  const small = await shrink(plan, failure.kind, (candidate) => runPlan(candidate, folder, programs));
  const last = (await runPlan(small, folder, programs)).failure ?? failure;
  return [
    `seed ${seed}, ${plan.steps[failure.step]?.title}`,
    `replay: npm run fuzz -- --seed ${seed} --cases 1 --keep`,
    `settings: ${JSON.stringify(small.settings)}`,
    last.text,
    '',
    reproduction(small, programs),
    '',
  ].join('\n');
}
