/**
 * Which calls belong to one build. clcache is started once for each call and told nothing of builds, so it goes by the
 * pauses in which no call ran.
 */
import type { Counts } from './counters.ts';
import { addRefused, type RefusedOptions } from './refused-options.ts';
import { addCounts } from './statistics.ts';

/** When the first of some calls began and the last one ended, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A build, or the part of it that one section of the counters knows. */
export interface Build extends Span {
  readonly counts: Counts;
  readonly refused: RefusedOptions;
}

/** After a longer pause without a call, another build begins. */
const PAUSE_MS = 60_000;
/** In a long build a link may take minutes. So a pause up to this part of the build so far belongs to it as well. */
const PAUSE_SHARE = 0.1;
/** How many builds a section of the counters keeps. */
export const MOST_BUILDS = 24;

/**
 * The parts of builds that a section knows, with one call more, oldest first. A section does not see the calls that others count, so it joins what is certainly one build, and leaves the rest to `buildsOf`.
 */
export function withCall(parts: readonly Build[], call: Build): readonly Build[] {
  return joined([...upTo(call.to, parts), call], () => PAUSE_MS);
}

/** True if a build that a section knows was over long before this call. */
export function isOver({ to }: Span, call: Span): boolean {
  return call.from - to > PAUSE_MS;
}

/** The builds that these parts make up, oldest first. `now` is in milliseconds since 1970. */
export function buildsOf(parts: readonly Build[], now: number): readonly Build[] {
  return joined(upTo(now, parts), ({ from, to }) => Math.max(PAUSE_MS, (to - from) * PAUSE_SHARE));
}

/** Parts that lie in the future were counted before the clock was set back. They would be the last build for long. */
function upTo(now: number, parts: readonly Build[]): readonly Build[] {
  return parts.filter(({ from }) => from <= now + PAUSE_MS);
}

function joined(parts: readonly Build[], longestPause: (build: Build) => number): Build[] {
  const builds: Build[] = [];
  for (const part of parts.toSorted((left, right) => left.from - right.from)) {
    const last = builds.at(-1);
    if (last && part.from - last.to <= longestPause(last)) builds[builds.length - 1] = sum(last, part);
    else builds.push(part);
  }
  return builds;
}

function sum(left: Build, right: Build): Build {
  return {
    from: Math.min(left.from, right.from),
    to: Math.max(left.to, right.to),
    counts: addCounts(left.counts, right.counts),
    refused: addRefused(left.refused, right.refused),
  };
}
