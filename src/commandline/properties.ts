/** What holds for a whole call: where headers are searched, what debug information there is, time macros. */
import type { CommandLineHost, CompileCall, SearchDirectory } from './compile-call.ts';
import type { OptionItem } from './items.ts';

export interface DebugState {
  /** The object has line or path information. */
  readonly hasDebugInfo: boolean;
  /** Some output has the object's own path in it. */
  readonly namesObject: boolean;
  /** What the GCC spelling asks for by itself; decides about `-gsplit-dwarf`. */
  readonly driverDebug: 'no' | 'dwarf' | 'unclear';
}

/** Reads all debug options: the last one wins, and words handed on come after those of the line. */
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
    namesObject: host.family === 'cl' || hasDebugInfo || writesNames,
    driverDebug: driverDebugOf(driver, own),
  };
}

function isEmbedding({ row: { effect } }: OptionItem): boolean {
  return effect.kind === 'embedsPaths' || (effect.kind === 'output' && effect.role === 'coverageNotes');
}

function driverDebugOf(driver: readonly OptionItem[], own: readonly OptionItem[]): DebugState['driverDebug'] {
  if (driver.length === 0) return own.length === 0 ? 'no' : 'unclear';
  if (own.length > 0) return 'unclear';
  return driver.every((item) => /^g(?:[123]|gdb[123]?|dwarf(?:-[2345])?)?$/.test(item.row.name))
    ? 'dwarf'
    : 'unclear';
}

/**
 * True when an output would be another one if `/showIncludes` were added: clang-cl writes its command line into
 * CodeView debug information and where `-grecord-command-line` asks for it, and with the notes it lists system headers
 * in dependency files that leave them out. What cl records is not taken into account: it has no other way to say what
 * it included.
 */
export function addedNotesShow(options: readonly OptionItem[], host: CommandLineHost): boolean {
  if (host.family === 'cl') return false;
  return recordsDriverLine(options) || mayHaveCodeView(options) || leavesOutSystemHeaders(options);
}

/** True when the object holds the words of the line as they were. */
export function recordsDriverLine(options: readonly OptionItem[]): boolean {
  return options.some(({ row }) => RECORDS_COMMAND_LINE.test(row.name));
}
const RECORDS_COMMAND_LINE = /^g?record-command-line$/;

/** What asks for debug information, and not for DWARF by name: the target decides then. */
export function mayHaveCodeView(options: readonly OptionItem[]): boolean {
  return options.some(
    ({ row: { effect, name } }) =>
      effect.kind === 'debugInfo' && effect.as !== 'none' && !/^gdwarf/.test(name),
  );
}

/** `-MMD`, and `-dependency-file` by itself. */
function leavesOutSystemHeaders(options: readonly OptionItem[]): boolean {
  const switches = options.filter(
    ({ row: { effect } }) => effect.kind === 'output' && effect.role === 'dependencies' && effect.isSwitch,
  );
  // Of -MD and -MMD clang takes -MMD, wherever they stand.
  if (switches.some(({ row }) => row.name === 'MMD')) return true;
  const last = switches.findLast(({ level }) => level === 'driver') ?? switches.at(-1);
  if (!last || last.row.name === 'MD') return false;
  return !options.some(({ row, level }) => level === 'frontend' && row.name === 'sys-header-deps');
}

/** Variables that clang reads whatever the target, beside INCLUDE (tried with clang-cl 14, also with /X). */
const CLANG_VARIABLES = ['CPATH', 'C_INCLUDE_PATH', 'CPLUS_INCLUDE_PATH'];

/** Folders in the order they are searched; those of words that are handed on come last. */
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
      ...(host.family === 'clang-cl' ? CLANG_VARIABLES : []),
    ],
  };
}

/** True when the compiler is to find out what processor it runs on: `-march=native`, `/tune:native`, `-mcpu=native+crc`. */
export function namesNativeProcessor(options: readonly OptionItem[]): boolean {
  return options.some(
    ({ row: { effect }, value }) => effect.kind === 'hash' && /^native(?![\w-])/.test(value),
  );
}
