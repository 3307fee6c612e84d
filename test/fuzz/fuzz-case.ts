import { type Change, makeChange } from './change.ts';
import { makeLine } from './command-line.ts';
import { Random } from './random.ts';
import { type CallResult, type Programs, Sandbox } from './sandbox.ts';
import type { Scenario, Settings } from './scenario.ts';
import { makeTree } from './source-tree.ts';

/** Where a case went wrong. */
export interface Failure {
  readonly step: string;
  readonly difference: string;
  readonly scenario: Scenario;
  readonly settings: Settings;
}

export interface CaseResult {
  readonly failure: Failure | undefined;
  readonly statistics: Readonly<Record<string, number>>;
  /** True when the compiler itself accepted the first call. */
  readonly compiled: boolean;
}

/**
 * One case: a tree and a command line, compiled with and without clcache, cold and warm, and again after each of a few
 * changes and after they are undone. The seed decides all of it.
 */
export function runCase(seed: number, folder: string, programs: Programs): CaseResult {
  const random = new Random(seed);
  const generated = makeTree(random);
  const { line, workingFolder, environment } = makeLine(random, generated);
  const scenario: Scenario = { tree: generated.tree, line, workingFolder, environment, place: 'tree' };
  const settings: Settings = {
    noDirect: random.chance(0.2),
    baseDirectory: random.chance(0.5),
    hardLink: random.chance(0.1),
    compress: random.chance(0.1),
    settle: random.chance(0.02),
  };
  const sandbox = new Sandbox(folder, programs);
  const failed = (step: string, found: string, at: Scenario): Failure => ({
    step,
    difference: found,
    scenario: at,
    settings,
  });
  const comparison = { noDirect: settings.noDirect, isParallel: scenario.line.sources.length > 1 };
  const check = (step: string, at: Scenario, expected: CallResult): Failure | undefined => {
    sandbox.wipe();
    let found = differenceOf(expected, sandbox.compileCached(at, settings), comparison);
    // Time goes on: what differs must be what the compiler said just before or says just after.
    for (let tries = 0; found !== undefined && generated.namesTime && tries < 8; tries++) {
      sandbox.wipe();
      const before = sandbox.compile(at);
      sandbox.wipe();
      const now = sandbox.compileCached(at, settings);
      sandbox.wipe();
      const after = sandbox.compile(at);
      found = differenceOf(before, now, comparison) && differenceOf(after, now, comparison);
    }
    return found === undefined ? undefined : failed(step, found, at);
  };
  let compiled = false;
  const steps = (): Failure | undefined => {
    sandbox.arrange(scenario);
    const expected = sandbox.compile(scenario);
    compiled = expected.status === 0;
    if (settings.settle) pause(2100);
    for (const step of settings.settle ? ['cold', 'warm', 'warmer'] : ['cold', 'warm']) {
      const failure = check(step, scenario, expected);
      if (failure) return failure;
    }
    let current: Change = { title: '', scenario };
    const titles: string[] = [];
    for (let count = random.pick([1, 1, 1, 2]); count > 0; count--) {
      current = makeChange(random, current.scenario);
      titles.push(current.title);
      sandbox.arrange(current.scenario, current.touched);
      sandbox.wipe();
      const changed = sandbox.compile(current.scenario);
      const step = `after ${titles.join(', then ')}`;
      const failure =
        check(step, current.scenario, changed) ??
        (random.chance(0.3) ? check(`${step}, warm`, current.scenario, changed) : undefined);
      if (failure) return failure;
    }
    if (current.scenario.place !== scenario.place) return undefined;
    sandbox.arrange(scenario);
    return check(`undone: ${titles.join(', then ')}`, scenario, expected);
  };
  return { failure: steps(), statistics: seed % 5 === 0 ? sandbox.statistics() : {}, compiled };
}

function differenceOf(
  expected: CallResult,
  actual: CallResult,
  { noDirect, isParallel }: Comparison,
): string | undefined {
  if (expected.status !== actual.status) {
    return `exit status ${actual.status}, not ${expected.status}\n${excerpt(actual.stderr)}`;
  }
  // Sources that /MP had already begun when another failed are compiled to their end.
  if (expected.status !== 0 && isParallel) return undefined;
  // Without direct mode a refusal is the preprocessor's, as in the original.
  if (noDirect && expected.status !== 0) return undefined;
  // The driver speaks of all sources before it compiles the first; with a job for each, they stand apart.
  const ordered = (bytes: Buffer) =>
    isParallel ? bytes.toString('latin1').split('\n').sort().join('\n') : bytes.toString('latin1');
  for (const stream of ['stdout', 'stderr'] as const) {
    if (ordered(expected[stream]) !== ordered(actual[stream])) {
      return `${stream} differs\n--- compiler\n${excerpt(expected[stream])}\n--- clcache\n${excerpt(actual[stream])}`;
    }
  }
  const names = new Set([...expected.outputs.keys(), ...actual.outputs.keys()]);
  for (const name of names) {
    const [wanted, got] = [expected.outputs.get(name), actual.outputs.get(name)];
    if (!wanted) return `${name} should not be there`;
    if (!got) return `${name} is missing`;
    if (name.endsWith('.d') && unbroken(wanted.bytes) === unbroken(got.bytes)) continue;
    if (name.endsWith('.asm') && withoutChance(wanted.bytes) === withoutChance(got.bytes)) continue;
    if (!wanted.bytes.equals(got.bytes)) return `${name} differs${placeOf(wanted.bytes, got.bytes)}`;
    if (wanted.mode !== got.mode)
      return `${name} has mode ${got.mode.toString(8)}, not ${wanted.mode.toString(8)}`;
  }
  return undefined;
}

/** A rule of make that came from another tree has its lines broken where they were in that tree. */
function unbroken(rule: Buffer): string {
  return rule.toString('latin1').replace(/ \\\n +/g, ' ');
}

/** A call that links compiles into a file whose name is made by chance, and clang's listing repeats it. */
function withoutChance(listing: Buffer): string {
  return listing.toString('latin1').replace(/-[0-9a-f]{6}\.obj"/g, '.obj"');
}

function excerpt(bytes: Buffer): string {
  return bytes.toString('utf8').slice(0, 3000);
}

function placeOf(wanted: Buffer, got: Buffer): string {
  let at = 0;
  while (at < wanted.length && wanted[at] === got[at]) at++;
  const around = (bytes: Buffer) =>
    JSON.stringify(bytes.subarray(Math.max(0, at - 60), at + 80).toString('latin1'));
  return ` at ${at} (${wanted.length} and ${got.length} bytes)\n--- compiler\n${around(wanted)}\n--- clcache\n${around(got)}`;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

interface Comparison {
  readonly noDirect: boolean;
  readonly isParallel: boolean;
}

/** A failure for a person: what to run again, on what, and what came out. */
export function describeFailure(seed: number, { step, difference, scenario, settings }: Failure): string {
  const { line, environment, tree, workingFolder } = scenario;
  return [
    `seed ${seed}, ${step}`,
    `replay: npm run fuzz -- --seed ${seed} --cases 1 --keep`,
    `settings: ${JSON.stringify(settings)}`,
    `environment: ${JSON.stringify(environment)}`,
    `in '${workingFolder}': ${JSON.stringify(line)}`,
    `files: ${[...tree.files.keys()].join(' ')} links: ${JSON.stringify([...tree.links])}`,
    difference,
  ].join('\n');
}
