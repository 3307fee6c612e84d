import { readSettings } from '../../config/settings-file.ts';
import { grouped } from '../../report/amounts.ts';
import { type Finding, good, look, stops } from '../finding.ts';
import type { Surroundings } from '../surroundings.ts';

/** In bytes. No entry of a real source is much smaller. */
const SMALLEST_OF_USE = 64 * 1024;
const WRITE_ANEW = 'mend it, or write it anew: clcache -M 10G';
const LET_READ = 'let this user read it, or set CLCACHE_DIR to a folder of this user';
/** Of all misses. */
const MANY_EVICTED = 0.05;

/** Whether the limit is large enough for what was stored. */
export async function checkLimit({
  layout,
  statistics,
}: Pick<Surroundings, 'layout' | 'statistics'>): Promise<Finding[]> {
  const { maximumSize, problem, isUnreadable = false } = readSettings(layout.settingsFile);
  const { CacheSize, CacheMisses, EvictedMisses } = (await statistics()).totals;
  const findings: Finding[] =
    problem === undefined
      ? []
      : [look(`${problem}: the defaults are used`, isUnreadable ? LET_READ : WRITE_ANEW)];
  const limit = `the limit is ${grouped(maximumSize)} bytes`;
  if (maximumSize < SMALLEST_OF_USE)
    return [...findings, stops(`${limit}, so nothing stays in the cache`, 'raise it: clcache -M 10G')];
  const used = `${limit}, ${Math.round((100 * Math.max(0, CacheSize)) / maximumSize)} % of it used`;
  if (EvictedMisses > MANY_EVICTED * CacheMisses)
    return [
      ...findings,
      look(
        `${used}; ${grouped(EvictedMisses)} of ${grouped(CacheMisses)} misses had an entry that was evicted`,
        `raise it: clcache -M ${suggestedSize(maximumSize)}`,
      ),
    ];
  const evicted = EvictedMisses > 0 ? `; ${grouped(EvictedMisses)} entries were missed after eviction` : '';
  return [...findings, good(`${used}${evicted}`)];
}

/** Twice as much, in a unit of `--set-size`. */
function suggestedSize(bytes: number): string {
  const gibibytes = Math.ceil((2 * bytes) / 2 ** 30);
  return `${gibibytes}G`;
}
