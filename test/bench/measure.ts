/** Runs commands and measures how long they take. All contestants are started in the same way, and take turns. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Command {
  readonly words: readonly string[];
  readonly directory: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Contender {
  readonly name: string;
  readonly command: Command;
  /**
   * How often it runs in a row for one sample. Short programs run more often, so that a sample is well above the
   * clock's resolution.
   */
  readonly runs?: number;
  /** Runs before each sample, and is not measured. */
  readonly before?: () => void;
}

/** Milliseconds for one run, one sample a round; sample i of every contender was taken in the same round. */
export interface Series {
  readonly name: string;
  readonly samples: readonly number[];
}

const SHELL = '/bin/sh';
/** A shell forks in half the time that Node needs to spawn. */
const LOOP = 'n=$1; shift; while [ "$n" -gt 0 ]; do "$@" || exit; n=$((n-1)); done';

/** On a busy or slow machine, fewer rounds instead of many minutes. */
const BUDGET_MS = 12_000;
const ROUNDS_AT_LEAST = 3;

/** Runs the contenders by turns: A B C, B C A, … so that whatever else the machine does hits all of them. */
export function alternate(
  contenders: readonly Contender[],
  rounds: number,
  tell: (done: number, total: number) => void,
): Series[] {
  const samples = contenders.map((): number[] => []);
  const started = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round >= ROUNDS_AT_LEAST && performance.now() - started > BUDGET_MS) break;
    tell(round, rounds);
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      const contender = contenders[index];
      if (contender) samples[index]?.push(sample(contender));
    }
  }
  return contenders.map(({ name }, index) => ({ name, samples: samples[index] ?? [] }));
}

/** Runs a command once, unmeasured. Throws with its output if it does not end with 0. */
export function runOnce(command: Command): { readonly stdout: string; readonly stderr: string } {
  const [program = '', ...args] = command.words;
  const result = spawnSync(program, args, {
    cwd: command.directory,
    env: command.environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `${command.words.join(' ').slice(0, 300)}\nended with ${result.status ?? result.signal}\n${result.stdout}${result.stderr}`,
    );
  }
  return result;
}

/** The middle value. For an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** How many times as long `series` takes as `reference`: the median over the rounds, which drifting load cannot bend. */
export function ratio(series: Series, reference: Series): number {
  return median(pairs(series, reference).map(([one, other]) => one / other));
}

/** How much longer `series` takes than `reference`, in milliseconds: the median over the rounds. */
export function difference(series: Series, reference: Series): number {
  return median(pairs(series, reference).map(([one, other]) => one - other));
}

function pairs(series: Series, reference: Series): [number, number][] {
  return series.samples.map((value, round) => [value, reference.samples[round] ?? Number.NaN]);
}

function sample({ command, runs = 1, before }: Contender): number {
  before?.();
  if (runs === 1 || !existsSync(SHELL)) {
    let total = 0;
    for (let run = 0; run < runs; run++) total += timed(command);
    return total / runs;
  }
  return timed({ ...command, words: [SHELL, '-c', LOOP, 'sh', String(runs), ...command.words] }) / runs;
}

function timed(command: Command): number {
  const [program = '', ...args] = command.words;
  const started = process.hrtime.bigint();
  const result = spawnSync(program, args, {
    cwd: command.directory,
    env: command.environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `${command.words.join(' ').slice(0, 300)}\nended with ${result.status ?? result.signal}\n${result.stderr}`,
    );
  }
  return milliseconds;
}
