/** Which row of the option table an argument means. */
import type { CommandLineHost } from './compile-call.ts';
import type { OptionForm, OptionGroup, OptionRow } from './option-row.ts';
import { CL_OPTIONS } from './options-cl.ts';
import { CLANG_CL_OPTIONS } from './options-clang-cl.ts';
import { SHARED_OPTIONS } from './options-shared.ts';

export interface OptionMatch {
  readonly row: OptionRow;
  /** What stands behind the name: the value, or for a toggle `-` or nothing. */
  readonly rest: string;
}

type LookupHost = Pick<CommandLineHost, 'family' | 'clangVersion'>;

/** The table of one compiler: rows by name, and which lengths of name to try by first letter, longest first. */
export interface OptionTable {
  readonly rows: ReadonlyMap<string, OptionRow>;
  readonly lengths: ReadonlyMap<number, readonly number[]>;
}

/** Groups of letters that stand for several options when run together: `/O2b1y-`, `/Zip8`, `/EHs-c-`, `/RTCsu`. */
const CL_CLUSTERS = ['O', 'G', 'Z', 'EH', 'RTC', 'Zc:'];
const CLANG_CL_CLUSTERS = ['O', 'EH', 'RTC', 'Zc:'];

const tables = new Map<string, OptionTable>();

/**
 * The options that an argument beginning with `/` or `-` stands for: one, or several when they are run together;
 * undefined when the table knows none. The longest name wins and case counts ("Compiler command-line syntax").
 */
export function findOptions(host: LookupHost, argument: string): readonly OptionMatch[] | undefined {
  const table = optionTable(host);
  const single = findSingle(table, argument);
  if (single) return [single];
  const clusters = host.family === 'cl' ? CL_CLUSTERS : CLANG_CL_CLUSTERS;
  for (const cluster of clusters) {
    if (argument.length > cluster.length + 1 && argument.startsWith(cluster, 1)) {
      const matches = splitCluster(table, cluster, argument.slice(1 + cluster.length));
      if (matches) return matches;
    }
  }
  return undefined;
}

/** True when the next argument is this one's value, whatever it looks like. */
export function takesNextArgument(host: LookupHost, argument: string | undefined): boolean {
  if (argument === undefined || argument.length < 2) return false;
  const match = findSingle(optionTable(host), argument);
  return match !== undefined && match.rest === '' && isSeparable(match.row.form);
}

export function isSeparable(form: OptionForm): boolean {
  return form === 'separate' || form === 'joinedOrSeparate';
}

/** The table that holds for a compiler, made on first use. */
export function optionTable(host: LookupHost): OptionTable {
  const version = host.family === 'clang-cl' ? (host.clangVersion ?? 0) : Number.POSITIVE_INFINITY;
  const name = `${host.family} ${version}`;
  let table = tables.get(name);
  if (!table) {
    const own = host.family === 'cl' ? CL_OPTIONS : CLANG_CL_OPTIONS;
    table = buildTable([...SHARED_OPTIONS, ...own], version);
    tables.set(name, table);
  }
  return table;
}

/** Rows by name, from groups of options. */
export function buildTable(groups: readonly OptionGroup[], clangVersion: number): OptionTable {
  const rows = new Map<string, OptionRow>();
  const lengths = new Map<number, number[]>();
  for (const group of groups) {
    if (group.sinceClang !== undefined && clangVersion < group.sinceClang) continue;
    const { prefix, form, effect } = group;
    for (const name of namesOfGroup(group)) {
      rows.set(name, { name, prefix, form, effect });
      const first = name.charCodeAt(0);
      const known = lengths.get(first);
      if (!known) lengths.set(first, [name.length]);
      else if (!known.includes(name.length)) known.push(name.length);
    }
  }
  for (const known of lengths.values()) known.sort((left, right) => right - left);
  return { rows, lengths };
}

/** The names that a group stands for, without their prefix. */
export function namesOfGroup({ names, switchLetter }: OptionGroup): string[] {
  const words = names.trim().split(/\s+/);
  if (switchLetter === undefined) return words;
  return words.flatMap((word) => [switchLetter + word, `${switchLetter}no-${word}`]);
}

/** The longest name that `argument` begins with and that can stand there; without clusters. */
export function findSingle(table: OptionTable, argument: string): OptionMatch | undefined {
  const isSlash = argument.charCodeAt(0) === 0x2f;
  const lengths = table.lengths.get(argument.charCodeAt(1));
  if (!lengths) return undefined;
  for (const length of lengths) {
    if (length >= argument.length) continue;
    const row = table.rows.get(argument.slice(1, 1 + length));
    if (!row || (isSlash && row.prefix === '-')) continue;
    const rest = argument.slice(1 + length);
    if (isAccepted(row.form, rest)) return { row, rest };
  }
  return undefined;
}

function isAccepted(form: OptionForm, rest: string): boolean {
  switch (form) {
    case 'flag':
    case 'separate':
    case 'rest':
      return rest === '';
    case 'toggle':
      return rest === '' || rest === '-';
    case 'number':
      return /^\d*$/.test(rest);
    case 'joined':
    case 'joinedOptional':
    case 'joinedOrSeparate':
      return true;
  }
}

/** `2b1y-` of `/O2b1y-` as `O2`, `Ob` with 1, `Oy` with `-`. Undefined as soon as a part is unknown. */
function splitCluster(table: OptionTable, cluster: string, text: string): OptionMatch[] | undefined {
  const matches: OptionMatch[] = [];
  const lengths = table.lengths.get(cluster.charCodeAt(0)) ?? [];
  let left = text;
  while (left !== '') {
    if (left.startsWith(',')) {
      left = left.slice(1);
      continue;
    }
    const spelled = cluster + left;
    const length = lengths.find(
      (count) => count > cluster.length && count <= spelled.length && table.rows.has(spelled.slice(0, count)),
    );
    const row = length === undefined ? undefined : table.rows.get(spelled.slice(0, length));
    if (!row) return undefined;
    const behind = spelled.slice(row.name.length);
    const rest = valueInCluster(row.form, behind);
    if (rest === undefined) return undefined;
    matches.push({ row, rest });
    left = behind.slice(rest.length);
  }
  return matches.length > 0 ? matches : undefined;
}

function valueInCluster(form: OptionForm, behind: string): string | undefined {
  switch (form) {
    case 'flag':
      return '';
    case 'toggle':
      return behind.startsWith('-') ? '-' : '';
    case 'number':
      return /^\d*/.exec(behind)?.[0] ?? '';
    case 'joined':
    case 'joinedOptional':
      return behind;
    default:
      return undefined;
  }
}
