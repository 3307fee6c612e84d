/** Properties of a whole call: where headers are searched, what debug information there is, time macros. */

import type { CommandLineHost, CompileCall, SearchDirectory } from '../compile-call.ts';
import { factsOf } from '../family.ts';
import type { OptionItem } from '../read/items.ts';
import type { LineOptions } from './line-options.ts';
import { outputsOf } from './output-names.ts';

export interface DebugState {
  /** The object has line or path information. */
  readonly hasDebugInfo: boolean;
  /** Some output contains the object's own path. */
  readonly namesObject: boolean;
  /** What the GCC spelling asks for by itself. It decides about `-gsplit-dwarf`. */
  readonly driverDebug: 'no' | 'dwarf' | 'unclear';
}

/** Reads all debug options. The last one wins, and words that are handed on come after those of the line. */
export function debugState(options: LineOptions, host: CommandLineHost): DebugState {
  const debug = options.of('debugInfo');
  const own = debug.filter((item) => item.level === 'line');
  const driver = debug.filter((item) => item.level === 'driver');
  const last = driver.at(-1) ?? own.at(-1);
  const isOn = last !== undefined && last.row.effect.as !== 'none';
  const hasDebugInfo = isOn || debug.some((item) => item.level === 'frontend') || embedsPaths(options);
  return {
    hasDebugInfo,
    namesObject: factsOf(host).mayWriteNamesOfOutputs || hasDebugInfo || options.has('output'),
    driverDebug: driverDebugOf(driver, own),
  };
}

function embedsPaths(options: LineOptions): boolean {
  return (
    options.has('embedsPaths') || options.of('output').some(({ row }) => row.effect.role === 'coverageNotes')
  );
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
export function addedNotesShow(options: LineOptions, host: CommandLineHost): boolean {
  if (!factsOf(host).canListHeadersApart) return false;
  return recordsDriverLine(options) || mayHaveCodeView(options) || leavesOutSystemHeaders(options);
}

/** True if the object holds the unchanged words of the line. */
export function recordsDriverLine(options: LineOptions): boolean {
  return options.special.some(({ row }) => RECORDS_COMMAND_LINE.test(row.name));
}
const RECORDS_COMMAND_LINE = /^g?record-command-line$/;

/** True if debug information is requested, but not DWARF by name. Then the target decides. */
export function mayHaveCodeView(options: LineOptions): boolean {
  return options
    .of('debugInfo')
    .some(
      ({ row: { effect, name } }) =>
        effect.as !== 'none' && (!/^gdwarf/.test(name) || SHAPES_DEBUG.test(name)),
    );
}

/** `-MMD`, and `-dependency-file` by itself. */
function leavesOutSystemHeaders(options: LineOptions): boolean {
  const switches = outputsOf(options, 'dependencies').filter(({ row }) => row.effect.isSwitch);
  // If both -MD and -MMD are given, clang uses -MMD, in any order.
  if (switches.some(({ row }) => row.name === 'MMD')) return true;
  const last = switches.findLast(({ level }) => level === 'driver') ?? switches.at(-1);
  if (!last || last.row.name === 'MD') return false;
  return !options.special.some(({ row, level }) => level === 'frontend' && row.name === 'sys-header-deps');
}

/** The folders in the order in which they are searched. Those of words that are handed on come last. */
export function searchOf(
  options: LineOptions,
  host: CommandLineHost,
): Pick<CompileCall, 'searchDirectories' | 'searchVariables'> {
  const searchDirectories: SearchDirectory[] = [];
  const handedOn: SearchDirectory[] = [];
  for (const { level, value, row } of options.of('searchDirectory')) {
    (level === 'line' ? searchDirectories : handedOn).push({ path: value, kind: row.effect.of });
  }
  return {
    searchDirectories: [...searchDirectories, ...handedOn],
    searchVariables: [
      ...options.of('searchVariable').map(({ value }) => value),
      ...(options.has('noSearchVariables') ? [] : ['INCLUDE', 'EXTERNAL_INCLUDE']),
      ...factsOf(host).searchVariables,
    ],
  };
}

/**
 * True if the compiler finds out for which processor it compiles: `-march=native`, `/tune:native`, `-mcpu=native+crc`.
 */
export function namesNativeProcessor(options: LineOptions): boolean {
  return options.of('hash').some(({ value }) => /^native(?![\w-])/.test(value));
}
