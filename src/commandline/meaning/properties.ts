/** Properties of a whole call: where headers are searched, what debug information there is, time macros. */

import type { CommandLineHost, CompileCall, SearchDirectory } from '../compile-call.ts';
import { factsOf } from '../family.ts';
import type { OptionItem } from '../read/items.ts';

export interface DebugState {
  /** The object has line or path information. */
  readonly hasDebugInfo: boolean;
  /** Some output contains the object's own path. */
  readonly namesObject: boolean;
  /** What the GCC spelling asks for by itself. It decides about `-gsplit-dwarf`. */
  readonly driverDebug: 'no' | 'dwarf' | 'unclear';
}

/** Reads all debug options. The last one wins, and words that are handed on come after those of the line. */
export function debugState(options: readonly OptionItem[], host: CommandLineHost): DebugState {
  const debug = options.filter((item) => item.row.effect.kind === 'debugInfo');
  const own = debug.filter((item) => item.level === 'line');
  const driver = debug.filter((item) => item.level === 'driver');
  const last = driver.at(-1) ?? own.at(-1);
  const isOn = last?.row.effect.kind === 'debugInfo' && last.row.effect.as !== 'none';
  const hasDebugInfo =
    isOn || debug.some((item) => item.level === 'frontend') || options.some((item) => isEmbedding(item));
  const writesNames = options.some(({ row: { effect } }) => effect.kind === 'output');
  return {
    hasDebugInfo,
    namesObject: factsOf(host).mayWriteNamesOfOutputs || hasDebugInfo || writesNames,
    driverDebug: driverDebugOf(driver, own),
  };
}

function isEmbedding({ row: { effect } }: OptionItem): boolean {
  return effect.kind === 'embedsPaths' || (effect.kind === 'output' && effect.role === 'coverageNotes');
}

function driverDebugOf(driver: readonly OptionItem[], own: readonly OptionItem[]): DebugState['driverDebug'] {
  if (driver.length === 0) return own.length === 0 ? 'no' : 'unclear';
  const asked = driver.filter((item) => !SHAPES_DEBUG.test(item.row.name));
  if (own.length > 0 || asked.length === 0) return 'unclear';
  return asked.every((item) => /^g(?:[123]|gdb[123]?|dwarf(?:-[2345])?)?$/.test(item.row.name))
    ? 'dwarf'
    : 'unclear';
}
/** They choose a form, and bring debug information along where nothing else asks for it: CodeView, if the target has that. */
const SHAPES_DEBUG = /^g(?:no-)?inline-line-tables$|^gdwarf(?:32|64)$/;

/**
 * True if an added `/showIncludes` would change an output. clang-cl writes its command line into CodeView debug
 * information and, with `-grecord-command-line`, into the object. With the notes it also lists system headers in
 * dependency files that leave them out. What cl records does not count, because cl has no other way to report its
 * headers.
 */
export function addedNotesShow(options: readonly OptionItem[], host: CommandLineHost): boolean {
  if (!factsOf(host).canListHeadersApart) return false;
  return recordsDriverLine(options) || mayHaveCodeView(options) || leavesOutSystemHeaders(options);
}

/** True if the object holds the unchanged words of the line. */
export function recordsDriverLine(options: readonly OptionItem[]): boolean {
  return options.some(({ row }) => RECORDS_COMMAND_LINE.test(row.name));
}
const RECORDS_COMMAND_LINE = /^g?record-command-line$/;

/** True if debug information is requested, but not DWARF by name. Then the target decides. */
export function mayHaveCodeView(options: readonly OptionItem[]): boolean {
  return options.some(
    ({ row: { effect, name } }) =>
      effect.kind === 'debugInfo' &&
      effect.as !== 'none' &&
      (!/^gdwarf/.test(name) || SHAPES_DEBUG.test(name)),
  );
}

/** `-MMD`, and `-dependency-file` by itself. */
function leavesOutSystemHeaders(options: readonly OptionItem[]): boolean {
  const switches = options.filter(
    ({ row: { effect } }) => effect.kind === 'output' && effect.role === 'dependencies' && effect.isSwitch,
  );
  // If both -MD and -MMD are given, clang uses -MMD, in any order.
  if (switches.some(({ row }) => row.name === 'MMD')) return true;
  const last = switches.findLast(({ level }) => level === 'driver') ?? switches.at(-1);
  if (!last || last.row.name === 'MD') return false;
  return !options.some(({ row, level }) => level === 'frontend' && row.name === 'sys-header-deps');
}

/** The folders in the order in which they are searched. Those of words that are handed on come last. */
export function searchOf(
  options: readonly OptionItem[],
  host: CommandLineHost,
): Pick<CompileCall, 'searchDirectories' | 'searchVariables'> {
  const searchDirectories: SearchDirectory[] = [];
  for (const isHandedOn of [false, true]) {
    for (const item of options) {
      const { effect } = item.row;
      if (effect.kind === 'searchDirectory' && (item.level !== 'line') === isHandedOn) {
        searchDirectories.push({ path: item.value, kind: effect.of });
      }
    }
  }
  const isAlone = options.some((item) => item.row.effect.kind === 'noSearchVariables');
  const named = options.filter((item) => item.row.effect.kind === 'searchVariable').map((item) => item.value);
  return {
    searchDirectories,
    searchVariables: [
      ...named,
      ...(isAlone ? [] : ['INCLUDE', 'EXTERNAL_INCLUDE']),
      ...factsOf(host).searchVariables,
    ],
  };
}

/**
 * True if the compiler finds out for which processor it compiles: `-march=native`, `/tune:native`, `-mcpu=native+crc`.
 */
export function namesNativeProcessor(options: readonly OptionItem[]): boolean {
  return options.some(
    ({ row: { effect }, value }) => effect.kind === 'hash' && /^native(?![\w-])/.test(value),
  );
}
