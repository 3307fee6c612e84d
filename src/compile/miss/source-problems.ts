import { factsOf } from '../../commandline/family.ts';
import { isUnchanged } from '../../compiler/identity/compiler-record.ts';
import type { FileClock } from '../../files/file-clock.ts';
import { digestOfFile } from '../../hash/file-digest.ts';
import { statIfThere } from '../../util/file-stat.ts';
import type { KnownFiles } from '../open-files.ts';
import type { Session } from '../session.ts';
import type { StoredCompile } from './stored-compile.ts';

/** Why a compile may have read other files than there are now, or read what nobody can tell; undefined if neither. */
export function problemOf(
  session: Pick<Session, 'request' | 'compiler' | 'tree' | 'files'>,
  { keys, beginning, output, sources }: Pick<StoredCompile, 'keys' | 'beginning' | 'output' | 'sources'>,
): string | undefined {
  const { clock } = beginning;
  const { unsupported } = sources.together;
  if (unsupported !== undefined) return unsupported;
  if (sources.changed !== undefined) return `${sources.changed} changed while the compiler ran`;
  if (sources.source.digest !== keys.source) return 'the source changed while the compiler ran';
  const part = session.compiler.record.files.find((file) => !isUnchanged(file));
  if (part !== undefined) return `${part.path}, a part of the compiler, changed while it ran`;
  const input = session.request.call.inputFiles.find((path) =>
    isChanged(session.files, session.tree.absolute(path), clock),
  );
  if (input !== undefined) return `${input} changed while the compiler ran`;
  // What it does not report is in inactive lines.
  if (factsOf(session.compiler.record).notesAreEnglish) return undefined;
  // What a precompiled header has is not reported either.
  const { precompiled } = session.request.call;
  const through = precompiled?.work === 'used' ? precompiled.through : undefined;
  const includesSomething = sources.source.scan.includes.some(
    ({ kind, name }) => (kind === 'include' || kind === 'includeNext') && name !== through,
  );
  if (includesSomething && output.includes.length === 0) {
    return 'the source has #include lines and the compiler reported no header';
  }
  return undefined;
}

/** Whether a file that an option names may have changed since the key was made. */
function isChanged({ memory }: Pick<KnownFiles, 'memory'>, path: string, clock: FileClock): boolean {
  const stat = statIfThere(path);
  if (!stat?.isFile()) return memory.digest(path) !== undefined;
  return clock.isChangedSince(stat) || digestOfFile(path, stat.size) !== memory.digest(path);
}
