/**
 * What a section of the counters holds:
 *
 *   record = "{" [ counter ":" integer … ] ["Since" ":" time] ["Builds" ":" list of texts, each a build] ["RefusedOptions" ":" counts] "}"
 *   build  = "[" from "," to "," "{" counter ":" integer … "}" "," "{" option ":" integer … "}" "]"
 *
 * Times are milliseconds since 1970. Versions up to 5.0 know the counters only, and leave out the rest when they count.
 */
import { isJsonObject, parseJson, stableStringify } from '../util/json.ts';
import { type Build, isOver, MOST_BUILDS, withCall } from './builds.ts';
import { COUNTER_NAMES, type Counter, type Counts, falls, survivesReset } from './counters.ts';
import { addRefused, decodeRefused, type RefusedOptions } from './refused-options.ts';
import { addCounts, afterReset } from './statistics.ts';

/** The JSON of a build. */
export type EncodedBuild = string;

export interface SectionRecord {
  readonly counts: Counts;
  /** When the first call was counted, or the counters were reset. Undefined if an old version has counted before. */
  readonly since: number | undefined;
  /** Oldest first. They stay texts until somebody looks at them. */
  readonly builds: readonly EncodedBuild[];
  readonly refused: RefusedOptions;
}

export const EMPTY_RECORD: SectionRecord = { counts: {}, since: undefined, builds: [], refused: {} };

/** The record with one call more. */
export function withCounted(record: SectionRecord, call: Build): SectionRecord {
  return {
    counts: addCounts(record.counts, call.counts),
    since: record.since ?? (isUnused(record.counts) ? call.from : undefined),
    builds: withCallEncoded(record.builds, call),
    refused: addRefused(record.refused, call.refused),
  };
}

/** What is left by a reset at a time. */
export function recordAfterReset({ counts }: SectionRecord, now: number): SectionRecord {
  return { ...EMPTY_RECORD, counts: afterReset(counts), since: now };
}

/** True if nothing was counted but the size of the cache. */
function isUnused(counts: Counts): boolean {
  return COUNTER_NAMES.every((counter) => survivesReset(counter) || (counts[counter] ?? 0) === 0);
}

/**
 * When the first of these began to count. Undefined if one of them has counts and no time, because the earliest time is
 * not known then.
 */
export function sinceOf(records: readonly SectionRecord[]): number | undefined {
  const used = records.filter(({ counts, since }) => since !== undefined || !isUnused(counts));
  const times = used.map(({ since }) => since);
  return times.length === 0 || times.includes(undefined)
    ? undefined
    : Math.min(...times.flatMap((time) => time ?? []));
}

/** The text of a record. What is empty is left out. */
export function encodeRecord({ counts, since, builds, refused }: SectionRecord): string {
  return stableStringify({
    ...counts,
    ...(since !== undefined && { Since: since }),
    ...(builds.length > 0 && {
      Builds: builds,
    }),
    ...(Object.keys(refused).length > 0 && { RefusedOptions: refused }),
  });
}

/** The record in a stored value. What is not as it should be is left out. */
export function decodeRecord(value: unknown): SectionRecord {
  if (!isJsonObject(value)) return EMPTY_RECORD;
  const builds = Array.isArray(value['Builds']) ? value['Builds'] : [];
  return {
    counts: decodeCounts(value),
    since: isTime(value['Since']) ? value['Since'] : undefined,
    builds: builds.filter((build): build is EncodedBuild => typeof build === 'string'),
    refused: decodeRefused(value['RefusedOptions']),
  };
}

/**
 * Decodes only the builds that the call may belong to. A hit counts in a process that has just started, where decoding 24
 * builds took 2 ms.
 */
function withCallEncoded(builds: readonly EncodedBuild[], call: Build): readonly EncodedBuild[] {
  const recent: Build[] = [];
  let kept = builds.length;
  for (; kept > 0; kept -= 1) {
    const build = decodeBuild(builds[kept - 1] ?? '');
    if (build && isOver(build, call)) break;
    if (build) recent.unshift(build);
  }
  const encoded = withCall(recent, call).map(encodeBuild);
  return [...builds.slice(0, kept), ...encoded].slice(-MOST_BUILDS);
}

function encodeBuild({ from, to, counts, refused }: Build): EncodedBuild {
  return JSON.stringify([from, to, counts, refused]);
}

/** The build in its text. Undefined if it is none. */
export function decodeBuild(text: EncodedBuild): Build | undefined {
  const value = parseJson(text);
  const [from, to, counts, refused] = Array.isArray(value) ? value : [];
  if (!isTime(from) || !isTime(to) || to < from || !isJsonObject(counts)) return undefined;
  return { from, to, counts: decodeCounts(counts), refused: decodeRefused(refused) };
}

function decodeCounts(value: Readonly<Record<string, unknown>>): Counts {
  const counts: Partial<Record<Counter, number>> = {};
  for (const counter of COUNTER_NAMES) {
    const count = value[counter];
    if (typeof count !== 'number' || !Number.isSafeInteger(count)) continue;
    if (count >= 0 || falls(counter)) counts[counter] = count;
  }
  return counts;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
