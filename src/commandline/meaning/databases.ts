/** Program databases: whether a line makes one, and whether it can be kept with its object ("/Zi", "/Fd", "/FS"). */
import { absoluteFile, hasTrailingSeparator } from '../../util/paths.ts';
import type { CommandLineHost } from '../compile-call.ts';
import { hasSuffix } from '../file-name.ts';
import type { OptionItem } from '../read/items.ts';
import { parseCommandLine } from '../read/parse.ts';
import { type LineOptions, type SortedLine, sortLine } from './line-options.ts';
import { objectName } from './output-names.ts';

/** The option that makes cl write a database: the last of /Z7, /Zi and /ZI, if it is one of the latter. */
export function databaseOption(options: LineOptions): OptionItem | undefined {
  const last = options.of('debugInfo').findLast((item) => item.level === 'line');
  return last?.row.effect.as === 'external' ? last : undefined;
}

/** Why the database of a line cannot be kept with an object. Undefined if it can, or if there is none. */
export function databaseProblem({ options, inputs }: SortedLine, host: CommandLineHost): string | undefined {
  const option = databaseOption(options);
  if (!option) return undefined;
  if (host.databases === undefined) return `${option.name} writes a shared program database`;
  if (option.row.name !== 'Zi') return `${option.name} writes a program database that is edited in place`;
  if (isTied(options)) return `${option.name} ties its program database to a precompiled header`;
  if (host.databases === 'perObject') return undefined;
  if (inputs.length > 1) return `${option.name} writes one program database for several sources`;
  if (namedDatabase(options, host) === undefined) {
    return `${option.name} writes a program database that /Fd does not name`;
  }
  return undefined;
}

/** The name that the last /Fd gives to the database, as spelled. Undefined for a folder, and for the default name. */
export function namedDatabase(options: LineOptions, host: CommandLineHost): string | undefined {
  const value = options.last('databaseName')?.value ?? '';
  if (value === '' || hasTrailingSeparator(host.style, value)) return undefined;
  return hasSuffix(value, host.style) ? value : `${value}.pdb`;
}

/** The name of the database that is an object's alone. */
export function databaseOfObject(object: string): string {
  return `${object}.pdb`;
}

/** The absolute path of the database that a line makes and names. Undefined for any other line. */
export function databaseOfLine(args: readonly string[], host: CommandLineHost): string | undefined {
  const { options } = sortedLine(args, host);
  const name = databaseOption(options) && namedDatabase(options, host);
  return name === undefined ? undefined : absoluteFile(host.style, host.workingDirectory, name);
}

/** The absolute path of the object of a line with one source. */
export function objectOfLine(args: readonly string[], host: CommandLineHost): string | undefined {
  const { options, inputs } = sortedLine(args, host);
  const [source, ...others] = inputs;
  if (!source || others.length > 0) return undefined;
  const object = objectName(source.path, { options, host, sourceCount: 1, hasDwarf: false });
  return 'spelled' in object ? absoluteFile(host.style, host.workingDirectory, object.spelled) : undefined;
}

function sortedLine(args: readonly string[], host: CommandLineHost): SortedLine {
  const line = parseCommandLine(args, host);
  return sortLine(line.kind === 'parsed' ? line.items : []);
}

/** True for what names the database of a line, and who writes it. It is left out where each object has its own. */
export function isOfDatabase({ row, level }: OptionItem): boolean {
  return level === 'line' && (row.effect.kind === 'databaseName' || row.name === 'FS');
}

function isTied(options: LineOptions): boolean {
  return options.has('precompiledHeader') && !options.has('noPrecompiledHeader');
}
