import type { CompileJob } from '../../commandline/compile-call.ts';
import { FileClock, startNow } from '../../files/file-clock.ts';
import { type FolderNames, namesIn } from '../../files/folder-names.ts';
import { Ways } from '../../files/ways.ts';
import { pathRules } from '../../util/paths.ts';
import type { Session } from '../session.ts';
import { searchedFolders } from './search-folders.ts';

/** The state before a compile, from which one can tell afterwards whether the compiler read what is there now. */
export interface CompileBeginning {
  readonly clock: FileClock;
  readonly ways: Ways;
  /** The names in the folders of its outputs, by absolute path. */
  readonly outputs: ReadonlyMap<string, FolderNames>;
}

/** Call it just before the compiler starts, or the preprocessor whose text is used instead. */
export function beginCompile(
  session: Pick<Session, 'request' | 'compiler' | 'tree'>,
  job: CompileJob,
): CompileBeginning {
  const { tree, request, compiler } = session;
  const ways = new Ways(tree.roots.style);
  const named = [job.source, ...request.call.forcedIncludes, ...request.call.inputFiles];
  for (const path of [
    tree.roots.workingDirectory,
    compiler.path,
    ...named.map((one) => tree.absolute(one)),
  ]) {
    ways.note(path);
  }
  for (const folder of searchedFolders(session)) ways.note(folder);
  ways.begin();
  const outputFolders = job.outputs.map(({ path }) => pathRules(tree.roots.style).dirname(path));
  const outputs = new Map(outputFolders.map((folder) => [folder, namesIn(folder)]));
  return { clock: new FileClock(startNow()), ways, outputs };
}
