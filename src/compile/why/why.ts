/** Answers `clcache --why`. */
import { buildReasons } from '../../explain/build.ts';
import type { ExplainedBuild } from '../../explain/build-text.ts';
import type { ExplainedCall } from '../../explain/call-text.ts';
import { causesElsewhere } from '../../explain/compare.ts';
import type { KeptCall, KeptCalls } from '../../explain/kept-call.ts';
import type { MissCause } from '../../explain/miss-causes.ts';
import { passedThrough } from '../../statistics/statistics.ts';
import { readStatistics } from '../../statistics/statistics-file.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import { withChangedHeaders } from './changed-headers.ts';
import { type AllCalls, type Asker, findCalls } from './find-calls.ts';
import { today } from './look-again.ts';
import { type Present, presentOf } from './present.ts';

/** What is known of the file that a name means. Empty if nothing is. */
export function whyOf(name: string, asker: Asker, all: AllCalls): readonly ExplainedCall[] {
  const present = presentOf(asker.cacheDirectory, asker.style);
  return findCalls(name, asker, { all, present }).flatMap(({ source, calls, shown, insteadOf }) =>
    shown.map((found) => {
      const older = calls.slice(calls.indexOf(found) + 1);
      const call = withHeaders(withOtherFolders(found, source, all), older, present);
      const other = insteadOf === undefined ? {} : { insteadOf };
      return { source, ...other, call, ...today(call, calls, present), advice: adviceFor(call) };
    }),
  );
}

/** A cache that cannot be read tells no more. */
function withHeaders(call: KeptCall, older: readonly KeptCall[], present: Present): KeptCall {
  try {
    return withChangedHeaders(call, older, present);
  } catch {
    return call;
  }
}

/** If there is no pause between two calls of this length, they belong to one build. Only where nothing was counted. */
const PAUSE_MS = 60_000;
/** A call that is handed on is counted before it is kept. */
const LATE_MS = 2000;

/** The last build. Undefined if nothing is known of any. */
export async function whyOfLastBuild(
  { cacheDirectory, style, workingDirectory }: Asker,
  all: AllCalls,
): Promise<ExplainedBuild | undefined> {
  const { builds } = await readStatistics(layoutOf(cacheDirectory).statistics);
  const last = builds.at(-1);
  const kept = all.all();
  const span = last ? { from: last.from, to: last.to } : spanOfLast(kept);
  if (!span) return undefined;
  const inBuild = kept.map((one) => ({
    ...one,
    calls: one.calls.map((call) => (call.at < span.from ? call : withOtherFolders(call, one.source, all))),
  }));
  const { counts } = last ?? {};
  return {
    ...span,
    counted: counts && {
      hits: counts.CacheHits ?? 0,
      misses: counts.CacheMisses ?? 0,
      handedOn: passedThrough(counts),
    },
    ...buildReasons(inBuild, { from: span.from, to: span.to + LATE_MS }, { style, workingDirectory }),
  };
}

function spanOfLast(kept: readonly KeptCalls[]): { readonly from: number; readonly to: number } | undefined {
  const spans = kept
    .flatMap(({ calls }) => calls)
    .map(({ at, ms }) => ({ from: at - ms, to: at }))
    .sort((left, right) => right.to - left.to);
  const [newest] = spans;
  if (!newest) return undefined;
  let { from } = newest;
  for (const span of spans) if (span.to >= from - PAUSE_MS) from = Math.min(from, span.from);
  return { from, to: newest.to };
}

/** For a source of which nothing was known: whether it is known in another folder. */
function withOtherFolders(call: KeptCall, source: string, all: AllCalls): KeptCall {
  const { verdict } = call;
  if (verdict.kind !== 'miss' || verdict.causes[0]?.kind !== 'first') return call;
  const causes = causesElsewhere(call, source, all.withNameOf(source));
  const besides = verdict.causes.slice(1);
  return causes ? { ...call, verdict: { ...verdict, causes: [...causes, ...besides] } } : call;
}

const SHARE =
  'set CLCACHE_BASEDIR to the top folder of each tree: then they share what holds no path of its tree';

/** What could be done, for causes with which something can. */
function adviceFor({ verdict, baseDirectories }: KeptCall): readonly string[] {
  if (verdict.kind !== 'miss') return [];
  const isUncovered = ({ kind }: MissCause) =>
    kind === 'otherPlace' || (kind === 'folder' && baseDirectories.length === 0);
  return verdict.causes.some(isUncovered) ? [SHARE] : [];
}
