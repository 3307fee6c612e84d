import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTextIfThere } from '../../util/file-stat.ts';
import type { CompilerAtHand } from '../at-hand.ts';
import { rememberedAnswer } from './remembered-answer.ts';

/** How a compiler prints its diagnostics on a terminal. */
export interface TerminalView {
  readonly hasColours: boolean;
  /** The width to which it wraps them, in characters. Undefined if it does not wrap them. */
  readonly width: number | undefined;
}

/** The variables that decide about that, beside the terminal. */
const VARIABLES = ['TERM', 'COLUMNS', 'NO_COLOR', 'CLICOLOR', 'CLICOLOR_FORCE', 'COLORTERM'];
const TERMINFO = ['TERMINFO', 'TERMINFO_DIRS', 'HOME'];

/**
 * How clang-cl treats the terminal of this process's stderr. It is asked once for each kind of terminal, with an empty
 * compile on that stderr, which prints nothing there and leaves the command line of the compiler proper in a file
 * (`CC_PRINT_OPTIONS`). Undefined if it does not say.
 */
export async function terminalView(
  compiler: CompilerAtHand,
  columns: number | undefined,
): Promise<TerminalView | undefined> {
  const values = [...VARIABLES, ...TERMINFO].map((name) => compiler.environment[name] ?? '\0');
  const answer = await rememberedAnswer(compiler, ['terminal', String(columns), ...values], () =>
    ask(compiler),
  );
  const { hasColours, width } = (answer ?? {}) as { hasColours?: unknown; width?: unknown };
  if (typeof hasColours !== 'boolean') return undefined;
  return { hasColours, width: typeof width === 'number' ? width : undefined };
}

async function ask(compiler: CompilerAtHand): Promise<TerminalView | undefined> {
  const { inScratchFolder } = await import('./probes.ts');
  const { startProgram } = await import('../run/start-program.ts');
  return inScratchFolder(async (folder) => {
    const [source, options] = [join(folder, 'empty.c'), join(folder, 'options')];
    writeFileSync(source, '');
    const unseen = openSync(join(folder, 'out'), 'w');
    try {
      const { end } = await startProgram({
        program: compiler.path,
        arguments: ['-w', '-fsyntax-only', '--', source],
        workingDirectory: compiler.workingDirectory,
        environment: { ...compiler.environment, CC_PRINT_OPTIONS: '1', CC_PRINT_OPTIONS_FILE: options },
        streams: [unseen, 'inherit'],
      });
      await end;
    } finally {
      closeSync(unseen);
    }
    const line = readTextIfThere(options);
    if (line === undefined) return undefined;
    const width = /"-fmessage-length=(\d+)"/.exec(line)?.[1];
    return {
      hasColours: line.includes('"-fcolor-diagnostics"'),
      width: width === undefined ? undefined : Number(width),
    };
  });
}
