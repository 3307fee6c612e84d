import type { Config } from '../../config/config.ts';
import { grouped } from '../../report/amounts.ts';
import { COUNTER_NAMES, survivesReset, type Totals } from '../../statistics/counters.ts';
import { folderProblem } from '../../storage/local/try-folder.ts';
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
  const late = isLate ? object : undefined;
  if (last === undefined && !hasOldCounts) {
    const none = `no call was counted in ${layout.cacheDirectory} yet`;
    if (late === undefined) return [look(none, SEE_SETUP)];
    const { how, advice } = explanation(layout);
    return [look(`${none}, and ${writtenText(late)}: ${writerOf(late)} ${how}`, advice)];
  }
  const when = last === undefined ? '' : `; the last call was at ${timeText(last)}`;
  return [good(`${summaryOf(totals)}${when}`), ...(late === undefined ? [] : [besideUs(late, layout)])];
}

function besideUs(late: FoundObject, layout: Needed['layout']): Finding {
  const { how, advice, isCertain } = explanation(layout);
  const found = `${writtenText(late)}, after the last call that was counted: ${writerOf(late)} ${how}`;
  return isCertain && isOfWindows(late) ? bad(found, advice) : look(found, advice);
}

/** How an object can come about without a counted call. No build need have the cache folder that is looked at. */
function explanation(layout: Needed['layout']) {
  return folderProblem(layout) === undefined
    ? { how: 'ran without clcache, or with another CLCACHE_DIR', advice: SEE_SETUP, isCertain: true }
    : {
        how: `ran without clcache, or with it and could not be counted in ${layout.cacheDirectory}`,
        advice: 'make that folder one that can be written first: see the line about the cache folder',
        isCertain: false,
      };
}

function writtenText({ path, time }: FoundObject): string {
  return `${path} was written at ${timeText(time)}`;
}

function writerOf(object: FoundObject): string {
  return isOfWindows(object) ? 'a compiler' : 'if cl or clang-cl wrote it, it';
}

/** Compilers for Linux alone write `.o` as well. */
function isOfWindows({ path }: FoundObject): boolean {
  return path.toLowerCase().endsWith('.obj');
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
