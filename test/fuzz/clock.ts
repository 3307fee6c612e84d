import type { CallResult } from './sandbox.ts';

/** A time of the day, but not that of a file, which a year follows. */
const TIME = /\d\d:\d\d:\d\d(?! \d{4})/g;
const SAME = '00:00:00';

/** What a call left, with another time of the day in the place of each. */
export function withoutTimes(result: CallResult): CallResult {
  const plain = (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace(TIME, SAME), 'latin1');
  const outputs = [...result.outputs].map(
    ([path, { mode, bytes }]) => [path, { mode, bytes: plain(bytes) }] as const,
  );
  return {
    ...result,
    stdout: plain(result.stdout),
    stderr: plain(result.stderr),
    outputs: new Map(outputs),
  };
}

/** A time that a call left and that it did not have while it ran; `from` and `to` are in milliseconds. */
export function strangeTime({ outputs }: CallResult, from: number, to: number): string | undefined {
  const times = [...outputs.values()].flatMap(({ bytes }) => bytes.toString('latin1').match(TIME) ?? []);
  const possible = new Set<string>();
  for (let at = from - (from % 1000); at <= to; at += 1000) {
    possible.add(new Date(at).toTimeString().slice(0, SAME.length));
  }
  return times.find((time) => !possible.has(time));
}
