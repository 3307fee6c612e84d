/** What a compiler says of itself. */
import { asQuestion, withChain } from '../util/chain.ts';
import { realPath, statIfThere } from '../util/file-stat.ts';
import { configurationFileOf } from './compiler-files.ts';
import type { CompilerLookup } from './compiler-record.ts';
import { kindOfProgram, type ProgramKind } from './family.ts';
import { type CompilerResult, runCompiler } from './run.ts';

export interface AskedCompiler {
  readonly family: ProgramKind;
  /** Major version of clang. */
  readonly clangVersion?: number;
  readonly versionText: string;
  readonly configurationFile?: string;
  /** The program that clang's driver would start to compile, with its links followed. It is the driver's own. */
  readonly program?: string;
}

/** Starts the compiler to learn which one it is. Rejects when it cannot be started. */
export async function askCompiler(lookup: CompilerLookup): Promise<AskedCompiler> {
  // A script may answer for its version itself, and leave all else to a clcache: that one is not to ask it again.
  const environment = asQuestion(withChain(lookup.environment, lookup.compiler));
  const asking = { ...lookup, environment };
  // cl does not know the option, warns, and prints its banner all the same.
  const text = textOf(await run(asking, ['--version']));
  const family = await kindOfProgram(lookup.compiler, text, async (argument) => {
    const answer = await run(asking, [argument]);
    return { status: answer.status, text: textOf(answer) };
  });
  const clang = /\bclang version (\d+)/.exec(text);
  if (!clang) return { family, versionText: text.split(/\r?\n/)[0] ?? '' };
  const configurationFile = configurationFileOf(lookup.compiler, text);
  const started =
    family === 'clang-cl' ? await run(asking, ['-###', '/c', '/TC', '--', NULL_DEVICE]) : undefined;
  const program = started && programOf(textOf(started));
  return {
    family,
    clangVersion: Number(clang[1]),
    versionText: text,
    ...(configurationFile === undefined ? {} : { configurationFile }),
    ...(program === undefined ? {} : { program }),
  };
}

/** The libraries of clang and LLVM that the system's loader takes for a program of Linux. */
export async function loadedLibraries(lookup: CompilerLookup): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  // "ld.so(8)": then the loader lists them, and does not start the program.
  const environment = { ...lookup.environment, LD_TRACE_LOADED_OBJECTS: '1' };
  const text = textOf(await run({ ...lookup, environment }, []));
  const lines = text.matchAll(/^\t\S*(?:LLVM|clang)\S* => (\/.*) \(0x[0-9a-f]+\)$/gim);
  return Array.from(lines, ([, path = '']) => path);
}

const NULL_DEVICE = process.platform === 'win32' ? 'NUL' : '/dev/null';

/** The first word of the command for the compiler proper: quoted, with a backslash before each quote and backslash. */
function programOf(text: string): string | undefined {
  const word = /^ "((?:[^"\\]|\\.)+)" "-cc1"/m.exec(text)?.[1];
  const path = word && Buffer.from(word.replaceAll(/\\(.)/g, '$1'), 'latin1').toString();
  return path && statIfThere(path)?.isFile() ? realPath(path) : undefined;
}

function run(
  { compiler, workingDirectory, environment }: CompilerLookup,
  args: readonly string[],
): Promise<CompilerResult> {
  return runCompiler({ compiler, arguments: args, workingDirectory, environment, hasNoInput: true });
}

function textOf({ stdout, stderr }: CompilerResult): string {
  return Buffer.concat([stdout, stderr]).toString('latin1');
}
