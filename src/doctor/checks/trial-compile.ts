import { assertNever } from '../../util/assert.ts';
import { environmentValue, withoutVariables } from '../../util/environment.ts';
import { TimeoutError, within } from '../../util/time-limit.ts';
import { type Finding, good, look, stops } from '../finding.ts';
import type { Surroundings } from '../surroundings.ts';
import {
  OPTION_VARIABLES,
  openPlace,
  runTrial,
  type Trial,
  type TrialPlan,
  type TrialStep,
} from '../trial.ts';
import { lineHere, whyHandedOn } from '../trial-line.ts';
import { unfitRoom } from '../try-files.ts';

type Needed = Pick<Surroundings, 'compiler' | 'config' | 'self' | 'room'> & {
  /** Tests wait less. */
  readonly longestMs?: number;
};

const LONGEST_TRIAL_MS = 60_000;
const OTHER_ROOM = 'set TMPDIR (TEMP on Windows) to a folder with room';
const REPORT = 'please report it, with this output and what clcache --why says of a source of yours';
/** What each step must be. */
const EXPECTED: Readonly<Record<TrialStep['name'], TrialStep['was']>> = {
  cold: 'miss',
  warm: 'hit',
  'header changed': 'miss',
};

/** Compiles a small source through clcache and without it. The user's cache and statistics are not touched. */
export async function checkTrial({
  compiler,
  config,
  self,
  room,
  longestMs = LONGEST_TRIAL_MS,
}: Needed): Promise<Finding[]> {
  const unfit = unfitRoom(room);
  if (room.kind === 'none' || unfit !== undefined) return [look(`not made: ${unfit}`, OTHER_ROOM)];
  const { found } = await compiler();
  if (found.kind !== 'compiler') return [look('not made, because no compiler is served')];
  const { compiler: path, record } = found;
  const plan = { config, self, compiler: path, record, room: room.path };
  try {
    return await within(longestMs, triedTwice(plan), 'the trial');
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    return [stops(`the compiler did not end: ${error.message}`, 'see what it waits for')];
  }
}

/**
 * Options in CL and _CL_ may be for the user's folder (`/FIcommon.h`, `common.c`). If they do not work in another
 * folder, the trial is made without them.
 */
async function triedTwice(plan: TrialPlan): Promise<Finding[]> {
  const first = await runTrial(plan);
  const { environment, style } = plan.config;
  const set = OPTION_VARIABLES.filter((name) => environmentValue(environment, style, name));
  const because = set.length === 0 ? undefined : await whyNotElsewhere(first, plan);
  if (because === undefined) return findingsOfTrial(first);
  const without = { ...plan.config, environment: withoutVariables(environment, style, set) };
  const second = await runTrial({ ...plan, config: without }, 'second');
  if (second.kind === 'compilerFailed' || second.kind === 'handedOn') return findingsOfTrial(first);
  const names = set.join(' and ');
  return [
    ...findingsOfTrial(second),
    look(
      `that was without ${names}, with which ${because}`,
      `if it fails in your folders as well, mend ${names}`,
    ),
  ];
}

/** What does not work in the folder of the trial and may work in the user's. */
async function whyNotElsewhere(trial: Trial, plan: TrialPlan): Promise<string | undefined> {
  if (trial.kind === 'compilerFailed') return `the compiler fails in a folder of its own: ${trial.said}`;
  if (trial.kind !== 'handedOn') return undefined;
  const here = await whyHandedOn(lineHere(openPlace(plan, 'here'), plan.config), plan);
  return here === undefined ? `nothing is cached in a folder of its own: ${trial.reason.because}` : undefined;
}

/** The lines about a trial. */
export function findingsOfTrial(trial: Trial): Finding[] {
  switch (trial.kind) {
    case 'handedOn':
      return [look('not made, because the compiler gets each call unchanged: see options')];
    case 'compilerFailed': {
      const said = trial.said === '' ? 'without a word' : `: ${trial.said}`;
      return [
        stops(
          `the compiler alone fails with status ${trial.status} ${said}`.replace(' :', ':'),
          'make it compile a small source first: a developer prompt sets what cl needs',
        ),
      ];
    }
    case 'unsteady':
      return [
        look(
          'the compiler makes another object of the same source each time, so that nothing can be compared',
          'with a script before the compiler, see what it adds',
        ),
      ];
    case 'compared':
      return findingsOfSteps(trial.bareMilliseconds, trial.steps);
    default:
      return assertNever(trial);
  }
}

function findingsOfSteps(bareMilliseconds: number, steps: readonly TrialStep[]): Finding[] {
  const wrong = steps.flatMap((step) => problemOf(step) ?? []);
  if (wrong.length > 0) return wrong;
  const times = steps.map(({ name, milliseconds }) => `${name} ${inMilliseconds(milliseconds)}`);
  return [
    good(
      `${times.join(', ')}; the compiler alone ${inMilliseconds(bareMilliseconds)}; each object is the compiler's, byte for byte`,
    ),
  ];
}

function problemOf({ name, was, status, isSame, said }: TrialStep): Finding | undefined {
  const log = said.length === 0 ? '' : `: ${said.slice(-2).join('; ')}`;
  if (status !== 0)
    return stops(`${name}: status ${status}, while the compiler alone succeeds${log}`, REPORT);
  if (!isSame) return stops(`${name}: the object is not the compiler's`, REPORT);
  if (was === EXPECTED[name]) return undefined;
  return stops(`${name}: a ${EXPECTED[name]} was expected, and it was ${was}${log}`, REPORT);
}

function inMilliseconds(time: number): string {
  return `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`;
}
