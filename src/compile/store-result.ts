import { readFileSync } from 'node:fs';
import { TEXT_ROLES } from '../cache/artifact.ts';
import { artifactKey } from '../cache/key.ts';
import { MAXIMUM_STATES, type ManifestEntry, withEntryFirst } from '../cache/manifest.ts';
import { type CutText, cutTree } from '../cache/tree-text.ts';
import type { CompileJob, JobOutput } from '../commandline/compile-call.ts';
import { LANGUAGES } from '../commandline/languages.ts';
import { isUnchanged } from '../compiler/compiler-record.ts';
import type { Digest } from '../hash/digest.ts';
import { digestOfFile } from '../hash/file-hasher.ts';
import type { NewArtifactFile } from '../storage/store.ts';
import { isRawName } from '../util/byte-name.ts';
import { statIfThere } from '../util/file-stat.ts';
import { problemOfAssembled } from './assembled.ts';
import type { CompileResult } from './compile-result.ts';
import type { FileClock } from './file-clock.ts';
import type { FileStates } from './file-states.ts';
import { type InspectedSources, inspectSources } from './inspect-sources.ts';
import { keepHashes } from './known-hashes.ts';
import { type Miss, needsText } from './lookup.ts';
import type { StoreOutcome } from './outcome.ts';
import { problemWithOutputs } from './output-files.ts';
import { type PreprocessedText, pathWordsOfText, preprocess } from './preprocessed.ts';
import type { Session } from './session.ts';
import { settleDoubts } from './settle-doubts.ts';
import { boundBecause, type StoredCompile } from './tree-check.ts';

/** Stores the result of a successful compile, if it may be stored. Throws what the store throws. */
export async function storeResult(
  session: Session,
  job: CompileJob,
  miss: Miss,
  result: CompileResult,
): Promise<StoreOutcome> {
  const unwritten = problemWithOutputs(job.outputs, result.before);
  if (unwritten !== undefined) return notStored(unwritten);
  if (!result.areHeadersListed) return notStored('the headers could not be listed');
  if (result.output.strayNotes > 0) return notStored('an include note names no file that we can find');
  const sources = inspectSources(
    session,
    job,
    { output: result.output, clock: result.beginning.clock },
    result.watch.inspected,
  );
  const problem = miss.keys
    ? problemOf(session, sources, miss.keys.source, result)
    : 'the source could not be read, or an output is not an ordinary file';
  if (problem !== undefined || !miss.keys) return notStored(problem ?? '');
  const assembled = await problemOfAssembled(session, job);
  if (assembled !== undefined) return notStored(assembled);

  // A manifest cannot name a file whose name is not UTF-8.
  const hasRawName = sources.headers.some(({ path }) => isRawName(path));
  const isByText = miss.text || sources.together.isVolatile || hasRawName || needsText(session, job);
  const doubt = await settleDoubts(session, job, sources, miss.text);
  if (doubt.kind === 'unsupported') return notStored(doubt.because);
  const decided = isByText || doubt.showsTime ? UNDECIDED : await result.watch.states(sources);
  if (decided.kind === 'changed') return notStored(decided.because);
  const { clock, ways } = result.beginning;
  const moved = ways.problem(clock);
  if (moved !== undefined) return notStored(`${moved} while the compiler ran`);

  const files = artifactFiles(session, job.outputs, result);
  const storage = { sources, files, result, showsTime: doubt.showsTime };
  if (decided.kind === 'undecided' && !LANGUAGES[job.language].hasText) {
    return notStored('its files do not decide, and it has no text to be preprocessed');
  }
  if (decided.kind === 'undecided') return storeByText(session, job, miss, storage);
  const { states } = decided;
  if (states.length > MAXIMUM_STATES) {
    session.log.trace(
      () => `${job.source}: ${states.length} files and places: looked up by its text from now on`,
    );
    return storeByText(session, job, miss, storage);
  }
  const binding = await bindingOf(session, job, storage);
  const view = viewOfResult(session, result);
  const artifact = artifactKey(miss.keys.manifest, states, { binding, view });
  const growth = await session.store.putArtifact(artifact, files, miss.damaged.has(artifact));
  const entry = {
    artifact,
    states,
    ...(binding !== undefined && { binding }),
    ...(view !== undefined && { view }),
  };
  const bytes = await session.store.updateManifest(miss.keys.manifest, (manifest) =>
    withEntryFirst(manifest, entry),
  );
  await keepHashes(session, miss.keys.manifest, states);
  return { kind: 'stored', growth: { entries: growth.entries, bytes: growth.bytes + bytes } };
}

const UNDECIDED: FileStates = { kind: 'undecided' };

function notStored(because: string): StoreOutcome {
  return { kind: 'notStored', because };
}

function problemOf(
  session: Session,
  sources: InspectedSources,
  lookedUp: Digest,
  result: CompileResult,
): string | undefined {
  const { clock } = result.beginning;
  const { unsupported } = sources.together;
  if (unsupported !== undefined) return unsupported;
  if (sources.changed !== undefined) return `${sources.changed} changed while the compiler ran`;
  if (sources.source.digest !== lookedUp) return 'the source changed while the compiler ran';
  const part = session.compiler.record.files.find((file) => !isUnchanged(file));
  if (part !== undefined) return `${part.path}, a part of the compiler, changed while it ran`;
  const input = session.request.call.inputFiles.find((path) =>
    isChanged(session, session.tree.absolute(path), clock),
  );
  if (input !== undefined) return `${input} changed while the compiler ran`;
  // clang's messages are always English. It reports every header, and other names are in inactive lines.
  if (session.compiler.record.family === 'clang-cl') return undefined;
  const includesSomething = sources.source.scan.includes.some(
    ({ kind }) => kind === 'include' || kind === 'includeNext',
  );
  if (includesSomething && result.output.includes.length === 0) {
    return 'the source has #include lines and the compiler reported no header';
  }
  return undefined;
}

/** Whether a file that an option names may have changed since the key was made. */
function isChanged(session: Session, path: string, clock: FileClock): boolean {
  const stat = statIfThere(path);
  if (!stat?.isFile()) return session.files.hasher.digest(path) !== undefined;
  return clock.isChangedSince(stat) || digestOfFile(path, stat.size) !== session.files.hasher.digest(path);
}

interface TextStorage {
  readonly sources: InspectedSources;
  readonly files: readonly NewArtifactFile[];
  readonly result: CompileResult;
  /** True if the text may differ if it is made a moment later. */
  readonly showsTime: boolean;
}

/** The tree's digest if no other tree may have the result. */
async function bindingOf(
  session: Session,
  job: CompileJob,
  compile: StoredCompile,
): Promise<Digest | undefined> {
  const because = await boundBecause(session, job, compile);
  if (because === undefined) return undefined;
  session.log.trace(() => `${job.source}: not shared with other folders: ${because}`);
  return session.tree.binding();
}

async function storeByText(
  session: Session,
  job: CompileJob,
  miss: Miss,
  storage: TextStorage,
): Promise<StoreOutcome> {
  const marked = session.request.isDirect && miss.keys ? await markVolatile(session, miss.keys.manifest) : 0;
  // That of an assembler source is this text.
  if (!LANGUAGES[job.language].isAssembled && storage.files.some(({ role }) => role === 'listing')) {
    return notStored('a listing repeats comments, which preprocessed text does not have');
  }
  if (storage.files.some(({ role }) => role === 'dependencies') && asksForHeaders(storage.sources)) {
    return notStored('dependencies name what __has_include saw, which preprocessed text does not show');
  }
  const text = await textOfCompile(session, job, miss, storage.showsTime);
  if (typeof text === 'string') return notStored(text);
  const binding = await bindingOf(session, job, { ...storage, textWords: pathWordsOfText(session, text) });
  const artifact = artifactKey(text.key, [], { binding, view: viewOfResult(session, storage.result) });
  const growth = await session.store.putArtifact(artifact, storage.files, miss.damaged.has(artifact));
  return { kind: 'stored', growth: { entries: growth.entries, bytes: growth.bytes + marked } };
}

function asksForHeaders({ source, headers }: InspectedSources): boolean {
  return [source, ...headers].some(({ scan }) => scan.includes.some(({ kind }) => /^hasInclude/.test(kind)));
}

/** The text that was compiled, or the reason why that is not certain. */
async function textOfCompile(
  session: Session,
  job: CompileJob,
  miss: Miss,
  showsTime: boolean,
): Promise<PreprocessedText | string> {
  if (miss.text && !showsTime) return miss.text;
  if (!miss.text && showsTime) return 'a time macro was found: the next call is looked up by its text';
  const now = await preprocess(session, job);
  if (now.kind === 'failed') return 'the preprocessor failed';
  // With a time macro, equal texts before and after prove that the compiler saw the same text.
  if (miss.text && miss.text.key !== now.text.key) return 'the time that the source names went on';
  return now.text;
}

/** Marks the key: the files do not decide. */
async function markVolatile(session: Session, key: Digest): Promise<number> {
  const entry: ManifestEntry = { artifact: key, states: [], volatile: true };
  return session.store.updateManifest(key, (manifest) => withEntryFirst(manifest, entry));
}

/** The look of a compile's diagnostics. Undefined if there are none, because then all terminals are equal. */
function viewOfResult(session: Session, { stderr }: CompileResult): string | undefined {
  return stderr.length === 0 ? undefined : session.request.view.name;
}

function artifactFiles(
  session: Session,
  outputs: readonly JobOutput[],
  result: CompileResult,
): NewArtifactFile[] {
  const text = (role: NewArtifactFile['role'], bytes: Uint8Array): NewArtifactFile => {
    const cut: CutText = cutTree(session.tree.roots, bytes, role === 'dependencies' ? 'make' : 'text');
    return { role, bytes: cut.bytes, splices: cut.splices };
  };
  const files = outputs.map(({ role, path }) =>
    TEXT_ROLES.has(role) ? text(role, readFileSync(path)) : ({ role, path } as const),
  );
  if (result.stdout.length > 0) files.push(text('stdout', result.stdout));
  if (result.stderr.length > 0) files.push(text('stderr', result.stderr));
  return files;
}
