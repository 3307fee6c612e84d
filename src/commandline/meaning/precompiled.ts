/**
 * Finds the precompiled header that a call makes or uses: "/Yc", "/Yu", "/Fp" as clang-cl reads them
 * (`GetClPchPath` and `BuildActions` in clang's `Driver.cpp`), and clang's own `-emit-pch` and `-include-pch`.
 */
import { absoluteFile, hasTrailingSeparator } from '../../util/paths.ts';
import type { CommandLineHost } from '../compile-call.ts';
import { factsOf } from '../family.ts';
import { baseName, hasSuffix, withSuffix } from '../file-name.ts';
import type { InputItem, OptionItem } from '../read/items.ts';
import type { LineOptions } from './line-options.ts';

export type PrecompiledPlan =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'made' | 'used';
      /** The name of the `.pch` as the compiler spells it. Undefined if it is written in place of the object. */
      readonly spelled: string | undefined;
      /** The header behind which a source goes on after its precompiled header. */
      readonly through: string | undefined;
    }
  | { readonly kind: 'refused'; readonly because: string };

type Way = (item: OptionItem, call: PrecompiledCall) => PrecompiledPlan;

interface PrecompiledCall {
  readonly options: LineOptions;
  readonly inputs: readonly InputItem[];
  readonly host: CommandLineHost;
}

/** What the precompiled header of a call is, or why the call is not cached because of it. */
export function precompiledPlan(call: PrecompiledCall): PrecompiledPlan {
  const { options, host } = call;
  const isOff = options.has('noPrecompiledHeader');
  const ways = new Map<string, [OptionItem, Way]>();
  for (const item of options.special) {
    const way = wayOf(item, isOff, host);
    if (way) ways.set(`${item.level} ${item.row.name}`, [item, way]);
  }
  const [only, ...others] = ways.values();
  if (!only) return { kind: 'none' };
  const [item, way] = only;
  const word = item.tokens.join(' ');
  const { datesPrecompiledHeaders } = factsOf(host);
  if (!datesPrecompiledHeaders && !host.precompiledHeaders) {
    return { kind: 'refused', because: `${word} makes or uses a precompiled header` };
  }
  // The source may name the file itself ("hdrstop pragma"), and a folder of the header counts for nobody knows what.
  if (!datesPrecompiledHeaders && !isCertain(item, options)) {
    return { kind: 'refused', because: `${word} makes or uses a precompiled header of an uncertain name` };
  }
  // clang-cl ignores two that differ, with a warning, and a chain of them does not name all of its headers.
  if (others.length > 0) return { kind: 'refused', because: `${word} and another precompiled header` };
  const plan = way(item, call);
  // clang-cl ignores `/Yc` with several sources, with a warning. Each of them is compiled by itself here.
  if (plan.kind === 'made' && call.inputs.length > 1) {
    return { kind: 'refused', because: `${word} with several sources` };
  }
  return plan;
}

/** Whether the name of cl's file follows from the line: it is given, or made of a header without a folder. */
function isCertain({ value }: OptionItem, options: LineOptions): boolean {
  if (value === '') return false;
  return fileOption(options) !== undefined || !/[\\/]/.test(value);
}

/** The absolute path of a `.pch` that is read or written, as the compiler spells it. */
export function precompiledFile(spelled: string, { style, workingDirectory }: CommandLineHost): string {
  return absoluteFile(style, workingDirectory, spelled);
}

function wayOf(item: OptionItem, isOff: boolean, host: CommandLineHost): Way | undefined {
  const { effect } = item.row;
  switch (effect.kind) {
    case 'precompiledHeader':
      return isOff ? undefined : bySlash;
    case 'makesPrecompiled':
      return () => ({ kind: 'made', spelled: undefined, through: undefined });
    case 'usesPrecompiled':
      return (used, call) => usedFile(used.value, undefined, call);
    case 'forcedInclude':
      return precompiledBeside(item, host) === undefined ? undefined : instead;
    default:
      return undefined;
  }
}

/** `/Yc` or `/Yu`. Without a header, `#pragma hdrstop` ends it. */
function bySlash({ row, value }: OptionItem, call: PrecompiledCall): PrecompiledPlan {
  const { options, inputs, host } = call;
  const [{ path: source = '' } = {}] = inputs;
  if (value === '' && inputs.length > 1) {
    return { kind: 'refused', because: `a precompiled header without a name for several sources` };
  }
  const through = value === '' ? undefined : value;
  const spelled = fileOf(through ?? baseName(source, host.style), options, host);
  if (spelled === undefined) return { kind: 'refused', because: 'a precompiled header in a folder' };
  if (row.name === 'Yc') return { kind: 'made', spelled, through };
  return usedFile(spelled, through, call);
}

/** The value of `/Fp`, else the name of the header. Undefined for a folder, whose file cl and clang-cl name differently. */
function fileOf(base: string, options: LineOptions, { style }: CommandLineHost): string | undefined {
  const given = fileOption(options);
  if (!given) return withSuffix(base, 'pch', style);
  const { value } = given;
  if (value === '' || hasTrailingSeparator(style, value)) return undefined;
  return hasSuffix(value, style) ? value : `${value}.pch`;
}

/** The last `/Fp`, which names the file. */
function fileOption(options: LineOptions): OptionItem | undefined {
  return options.special.findLast(({ row }) => /^Fp:?$/.test(row.name));
}

function usedFile(spelled: string, through: string | undefined, { host }: PrecompiledCall): PrecompiledPlan {
  // clang searches a folder for one that fits.
  if (!host.fileExists(precompiledFile(spelled, host))) {
    return { kind: 'refused', because: `the precompiled header ${spelled} is no file` };
  }
  return { kind: 'used', spelled, through };
}

/** A forced include in whose place clang's driver takes a precompiled header that lies beside it. */
function instead(item: OptionItem, call: PrecompiledCall): PrecompiledPlan {
  const first = call.options.special.find(isInclude);
  const spelled = precompiledBeside(item, call.host) ?? '';
  // A later one is not used, and clang warns.
  if (first !== item) return { kind: 'refused', because: `${spelled} lies beside a forced include` };
  return usedFile(spelled, undefined, call);
}

/** `x.h.pch`, else `x.h.gch`, for the first `/FIx.h` (`AddPreprocessingOptions` in clang's `Clang.cpp`). */
function precompiledBeside(item: OptionItem, host: CommandLineHost): string | undefined {
  if (!isInclude(item) || !factsOf(host).datesPrecompiledHeaders) return undefined;
  const isThere = (name: string) => {
    const path = precompiledFile(name, host);
    return host.fileExists(path) || host.folderExists(path);
  };
  return ['pch', 'gch'].map((suffix) => `${item.value}.${suffix}`).find(isThere);
}

/** What the driver reads as `-include`: the compiler proper does not look for a precompiled header. */
function isInclude({ level, row }: OptionItem): boolean {
  return level !== 'frontend' && /^(?:FI|-?include)$/.test(row.name);
}
