/** The option table of a compiler: the rows of the `options-*` modules in a form that can be searched. */
import type { CommandLineHost } from '../compile-call.ts';
import type { CompilerFamily } from '../family.ts';
import { CL_OPTIONS } from './cl.ts';
import { CLANG_CL_OPTIONS } from './clang-cl.ts';
import { LATER_CLANG_CL_OPTIONS } from './clang-cl-later.ts';
import type { OptionGroup } from './row.ts';
import { SHARED_OPTIONS } from './shared.ts';

/** What decides which table applies. */
export type LookupHost = Pick<CommandLineHost, 'family' | 'clangVersion'>;

/** The options of one compiler by name. */
export interface OptionTable {
  readonly groups: Map<string, OptionGroup>;
  /** The length of the longest name by the code of its first letter. */
  readonly longest: number[];
  /** Groups of `-f…` and `-m…` switches, hundreds of names, by this letter, which no argument has begun with yet. */
  readonly switches: Map<string, OptionGroup[]>;
  /** Groups that are searched last. */
  further: readonly OptionGroup[];
}

interface FamilyOptions {
  readonly own: readonly OptionGroup[];
  /** Searched last. */
  readonly further: readonly OptionGroup[];
  /** The version of clang if none is known. cl has no such version: all groups are its own. */
  readonly usualVersion: number;
}

const OPTIONS_OF: Readonly<Record<CompilerFamily, FamilyOptions>> = {
  cl: { own: CL_OPTIONS, further: [], usualVersion: Number.POSITIVE_INFINITY },
  'clang-cl': { own: CLANG_CL_OPTIONS, further: LATER_CLANG_CL_OPTIONS, usualVersion: 0 },
};

const tables = new Map<string, OptionTable>();

/** The table of a compiler, made on first use. */
export function optionTable(host: LookupHost): OptionTable {
  const { own, further, usualVersion } = OPTIONS_OF[host.family];
  const version = host.clangVersion ?? usualVersion;
  const name = `${host.family} ${version}`;
  let table = tables.get(name);
  if (!table) {
    table = { ...buildTable([...SHARED_OPTIONS, ...own], version), further };
    tables.set(name, table);
  }
  return table;
}

/**
 * A table of the groups that this version of clang knows (for cl: all groups). It is made on every call and has
 * hundreds of names. So it maps names to groups, makes rows only when they are needed, and leaves switches for later
 * (0.3 ms in place of 0.6).
 */
export function buildTable(groups: readonly OptionGroup[], clangVersion: number): OptionTable {
  const table: OptionTable = {
    groups: new Map(),
    longest: new Array<number>(128).fill(0),
    switches: new Map(),
    further: [],
  };
  for (const group of groups) {
    const { sinceClang, switchLetter } = group;
    if (sinceClang !== undefined && clangVersion < sinceClang) continue;
    if (switchLetter === undefined) addGroup(table, group);
    else table.switches.set(switchLetter, [...(table.switches.get(switchLetter) ?? []), group]);
  }
  return table;
}

function addGroup({ groups, longest }: OptionTable, group: OptionGroup): void {
  for (const name of namesOfGroup(group)) {
    groups.set(name, group);
    const first = name.charCodeAt(0);
    if (name.length > (longest[first] ?? 0)) longest[first] = name.length;
  }
}

/** Adds the further groups, if there are any left. Returns whether there were. */
export function addFurther(table: OptionTable, host: LookupHost): boolean {
  if (table.further.length === 0) return false;
  const { clangVersion = 0 } = host;
  for (const group of table.further) if (clangVersion >= (group.sinceClang ?? 0)) addGroup(table, group);
  table.further = [];
  return true;
}

/** Adds the switches that begin with a letter, when an argument needs them. */
export function addSwitches(table: OptionTable, letter: string): void {
  const groups = table.switches.get(letter);
  if (!groups) return;
  table.switches.delete(letter);
  for (const group of groups) addGroup(table, group);
}

/** The names of a group, without their prefix. */
export function namesOfGroup({ names, switchLetter }: OptionGroup): string[] {
  const words = (names.includes('\n') ? names.replaceAll(/\s+/g, ' ') : names).split(' ');
  if (switchLetter === undefined) return words;
  return words.flatMap((word) => [switchLetter + word, `${switchLetter}no-${word}`]);
}
