import { fromPortablePath } from '../../cache/base-directory.ts';
import { manifestKeyParts } from '../../cache/key.ts';
import {
  ABSENT,
  type FileState,
  type ManifestEntry,
  modifiedIn,
  NO_FILE,
  PRESENT,
  withEntryFirst,
} from '../../cache/manifest.ts';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { describeError } from '../../diagnostics/errors.ts';
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import type { RestoreResult } from '../../storage/store.ts';
import { secondsOf, statIfThere } from '../../util/file-stat.ts';
import { modeOf } from '../mode.ts';
import type { HitOutcome, MissReason, PreprocessorFailedOutcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import type { PreprocessedText } from '../text/preprocessed.ts';
import { keyMaterial } from './key-material.ts';
import { askHashServer, keepHashes, recallHashes } from './known-hashes.ts';
import { problemOfSearches } from './searches-hold.ts';

/** What a job is known by: the key of its manifest, and the digest of its source. */
export interface JobKeys {
  readonly manifest: Digest;
  readonly source: Digest;
}

/** A job that the cache could not serve, and the keys under which its result will be stored. */
export interface Miss {
  readonly kind: 'miss';
  readonly because: MissReason;
  /** Undefined if the source cannot be read. The compiler will report that. */
  readonly keys: JobKeys | undefined;
  /** Set if the preprocessed text was needed. */
  readonly text: PreprocessedText | undefined;
  /** Artifacts that did not verify and are to be replaced. */
  readonly damaged: ReadonlySet<Digest>;
  /** Set if the cache failed to answer. Then nothing is stored either. */
  readonly failure?: unknown;
}

export type Lookup = HitOutcome | Miss | PreprocessorFailedOutcome;

/** Looks a job up. In direct mode the compiler is started only if a manifest says that the files do not decide. */
export async function lookUp(session: Session, job: CompileJob): Promise<Lookup> {
  const source = session.files.memory.digestOfSource(session.tree.absolute(job.source));
  // A pipe or a device as output must be written to. A restored file would replace it.
  const isOrdinary = job.outputs.every(({ path }) => statIfThere(path)?.isFile() ?? true);
  if (source === undefined || !isOrdinary) return missOf('sourceChanged', undefined);
  const parts = manifestKeyParts(keyMaterial(session, job), source);
  const keys = { manifest: digestOfParts(parts), source };
  session.log.trace(() => `${job.source}: manifest key ${keys.manifest} of ${JSON.stringify(parts)}`);
  if (modeOf(session, job) === 'text') return lookUpText(session, job, missOf('sourceChanged', keys));
  return lookUpFiles(session, job, keys);
}

async function lookUpFiles(
  session: Session,
  job: CompileJob,
  keys: NonNullable<Miss['keys']>,
): Promise<Lookup> {
  const result = await session.store.readManifest(keys.manifest);
  if (result.kind === 'broken') {
    session.log.warn(`${result.file} was broken`);
    return missOf('sourceChanged', keys);
  }
  const newest = result.manifest.entries[0]?.states ?? [];
  const hasRecalled = recallHashes(session, keys.manifest, newest);
  if (hasRecalled && session.files.hashServer) {
    await askHashServer(session, { path: session.tree.absolute(job.source), digest: keys.source }, newest);
  }
  let { entries } = result.manifest;
  let entry = findEntry(session, job, entries);
  if (!entry && session.store.refreshManifest) {
    const refreshed = await session.store.refreshManifest(keys.manifest, job.outputs, (manifest) => {
      entry = findEntry(session, job, manifest.entries);
      return entry !== undefined;
    });
    entries = refreshed?.entries ?? entries;
  }
  const missed = missOf(entries.length === 0 ? 'sourceChanged' : 'headerChanged', keys);
  if (!entry) return entries.some((one) => one.volatile) ? lookUpText(session, job, missed) : missed;
  const restored = await restore(session, job, entry.artifact);
  if (restored.kind === 'restored') {
    if (entry !== entries[0]) await moveToTop(session, keys.manifest, entry);
    // Skipped if there is nothing new, because it takes half a millisecond of every hit.
    if (hasRecalled && session.files.memory.hasNews) await keepHashes(session, keys.manifest, entry);
    return { kind: 'hit', stdout: restored.stdout, stderr: restored.stderr };
  }
  return {
    ...missOf('evicted', keys),
    damaged: new Set(restored.kind === 'damaged' ? [entry.artifact] : []),
  };
}

/** Looks a job up by its preprocessed text. A miss keeps the text. */
export async function lookUpText(session: Session, job: CompileJob, missed: Miss): Promise<Lookup> {
  const { artifactKeysOf, preprocess } = await import('../text/preprocessed.ts');
  const result = await preprocess(session, job);
  if (result.kind === 'failed') {
    if (session.request.isDirect) return missed;
    const stderr = Buffer.concat([result.stderr, Buffer.from('clcache: preprocessor failed\n')]);
    return { kind: 'preprocessorFailed', status: result.status, stdout: new Uint8Array(), stderr };
  }
  const damaged = new Set<Digest>();
  for (const key of artifactKeysOf(session, result.text)) {
    const restored = await restore(session, job, key);
    if (restored.kind === 'restored')
      return { kind: 'hit', stdout: restored.stdout, stderr: restored.stderr };
    if (restored.kind === 'damaged') damaged.add(key);
  }
  return { ...missed, text: result.text, damaged };
}

export function missOf(because: MissReason, keys: Miss['keys']): Miss {
  return { kind: 'miss', because, keys, text: undefined, damaged: new Set() };
}

async function restore(
  session: Pick<Session, 'request' | 'tree' | 'store' | 'log'>,
  job: CompileJob,
  artifact: Digest,
): Promise<RestoreResult> {
  const result = await session.store.restoreArtifact(artifact, job.outputs, session.tree.roots);
  if (result.kind === 'restored') await session.request.databases?.remember();
  session.log.trace(() => {
    const because = result.kind === 'damaged' ? ` (${result.because})` : '';
    return `${job.source}: artifact ${artifact} ${result.kind}${because}`;
  });
  return result;
}

function findEntry(
  session: Omit<Session, 'compiler' | 'store'>,
  job: CompileJob,
  entries: readonly ManifestEntry[],
): ManifestEntry | undefined {
  // Entries of one manifest share most of their states, so a hundred entries would check the same headers.
  const known = new Map<FileState, boolean>();
  const isAsItWas = (fileState: FileState) => {
    let answer = known.get(fileState);
    if (answer === undefined) {
      answer = holds(session, fileState.path, fileState.state);
      known.set(fileState, answer);
    }
    return answer;
  };
  // Entries of one manifest mostly have the same searches.
  const searched = new Map<Digest, string | undefined>();
  const searchProblem = ({ searches }: ManifestEntry) => {
    if (!searches) return undefined;
    if (!searched.has(searches.id)) searched.set(searches.id, problemOfSearches(session, searches));
    return searched.get(searches.id);
  };
  // If a header was edited again and again, the entries differ in that one. It is checked first.
  let suspect = 0;
  return entries.find((entry, index) => {
    if (entry.volatile) return false;
    if (entry.binding !== undefined && entry.binding !== session.tree.binding()) {
      session.log.trace(() => `${job.source}: entry ${index} belongs to another folder`);
      return false;
    }
    if (entry.view !== undefined && entry.view !== session.request.view.name) {
      session.log.trace(() => `${job.source}: manifest entry ${index} has diagnostics for another terminal`);
      return false;
    }
    const first = entry.states[suspect];
    const changed = first && !isAsItWas(first) ? suspect : entry.states.findIndex((one) => !isAsItWas(one));
    if (changed >= 0) suspect = changed;
    const problem = changed < 0 ? searchProblem(entry) : entry.states[changed]?.path;
    if (problem === undefined) return true;
    session.log.trace(() => `${job.source}: manifest entry ${index}: ${problem} has changed`);
    return false;
  });
}

function holds({ files, tree }: Pick<Session, 'files' | 'tree'>, portable: string, state: string): boolean {
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

/** Puts the entry first, so that the limit of 100 entries never drops one that is in use. */
async function moveToTop(
  session: Pick<Session, 'store' | 'log'>,
  key: Digest,
  entry: ManifestEntry,
): Promise<void> {
  try {
    await session.store.updateManifest(key, (manifest) => withEntryFirst(manifest, entry));
  } catch (error) {
    session.log.trace(() => `manifest ${key} could not be reordered: ${describeError(error)}`);
  }
}
