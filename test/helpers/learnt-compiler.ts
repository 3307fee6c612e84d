import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FAMILIES } from '../../src/commandline/family.ts';
import { gccVersions } from '../../src/compiler/answers/gcc-versions.ts';
import { probeSearchFolders } from '../../src/compiler/answers/probes.ts';
import { environmentParts } from '../../src/compiler/environment.ts';
import { compilerIdentity } from '../../src/compiler/identity/compiler-identity.ts';
import type { KnownCompiler } from '../../src/compiler/identity/compiler-record.ts';
import { knownNow } from '../../src/util/later.ts';
import { cleanEnvironment, executable, findClangCl, HOST_TARGET } from './compilers.ts';

/** Of a cache folder, what clcache remembers of compilers. */
const COMPILERS = join('v1', 'compilers');

/** For each of the usual lines and each language, the compiler is asked where it searches for headers. */
const LINES = [[HOST_TARGET, '/nologo'], [HOST_TARGET]];
const LANGUAGES = ['c', 'cpp'];
const QUESTIONS = LINES.flatMap((options) => LANGUAGES.map((suffix) => ({ options, suffix })));

export interface Knowing {
  /** The real compiler, or a link to it, by the path that calls use. */
  readonly compiler?: string;
  /** Where calls are made: the same question in another folder is another one. By default the folder of the cache folder. */
  readonly folder?: string;
}

/** What clcache has learnt of a compiler in this process. */
interface Learnt {
  /** The folder in which it was learnt, which is a cache folder as well. */
  readonly folder: string;
  readonly compiler: string;
  readonly record: KnownCompiler;
}

/** By the path of the compiler. */
const learnt = new Map<string, Learnt>();

/**
 * Gives a cache folder that is not there yet what clcache has learnt of the real compiler in this process. To learn it
 * takes more processor time than a whole test: 0.3 s.
 */
export function knowTheCompiler(
  cache: string,
  { compiler = findClangCl().path, folder = dirname(cache) }: Knowing = {},
): void {
  if (existsSync(cache)) return;
  const known = learnt.get(compiler) ?? learn(compiler);
  learnt.set(compiler, known);
  cpSync(join(known.folder, COMPILERS), join(cache, COMPILERS), { recursive: true });
  for (const question of QUESTIONS) {
    const answer = join(known.folder, COMPILERS, nameOfAnswer(known, known.folder, question));
    copyFileSync(answer, join(cache, COMPILERS, nameOfAnswer(known, folder, question)));
  }
}

function learn(compiler: string): Learnt {
  const folder = mkdtempSync(join(tmpdir(), 'clcache-learnt-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const [index, options] of LINES.entries()) {
    // A hit would not ask, and two objects of one name are not cached.
    const sources = LANGUAGES.map((language) => `${language}${index}.${language}`);
    for (const source of sources) writeFileSync(join(folder, source), `int source_${index};\n`);
    const env = cleanEnvironment({ CLCACHE_DIR: folder });
    const args = [compiler, ...options, '/c', ...sources];
    const { status, stderr } = spawnSync(executable(), args, { cwd: folder, env });
    if (status !== 0) throw new Error(`the compiler cannot be learnt: ${stderr}`);
  }
  const known = { folder, compiler, record: recordIn(join(folder, COMPILERS)) };
  for (const question of QUESTIONS) {
    const answer = join(folder, COMPILERS, nameOfAnswer(known, folder, question));
    if (!existsSync(answer))
      throw new Error(`clcache asks another question than ${JSON.stringify(question)}`);
  }
  return known;
}

function recordIn(folder: string): KnownCompiler {
  for (const name of readdirSync(folder)) {
    const value = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if ('family' in value) return value;
  }
  throw new Error(`no compiler is known in ${folder}`);
}

/** The name of the file with the answer for calls in a folder, as clcache itself makes it. */
function nameOfAnswer(
  { compiler, record }: Learnt,
  folder: string,
  { options, suffix }: (typeof QUESTIONS)[number],
): string {
  let asked = '';
  const answers = {
    read(name: string) {
      asked = name;
      return {};
    },
    keep: async () => {},
    lockOf: (name: string) => name,
  };
  const identity = knownNow(compilerIdentity(record, { kind: 'content' }));
  const parts = environmentParts(cleanEnvironment(), 'posix', {
    family: record.family,
    searchVariables: ['INCLUDE', 'EXTERNAL_INCLUDE', ...FAMILIES[record.family].searchVariables],
  });
  const environment = [...parts, ...gccVersions(compiler)].map(({ name, value }) => `${name}=${value}`);
  const run = () => Promise.reject(new Error('the answer is there'));
  void probeSearchFolders(
    { path: compiler, record, identity, answers, workingDirectory: folder, environment: {}, run },
    { options, suffix, environment, existing: [], named: [] },
  );
  return `${asked}.json`;
}
