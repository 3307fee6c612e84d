import {
  COUNTER_NAMES,
  COUNTERS,
  type Counter,
  type Counts,
  survivesReset,
  type Totals,
} from './counters.ts';

/** The sums of the counters. Counters with the sum zero are left out. */
export function addCounts(left: Counts, right: Counts): Counts {
  const sum: Partial<Record<Counter, number>> = {};
  for (const counter of COUNTER_NAMES) {
    const value = (left[counter] ?? 0) + (right[counter] ?? 0);
    if (value !== 0) sum[counter] = value;
  }
  return sum;
}

/** The value of every counter over all sections. */
export function totalOf(sections: readonly Counts[]): Totals {
  const total = Object.fromEntries(COUNTER_NAMES.map((counter) => [counter, 0])) as Record<Counter, number>;
  for (const section of sections) {
    for (const counter of COUNTER_NAMES) total[counter] += section[counter] ?? 0;
  }
  return total;
}

/** How many calls went to the compiler unchanged, for whatever reason. */
export function passedThrough(counts: Counts): number {
  return COUNTER_NAMES.filter((counter) => COUNTERS[counter].group === 'passedThrough')
    .map((counter) => counts[counter] ?? 0)
    .reduce((sum, count) => sum + count, 0);
}

/** What a reset leaves: the size of the cache without hits and misses. */
export function afterReset(counts: Counts): Counts {
  return Object.fromEntries(
    COUNTER_NAMES.filter((counter) => survivesReset(counter) && counts[counter] !== undefined).map(
      (counter) => [counter, counts[counter]],
    ),
  );
}

/** True if adding these would change nothing. */
export function isNothing(counts: Counts): boolean {
  return COUNTER_NAMES.every((counter) => (counts[counter] ?? 0) === 0);
}

/** What to add so that the counted size and entries become the measured ones. */
export function sizeCorrection(
  counted: Totals,
  measured: { readonly entries: number; readonly bytes: number },
): Counts {
  return {
    CacheEntries: measured.entries - counted.CacheEntries,
    CacheSize: measured.bytes - counted.CacheSize,
  };
}
