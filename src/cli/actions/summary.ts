import { allCallsIn } from '../../compile/why/find-calls.ts';
import { biggestCauseIn } from '../../explain/known-calls.ts';
import { type Cause, summaryLine } from '../../report/one-line.ts';
import type { Span } from '../../statistics/builds.ts';
import { readStatistics } from '../../statistics/statistics-file.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import { errorCode } from '../../util/busy-retry.ts';
import type { CliContext } from '../context.ts';

/** A call that is handed on is counted before it is kept. Clocks of file systems are a little behind. */
const LATE_MS = 2000;

/** `clcache --summary`: what the last build gained and lost, in one line. Build systems call it, so it never fails. */
export async function showSummary({ config, stdout }: CliContext): Promise<number> {
  const { builds } = await readStatistics(layoutOf(config.cacheDirectory).statistics, () => {});
  const build = builds.at(-1);
  const known = build && biggestCause(build, config);
  stdout(summaryLine(build, Date.now(), known));
  return 0;
}

/** Undefined if nothing is known of single calls, or if what is kept of them cannot be read. */
function biggestCause({ from, to }: Span, config: CliContext['config']): Cause | undefined {
  try {
    const all = allCallsIn(config, from - LATE_MS).all();
    return biggestCauseIn(all, { from, to: to + LATE_MS }, config);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
