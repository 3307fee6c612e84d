/** Finds the row of the option table for an argument. */
import { factsOf } from '../family.ts';
import type { OptionForm, OptionGroup, OptionRow } from './row.ts';
import { addFurther, addSwitches, type LookupHost, type OptionTable, optionTable } from './table.ts';

export interface OptionMatch {
  readonly row: OptionRow;
  /** The text after the name: the value, or for a toggle `-` or nothing. */
  readonly rest: string;
}

/**
 * The options that an argument beginning with `/` or `-` means: one, or several in one word. Undefined if the table
 * knows none. The longest name wins, and case counts ("Compiler command-line syntax").
 */
export function findOptions(host: LookupHost, argument: string): readonly OptionMatch[] | undefined {
  const table = optionTable(host);
  const single = findSingle(table, argument);
  if (single) return [single];
  if (addFurther(table, host)) return findOptions(host, argument);
  for (const cluster of factsOf(host).optionClusters) {
    if (argument.length > cluster.length + 1 && argument.startsWith(cluster, 1)) {
      const matches = splitCluster(table, cluster, argument.slice(1 + cluster.length));
      if (matches) return matches;
    }
  }
  return undefined;
}

/** True if the next argument is this one's value, whatever it looks like. */
export function takesNextArgument(host: LookupHost, argument: string | undefined): boolean {
  if (argument === undefined || argument.length < 2) return false;
  const match = findSingle(optionTable(host), argument);
  return match !== undefined && match.rest === '' && isSeparable(match.row.form);
}

export function isSeparable(form: OptionForm): boolean {
  return form === 'separate' || form === 'joinedOrSeparate';
}

function rowOf(name: string, { prefix, form, effect }: OptionGroup): OptionRow {
  return { name, prefix, form, effect };
}

/** The longest name that `argument` begins with and that can stand there, without clusters. */
export function findSingle(table: OptionTable, argument: string): OptionMatch | undefined {
  const { groups, longest } = table;
  addSwitches(table, argument.charAt(1));
  const isSlash = argument.charCodeAt(0) === 0x2f;
  let length = Math.min(longest[argument.charCodeAt(1)] ?? 0, argument.length - 1);
  for (; length > 0; length -= 1) {
    const name = argument.slice(1, 1 + length);
    const group = groups.get(name);
    if (!group || (isSlash && group.prefix === '-')) continue;
    const rest = argument.slice(1 + length);
    if (isAccepted(group.form, rest)) return { row: rowOf(name, group), rest };
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
    case 'joinedAndSeparate':
      return true;
  }
}

/** Splits the `2b1y-` of `/O2b1y-` into `O2`, `Ob` with 1, `Oy` with `-`. Undefined if a part is unknown. */
function splitCluster(
  { groups, longest }: OptionTable,
  cluster: string,
  text: string,
): OptionMatch[] | undefined {
  const matches: OptionMatch[] = [];
  let left = text;
  while (left !== '') {
    if (left.startsWith(',')) {
      left = left.slice(1);
      continue;
    }
    const spelled = cluster + left;
    let length = Math.min(longest[cluster.charCodeAt(0)] ?? 0, spelled.length);
    while (length > cluster.length && !groups.has(spelled.slice(0, length))) length -= 1;
    const name = spelled.slice(0, length);
    const group = length > cluster.length ? groups.get(name) : undefined;
    const rest = group && valueInCluster(group.form, spelled.slice(length));
    if (!group || rest === undefined) return undefined;
    matches.push({ row: rowOf(name, group), rest });
    left = spelled.slice(length + rest.length);
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
