import { callPlan } from './call-plan.ts';
import { precompiledPlan } from './precompiled-plan.ts';
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
const KINDS = {
  tree: { share: 0.77, make: treePlan },
  call: { share: 0.11, make: callPlan },
  wide: { share: 0.04, make: widePlan },
  race: { share: 0.05, make: racePlan },
  precompiled: { share: 0.03, make: precompiledPlan },
} as const satisfies Record<string, { share: number; make: (random: Random) => Plan }>;

/** Of all cases, or of one kind. */
export type CaseKind = keyof typeof KINDS;

export const CASE_KINDS = Object.keys(KINDS) as readonly CaseKind[];

/** A case: what its seed makes of all kinds, or of one. */
export interface Case {
  readonly seed: number;
  readonly only?: CaseKind | undefined;
}

/** The seed decides all of it. */
export function planOf({ seed, only }: Case): Plan {
  const random = new Random(seed);
  let chance = random.next();
  const kind = Object.values(KINDS).find(({ share }) => {
    chance -= share;
    return chance < 0;
  });
  return (only ? KINDS[only] : (kind ?? KINDS.tree)).make(random);
}

export function runCase(one: Case, folder: string, programs: Programs): Promise<PlanResult> {
  return runPlan(planOf(one), folder, programs);
}

/** A failure for a person: what to run again, what came out, and how to see it by hand with as little as possible. */
export async function describeFailure(
  one: Case,
  failure: Failure,
  { folder, programs }: { folder: string; programs: Programs },
): Promise<string> {
  const plan = planOf(one);
  const only = one.only ? ` --only ${one.only}` : '';
  const small = await shrink(plan, failure.kind, (candidate) => runPlan(candidate, folder, programs));
  const last = (await runPlan(small, folder, programs)).failure ?? failure;
  return [
    `seed ${one.seed}, ${plan.steps[failure.step]?.title}`,
    `replay: npm run fuzz -- --seed ${one.seed}${only} --cases 1 --keep`,
    `settings: ${JSON.stringify(small.settings)}`,
    last.text,
    '',
    reproduction(small, programs),
    '',
  ].join('\n');
}
