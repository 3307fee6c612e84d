import { manifestKeyParts } from '../../cache/key.ts';
import { type ManifestEntry, withEntryFirst } from '../../cache/manifest.ts';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { factsOf } from '../../commandline/family.ts';
import { describeError } from '../../diagnostics/errors.ts';
import type { MissCause } from '../../explain/miss-causes.ts';
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import type { RestoreResult } from '../../storage/store.ts';
import { foundLater, knownNow, type Later } from '../../util/later.ts';
import { modeOf } from '../mode.ts';
import type { HitOutcome, PreprocessorFailedOutcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import type { PreprocessedText } from '../text/preprocessed.ts';
import { findEntry } from './find-entry.ts';
import { keyMaterial } from './key-material.ts';
import { askHashServer, keepHashes, recallHashes } from './known-hashes.ts';
import { isReplaceable } from './replaceable.ts';

/** What a job is known by: the key of its manifest, and the digest of its source. */
export interface JobKeys {
  readonly manifest: Digest;
  readonly source: Digest;
  /** What the key of the manifest is made from (`manifestKeyParts`). */
  readonly parts: readonly string[];
}

/** A job that the cache could not serve, and the keys under which its result will be stored. */
export interface Miss {
  readonly kind: 'miss';
  /** What was found in place of a result. */
  readonly because: MissCause;
  /** Undefined if the source cannot be read. The compiler will report that. */
  readonly keys: Later<JobKeys> | undefined;
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
  const facts = factsOf(session.compiler.record);
  const special = job.outputs.find((output) => !isReplaceable(output, facts));
  if (source === undefined) return missOf({ kind: 'unreadable' }, undefined);
  if (special) return missOf({ kind: 'specialOutput', path: special.path }, undefined);
  const material = keyMaterial(session, job);
  const keysOf = (compilerIdentity: string): JobKeys => {
    const parts = manifestKeyParts({ ...material, compilerIdentity }, source);
    const manifest = digestOfParts(parts);
    session.log.trace(() => `${job.source}: manifest key ${manifest} of ${JSON.stringify(parts)}`);
    return { manifest, source, parts };
  };
  const { identity } = session.compiler;
  const isByText = modeOf(session, job) === 'text';
  // The compiler is being met in a cache that has no manifest.
  if (identity.known === undefined && !isByText) {
    return missOf(
      { kind: 'newKey' },
      foundLater(async () => keysOf(await identity.get())),
    );
  }
  const keys = keysOf(identity.known ?? (await identity.get()));
  if (isByText) return lookUpText(session, job, missOf({ kind: 'newKey' }, knownNow(keys)));
  return lookUpFiles(session, job, keys);
}

async function lookUpFiles(session: Session, job: CompileJob, keys: JobKeys): Promise<Lookup> {
  const miss = (because: MissCause) => missOf(because, knownNow(keys));
  const result = await session.store.readManifest(keys.manifest);
  if (result.kind === 'broken') {
    session.log.warn(`${result.file} was broken`);
    return miss({ kind: 'brokenManifest' });
  }
  const newest = result.manifest.entries[0]?.states ?? [];
  const hasRecalled = recallHashes(session, keys.manifest, newest);
  if (hasRecalled && session.files.hashServer) {
    await askHashServer(session, { path: session.tree.absolute(job.source), digest: keys.source }, newest);
  }
  let { entries } = result.manifest;
  const find = (among: readonly ManifestEntry[]) => findEntry(session, job.source, among);
  let found = find(entries);
  if (found.kind === 'none' && session.store.refreshManifest) {
    const refreshed = await session.store.refreshManifest(keys.manifest, job.outputs, (manifest) => {
      found = find(manifest.entries);
      return found.kind === 'entry';
    });
    entries = refreshed?.entries ?? entries;
  }
  if (found.kind === 'none') {
    if (!entries.some((one) => one.volatile)) return miss(found.because);
    const because = found.because.kind === 'newKey' ? ({ kind: 'text' } as const) : found.because;
    return lookUpText(session, job, miss(because));
  }
  const { entry } = found;
  const restored = await restore(session, job, entry.artifact);
  if (restored.kind === 'restored') {
    if (entry !== entries[0]) await moveToTop(session, keys.manifest, entry);
    // Skipped if there is nothing new, because it takes half a millisecond of every hit.
    if (hasRecalled && session.files.memory.hasNews) await keepHashes(session, keys.manifest, entry);
    return { ...restored, kind: 'hit' };
  }
  if (restored.kind !== 'damaged') return miss({ kind: 'evicted' });
  return {
    ...miss({ kind: 'damaged', because: restored.because }),
    damaged: new Set([entry.artifact]),
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
    if (restored.kind === 'restored') return { ...restored, kind: 'hit' };
    if (restored.kind === 'damaged') damaged.add(key);
  }
  return { ...missed, text: result.text, damaged };
}

export function missOf(because: MissCause, keys: Miss['keys']): Miss {
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
