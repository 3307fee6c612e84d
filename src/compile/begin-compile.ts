import type { CompileJob } from '../commandline/compile-call.ts';
import { FileClock, startNow } from './file-clock.ts';
import { searchedFolders } from './search-folders.ts';
import { absolute, type Session } from './session.ts';
import { Ways } from './ways.ts';

/** The state before a compile, from which one can tell afterwards whether the compiler read what is there now. */
export interface CompileBeginning {
  readonly clock: FileClock;
  readonly ways: Ways;
}

/** Call it just before the compiler starts, or the preprocessor whose text is used instead. */
export function beginCompile(session: Session, job: CompileJob): CompileBeginning {
  const { config, call, compiler } = session;
  const ways = new Ways(config.style);
  const named = [job.source, ...call.forcedIncludes, ...call.inputFiles];
  for (const path of [
    config.workingDirectory,
    compiler.path,
    ...named.map((one) => absolute(session, one)),
  ]) {
    ways.note(path);
  }
  for (const folder of searchedFolders(session)) ways.note(folder);
  ways.begin();
  return { clock: new FileClock(startNow()), ways };
}
