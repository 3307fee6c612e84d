import type { Config } from '../../config/config.ts';
import { grouped } from '../../report/amounts.ts';
import { COUNTER_NAMES, survivesReset, type Totals } from '../../statistics/counters.ts';
import { bad, type Finding, good, look } from '../finding.ts';
import { type FoundObject, newestObject } from '../newest-object.ts';
import type { Surroundings } from '../surroundings.ts';

type Needed = Pick<Surroundings, 'layout' | 'statistics'> & {
  readonly config: Pick<Config, 'workingDirectory' | 'isFolderGone'>;
};

/** A call is counted after it has written its object. */
const TOLERANCE_MS = 3000;
const SEE_SETUP = 'see clcache --cmake or clcache --msbuild, and whether the build has the same CLCACHE_DIR';

/** Whether calls come at all, and whether a compiler ran in this folder without clcache after the last one. */
export async function checkCalls({ config, layout, statistics }: Needed): Promise<Finding[]> {
  const { totals, builds, since } = await statistics();
  const last = builds.at(-1)?.to;
  // Earlier versions did not note when a call was, and a reset forgets it.
  const hasOldCounts =
    last === undefined && COUNTER_NAMES.some((name) => !survivesReset(name) && totals[name] > 0);
  const object = config.isFolderGone || hasOldCounts ? undefined : newestObject(config.workingDirectory);
  const isLate = object !== undefined && object.time > Math.max(last ?? 0, since ?? 0) + TOLERANCE_MS;
  return [
    ...(last === undefined && !hasOldCounts
      ? [look(`no call was counted in ${layout.cacheDirectory} yet`, SEE_SETUP)]
      : [
          good(`${summaryOf(totals)}${last === undefined ? '' : `; the last call was at ${timeText(last)}`}`),
        ]),
    ...(isLate ? [besideUs(object)] : []),
  ];
}

/** Compilers for Linux alone write `.o` as well. */
function besideUs({ path, time }: FoundObject): Finding {
  const found = `${path} was written at ${timeText(time)}, after the last call that was counted`;
  return path.toLowerCase().endsWith('.obj')
    ? bad(`${found}: a compiler ran without clcache`, SEE_SETUP)
    : look(`${found}: if cl or clang-cl wrote it, it ran without clcache`, SEE_SETUP);
}

function summaryOf({ CacheHits, CacheMisses }: Totals): string {
  return `${grouped(CacheHits)} hits, ${grouped(CacheMisses)} misses`;
}

/** Local time: `2026-11-26 12:40`. */
function timeText(time: number): string {
  const date = new Date(time);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
