/** What of a terminal is left to clang-cl, from the options of a line. */
import type { CommandLineHost, TerminalUse } from './compile-call.ts';
import type { OptionItem } from './items.ts';
import { mayHaveCodeView, recordsDriverLine } from './properties.ts';

const COLOURS = /^f(?:no-)?(?:color-diagnostics|diagnostics-color=?)$/;
const ON = '-fcolor-diagnostics';

/**
 * Undefined where nothing can be said instead of the terminal: cl has no colours, and an object that holds the line of
 * the driver would show it.
 */
export function terminalUse(options: readonly OptionItem[], host: CommandLineHost): TerminalUse | undefined {
  if (host.family === 'cl' || recordsDriverLine(options)) return undefined;
  const chosen = options.filter(({ row, level }) => COLOURS.test(row.name) && level !== 'frontend');
  // Words that are handed on to the driver come after all others.
  const last = chosen.findLast(({ level }) => level === 'driver') ?? chosen.at(-1);
  const isLeft = last === undefined || (last.row.name === 'fdiagnostics-color=' && last.value === 'auto');
  // The driver's own messages are coloured by words of the line alone.
  const handedOn = last?.level === 'driver' ? [`/clang:${ON}`] : [];
  return {
    colours: isLeft ? [ON, ...handedOn] : [],
    isWrapped: !options.some(({ row, level }) => row.name === 'fmessage-length=' && level !== 'line'),
    isRecorded: mayHaveCodeView(options),
  };
}
