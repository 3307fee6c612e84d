/** What clang-cl takes from the terminal, by the options of a line. */

import type { CommandLineHost, TerminalUse } from '../compile-call.ts';
import { factsOf } from '../family.ts';
import type { LineOptions } from './line-options.ts';
import { mayHaveCodeView, recordsDriverLine } from './properties.ts';

const COLOURS = /^f(?:no-)?(?:color-diagnostics|diagnostics-color=?)$/;

/**
 * Undefined if no argument can replace what the compiler finds on the terminal: cl has no colours, and an object that
 * holds the driver's line would show the argument.
 */
export function terminalUse(options: LineOptions, host: CommandLineHost): TerminalUse | undefined {
  if (!factsOf(host).looksAtTerminal || recordsDriverLine(options)) return undefined;
  // Words that are handed on do not count: the driver looks for these options on the line itself
  // (`RenderDiagnosticsOptions` in clang's `Clang.cpp`).
  const last = options.special.findLast(({ row, level }) => COLOURS.test(row.name) && level === 'line');
  const isLeft = last === undefined || (last.row.name === 'fdiagnostics-color=' && last.value === 'auto');
  return {
    colours: isLeft ? ['-fcolor-diagnostics'] : [],
    isWrapped: !options.special.some(({ row, level }) => row.name === 'fmessage-length=' && level !== 'line'),
    isRecorded: mayHaveCodeView(options),
  };
}
