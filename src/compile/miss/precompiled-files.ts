import { statSync } from 'node:fs';
import { toPortablePath } from '../../cache/base-directory.ts';
import { type FileState, MAXIMUM_STATES, modifiedIn } from '../../cache/manifest.ts';
import { factsOf } from '../../commandline/family.ts';
import { madeFrom, type WrittenFile } from '../../compiler/precompiled/made-from.ts';
import { systemName } from '../../util/byte-name.ts';
import { secondsOf } from '../../util/file-stat.ts';
import type { Session } from '../session.ts';
import { type PrecompiledFiles, rememberedFiles } from './remembered-precompiled.ts';

type PrecompiledSession = Pick<Session, 'request' | 'compiler' | 'files'>;

const NONE: PrecompiledFiles = { kind: 'files', files: [] };

/**
 * The files that decide whether the compiler accepts a precompiled header that it has just used or made. It refuses it
 * if the size of one of them, or its time, differs from what stands in the `.pch`. So what stands there must be what is
 * seen now: then the same files are a proof of validity in later calls.
 */
export function precompiledFiles(session: PrecompiledSession): PrecompiledFiles {
  const { precompiled } = session.request.call;
  if (!precompiled) return NONE;
  if (!factsOf(session.compiler.record).datesPrecompiledHeaders) {
    return precompiled.work === 'used' ? rememberedFiles(session, precompiled.path) : NONE;
  }
  const origin = madeFrom(precompiled.path);
  if (!origin || origin.files.length === 0) {
    return { kind: 'unclear', because: `${precompiled.path} does not say what it was made from` };
  }
  const changed = origin.files.find((file) => !isAsWritten(file));
  return changed
    ? { kind: 'unclear', because: `${changed.path} is not as it was for the precompiled header` }
    : { kind: 'files', ...origin };
}

function isAsWritten({ path, size, modified }: WrittenFile): boolean {
  const stat = statSync(systemName(path), { throwIfNoEntry: false });
  return stat?.size === size && (modified === 0 || secondsOf(stat) === modified);
}

/** The headers that a call uses without entering them, absolute. They are read while the compiler runs. */
export function precompiledHeaders(session: PrecompiledSession): string[] {
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
