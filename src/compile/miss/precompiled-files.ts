import { statSync } from 'node:fs';
import { toPortablePath } from '../../cache/base-directory.ts';
import { type FileState, MAXIMUM_STATES, modifiedIn } from '../../cache/manifest.ts';
import { madeFrom, type WrittenFile } from '../../compiler/precompiled/made-from.ts';
import { systemName } from '../../util/byte-name.ts';
import { secondsOf } from '../../util/file-stat.ts';
import type { Session } from '../session.ts';

/** The files that the precompiled header of a call was made from, or why they do not tell whether it is valid. */
export type PrecompiledFiles =
  | { readonly kind: 'files'; readonly files: readonly WrittenFile[] }
  | { readonly kind: 'unclear'; readonly because: string };

const NONE: PrecompiledFiles = { kind: 'files', files: [] };

/**
 * The files that decide whether the compiler accepts a precompiled header that it has just used or made. It refuses it
 * if the size of one of them, or its time, differs from what stands in the `.pch`. So what stands there must be what is
 * seen now: then the same files are a proof of validity in later calls.
 */
export function precompiledFiles({ request }: Pick<Session, 'request'>): PrecompiledFiles {
  const { precompiled } = request.call;
  if (!precompiled) return NONE;
  const files = madeFrom(precompiled.path);
  if (!files || files.length === 0) {
    return { kind: 'unclear', because: `${precompiled.path} does not say what it was made from` };
  }
  const changed = files.find((file) => !isAsWritten(file));
  return changed
    ? { kind: 'unclear', because: `${changed.path} is not as it was for the precompiled header` }
    : { kind: 'files', files };
}

function isAsWritten({ path, size, modified }: WrittenFile): boolean {
  const stat = statSync(systemName(path), { throwIfNoEntry: false });
  return stat?.size === size && (modified === 0 || secondsOf(stat) === modified);
}

/** The headers that a call uses without entering them, absolute. They are read while the compiler runs. */
export function precompiledHeaders(session: Pick<Session, 'request'>): string[] {
  const found = session.request.call.precompiled?.work === 'used' ? precompiledFiles(session) : NONE;
  return found.kind === 'files' ? found.files.map(({ path }) => path) : [];
}

/** These states, and the times that the compiler compares. Undefined if a manifest could not hold them all. */
export function withTimes(
  { tree }: Pick<Session, 'tree'>,
  states: readonly FileState[],
  files: readonly WrittenFile[],
): FileState[] | undefined {
  const times = files.flatMap(({ path, modified }) =>
    modified === 0 ? [] : { path: toPortablePath(tree.roots, path), state: modifiedIn(modified) },
  );
  const all = [...states, ...times];
  return all.length > MAXIMUM_STATES ? undefined : all;
}
