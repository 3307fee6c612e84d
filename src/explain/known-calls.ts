/** Counts what is known of the last calls that were no hits, for reports. Pure. */
import type { HandedOnTally, KnownCalls, Tally } from '../report/document/known-calls.ts';
import type { Cause } from '../report/one-line.ts';
import { inFolder } from '../util/paths.ts';
import { type BuildReasons, buildReasons, type Cost, type ReasonGroup, sourcesOfCalls } from './build.ts';
import type { KeptCall, KeptCalls } from './kept-call.ts';
import type { MissCauseKind } from './miss-causes.ts';
import { type Folder, pathFrom } from './words.ts';

const ALWAYS = { from: 0, to: Number.POSITIVE_INFINITY };

/** All that is kept, counted. Undefined if there is nothing. Paths are as they are seen from a folder. */
export function knownCallsOf(all: readonly KeptCalls[], seenFrom: Folder): KnownCalls | undefined {
  const sources = sourcesOfCalls(all).map((one) => ({
    ...one,
    place: placeOf(one.call, one.source, seenFrom),
  }));
  const calls = sources.filter(({ isCounted }) => !isCounted);
  if (calls.length === 0) return undefined;
  const reasons = buildReasons(all, ALWAYS, seenFrom);
  const misses = calls.filter(({ call }) => call.verdict.kind === 'miss');
  return {
    count: calls.length,
    since: calls.reduce((first, { call }) => Math.min(first, call.at), Number.POSITIVE_INFINITY),
    causes: summed(reasons.groups.filter(({ result }) => result === 'miss').map(causeOf)),
    headers: reasons.headers
      .map(tallyOf)
      .map((tally) => ({ ...tally, what: pathFrom(seenFrom, tally.what) })),
    places: summed(misses.map(({ call, place }) => ({ what: place, count: 1, ms: call.ms }))),
    handedOn: handedOnOf(reasons, sources),
    notStored: reasons.notStored.map(tallyOf),
  };
}

/** Each header has a row of its own elsewhere, so here they are one cause. */
function causeOf({ kind, text, calls, ms }: ReasonGroup): Tally {
  const words = HEADERS[kind as MissCauseKind];
  return { what: words ?? text, count: calls, ms };
}

const HEADERS: Readonly<Partial<Record<MissCauseKind, string>>> = {
  header: 'a header changed',
  headerGone: 'a header is not there any more',
  headerTime: 'a header has another time, which its precompiled header records',
  foundFirst: 'another header would be found first now',
};

function tallyOf({ name, calls, ms }: Cost): Tally {
  return { what: name, count: calls, ms };
}

/** Those of the same name as one, those that took longest first. */
function summed(all: readonly Tally[]): Tally[] {
  const sums = new Map<string, Tally>();
  for (const { what, count, ms } of all) {
    const known = sums.get(what);
    sums.set(what, { what, count: count + (known?.count ?? 0), ms: ms + (known?.ms ?? 0) });
  }
  return [...sums.values()].sort((left, right) => right.ms - left.ms || right.count - left.count);
}

function handedOnOf(
  { groups }: BuildReasons,
  sources: readonly { readonly call: KeptCall; readonly place: string }[],
): HandedOnTally[] {
  const placesOf = (text: string) => {
    const own = sources.filter(
      ({ call: { verdict } }) => verdict.kind === 'handedOn' && verdict.reason.because === text,
    );
    return summed(own.map(({ call, place }) => ({ what: place, count: 1, ms: call.ms }))).map(
      ({ what }) => what,
    );
  };
  return groups
    .filter(({ result }) => result === 'handedOn')
    .map(({ text, calls: count, ms, cures }) => ({ what: text, count, ms, cures, places: placesOf(text) }));
}

/** The target of CMake that an object is of, else the folder of the source. */
function placeOf({ object, folder }: KeptCall, source: string, from: Folder): string {
  const target = /[\\/]CMakeFiles[\\/]([^\\/]+)\.dir[\\/]/.exec(object)?.[1];
  return target === undefined ? pathFrom(from, inFolder(source).folder || folder) : `target ${target}`;
}

/** What a user can do against a cause of misses. What is not here can only be compiled. */
const REMEDIES: Readonly<Partial<Record<MissCauseKind, string>>> = {
  header: 'fewer sources that include it',
  headerGone: 'clcache --why',
  headerTime: 'ClcachePchByContent=true or -Xclang -fno-pch-timestamp',
  foundFirst: 'clcache --why',
  folderName: 'clcache --why',
  sameFile: 'clcache --why',
  optionAdded: 'the same options in each build',
  optionRemoved: 'the same options in each build',
  optionChanged: 'the same options in each build',
  optionOrder: 'the same order of options in each build',
  variable: 'the same variables in each build',
  folderAdded: 'the same variables in each build',
  folderRemoved: 'the same variables in each build',
  folderOrder: 'the same variables in each build',
  compiler: 'the same compiler in each build',
  folder: 'CLCACHE_BASEDIR',
  otherPlace: 'CLCACHE_BASEDIR',
  baseDirectories: 'the same CLCACHE_BASEDIR in each build',
  otherTree: 'clcache --why',
  time: 'no __TIME__ or __DATE__ in sources',
  evicted: 'a larger limit: clcache -M 20G',
  cacheFailed: 'clcache --doctor',
};

/** What cost most in a build, by the time that its compilers ran. Undefined if nothing is kept of that build. */
export function biggestCauseIn(
  all: readonly KeptCalls[],
  build: { readonly from: number; readonly to: number },
  seenFrom: Folder,
): Cause | undefined {
  const { groups } = buildReasons(all, build, seenFrom);
  // A call that is handed on and that nothing would have cached is no loss.
  const [worst] = groups.filter(({ result, cures }) => result === 'miss' || cures.length > 0);
  if (!worst) return undefined;
  const remedy = worst.result === 'miss' ? REMEDIES[worst.kind as MissCauseKind] : worst.cures.join(' or ');
  const words = worst.kind === 'first' ? 'first compiles in their folder' : worst.text;
  return { words, count: worst.calls, ...(remedy !== undefined && { cure: remedy }) };
}
