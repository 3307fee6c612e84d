import type { Stats } from 'node:fs';
import { toPortablePath } from '../../cache/base-directory.ts';
import { ABSENT, type FileState, MAXIMUM_STATES, NO_FILE, PRESENT } from '../../cache/manifest.ts';
import { type PackedSearches, packSearches } from '../../cache/packed-searches.ts';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { factsOf } from '../../commandline/family.ts';
import { LANGUAGES } from '../../commandline/languages.ts';
import { probeSearchFolders, type SearchOrder } from '../../compiler/answers/probes.ts';
import { HeaderTrace } from '../../compiler/headers/header-search.ts';
import type { SearchTraces } from '../../compiler/headers/search-traces.ts';
import type { FileLooks } from '../../files/file-looks.ts';
import { aliasesOf } from '../../files/folder-aliases.ts';
import { type FolderNames, foldName } from '../../files/folder-names.ts';
import { identityOf } from '../../files/signature.ts';
import type { Digest } from '../../hash/digest.ts';
import type { SourceScan } from '../../source/scan.ts';
import { folderAbove } from '../../util/paths.ts';
import type { Session } from '../session.ts';
import type { InspectedSources } from './inspect-sources.ts';
import { precompiledHeaders } from './precompiled-files.ts';
import { searchedFolders } from './search-folders.ts';

export type FileStates =
  | {
      readonly kind: 'states';
      readonly states: readonly FileState[];
      readonly searches: PackedSearches;
      /** By absolute path: the signatures of folders for which the searches hold. */
      readonly settled: ReadonlyMap<string, string>;
    }
  /**
   * The files do not decide: a header has two names, and the result shows which of them came first. Or a header map
   * leads to headers that no search of folders finds. Or a manifest could not hold them all, as `because` then says.
   */
  | { readonly kind: 'undecided'; readonly because?: string }
  | { readonly kind: 'changed'; readonly because: string };

/** What is known of the headers of a compile while it runs. */
interface HeaderKnowledge {
  readonly looks: FileLooks;
  readonly scanOf: (path: string) => SourceScan | undefined;
}

/** Begins to follow a search for headers. It needs every inclusion. */
export async function openTrace(
  session: Pick<Session, 'request' | 'compiler' | 'tree' | 'files'>,
  job: CompileJob,
  { looks, scanOf }: HeaderKnowledge,
): Promise<HeaderTrace> {
  const exists = (path: string) => looks.look(path) !== undefined;
  const { quote, all } = await searchFolders(session, job, (path) => looks.look(path));
  const { forcedIncludes, precompiled: { through } = {} } = session.request.call;
  return new HeaderTrace({
    style: session.tree.roots.style,
    source: session.tree.absolute(job.source),
    folders: all,
    quoteFolders: quote,
    scanOf,
    exists,
    list: (folder) => looks.list(folder),
    isFolder: (path) => looks.look(path)?.isDirectory() ?? false,
    precompiled: precompiledHeaders(session),
    forced: {
      // clang looks for the last header of a precompiled one in the same way (`Preprocessor::EnterMainSourceFile`).
      names: through === undefined ? forcedIncludes : [...forcedIncludes, through],
      workingDirectory: session.tree.roots.workingDirectory,
    },
  });
}

/** What followed a compile, and the names that were in the folders of its outputs when it began. */
interface Followed {
  readonly traces: SearchTraces;
  readonly looks: FileLooks;
  readonly outputs: ReadonlyMap<string, FolderNames>;
}

/**
 * Whether a file for which `__has_include` asked may have vanished from a folder while the compiler ran. Outputs change
 * their folder as well: there the names tell.
 */
function mayHaveLost(
  { asked }: SearchTraces,
  folder: string,
  { looks, outputs }: Pick<Followed, 'looks' | 'outputs'>,
): boolean {
  const stat = looks.look(folder);
  if (!stat || !looks.clock.isChangedSince(stat)) return false;
  const before = outputs.get(folder) ?? namesInSame(stat, { looks, outputs });
  const after = looks.list(folder);
  if (!before || !after) return true;
  const steps = new Set(Array.from(asked.names, (name) => foldName(name.split(/[\\/]/, 1)[0] ?? '')));
  return Array.from(before).some((name) => !after.has(name) && steps.has(name));
}

/** The names that were in a folder, if it is one of the outputs by another spelling, such as `../build`, or a link. */
function namesInSame(stat: Stats, { looks, outputs }: Pick<Followed, 'looks' | 'outputs'>) {
  for (const [folder, names] of outputs) {
    const other = looks.look(folder);
    if (other && identityOf(other) === identityOf(stat)) return names;
  }
  return undefined;
}

/** What a result depends on: the headers, and the searches that found them. */
export function fileStates(
  session: Pick<Session, 'request' | 'compiler' | 'tree'>,
  sources: InspectedSources,
  { traces, looks, outputs }: Followed,
): FileStates {
  const look = (path: string) => looks.look(path);
  for (const path of [...traces.passedOver, ...traces.present]) {
    const stat = look(path);
    if (stat && looks.clock.isChangedSince(stat)) {
      return { kind: 'changed', because: `${path} appeared while the compiler ran` };
    }
  }
  const unclear = Array.from(traces.asked.folders).find((folder) =>
    mayHaveLost(traces, folder, { looks, outputs }),
  );
  if (unclear !== undefined) {
    return {
      kind: 'changed',
      because: `${unclear} changed while the compiler ran, and __has_include looked there`,
    };
  }
  if (hasTwoNames(sources, traces, look)) return { kind: 'undecided' };
  const searched = searchedFolders(session);
  if (searched.some((folder) => look(folder)?.isDirectory() === false || UNREADABLE.test(folder))) {
    return { kind: 'undecided' };
  }
  const portable = (path: string) => toPortablePath(session.tree.roots, path);
  const states = [
    ...sources.headers.map(({ path, digest }) => ({ path: portable(path), state: digest })),
    ...Array.from(traces.absent, (path) => ({ path: portable(path), state: ABSENT }) as const),
    ...Array.from(traces.folders, (path) => ({ path: portable(path), state: NO_FILE }) as const),
    ...Array.from(traces.present, (path) => ({ path: portable(path), state: PRESENT }) as const),
  ];
  if (states.length > MAXIMUM_STATES) {
    return { kind: 'undecided', because: `${states.length} files and places` };
  }
  const { style } = session.tree.roots;
  const holding = [session.tree.roots.workingDirectory, folderAbove(style, sources.source.path)];
  for (const { path } of sources.headers) holding.push(folderAbove(style, path));
  const named = { searched, holding: [...new Set(holding)], twins: twinsAmong(sources) };
  const aliases = aliasesOf(named, style, (path) => {
    const stat = look(path);
    return stat && identityOf(stat);
  });
  const naming = { ...named, aliases };
  const searches = packSearches({ ...traces, passedOver: traces.files, naming }, portable);
  const settled = new Map(looks.settled);
  for (const path of traces.unsteady) settled.delete(path);
  return { kind: 'states', states, searches, settled };
}

/** Whether a header was included by one name, and an `#include` line leads to the same file by another. */
function hasTwoNames(
  { headers }: Pick<InspectedSources, 'headers'>,
  { unreported }: Pick<SearchTraces, 'unreported'>,
  look: FileLooks['look'],
): boolean {
  if (unreported.size === 0) return false;
  const entered = new Set(headers.map(({ path }) => stateOf(look(path))));
  return Array.from(unreported).some((path) => entered.has(stateOf(look(path))));
}

/** The files that have the same contents as another one. There are mostly none. */
function twinsAmong({ source, headers }: Pick<InspectedSources, 'source' | 'headers'>): string[] {
  const all = [source, ...headers];
  const once = new Set<Digest>();
  const often = new Set<Digest>();
  for (const { digest } of all) (once.has(digest) ? often : once).add(digest);
  if (often.size === 0) return [];
  return all.flatMap(({ path, digest }) => (often.has(digest) ? path : []));
}

/** Names of folders that clang's list of them does not show for certain: one a line, with remarks behind some. */
const UNREADABLE = /[\r\n]|[\\/]\s|\s$| \((?:framework directory|headermap)\)$/;

function stateOf(stat: Stats | undefined): string {
  return stat ? `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeMs}` : '';
}

/**
 * The folders in the order of the search, absolute, each once. clang says it itself: it puts system folders behind
 * others wherever they are named, and leaves out what it searches later anyway, or never (`-imsvc` for a target that is
 * not Windows: what is there does not count for `__has_include`). Folders that it left out because they do not exist
 * come first, to be on the safe side: those of the line, and others that it would search (`DIA SDK/include` of
 * `/winsysroot`).
 */
export async function searchFolders(
  session: Pick<Session, 'request' | 'compiler' | 'tree'>,
  job: CompileJob,
  look: (path: string) => Stats | undefined,
): Promise<SearchOrder> {
  const exists = (path: string) => look(path) !== undefined;
  const declared = searchedFolders(session);
  const own = await probeSearchFolders(session.compiler, {
    options: job.searchArguments,
    suffix: LANGUAGES[job.language].searchesAs,
    environment: session.request.environmentParts.map(({ name, value }) => `${name}=${value}`),
    existing: declared.filter(exists),
    named: session.request.call.searchDirectories
      .filter(({ kind, path }) => kind === 'user' && !UNREADABLE.test(path))
      .map(({ path }) => session.tree.absolute(path))
      .filter((folder) => look(folder)?.isDirectory()),
  });
  if (!own) {
    if (factsOf(session.compiler.record).hasOwnSearchFolders) {
      throw new Error('the compiler did not say where it searches for headers');
    }
    return { quote: [], all: [...new Set(declared)] };
  }
  const quote = own.quote.map((folder) => session.tree.absolute(folder));
  const all = own.all.map((folder) => session.tree.absolute(folder));
  const missing = own.missing.map((folder) => session.tree.absolute(folder));
  const left = [...declared, ...missing].filter(
    (folder) => !quote.includes(folder) && !all.includes(folder) && !exists(folder),
  );
  return { quote, all: [...new Set([...left, ...all])] };
}
