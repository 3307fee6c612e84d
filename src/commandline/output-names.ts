/** How compilers make file names of the values of their options and of the source's name. */
import { hasTrailingSeparator } from '../util/paths.ts';
import type { CommandLineHost, OutputRole } from './compile-call.ts';
import { baseName, hasSuffix, withSuffix } from './file-name.ts';
import type { OptionItem } from './items.ts';

/** What decides the names, found once for all sources. */
export interface OutputOptions {
  readonly options: readonly OptionItem[];
  readonly host: CommandLineHost;
  readonly sourceCount: number;
  /** True when the last debug option of the GCC spelling asks for DWARF. */
  readonly hasDwarf: boolean;
}

/** How the name of a file is found from an option's value. */
export interface Naming {
  /** The value; '' for the default name. */
  readonly value: string;
  /** For a value that names a folder, or for none: the suffix behind the source's stem. */
  readonly suffix: string;
  /** The suffix for a value without one; undefined when it is not known what the compiler does then. */
  readonly addedSuffix: string | undefined;
}

/** A name as the compiler spells it, or why there is none to be sure of. */
export type Named = { readonly spelled: string } | { readonly because: string };

/** The object: "/Fo"; clang-cl also knows /o. The last one counts, and an empty one means the default. */
export function objectName(source: string, request: OutputOptions): Named {
  const last = request.options.findLast((item) => item.row.effect.kind === 'object');
  return nameFile(source, { value: last?.value ?? '', suffix: 'obj', addedSuffix: 'obj' }, request);
}

/** Only a trailing separator makes a folder of a value; a name without a suffix gets one. */
export function nameFile(
  source: string,
  { value, suffix, addedSuffix }: Naming,
  { host, sourceCount }: OutputOptions,
): Named {
  const { style } = host;
  const ownName = withSuffix(baseName(source, style), suffix, style);
  if (value === '') return { spelled: ownName };
  if (hasTrailingSeparator(style, value)) return { spelled: value + ownName };
  if (sourceCount > 1) return { because: `several sources and one output file: ${value}` };
  if (hasSuffix(value, style)) return { spelled: value };
  if (addedSuffix === undefined) return { because: `an output without a suffix: ${value}` };
  return { spelled: `${value}.${addedSuffix}` };
}

/** A file named outright, which several sources would overwrite. */
export function ownFile(value: string, { sourceCount }: OutputOptions): Named {
  if (sourceCount > 1) return { because: `several sources and one output file: ${value}` };
  return { spelled: value };
}

/** The options of one kind of output, in order. */
export function outputsOf(options: readonly OptionItem[], role: OutputRole): OptionItem[] {
  return options.filter(({ row: { effect } }) => effect.kind === 'output' && effect.role === role);
}

/** The value of the last one; '' if there is none. */
export function lastValue(items: readonly OptionItem[]): string {
  return items.at(-1)?.value ?? '';
}
