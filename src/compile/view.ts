import type { CompileCall, CompileJob } from '../commandline/compile-call.ts';
import { LANGUAGES } from '../commandline/languages.ts';
import type { CompilerAtHand } from '../compiler/at-hand.ts';
import type { Terminal } from '../config/terminal.ts';

/** How diagnostics are to look: as the compiler would show them where our stderr is, which it does not get to see. */
export interface View {
  /** What says so to the compiler; empty for plain text, to which it keeps by itself. */
  readonly arguments: readonly string[];
  /** Part of what a result is kept under that has diagnostics; '' for plain text. */
  readonly name: string;
}

const PLAIN: View = { arguments: [], name: '' };

/** The view that a call asks for. Never fails on account of a compiler that does not say: then text is plain. */
export async function viewOf(
  { terminal: use }: Pick<CompileCall, 'terminal'>,
  terminal: Terminal | undefined,
  compiler: CompilerAtHand,
): Promise<View> {
  if (!use || !terminal) return PLAIN;
  const { terminalView } = await import('../compiler/terminal-view.ts');
  const view = await terminalView(compiler, terminal.columns);
  if (!view) return PLAIN;
  const args = [
    ...(view.hasColours ? use.colours : []),
    ...(use.isWrapped && view.width !== undefined ? [`/clang:-fmessage-length=${view.width}`] : []),
  ];
  return { arguments: args, name: args.join(' ') };
}

/** A job's arguments with what gives its diagnostics this view. The assembler knows no such words, and warns of them. */
export function withView(view: View, job: CompileJob, args: readonly string[]): readonly string[] {
  if (view.arguments.length === 0 || LANGUAGES[job.language].isAssembled) return args;
  const end = args.length - job.sourceArguments.length;
  return [...args.slice(0, end), ...view.arguments, ...args.slice(end)];
}
