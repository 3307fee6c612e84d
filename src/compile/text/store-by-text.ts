import { artifactKey } from '../../cache/key.ts';
import { type ManifestEntry, withEntryFirst } from '../../cache/manifest.ts';
import { LANGUAGES } from '../../commandline/languages.ts';
import type { Digest } from '../../hash/digest.ts';
import type { Store } from '../../storage/store.ts';
import type { InspectedSources } from '../miss/inspect-sources.ts';
import { audienceOf, notStored, type StoredCompile } from '../miss/stored-compile.ts';
import type { StoreOutcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import { type PreprocessedText, pathWordsOfText, preprocess } from './preprocessed.ts';

/**
 * Stores a result that is served for as long as its preprocessed text is the same. `showsTime` says that the text may
 * differ if it is made a moment later.
 */
export async function storeByText(
  session: Session,
  compile: StoredCompile,
  showsTime: boolean,
): Promise<StoreOutcome> {
  const stored = await storeText(session, compile, showsTime);
  const isDecided = stored.kind === 'stored' || stored.kind === 'notStored';
  return isDecided ? { ...stored, showsTime } : stored;
}

async function storeText(
  session: Session,
  compile: StoredCompile,
  showsTime: boolean,
): Promise<StoreOutcome> {
  const { job, keys, miss, sources, files } = compile;
  const marked = session.request.isDirect ? await markVolatile(session.store, keys.manifest) : 0;
  // That of an assembler source is this text.
  if (!LANGUAGES[job.language].isAssembled && files.some(({ role }) => role === 'listing')) {
    return notStored('a listing repeats comments, which preprocessed text does not have');
  }
  if (files.some(({ role }) => role === 'dependencies') && asksForHeaders(sources)) {
    return notStored('dependencies name what __has_include saw, which preprocessed text does not show');
  }
  const text = await textOfCompile(session, compile, showsTime);
  if (typeof text === 'string') return notStored(text);
  const textWords = pathWordsOfText(session, text);
  const found = await audienceOf(session, { ...compile, textWords });
  if (found.kind === 'nobody') return notStored(found.because);
  const { audience, tiedBy } = found;
  const artifact = artifactKey(text.key, [], audience);
  const growth = await session.store.putArtifact(artifact, files, miss.damaged.has(artifact));
  return { kind: 'stored', artifact, tiedBy, growth: { ...growth, bytes: growth.bytes + marked } };
}

function asksForHeaders({ source, headers }: InspectedSources): boolean {
  return [source, ...headers].some(({ scan }) => scan.includes.some(({ kind }) => /^hasInclude/.test(kind)));
}

/** The text that was compiled, or the reason why that is not certain. */
async function textOfCompile(
  session: Omit<Session, 'store' | 'log'>,
  { job, miss }: Pick<StoredCompile, 'job' | 'miss'>,
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
async function markVolatile(store: Store, key: Digest): Promise<number> {
  const entry: ManifestEntry = { artifact: key, states: [], volatile: true };
  return store.updateManifest(key, (manifest) => withEntryFirst(manifest, entry));
}
