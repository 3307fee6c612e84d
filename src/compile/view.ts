import type { CompileCall, CompileJob } from '../commandline/compile-call.ts';
import { LANGUAGES } from '../commandline/languages.ts';
import type { CompilerAtHand } from '../compiler/at-hand.ts';
import type { Terminal } from '../config/terminal.ts';

/** The look of diagnostics: what the compiler would print on this process's stderr, which it does not get. */
export interface View {
  /** The arguments that ask the compiler for this look. Empty for plain text, which is its default. */
  readonly arguments: readonly string[];
  /** Part of the key of a result with diagnostics. '' for plain text. */
  readonly name: string;
}

const PLAIN: View = { arguments: [], name: '' };

/** The view of a call. Never fails: plain text if the compiler does not say how it writes to terminals. */
export async function viewOf(
  { terminal: use }: Pick<CompileCall, 'terminal'>,
  terminal: Terminal | undefined,
  compiler: CompilerAtHand,
): Promise<View> {
  if (!use || !terminal) return PLAIN;
  const { terminalView } = await import('../compiler/answers/terminal-view.ts');
  const view = await terminalView(compiler, terminal.columns);
  if (!view) return PLAIN;
  const args = [
    ...(view.hasColours ? use.colours : []),
    ...(use.isWrapped && view.width !== undefined ? [`/clang:-fmessage-length=${view.width}`] : []),
  ];
  return { arguments: args, name: args.join(' ') };
}

/** A job's arguments with those for the view. The assembler does not know them, and would warn. */
export function withView(view: View, job: CompileJob, args: readonly string[]): readonly string[] {
  if (view.arguments.length === 0 || LANGUAGES[job.language].isAssembled) return args;
  const end = args.length - job.sourceArguments.length;
  return [...args.slice(0, end), ...view.arguments, ...args.slice(end)];
}
