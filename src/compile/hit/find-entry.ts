import { fromPortablePath } from '../../cache/base-directory.ts';
import {
  ABSENT,
  type FileState,
  type ManifestEntry,
  modifiedIn,
  NO_FILE,
  PRESENT,
} from '../../cache/manifest.ts';
import type { PackedSearches } from '../../cache/packed-searches.ts';
import type { MissCause } from '../../explain/miss-causes.ts';
import type { Digest } from '../../hash/digest.ts';
import { secondsOf, statIfThere } from '../../util/file-stat.ts';
import type { Session } from '../session.ts';
import { problemOfSearches, renamedPlace } from './searches-hold.ts';

export type FoundEntry =
  | { readonly kind: 'entry'; readonly entry: ManifestEntry }
  /** What keeps the most recently used entry from being served. */
  | { readonly kind: 'none'; readonly because: MissCause };

/** What finding an entry takes of a session. */
export type EntrySession = Pick<Session, 'tree' | 'files' | 'log'> & {
  readonly request: Pick<Session['request'], 'view'>;
};

/** The first entry whose files and searches are as they were, and that this tree and terminal may have. */
export function findEntry(
  session: EntrySession,
  source: string,
  entries: readonly ManifestEntry[],
): FoundEntry {
  // Entries of one manifest share most of their states, so a hundred entries would check the same headers.
  const known = new Map<FileState, boolean>();
  const isKnownToHold = (fileState: FileState) => {
    let answer = known.get(fileState);
    if (answer === undefined) {
      answer = holds(session, fileState);
      known.set(fileState, answer);
    }
    return answer;
  };
  // A single entry, the usual case, asks for each of them once.
  const isAsItWas = entries.length > 1 ? isKnownToHold : (fileState: FileState) => holds(session, fileState);
  // Entries of one manifest mostly have the same searches.
  const searched = new Map<Digest, MissCause | undefined>();
  const searchProblem = ({ searches }: ManifestEntry) => {
    if (!searches) return undefined;
    if (!searched.has(searches.id)) searched.set(searches.id, causeOfSearches(session, searches));
    return searched.get(searches.id);
  };
  const causeOf = (entry: ManifestEntry): MissCause | undefined => {
    if (entry.binding !== undefined && entry.binding !== session.tree.binding()) return { kind: 'otherTree' };
    if (entry.view !== undefined && entry.view !== session.request.view.name)
      return { kind: 'otherTerminal' };
    const first = entry.states[suspect];
    const changed = first && !isAsItWas(first) ? suspect : entry.states.findIndex((one) => !isAsItWas(one));
    if (changed >= 0) suspect = changed;
    const state = entry.states[changed];
    if (state) return causeOfState(session, state);
    return searchProblem(entry);
  };
  // If a header was edited again and again, the entries differ in that one. It is checked first.
  let suspect = 0;
  let because: MissCause = { kind: 'newKey' };
  for (const [index, entry] of entries.entries()) {
    if (entry.volatile) continue;
    const cause = causeOf(entry);
    if (!cause) return { kind: 'entry', entry };
    session.log.trace(() => `${source}: manifest entry ${index}: ${wordOf(cause)}`);
    // That of the newest entry, but a file of this tree says more than an entry of another tree.
    if (because.kind === 'newKey' || (isOfOthers(because) && !isOfOthers(cause))) because = cause;
  }
  return { kind: 'none', because };
}

function causeOfSearches(session: EntrySession, searches: PackedSearches): MissCause | undefined {
  const renamed = renamedPlace(session, searches);
  if (renamed) return { kind: renamed.isFile ? 'sameFile' : 'folderName', path: renamed.path };
  const path = problemOfSearches(session, searches);
  return path === undefined ? undefined : { kind: 'foundFirst', path };
}

function isOfOthers({ kind }: MissCause): boolean {
  return kind === 'otherTree' || kind === 'otherTerminal';
}

/** For the log, which a hit must not load the words for. */
function wordOf(cause: MissCause): string {
  return 'path' in cause ? `${cause.path} has changed` : cause.kind;
}

function causeOfState({ files, tree }: Pick<Session, 'files' | 'tree'>, fileState: FileState): MissCause {
  const path = fromPortablePath(tree.roots, fileState.path) ?? fileState.path;
  switch (fileState.state) {
    case ABSENT:
    case NO_FILE:
      return { kind: 'foundFirst', path };
    case PRESENT:
      return { kind: 'askedFileGone', path };
    default:
      if (files.memory.digest(path) === undefined) return { kind: 'headerGone', path };
      return { kind: fileState.state.startsWith('@') ? 'headerTime' : 'header', path };
  }
}

function holds(
  { files, tree }: Pick<Session, 'files' | 'tree'>,
  { path: portable, state }: FileState,
): boolean {
  const path = fromPortablePath(tree.roots, portable);
  if (path === undefined) return false;
  switch (state) {
    case ABSENT:
      return !files.memory.exists(path);
    case NO_FILE:
      return files.memory.isFree(path);
    case PRESENT:
      return !files.memory.isFree(path);
    default:
      return state.startsWith('@') ? isModifiedIn(path, state) : files.memory.digest(path) === state;
  }
}

function isModifiedIn(path: string, state: string): boolean {
  const stat = statIfThere(path);
  return stat !== undefined && modifiedIn(secondsOf(stat)) === state;
}
