/** What of a terminal is left to clang-cl, from the options of a line. */
import type { CommandLineHost, TerminalUse } from './compile-call.ts';
import type { OptionItem } from './items.ts';
import { mayHaveCodeView, recordsDriverLine } from './properties.ts';

const COLOURS = /^f(?:no-)?(?:color-diagnostics|diagnostics-color=?)$/;

/**
 * Undefined where nothing can be said instead of the terminal: cl has no colours, and an object that holds the line of
 * the driver would show it.
 */
export function terminalUse(options: readonly OptionItem[], host: CommandLineHost): TerminalUse | undefined {
  if (host.family === 'cl' || recordsDriverLine(options)) return undefined;
  // Words that are handed on come too late: the driver looks for these by itself on the line (`RenderDiagnosticsOptions`
  // in clang's `Clang.cpp` says so).
  const last = options.findLast(({ row, level }) => COLOURS.test(row.name) && level === 'line');
  const isLeft = last === undefined || (last.row.name === 'fdiagnostics-color=' && last.value === 'auto');
  return {
    colours: isLeft ? ['-fcolor-diagnostics'] : [],
    isWrapped: !options.some(({ row, level }) => row.name === 'fmessage-length=' && level !== 'line'),
    isRecorded: mayHaveCodeView(options),
  };
}
