/** Finds what is kept of the calls for a file that a user names. */
import { existsSync } from 'node:fs';
import { compared } from '../../explain/compare.ts';
import {
  decodeKeptCalls,
  type KeptCall,
  type KeptCalls,
  MAXIMUM_KEPT_SIZE,
} from '../../explain/kept-call.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import { allReasons } from '../../storage/local/reason-files.ts';
import { realPath } from '../../util/file-stat.ts';
import { absolutePath, foldCase, inFolder, type PathStyle } from '../../util/paths.ts';
import { reasonsOf } from '../keep-reasons.ts';
import { lastHit, type Present } from './present.ts';

/** Where a user asks. */
export interface Asker {
  readonly cacheDirectory: string;
  readonly style: PathStyle;
  readonly workingDirectory: string;
}

/** The calls of a source, the newest first, of which at least one is shown. */
export interface FoundCalls extends KeptCalls {
  /** Set if only the end of the path is that of the file which the name means in this folder: the path of that file. */
  readonly insteadOf?: string;
  /** One for each object, the one that was last called or served. Those of this working folder, if there are any. */
  readonly shown: readonly KeptCall[];
}

/** All that is kept, or what was written since a time. It is read when it is first needed. */
export interface AllCalls {
  /** The newest first. */
  readonly all: () => readonly KeptCalls[];
  /** The sources with the same name, whatever their folders. */
  readonly withNameOf: (source: string) => readonly KeptCalls[];
  /** The files and folders that could not be read, or not wholly. Empty before anything is read. */
  readonly unreadable: () => readonly string[];
}

export function allCallsIn({ cacheDirectory }: Pick<Asker, 'cacheDirectory'>, since = 0): AllCalls {
  let read: readonly KeptCalls[] | undefined;
  const unreadable: string[] = [];
  let byName: Map<string, KeptCalls[]> | undefined;
  const all = () => {
    const { reasons } = layoutOf(cacheDirectory);
    read ??= allReasons(reasons, MAXIMUM_KEPT_SIZE, (path) => unreadable.push(path))
      .filter(({ writtenAt }) => writtenAt >= since)
      .flatMap((text) => {
        const calls = readCalls(text.read());
        // One that made room meanwhile is no trouble.
        if ((!calls || calls.isBroken) && existsSync(text.path)) unreadable.push(text.path);
        return calls ?? [];
      });
    return read;
  };
  return {
    all,
    unreadable: () => unreadable,
    withNameOf(source) {
      byName ??= groupedByName(all());
      return byName.get(inFolder(source).name) ?? [];
    },
  };
}

function groupedByName(all: readonly KeptCalls[]): Map<string, KeptCalls[]> {
  const byName = new Map<string, KeptCalls[]>();
  for (const kept of all) {
    const { name } = inFolder(kept.source);
    const known = byName.get(name);
    if (known) known.push(kept);
    else byName.set(name, [kept]);
  }
  return byName;
}

export interface KnownCalls {
  readonly all: AllCalls;
  readonly present: Present;
}

/**
 * The calls of the sources that a name means: a source, its object, or the end of a path that only one source has. Empty if
 * nothing is known of it.
 */
export function findCalls(name: string, from: Asker, known: KnownCalls): readonly FoundCalls[] {
  const { style, workingDirectory, cacheDirectory } = from;
  const { all } = known.all;
  const asker = { ...from, present: known.present };
  const { reasons } = layoutOf(cacheDirectory);
  const absolute = absolutePath(style, workingDirectory, name);
  for (const source of new Set([absolute, realPathOr(absolute)])) {
    const calls = readCalls(reasonsOf(reasons, style, source).text);
    if (calls && calls.calls.length > 0) return [shownFor(calls, asker, () => true)];
  }
  const isSame = (path: string) => foldCase(style, path) === foldCase(style, absolute);
  const ofObject = all().filter(({ calls }) => calls.some(({ object }) => isSame(object)));
  if (ofObject.length > 0) return ofObject.map((one) => shownFor(one, asker, ({ object }) => isSame(object)));
  const real = realPathOr(absolute);
  const ofLinks = all().filter(({ source }) => foldCase(style, realPathOr(source)) === foldCase(style, real));
  if (ofLinks.length > 0) return ofLinks.map((one) => shownFor(one, asker, () => true));
  const end = foldCase(style, `/${name.replace(/^(?:\.[\\/])+/, '')}`);
  const isEnd = (path: string) => foldCase(style, path).endsWith(end);
  const isHere = /^\.[\\/]/.test(name) || existsSync(absolute);
  return all()
    .filter(({ source, calls }) => isEnd(source) || calls.some(({ object }) => isEnd(object)))
    .map((one) => ({ ...shownFor(one, asker, () => true), ...(isHere && { insteadOf: absolute }) }));
}

function readCalls(text: string | undefined): KeptCalls | undefined {
  const kept = text === undefined ? undefined : decodeKeptCalls(text);
  return kept && { ...kept, calls: compared(kept.calls, kept) };
}

function shownFor(
  kept: KeptCalls,
  { style, workingDirectory, present }: Asker & { readonly present: Present },
  isMeant: (call: KeptCall) => boolean,
): FoundCalls {
  const meant = kept.calls.filter(isMeant);
  const here = meant.filter(({ folder }) => foldCase(style, folder) === foldCase(style, workingDirectory));
  const calls = (here.length > 0 ? here : meant).map((call) => ({
    call,
    last: lastOf(call, kept.calls, present),
  }));
  const shown = new Map<string, KeptCall>();
  // The sort keeps the newest of equals first.
  for (const { call } of calls.sort((left, right) => right.last - left.last)) {
    const place = `${call.folder}\n${call.object}`;
    if (!shown.has(place)) shown.set(place, call);
  }
  return { ...kept, shown: withoutOlder([...shown.values()]) };
}

/** When a call was made or its result served, the later of both. */
function lastOf(call: KeptCall, calls: readonly KeptCall[], present: Present): number {
  try {
    return lastHit(call, calls, present) ?? call.at;
  } catch {
    return call.at;
  }
}

/** A call that was handed on names no object. It is of interest only if nothing was called or served after it. */
function withoutOlder(calls: readonly KeptCall[]): readonly KeptCall[] {
  const [first] = calls;
  return calls.filter((call) => call === first || call.verdict.kind === 'miss');
}

function realPathOr(path: string): string {
  try {
    return realPath(path);
  } catch {
    return path;
  }
}
