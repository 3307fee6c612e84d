import { artifactKey } from '../../cache/key.ts';
import { withEntryFirst } from '../../cache/manifest.ts';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { factsOf } from '../../commandline/family.ts';
import { LANGUAGES } from '../../commandline/languages.ts';
import { keepHashes } from '../hit/known-hashes.ts';
import { modeOf } from '../mode.ts';
import type { StoreOutcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import { storeByText } from '../text/store-by-text.ts';
import { problemOfAssembled } from './assembled.ts';
import type { ReadCompile } from './ended-compile.ts';
import type { FileStates } from './file-states.ts';
import { inspectSources } from './inspect-sources.ts';
import { problemWithOutputs } from './output-files.ts';
import { precompiledFiles, withTimes } from './precompiled-files.ts';
import { rememberFiles } from './remembered-precompiled.ts';
import { settleDoubts } from './settle-doubts.ts';
import { problemOf } from './source-problems.ts';
import { artifactFiles, audienceOf, notStored, type StoredCompile } from './stored-compile.ts';

/** Stores the result of a successful compile, if it may be stored. Throws what the store throws. */
export async function storeResult(session: Session, compile: ReadCompile): Promise<StoreOutcome> {
  const { job, miss, beginning, headers, output } = compile;
  const unkept = await problemOfDatabase(session, job);
  if (unkept !== undefined) return notStored(unkept);
  const unwritten = problemWithOutputs(job.outputs, compile.before);
  if (unwritten !== undefined) return notStored(unwritten);
  if (headers.kind === 'separateRun' && headers.listing?.status !== 0) {
    return notStored('the headers could not be listed');
  }
  if (output.strayNotes > 0) return notStored('an include note names no file that we can find');
  const keys = await miss.keys?.get();
  if (!keys) return notStored('the source could not be read, or an output is no file that a hit may replace');
  const { clock, ways } = beginning;
  const within = precompiledFiles(session);
  if (within.kind === 'unclear') return notStored(within.because);
  const earlier = compile.watch.inspected;
  const sources = inspectSources(session, job, { output, clock, precompiled: within, earlier });
  const problem =
    problemOf(session, { ...compile, keys, sources }) ?? (await problemOfAssembled(session, job));
  if (problem !== undefined) return notStored(problem);
  if ((await session.compiler.isStillSame?.()) === false) {
    return notStored('the compiler, or what it starts or loads, changed while it ran');
  }

  const doubt = await settleDoubts(session, job, { sources, text: miss.text });
  if (doubt.kind === 'unsupported') return notStored(doubt.because);
  const { showsTime } = doubt;
  const mode = modeOf(session, job, { text: miss.text, sources, showsTime });
  const decided = mode === 'text' ? UNDECIDED : await compile.watch.states(sources);
  if (decided.kind === 'changed') return notStored(decided.because);
  const moved = ways.problem(clock);
  if (moved !== undefined) return notStored(`${moved} while the compiler ran`);

  const stored = { ...compile, keys, sources, files: artifactFiles(session.tree, compile) };
  const isUndated = !factsOf(session.compiler.record).datesPrecompiledHeaders;
  if (decided.kind === 'states' && isUndated) await rememberFiles(session, sources, within.files);
  if (decided.kind === 'states') {
    const states = withTimes(session, decided.states, within.files);
    return states
      ? storeByFiles(session, stored, { ...decided, states })
      : notStored('too many files and places');
  }
  if (session.request.call.precompiled) {
    return notStored('its files do not decide, and a precompiled header is no text');
  }
  const { because } = decided;
  if (because !== undefined) {
    session.log.trace(() => `${job.source}: ${because}: looked up by its text from now on`);
  }
  if (!LANGUAGES[job.language].hasText) {
    return notStored('its files do not decide, and it has no text to be preprocessed');
  }
  return storeByText(session, stored, showsTime);
}

/** Why the program database of a compile cannot be stored with its object. Undefined if it can, or there is none. */
async function problemOfDatabase(
  { request: { databases } }: Pick<Session, 'request'>,
  { outputs }: CompileJob,
): Promise<string | undefined> {
  const path = outputs.find(({ role }) => role === 'database')?.path;
  if (path === undefined || !databases) return undefined;
  const { isSettled } = await import('./settled-database.ts');
  if (!(await isSettled(path))) return `${path} is not there, or somebody still writes to it`;
  if (!databases.isStillOwn()) return `${path} belongs to several objects`;
  await databases.remember();
  return undefined;
}

const UNDECIDED: FileStates = { kind: 'undecided' };

/** Stores a result that is served for as long as its files have these states. */
async function storeByFiles(
  session: Session,
  compile: StoredCompile,
  { states, searches, settled }: Extract<FileStates, { kind: 'states' }>,
): Promise<StoreOutcome> {
  const { miss, files } = compile;
  const key = compile.keys.manifest;
  const found = await audienceOf(session, compile);
  if (found.kind === 'nobody') return notStored(found.because);
  const { audience, tiedBy } = found;
  const { binding, view } = audience;
  const artifact = artifactKey(key, states, { ...audience, aliases: searches.aliases });
  const growth = await session.store.putArtifact(artifact, files, miss.damaged.has(artifact));
  const entry = {
    artifact,
    states,
    searches,
    ...(binding !== undefined && { binding }),
    ...(view !== undefined && { view }),
  };
  const bytes = await session.store.updateManifest(key, (manifest) => withEntryFirst(manifest, entry));
  for (const [folder, signature] of settled) {
    session.files.memory.noteSearched(folder, { id: searches.id, signature });
  }
  await keepHashes(session, key, entry);
  return { kind: 'stored', artifact, tiedBy, growth: { ...growth, bytes: growth.bytes + bytes } };
}
