import type { CallResult } from './sandbox.ts';
import type { Scenario, Settings } from './scenario.ts';

/** What differs: of these kinds, so that a smaller case can be told from another one. */
export interface Difference {
  readonly kind: 'status' | 'stdout' | 'stderr' | 'output';
  readonly text: string;
}

/** What clcache left that the compiler does not leave, or the other way round. */
export function differenceOf(
  { scenario, settings }: { readonly scenario: Scenario; readonly settings: Settings },
  expected: CallResult,
  actual: CallResult,
): Difference | undefined {
  if (expected.status !== actual.status) {
    const text = `exit status ${actual.status}, not ${expected.status}\n${excerpt(actual.stderr)}`;
    return { kind: 'status', text };
  }
  // Without direct mode a refusal is the preprocessor's, as in the original.
  if (settings.noDirect && expected.status !== 0) return undefined;
  // Sources that /MP had already begun when another failed are compiled to their end.
  const isOpen = expected.status !== 0 && isAtOnce(scenario);
  return (
    (isOpen ? undefined : streamDifference(scenario, expected, actual)) ??
    outputDifference(expected, actual, isOpen)
  );
}

function streamDifference(
  { line }: Scenario,
  expected: CallResult,
  actual: CallResult,
): Difference | undefined {
  // The driver speaks of all sources before it compiles the first; with a job for each, they stand apart.
  const ordered = (bytes: Buffer) =>
    line.sources.length > 1
      ? bytes.toString('latin1').split('\n').sort().join('\n')
      : bytes.toString('latin1');
  for (const stream of ['stdout', 'stderr'] as const) {
    if (ordered(expected[stream]) !== ordered(actual[stream])) {
      const text = `${stream} differs\n--- compiler\n${excerpt(expected[stream])}\n--- clcache\n${excerpt(actual[stream])}`;
      return { kind: stream, text };
    }
  }
  return undefined;
}

function outputDifference(
  expected: CallResult,
  actual: CallResult,
  mayHaveMore: boolean,
): Difference | undefined {
  const names = new Set([...expected.outputs.keys(), ...(mayHaveMore ? [] : actual.outputs.keys())]);
  for (const name of names) {
    const text = fileDifference(name, expected, actual);
    if (text !== undefined) return { kind: 'output', text };
  }
  return undefined;
}

function fileDifference(name: string, expected: CallResult, actual: CallResult): string | undefined {
  const [wanted, got] = [expected.outputs.get(name), actual.outputs.get(name)];
  if (!wanted) return `${name} should not be there`;
  if (!got) return `${name} is missing`;
  if (isTimeTrace(wanted.bytes) && isTimeTrace(got.bytes)) return undefined;
  if (NAMES_BY_CHANCE.test(name) && withoutChance(wanted.bytes) === withoutChance(got.bytes))
    return undefined;
  if (!wanted.bytes.equals(got.bytes)) return `${name} differs${placeOf(wanted.bytes, got.bytes)}`;
  if (wanted.mode !== got.mode) {
    return `${name} has mode ${got.mode.toString(8)}, not ${wanted.mode.toString(8)}`;
  }
  return undefined;
}

/** Whether sources may be compiled at the same time. */
function isAtOnce({ line, environment }: Scenario): boolean {
  const words = [...line.options.flat(), ...Object.values(environment).flatMap((value) => value.split(' '))];
  return line.sources.length > 1 && words.some((word) => /^[-/]MP\d*$/.test(word));
}

/** What took how long in which process: never the same twice. */
function isTimeTrace(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, TIME_TRACE.length) === TIME_TRACE;
}
const TIME_TRACE = '{"traceEvents":';

/** Outputs in which clang repeats a command line with a file of its own, whose name is made by chance. */
const NAMES_BY_CHANCE = /\.(?:asm|obj|o)$/;

/**
 * A call that links compiles into a file with such a name, which a listing repeats. With `-fembed-bitcode` the code goes
 * through one, which debug information repeats: then its hashes (`-gcodeview-ghash`) are others, too. They stand behind the
 * code.
 */
function withoutChance(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  const named = text.replace(/-[0-9a-f]{6}\.(obj|bc)"/g, '.$1"');
  const hashes = named === text ? -1 : named.indexOf(START_OF_HASHES);
  return hashes < 0 ? named : `${named.slice(0, hashes)}${named.length}`;
}
/** The number at the beginning of `.debug$H` (`COFF::DEBUG_HASHES_SECTION_MAGIC` of LLVM), and its version. */
const START_OF_HASHES = '\xc5\xc9\x33\x01\0\0';

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
