/** How compilers make file names from the values of their options and the name of the source. */
import { hasTrailingSeparator } from '../../util/paths.ts';
import type { CommandLineHost, OutputRole } from '../compile-call.ts';
import { baseName, hasSuffix, withSuffix } from '../file-name.ts';
import type { EffectOf } from '../options/row.ts';
import type { OptionItem } from '../read/items.ts';
import type { LineOptions } from './line-options.ts';

/** What decides the names, found once for all sources. */
export interface OutputOptions {
  readonly options: LineOptions;
  readonly host: CommandLineHost;
  readonly sourceCount: number;
  /** True if the last debug option of the GCC spelling asks for DWARF. */
  readonly hasDwarf: boolean;
  /** The name of a precompiled header that is written beside the object. */
  readonly precompiled?: string | undefined;
}

/** How a file name is made from an option's value. */
export interface Naming {
  /** The value. '' for the default name. */
  readonly value: string;
  /** The suffix after the source's stem, if the value names a folder or is missing. */
  readonly suffix: string;
  /** The suffix for a value without one. Undefined if it is unknown what the compiler does then. */
  readonly addedSuffix: string | undefined;
}

/** A name as the compiler spells it, or the reason why the name is not certain. */
export type Named = { readonly spelled: string } | { readonly because: string };

/** The name of the object: "/Fo", and for clang-cl also /o. The last one counts. An empty one means the default. */
export function objectName(source: string, request: OutputOptions): Named {
  const { value = '' } = request.options.last('object') ?? {};
  return nameFile(source, { value, suffix: 'obj', addedSuffix: 'obj' }, request);
}

/** Only a trailing separator makes the value a folder. A name without a suffix gets one. */
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

/** A file with a given name, which several sources would overwrite. */
export function ownFile(value: string, { sourceCount }: OutputOptions): Named {
  if (sourceCount > 1) return { because: `several sources and one output file: ${value}` };
  return { spelled: value };
}

/** The options of one kind of output, in order. */
export function outputsOf(options: LineOptions, role: OutputRole): OptionItem<EffectOf<'output'>>[] {
  return options.of('output').filter(({ row }) => row.effect.role === role);
}

/** The value of the last one. '' if there is none. */
export function lastValue(items: readonly OptionItem[]): string {
  return items.at(-1)?.value ?? '';
}
