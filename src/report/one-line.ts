/** What the last build gained, in one line, for the end of a build. */
import type { Build } from '../statistics/builds.ts';
import { totalOf } from '../statistics/statistics.ts';
import { oneLine } from '../util/one-line.ts';
import { duration, grouped, percent } from './amounts.ts';
import { LOSS_ROWS, type Loss } from './losses.ts';

/** Something that cost hits in the last build. */
export interface Cause {
  readonly words: string;
  readonly count: number;
  /** Missing if nothing can be done about it. */
  readonly cure?: string;
}

/** A build that ended longer ago, in milliseconds, is hardly the one that ends now. A link may take minutes. */
const RECENT_MS = 10 * 60_000;

/**
 * The line, with a line feed. `named` is the biggest cause as far as single calls are known, else the counters tell it.
 * Times are milliseconds since 1970.
 */
export function summaryLine(build: Build | undefined, now: number, named?: Cause): string {
  if (!build) return 'clcache: nothing was compiled through it yet; clcache --doctor says what is wrong\n';
  const totals = totalOf([build.counts]);
  const { CacheHits: hits, CacheMisses: misses } = totals;
  const pause = now - build.to;
  const cause = named ?? biggestCause(build);
  const rate = percent(hits, hits + misses);
  const what = [
    `${counted(hits, 'hit')}, ${counted(misses, 'miss', 'misses')}${rate === undefined ? '' : ` (${rate})`}`,
    `${duration(totals.TimeSavedMs)} saved, ${duration(totals.CompileTimeMs)} lost to misses`,
    ...(cause
      ? [
          `most because: ${oneLine(cause.words)} (${grouped(cause.count)})${cause.cure === undefined ? '' : `, remedy: ${cause.cure}`}`,
        ]
      : []),
  ].join('; ');
  return pause > RECENT_MS
    ? `clcache: no compile for ${duration(pause)}; if this build compiled anything, clcache --doctor says why it went past the cache (before that: ${what})\n`
    : `clcache: ${what}\n`;
}

/** The counter that cost most calls in a build and has a remedy. */
export function biggestCause({ counts }: Pick<Build, 'counts'>): Cause | undefined {
  const rows = LOSS_ROWS.flatMap(([counter, { meaning, cure }]: readonly [keyof Build['counts'], Loss]) =>
    cure === undefined ? [] : [{ words: meaning, count: counts[counter] ?? 0, cure }],
  );
  const [first] = rows.filter(({ count }) => count > 0).sort((left, right) => right.count - left.count);
  return first;
}

function counted(count: number, one: string, more = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : more}`;
}
