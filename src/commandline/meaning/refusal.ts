/** Why a call is not cached, in the order in which clcache counts the reasons. */

import { absoluteFile, withoutVerbatimPrefix } from '../../util/paths.ts';
import type { CommandLineHost, UncacheableReason } from '../compile-call.ts';
import { factsOf } from '../family.ts';
import { suffixOf } from '../file-name.ts';
import { isUncachedSuffix } from '../languages.ts';
import { effectOfUnknown, UNKNOWN } from '../options/safe.ts';
import type { InputItem, Item, OptionItem } from '../read/items.ts';
import { databaseOption, databaseProblem } from './databases.ts';
import { inputFileOf } from './input-files.ts';
import type { LineOptions, SortedLine } from './line-options.ts';
import { precompiledPlan } from './precompiled.ts';
import { isKnownTarget, targetOf, targetOption } from './target.ts';

export interface Refusal {
  readonly reason: UncacheableReason;
  readonly because: string;
  /** The option that decided, as spelled. */
  readonly option?: string;
  /** Its name without the value, which may be a path or a secret. */
  readonly optionName?: string;
}

/** Inputs that `/TC` and `/TP` do not turn into sources. */
const NEVER_SOURCES = new Set([
  'obj',
  'o',
  'lib',
  'a',
  'def',
  'exp',
  'res',
  'dll',
  'so',
  'dylib',
  'bc',
  'pch',
  'ifc',
]);

/**
 * LLVM has many options. One is accepted if it is a plain number or switch and its name does not speak of files or
 * reports.
 */
const BACKEND_WORD = /^--?[a-zA-Z][\w-]*(?:=(?:-?\d+(?:\.\d+)?|true|false|[a-z]+(?:-[a-z]+)*))?$/;
const BACKEND_REPORT =
  /file|path|dir|output|load|dump|dot|view|print|stat|time|debug|report|remark|trace|profile|pgo|plugin|save|export|import|write|list|map|log|info|cache|count|opt-bisect|rng|seed/;

/** The first reason that applies. Undefined if the call can be cached. */
export function refusalOf(line: SortedLine, host: CommandLineHost): Refusal | undefined {
  const { options, inputs } = line;
  if (inputs.length === 0) return { reason: 'noSource', because: 'no source file' };
  return (
    refusedFor(options, 'preprocessing') ??
    externalDebugInfo(line, host) ??
    refusedFor(options, 'precompiledHeader') ??
    precompiledHeader(line, host) ??
    linking(options) ??
    multipleSources(inputs) ??
    unsupportedOption(options, host) ??
    unsupportedTarget(options, host) ??
    unsupportedInput(inputs, options, host)
  );
}

function refusedFor(options: LineOptions, reason: UncacheableReason): Refusal | undefined {
  const item = options.of('refuse').find(({ row }) => row.effect.reason === reason);
  return item && { reason, because: `${spelled(item)} ${item.row.effect.because}`, ...decidedBy(item) };
}

/** The last of /Z7, /Zi and /ZI wins. */
function externalDebugInfo(line: SortedLine, host: CommandLineHost): Refusal | undefined {
  const { options } = line;
  const last = databaseOption(options);
  const because = databaseProblem(line, host);
  if (!last || because === undefined) return undefined;
  const overridden = options.of('debugInfo').find(({ row }) => row.effect.as === 'embedded');
  return {
    reason: 'externalDebugInfo',
    option: last.name,
    optionName: last.name,
    because: overridden
      ? `${because} and overrides ${overridden.name} (D9025); leave ${last.name} out`
      : because,
  };
}

function precompiledHeader({ options, inputs }: SortedLine, host: CommandLineHost): Refusal | undefined {
  const plan = precompiledPlan({ options, inputs, host });
  if (plan.kind !== 'refused') return undefined;
  const option = options.special.find(({ row: { effect } }) => PRECOMPILES.has(effect.kind));
  return { reason: 'precompiledHeader', because: plan.because, ...(option && decidedBy(option)) };
}
const PRECOMPILES: ReadonlySet<string> = new Set([
  'precompiledHeader',
  'makesPrecompiled',
  'usesPrecompiled',
]);

function linking(options: LineOptions): Refusal | undefined {
  const link = refusedFor(options, 'linking');
  if (link) return link;
  if (options.has('compileOnly')) return undefined;
  return { reason: 'linking', because: 'no /c' };
}

function multipleSources(inputs: readonly InputItem[]): Refusal | undefined {
  if (inputs.length < 2 || !inputs.some((input) => input.isNamedSource)) return undefined;
  return { reason: 'multipleSources', because: 'several sources with /Tc or /Tp' };
}

function unsupportedOption(options: LineOptions, host: CommandLineHost): Refusal | undefined {
  const reason = 'unsupportedOption';
  const refused = refusedFor(options, reason);
  if (refused) return refused;
  let language: string | undefined;
  for (const item of options.special) {
    const { kind } = item.row.effect;
    if (kind === 'backendWord' && !isPlainBackendWord(item.value)) {
      const effect = effectOfUnknown(`-mllvm=${item.value}`, host);
      const because = effect === UNKNOWN ? 'may write or print' : effect.kind === 'refuse' && effect.because;
      if (because) return { reason, because: `${spelled(item)} ${because}`, ...decidedBy(item) };
    }
    if (kind === 'language' && !factsOf(host).takesLastLanguage && item.row.name !== language) {
      if (language !== undefined) return { reason, because: 'both /TC and /TP' };
      language = item.row.name;
    }
    if (kind === 'inputFile' && !isFile(inputFileOf(item, host), host)) {
      return { reason, because: `${spelled(item)} names no file`, ...decidedBy(item) };
    }
  }
  return undefined;
}

function unsupportedTarget(options: LineOptions, host: CommandLineHost): Refusal | undefined {
  const target = targetOf(options, host);
  if (!factsOf(host).hasOwnSearchFolders || isKnownTarget(target)) return undefined;
  const option = targetOption(options);
  const because = `what clang looks for and reads for the target ${target} is not known`;
  // Without that option it would be another program, so leaving it out is no cure.
  return { reason: 'unsupportedOption', because, ...(option && { optionName: option.name }) };
}

/**
 * The words for which a call is refused, but which a version of the compiler may ignore with a warning, without taking
 * the next word as their value.
 */
export function doubtfulWords(items: readonly Item[], host: CommandLineHost): string[] {
  if (!factsOf(host).saysWhatItIgnores) return [];
  const refused = items.filter(
    (item): item is OptionItem => item.kind === 'option' && item.level === 'line' && isRefused(item, host),
  );
  return refused.flatMap(({ tokens: [word = ''] }) => (word.startsWith('-') ? [word] : []));
}

function isRefused(item: OptionItem, host: CommandLineHost): boolean {
  const { effect } = item.row;
  if (effect.kind === 'refuse') return true;
  return effect.kind === 'inputFile' && !isFile(inputFileOf(item, host), host);
}

function isFile(path: string, host: CommandLineHost): boolean {
  return host.fileExists(absoluteFile(host.style, host.workingDirectory, path));
}

function isPlainBackendWord(word: string): boolean {
  return BACKEND_WORD.test(word) && !BACKEND_REPORT.test(word.toLowerCase());
}

function unsupportedInput(
  inputs: readonly InputItem[],
  options: LineOptions,
  host: CommandLineHost,
): Refusal | undefined {
  const reason = 'unsupportedOption';
  const cached = new Set(inputs.filter((input) => isCachedSource(input, options, host)));
  for (const input of inputs) {
    const { path } = input;
    const isCompiled = uncachedSource(input, options, host) !== undefined && cached.size > 0;
    if (!isCompiled && !cached.has(input))
      return {
        reason,
        because: `${path} is not a source: the compiler ignores it or passes it to the linker`,
      };
    if (host.style === 'win32' && /[*?]/.test(withoutVerbatimPrefix(path))) {
      return { reason, because: `${path} is a pattern` };
    }
    if (host.style === 'win32' && /^[a-z]:(?![\\/])/i.test(path)) {
      return { reason, because: `${path} is relative to the current folder of a drive` };
    }
  }
  return undefined;
}

/**
 * Why a source that the compiler compiles is not cached. Undefined for every other one. It is compiled together with
 * the cached sources of its call.
 */
export function uncachedSource(
  input: InputItem,
  options: LineOptions,
  host: CommandLineHost,
): string | undefined {
  const isUncached = isUncachedSuffix(factsOf(host), suffixOf(input.path, host.style));
  if (!isUncached || isCachedSource(input, options, host)) return undefined;
  return `${input.path} is a source of a kind that is not cached`;
}

function isCachedSource({ path, language }: InputItem, options: LineOptions, host: CommandLineHost): boolean {
  if (language !== undefined) return true;
  const isObject = NEVER_SOURCES.has(suffixOf(path, host.style).toLowerCase());
  return options.has('language') && path !== '' && path !== '-' && !isObject;
}

function spelled(item: OptionItem): string {
  return item.tokens.length > 0 ? item.tokens.join(' ') : item.name + item.value;
}

function decidedBy(item: OptionItem): Required<Pick<Refusal, 'option' | 'optionName'>> {
  return { option: spelled(item), optionName: item.name };
}
