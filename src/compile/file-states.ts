import { toPortablePath } from '../cache/base-directory.ts';
import { ABSENT, type FileState, PRESENT } from '../cache/manifest.ts';
import type { CompileJob } from '../commandline/compile-call.ts';
import { traceHeaderSearch } from '../compiler/header-search.ts';
import { probeSearchFolders } from '../compiler/probes.ts';
import { environmentValue } from '../util/environment.ts';
import { splitList } from '../util/paths.ts';
import type { InspectedSources } from './inspect-sources.ts';
import { absolute, type Session } from './session.ts';

/** What the files of a compile must be for its result to hold: headers as they are, and places that stay empty. */
export async function fileStates(
  session: Session,
  job: CompileJob,
  sources: InspectedSources,
): Promise<FileState[]> {
  const scans = new Map([sources.source, ...sources.headers].map((file) => [file.path, file.scan]));
  const traces = traceHeaderSearch({
    style: session.config.style,
    source: sources.source.path,
    folders: await searchFolders(session, job),
    includes: sources.inclusions,
    scanOf: (path) => scans.get(path),
    exists: (path) => session.hasher.exists(path),
  });
  const portable = (path: string) => toPortablePath(session.roots, path);
  return [
    ...sources.headers.map(({ path, digest }) => ({ path: portable(path), state: digest })),
    ...Array.from(traces.absent, (path) => ({ path: portable(path), state: ABSENT }) as const),
    ...Array.from(traces.present, (path) => ({ path: portable(path), state: PRESENT }) as const),
  ];
}

/** `/I` and its like, then the variables, then what the compiler has of its own. Absolute, each once. */
async function searchFolders(session: Session, job: CompileJob): Promise<string[]> {
  const { call, config, compilerEnvironment } = session;
  const separator = config.style === 'win32' ? ';' : /[;:]/.source;
  const fromVariables = call.searchVariables.flatMap((name) => {
    const value = environmentValue(compilerEnvironment, config.style, name);
    return config.style === 'win32'
      ? splitList(value, separator)
      : (value ?? '').split(/[;:]/).filter(Boolean);
  });
  const own = await probeSearchFolders(
    {
      record: session.record,
      identity: session.identity,
      call: {
        compiler: session.compiler,
        workingDirectory: config.workingDirectory,
        environment: compilerEnvironment,
      },
      answerFile: session.answerFile,
    },
    job.optionArguments,
    job.language === 'c++',
  );
  const folders = [...call.searchDirectories.map(({ path }) => path), ...fromVariables, ...own];
  return [...new Set(folders.map((folder) => absolute(session, folder)))];
}
