import { readFileSync } from 'node:fs';
import { TEXT_ROLES } from '../../cache/artifact.ts';
import type { Audience } from '../../cache/key.ts';
import { cutTree } from '../../cache/tree-text.ts';
import type { NewArtifactFile } from '../../storage/store.ts';
import type { JobKeys } from '../hit/lookup.ts';
import type { StoreOutcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import type { Tree } from '../tree.ts';
import type { ReadCompile } from './ended-compile.ts';
import type { InspectedSources } from './inspect-sources.ts';
import { reachOf, type TreeEvidence } from './tree-check.ts';

/** A compile that is to be stored: with what it read and what it left. */
export interface StoredCompile extends ReadCompile {
  readonly keys: JobKeys;
  readonly sources: InspectedSources;
  readonly files: readonly NewArtifactFile[];
}

export function notStored(because: string): StoreOutcome {
  return { kind: 'notStored', because };
}

/** To whom a result may be given: to this tree or to all, and with diagnostics only to whom they look right. */
export type FoundAudience =
  | {
      readonly kind: 'some';
      readonly audience: Audience;
      /** What ties it to this tree. */
      readonly tiedBy: string | undefined;
    }
  | { readonly kind: 'nobody'; readonly because: string };

export async function audienceOf(
  session: Omit<Session, 'files' | 'store'>,
  compile: TreeEvidence & Pick<StoredCompile, 'run'>,
): Promise<FoundAudience> {
  const { job, run } = compile;
  const reach = await reachOf(session, compile);
  if (reach.kind === 'nobody') return { kind: 'nobody', because: reach.because };
  const tiedBy = reach.kind === 'tree' ? reach.because : undefined;
  if (tiedBy !== undefined) {
    session.log.trace(() => `${job.source}: not shared with other folders: ${tiedBy}`);
  }
  const binding = tiedBy === undefined ? undefined : session.tree.binding();
  // Without diagnostics all terminals are equal.
  const view = run.stderr.length === 0 ? undefined : session.request.view.name;
  return { kind: 'some', audience: { binding, view }, tiedBy };
}

/** The files of the artifact: what the compiler wrote and what the user sees. */
export function artifactFiles(
  { roots }: Pick<Tree, 'roots'>,
  { job, stdout, run, compileMs }: Pick<ReadCompile, 'job' | 'stdout' | 'run' | 'compileMs'>,
): NewArtifactFile[] {
  const text = (role: NewArtifactFile['role'], bytes: Uint8Array): NewArtifactFile => {
    const cut = cutTree(roots, bytes, role === 'dependencies' ? 'make' : 'text');
    return { role, bytes: cut.bytes, splices: cut.splices, compileMs };
  };
  const files = job.outputs.map(({ role, path }) =>
    TEXT_ROLES.has(role) ? text(role, readFileSync(path)) : ({ role, path, compileMs } as const),
  );
  if (stdout.length > 0) files.push(text('stdout', stdout));
  if (run.stderr.length > 0) files.push(text('stderr', run.stderr));
  return files;
}
