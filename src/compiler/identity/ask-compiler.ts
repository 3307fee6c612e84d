/** What a compiler says of itself. */

import { dirname } from 'node:path';
import { type CompilerFamily, FAMILIES, isFamily } from '../../commandline/family.ts';
import { ANSWER } from '../../util/chain.ts';
import { realPath, statIfThere } from '../../util/file-stat.ts';
import { configurationFileOf } from './compiler-files.ts';
import type { CompilerLookup } from './compiler-record.ts';
import { kindOfProgram, type ProgramKind } from './program-kind.ts';
import { question, textOf } from './question.ts';

export interface AskedCompiler extends Compiling {
  readonly family: ProgramKind;
  /** The major version of clang. */
  readonly clangVersion?: number;
  readonly versionText: string;
  readonly configurationFile?: string;
}

/** What comes of a compile. */
export interface Compiling {
  /** Set if a script answers for its version by itself, and calls a clcache to compile. */
  readonly leadsToClcache?: true;
  /** The program that clang's driver would start to compile. */
  readonly started?: StartedByDriver;
}

export interface StartedByDriver {
  /** The path with its links resolved. It is the driver's own program. */
  readonly program?: string;
  /** Its arguments, without the names of the output, of the working folder and of the folder of clang. */
  readonly commandLine: string;
}

/** Starts the compiler to learn which one it is. Rejects if it cannot be started. */
export async function askCompiler(lookup: CompilerLookup): Promise<AskedCompiler> {
  // cl does not know the option, warns, and prints its banner all the same.
  const text = textOf(await question(lookup, ['--version']));
  const family = await kindOfProgram(lookup.compiler, text, async (argument) => {
    const answer = await question(lookup, [argument]);
    return { status: answer.status, text: textOf(answer) };
  });
  const compiling =
    isFamily(family) && FAMILIES[family].printsWhatItStarts ? await askForCompile(lookup, family) : {};
  if (!CLANG_VERSION.test(text)) return { family, versionText: text.split(/\r?\n/)[0] ?? '', ...compiling };
  return { family, ...versionIn(lookup, text), ...compiling };
}

const CLANG_VERSION = /\bclang version (\d+)/;

/** What clang's `--version` says. */
function versionIn(
  { compiler }: Pick<CompilerLookup, 'compiler'>,
  versionText: string,
): Pick<AskedCompiler, 'clangVersion' | 'versionText' | 'configurationFile'> {
  const configurationFile = configurationFileOf(compiler, versionText);
  return {
    clangVersion: Number(CLANG_VERSION.exec(versionText)?.[1]),
    versionText,
    ...(configurationFile === undefined ? {} : { configurationFile }),
  };
}

/** `Target: x86_64-pc-windows-msvc`, `InstalledDir: /usr/bin`. A message of the driver begins with a small letter. */
const VERSION_LINES = /^.*\bclang version \d.*\n(?:[A-Z][\w ]*: .*\n)+$/;

/** The text of `--version` before the commands of a dry run, which are indented. Undefined if there is anything else. */
function versionBefore(answer: string): string | undefined {
  // On Windows, stderr has other line ends than stdout.
  const text = answer.replaceAll('\r\n', '\n');
  const version = text.slice(0, text.search(/^ /m));
  return VERSION_LINES.test(version) ? version : undefined;
}

/**
 * As `askCompiler`, with one start in place of two, for a program whose name promises a clang-cl: its dry run begins with
 * the text of `--version` (`Driver::HandleImmediateArgs`). Undefined if the program turns out to be something else, or
 * says more than that.
 */
export async function askClangAtOnce(lookup: CompilerLookup): Promise<AskedCompiler | undefined> {
  const answer = textOf(await question(lookup, DRY_COMPILE));
  const versionText = versionBefore(answer);
  const { started } = startedIn(answer, lookup.workingDirectory);
  if (ANSWER.test(answer) || versionText === undefined || !started) return undefined;
  return { family: 'clang-cl', ...versionIn(lookup, versionText), started };
}

/** Starts the compiler to learn what it would do to compile. */
export async function askForCompile(lookup: CompilerLookup, family: CompilerFamily): Promise<Compiling> {
  const { printsWhatItStarts } = FAMILIES[family];
  const words = printsWhatItStarts ? DRY_COMPILE : NO_COMPILE;
  const answer = textOf(await question(lookup, words));
  if (ANSWER.test(answer)) return { leadsToClcache: true };
  return printsWhatItStarts ? startedIn(answer, lookup.workingDirectory) : {};
}

/** Prints what the driver would do. */
const DRY_COMPILE = ['-###', '/c', '/TC', '--', process.platform === 'win32' ? 'NUL' : '/dev/null'];
/** Compiles nothing. */
const NO_COMPILE = ['-###'];

/** The command for the compiler proper: words in quotes, with a backslash before each quote and backslash. */
function startedIn(text: string, workingDirectory: string): { started?: StartedByDriver } {
  const [line, word] = /^ "((?:[^"\\]|\\.)+)" "-cc1".*/m.exec(text) ?? [];
  if (line === undefined || word === undefined) return {};
  const path = Buffer.from(word.replaceAll(/\\(.)/g, '$1'), 'latin1').toString();
  const asPrinted = (name: string) => Buffer.from(name.replaceAll('\\', '\\\\')).toString('latin1');
  // The folders of the compiler and of the call differ from machine to machine.
  const commandLine = line
    .replaceAll(/ "-o" "[^"]*"/g, '')
    .replaceAll(asPrinted(workingDirectory), '.')
    .replaceAll(`"${asPrinted(dirname(dirname(path)))}`, '"<root>');
  return {
    started: { commandLine, ...(statIfThere(path)?.isFile() === true && { program: realPath(path) }) },
  };
}
