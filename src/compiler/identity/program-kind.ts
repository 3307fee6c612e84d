/** Finds out what kind of program a "compiler" is by what it says of itself. */
import type { CompilerFamily } from '../../commandline/family.ts';
import { ANSWER } from '../../util/chain.ts';
import { isNameOfCl } from '../../util/program-name.ts';

/** `other`: a program without the command line of cl, so that nothing is known of its calls. */
export type ProgramKind = CompilerFamily | 'clcache' | 'other';

/** Starts the program with one argument. */
export type Ask = (argument: string) => Promise<{ readonly status: number; readonly text: string }>;

const CLANG = /\bclang version \d/;
/** cl's banner in every language: `Microsoft (R) C/C++ Optimizing Compiler Version 19.29.30133 for x64`. */
const MICROSOFT = /\bMicrosoft\b.*C\/C\+\+/;
/** "Command-line errors D8000-D9999": cl's message about an unknown option, in every language. */
const MICROSOFT_MESSAGE = /\bD[89]\d{3}\b/;
/** These programs name themselves, whatever their files are called. */
const OTHERS = /Free Software Foundation|\bgcc version\b|\bIntel\(R\)|\bNVIDIA\b|\bs?ccache(?: version)? \d/;

/**
 * The kind of a program that answered `--version` with `text`. A clang is a clang-cl if it takes an option of cl's
 * form: clang itself decides by its name, but a script before it may have any name. A program with an unknown answer
 * counts by its name.
 */
export async function kindOfProgram(program: string, text: string, ask: Ask): Promise<ProgramKind> {
  if (ANSWER.test(text)) return 'clcache';
  if (CLANG.test(text)) return isNameOfCl(program) || (await takesOptionsOfCl(ask)) ? 'clang-cl' : 'other';
  if (MICROSOFT.test(text) || MICROSOFT_MESSAGE.test(text)) return 'cl';
  return isNameOfCl(program) && !OTHERS.test(text) ? 'cl' : 'other';
}

/** CMake and Rust's `cc` ask in this way, too ("-?" is help for clang-cl and an error for clang). */
async function takesOptionsOfCl(ask: Ask): Promise<boolean> {
  return (await ask('-?')).status === 0;
}
