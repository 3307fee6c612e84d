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
import { boundBecause, type TreeEvidence } from './tree-check.ts';

/** A compile that is to be stored: with what it read and what it left. */
export interface StoredCompile extends ReadCompile {
  readonly keys: JobKeys;
  readonly sources: InspectedSources;
  readonly files: readonly NewArtifactFile[];
}

export function notStored(because: string): StoreOutcome {
  return { kind: 'notStored', because };
}

/**
 * To whom a result may be given: to this tree or to all, and with diagnostics only to whom they look right. `tiedBy` says
 * what ties it to this tree.
 */
export async function audienceOf(
  session: Omit<Session, 'files' | 'store'>,
  compile: TreeEvidence & Pick<StoredCompile, 'run'>,
): Promise<Audience & { readonly tiedBy: string | undefined }> {
  const { job, run } = compile;
  const because = await boundBecause(session, compile);
  if (because !== undefined) {
    session.log.trace(() => `${job.source}: not shared with other folders: ${because}`);
  }
  return {
    binding: because === undefined ? undefined : session.tree.binding(),
    // Without diagnostics all terminals are equal.
    view: run.stderr.length === 0 ? undefined : session.request.view.name,
    tiedBy: because,
  };
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
