/** Finds the compiler that a build would get, without a trace in the user's cache folder. */
import { readdirSync } from 'node:fs';
import { type FoundCompiler, findCompiler } from '../compile/find-compiler.ts';
import type { Config } from '../config/config.ts';
import { environmentValue } from '../util/environment.ts';
import { splitList } from '../util/paths.ts';
import { within } from '../util/time-limit.ts';
import { learntFolder, ownConfig } from './own-config.ts';
import type { Room } from './room.ts';

/** How it was found. `candidate`: nothing names it, so that only calls that do are served. */
export type HowFound = 'CLCACHE_CL' | 'PATH' | 'candidate';

export interface ExaminedCompiler {
  readonly found: FoundCompiler;
  readonly how: HowFound;
}

/** A compiler that does not say who it is in this time does not answer at all. In milliseconds. */
export const LONGEST_ANSWER_MS = 30_000;
const CLANG_CL = /^clang-cl(?:-\d+)?(?:\.exe)?$/i;

/** Never rejects. */
export async function examineCompiler({
  config,
  self,
  room,
}: {
  readonly config: Config;
  readonly self: string;
  readonly room: Room;
}): Promise<ExaminedCompiler> {
  const how: HowFound = config.compiler === undefined ? 'PATH' : 'CLCACHE_CL';
  // What is learnt goes into the room. A folder that was deleted does not matter here.
  const cacheDirectory = room.kind === 'folder' ? learntFolder(room.path) : config.cacheDirectory;
  const places = { cacheDirectory, ...(config.isFolderGone && { workingDirectory: '/' }) };
  const ask = (compiler: string | undefined) =>
    inTime(
      findCompiler({
        argv: [],
        config: ownConfig(config, { ...places, compiler }),
        self,
        calledAs: undefined,
      }),
    );
  const found = await ask(config.compiler);
  if (found.kind !== 'none' || config.compiler !== undefined) return { found, how };
  for (const name of clangsOnPath(config)) {
    const candidate = await ask(name);
    if (candidate.kind === 'compiler') return { found: candidate, how: 'candidate' };
  }
  return { found, how };
}

async function inTime(finding: Promise<FoundCompiler>): Promise<FoundCompiler> {
  try {
    return await within(LONGEST_ANSWER_MS, finding, 'the compiler');
  } catch {
    return {
      kind: 'none',
      because: `the compiler did not say what it is within ${LONGEST_ANSWER_MS / 1000} s`,
    };
  }
}

/** The names of clang-cl in the folders of PATH, newest version first. */
function clangsOnPath({ environment, style }: Pick<Config, 'environment' | 'style'>): string[] {
  const folders = splitList(environmentValue(environment, style, 'PATH'), style === 'win32' ? ';' : ':');
  const names = folders.flatMap((folder) => namesIn(folder).filter((name) => CLANG_CL.test(name)));
  const version = (name: string) => Number(/\d+/.exec(name)?.[0] ?? Number.POSITIVE_INFINITY);
  return [...new Set(names)].sort((a, b) => version(b) - version(a));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
