import type { CompileJob } from '../../commandline/compile-call.ts';
import { describeError } from '../../diagnostics/errors.ts';
import { silent } from '../../diagnostics/trace.ts';
import {
  callNamed,
  type KeptCall,
  type KeptLookup,
  keptParts,
  nameOfCall,
  type Verdict,
} from '../../explain/kept-call.ts';
import { causeOfKnownKey } from '../../explain/known-key.ts';
import type { MissCause } from '../../explain/miss-causes.ts';
import { versionWords } from '../../explain/version-words.ts';
import type { JobKeys, Miss } from '../hit/lookup.ts';
import { keepCall, reasonsOf } from '../keep-reasons.ts';
import type { CompiledOutcome, JobOutcome } from '../outcome.ts';
import type { Session } from '../session.ts';

/** A job that the cache could not serve at first, and how it ended. */
export interface EndedJob {
  readonly miss: Miss;
  readonly outcome: JobOutcome;
  /** How long the job took, in milliseconds. */
  readonly ms: number;
}

/**
 * Keeps for `clcache --why` why a job was no hit and what became of its result, and says it in the log. Comparing with
 * earlier calls is left to whoever reads: it takes as long as all the rest. Returns the cause as far as it is known.
 * Throws system errors.
 */
export async function explainJob(
  session: Session,
  job: CompileJob,
  ended: EndedJob,
): Promise<MissCause | undefined> {
  const { outcome, miss } = ended;
  if (outcome.kind === 'hit') return undefined;
  const { log, reasons, tree, compiler } = session;
  const known = reasons && reasonsOf(reasons.folder, tree.roots.style, tree.absolute(job.source));
  const lookup = lookupOf(session, ended, await miss.keys?.get());
  const call: Omit<KeptCall, 'verdict'> = {
    at: Date.now(),
    ms: Math.round(ended.ms),
    folder: tree.roots.workingDirectory,
    baseDirectories: tree.roots.baseDirectories,
    source: job.source,
    object: job.outputs[0]?.path ?? '',
    compiler: { path: compiler.path, version: versionWords(compiler.record.versionText) },
    ...(lookup && { lookup }),
  };
  const found = causeOf(miss.because, outcome);
  const same = lookup && found.kind === 'newKey' ? callNamed(known?.text, nameOfCall(call)) : undefined;
  const cause = same ? causeOfKnownKey(same, { text: lookup?.text, began: call.at - call.ms }) : found;
  const refusals = (await session.store.refusals?.(job.outputs)) ?? [];
  const refused = refusals.map((because) => ({ kind: 'refused', because }) as const);
  const verdict = verdictOf(job, outcome, [cause, ...refused]);
  const kept = { ...call, verdict };
  if (log.trace !== silent) {
    const { logCall } = await import('../log-call.ts');
    logCall(session, kept, known?.text);
  }
  if (known) keepCall(known, kept);
  return cause;
}

function lookupOf(
  { request, reasons }: Pick<Session, 'request' | 'reasons'>,
  { miss: { text }, outcome }: EndedJob,
  keys: JobKeys | undefined,
): KeptLookup | undefined {
  if (!keys) return undefined;
  const { manifest } = keys;
  const set = Object.entries(reasons?.lineVariables() ?? {}).filter(([, value]) => value);
  return {
    parts: keptParts(keys.parts),
    manifest,
    ...(outcome.kind === 'compiled' &&
      outcome.stored.kind === 'stored' && { artifact: outcome.stored.artifact }),
    ...(text && { text: text.key }),
    view: request.view.name,
    variables: Object.fromEntries(set) as Record<string, string>,
  };
}

/** What the lookup found, with what is known now that the compiler has ended. */
function causeOf(found: MissCause, outcome: JobOutcome): MissCause {
  if (outcome.kind !== 'compiled') return found;
  const { because, stored } = outcome;
  if (because.kind === 'text' && 'showsTime' in stored && stored.showsTime) return { kind: 'time' };
  const tiedBy = stored.kind === 'stored' ? stored.tiedBy : undefined;
  return because.kind === 'otherTree' && tiedBy !== undefined ? { ...because, tiedBy } : because;
}

function verdictOf(job: CompileJob, outcome: JobOutcome, causes: readonly MissCause[]): Verdict {
  if (outcome.kind === 'uncached') {
    const reason = { kind: 'unsupportedOption', because: job.uncached ?? '' } as const;
    return { kind: 'handedOn', reason, cures: [] };
  }
  if (outcome.kind !== 'compiled') return { kind: 'miss', causes, result: 'compileFailed' };
  return { kind: 'miss', causes, ...resultOf(outcome) };
}

function resultOf({ stored }: CompiledOutcome): Omit<Extract<Verdict, { kind: 'miss' }>, 'kind' | 'causes'> {
  switch (stored.kind) {
    case 'stored':
      return { result: 'stored', ...(stored.tiedBy !== undefined && { tiedBy: stored.tiedBy }) };
    case 'compileFailed':
      return { result: 'compileFailed' };
    case 'notStored':
      return { result: 'notStored', because: stored.because };
    case 'cacheFailed':
      return { result: 'cacheFailed', because: describeError(stored.error) };
  }
}
