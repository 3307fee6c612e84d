import { readFileSync } from 'node:fs';
import { TEXT_ROLES } from '../../cache/artifact.ts';
import { longestMention, mentionsTree } from '../../cache/tree-binding.ts';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { type CompilerFamily, FAMILIES } from '../../commandline/family.ts';
import type { SplitOutput } from '../../compiler/headers/show-includes.ts';
import { somePiece } from '../../hash/file-chunks.ts';
import type { PathWord } from '../../source/words.ts';
import type { NewArtifactFile } from '../../storage/store.ts';
import { retryWhileBusy } from '../../util/busy-retry.ts';
import { environmentValue } from '../../util/environment.ts';
import { statIfThere } from '../../util/file-stat.ts';
import type { Session } from '../session.ts';
import type { Tree } from '../tree.ts';
import { searchFolders } from './file-states.ts';
import type { InspectedSources } from './inspect-sources.ts';
import { definitionsOf } from './scan-options.ts';
import { searchedFolders } from './search-folders.ts';
import { mentions } from './sharing/channels.ts';
import { INSTALLATIONS, type Trust, trustInHeaders } from './sharing/compiler-folders.ts';
import { dependsOnMore } from './sharing/consumers.ts';
import { decideSharing } from './sharing/decide.ts';
import type { SharingFacts } from './sharing/facts.ts';

type TreeSession = Pick<Session, 'request' | 'compiler' | 'tree'>;

/** What shows whether a compile may be shared: its outputs, and the findings in its sources. */
export interface TreeEvidence {
  readonly job: CompileJob;
  readonly sources: InspectedSources;
  readonly files: readonly NewArtifactFile[];
  readonly output: Pick<SplitOutput, 'includes'>;
  /** Findings in the preprocessed text that no file shows, if the text was examined. */
  readonly textWords?: readonly PathWord[];
}

/** Who may get a result: every tree, this tree alone, or nobody, because the same files would not give it again. */
export type Reach = { readonly kind: 'all' } | { readonly kind: 'tree' | 'nobody'; readonly because: string };

/**
 * Who may get the result of this compile. It is shared with other trees only if the call shows that no path of this tree
 * can be in it, and if the outputs do not contain one.
 */
export async function reachOf(session: TreeSession, compile: TreeEvidence): Promise<Reach> {
  const facts = await factsOf(session, compile);
  const more = dependsOnMore(facts);
  if (more !== undefined) {
    return { kind: 'nobody', because: `${more} depends on more than the contents of files` };
  }
  const because = boundBecause(session, compile, facts);
  return because === undefined ? { kind: 'all' } : { kind: 'tree', because };
}

/** Why another tree must not get the result of this compile. Undefined if any tree may have it. */
function boundBecause(session: TreeSession, compile: TreeEvidence, facts: SharingFacts): string | undefined {
  if (compile.files.some(({ role }) => role === 'database')) return 'it has a program database';
  // What it holds is packed, and a search would not find all of it.
  if (session.request.call.precompiled) return 'a precompiled header holds absolute paths';
  const sharing = decideSharing(facts);
  if (sharing.kind === 'bound') return sharing.because;
  const found = compile.files.find((file) => holdsTree(session.tree, file));
  if (found) return `a folder of the tree is in the ${found.role}`;
  return replaysText(session, compile);
}

async function factsOf(
  session: TreeSession,
  { job, sources, files, output, textWords = [] }: TreeEvidence,
): Promise<SharingFacts> {
  const { call, environmentParts } = session.request;
  const { roots } = session.tree;
  const { record } = session.compiler;
  const all = [sources.source, ...sources.headers];
  // Without base directories no tree can share, so folders and words are not needed.
  const { quote, all: folders } =
    roots.baseDirectories.length === 0 ? NO_FOLDERS : await searchFolders(session, job, statIfThere);
  const searched = [...quote, ...folders];
  const trustOf = trustInHeaders({
    style: roots.style,
    trees: roots.baseDirectories,
    searched,
    named: [...searchedFolders(session), ...namedByOptions(session.tree, job)],
    installed: INSTALLATIONS.flatMap(
      (name) => environmentValue(session.compiler.environment, roots.style, name) ?? [],
    ),
  });
  let words: ReadonlySet<PathWord> | undefined;
  const wordsOf = (trusted: readonly Trust[]) =>
    all.filter(({ path }) => !trusted.includes(trustOf(path))).flatMap(({ scan }) => scan.pathWords);
  return {
    roots,
    family: record.family,
    clangVersion: record.clangVersion,
    isForWindows: isForWindows(session, job),
    source: job.source,
    options: job.keyParts,
    variables: environmentParts,
    forcedIncludes: call.forcedIncludes,
    inclusions: output.includes,
    texts: all.map(({ path, scan: { includes, computesInclude } }) => ({ path, includes, computesInclude })),
    searchFolders: searched,
    roles: new Set(files.map(({ role }) => role)),
    words: () => {
      const { mayFormPathWords } = sources.together;
      const inOptions = definitionsOf(session).pathWords;
      if (words) return words;
      const said = [...textWords, ...inOptions, ...mayFormPathWords, ...wordsOf(['whole', 'asserts'])];
      // What an assertion says can be made text, and counted.
      words = new Set(said.includes('stringised') ? [...said, ...wordsOf(['whole'])] : said);
      return words;
    },
    hasHashedNames: () => files.some((file) => hasHashedNames(record.family, file)),
  };
}

/** Whether one of the targets in the call, or the compiler's default target, is Windows. */
function isForWindows(
  { compiler, request }: Pick<Session, 'compiler' | 'request'>,
  job: CompileJob,
): boolean {
  return (
    FAMILIES[compiler.record.family].isForWindowsOnly ||
    request.call.toolFolders !== undefined ||
    job.keyParts.some(({ text }) => /target=.*win|triple.*win/i.test(text))
  );
}

const NO_FOLDERS = { quote: [], all: [] };

/** Folders that options name, in which the compiler searches for its own headers. */
function namedByOptions(tree: Tree, job: CompileJob): string[] {
  return job.keyParts.flatMap(({ text, path }) =>
    path === undefined || NOT_A_PLACE.test(text) ? [] : tree.absolute(path),
  );
}
const NOT_A_PLACE = /(?:-map|-compilation-dir)=?$|^output |pathmap:$|d1trimfile:$/;

const LONGEST_HASHED = 8;

/** Whether a name in the file may contain a hash of a path. */
function hasHashedNames(family: CompilerFamily, file: NewArtifactFile): boolean {
  const names = FAMILIES[family].hashedNames.map((name) => Buffer.from(name));
  const isHashed = (bytes: Buffer) => names.some((name) => bytes.includes(name));
  return 'path' in file && somePiece(file.path, LONGEST_HASHED, isHashed);
}

function holdsTree({ roots }: Tree, file: NewArtifactFile): boolean {
  if ('bytes' in file) return mentionsTree(roots, file.bytes);
  if (TEXT_ROLES.has(file.role)) return false;
  return somePiece(file.path, longestMention(roots), (bytes) => mentionsTree(roots, bytes));
}

/**
 * Text that is printed on a hit gets the paths of the current tree. But what the source itself says of the tree, in an
 * include line that a message shows or in `#pragma message`, is the same in every tree and must not be changed.
 */
function replaysText(
  { request, tree }: Pick<Session, 'request' | 'tree'>,
  { job, sources, files }: TreeEvidence,
): string | undefined {
  const withPaths = files.filter((file) => 'splices' in file && file.splices.length > 0);
  if (withPaths.length === 0) return undefined;
  const isWrapped = [request.view.name, ...job.keyParts.map(({ text }) => text)].some((text) =>
    WRAPS.test(text),
  );
  if (isWrapped && withPaths.some(({ role }) => role === 'stderr')) {
    return 'messages are wrapped, and where hangs on the length of the paths in them';
  }
  const texts = [sources.source, ...sources.headers].map(({ path }) => path);
  const found = texts.find((path) =>
    mentions(
      tree,
      retryWhileBusy(() => readFileSync(path)),
    ),
  );
  return found && `${found} spells a path of the tree, which messages may repeat`;
}

const WRAPS = /message-length=[1-9]/;
