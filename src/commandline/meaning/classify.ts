/** Decides whether a call can be cached. If so, finds its jobs and the command line's part of their keys. */

import { foldCase } from '../../util/paths.ts';
import type {
  Classification,
  CommandLineHost,
  CompileCall,
  CompileJob,
  PrecompiledHeader,
  UncacheableReason,
} from '../compile-call.ts';
import { factsOf } from '../family.ts';
import { LANGUAGES, type Language } from '../languages.ts';
import type { EffectKind } from '../options/row.ts';
import type { OptionItem } from '../read/items.ts';
import { parseCommandLine } from '../read/parse.ts';
import { databaseOption, isOfDatabase } from './databases.ts';
import { inputFilesOf } from './input-files.ts';
import { callKeyParts, jobKeyParts, unusedNames } from './key-parts.ts';
import { LineOptions, type SortedLine, sortLine } from './line-options.ts';
import type { OutputOptions } from './output-names.ts';
import { type PlannedOutput, planOutputs } from './outputs.ts';
import { type PrecompiledPlan, precompiledFile, precompiledPlan } from './precompiled.ts';
import {
  addedNotesShow,
  debugState,
  namesNativeProcessor,
  recordsDriverLine,
  searchOf,
} from './properties.ts';
import { doubtfulWords, refusalOf, uncachedSource } from './refusal.ts';
import { terminalUse } from './terminal.ts';
import { sanitizerLists, toolFoldersOf } from './tool-folders.ts';

/**
 * Classifies a call: first the seven reasons that the Python clcache counts, in its order, then what cannot be stored.
 * Else it is a call to be looked up. `args` is the whole line as `expandCommandLine` returns it. `processorCount` is
 * the number of workers of a bare `/MP`.
 */
export function classify(
  args: readonly string[],
  host: CommandLineHost,
  processorCount: number,
): Classification {
  const parsed = parseCommandLine(args, host);
  if (parsed.kind === 'missingValue') {
    return uncacheable('invalidArgument', `${parsed.option} lacks its value`);
  }
  const line = sortLine(parsed.items);
  const refusal = refusalOf(line, host);
  if (refusal) {
    return {
      ...uncacheable(refusal.reason, refusal.because),
      option: refusal.option,
      optionName: refusal.optionName,
      doubtfulWords: doubtfulWords(line.items, host),
    };
  }
  return buildCall(line, host, processorCount);
}

function buildCall(
  { items, options: allOptions, inputs }: SortedLine,
  host: CommandLineHost,
  processorCount: number,
): Classification {
  const hasOwnDatabases = host.databases === 'perObject' && databaseOption(allOptions) !== undefined;
  const options = hasOwnDatabases
    ? new LineOptions(allOptions.all.filter((item) => !isOfDatabase(item)))
    : allOptions;
  const debug = debugState(options, host);
  const precompiled = precompiledPlan({ options, inputs, host });
  const request: OutputOptions = {
    options,
    host,
    sourceCount: inputs.length,
    hasDwarf: debug.driverDebug === 'dwarf',
    precompiled: precompiled.kind === 'made' ? precompiled.spelled : undefined,
  };
  if (debug.driverDebug === 'unclear' && options.special.some(({ row }) => row.name === 'gsplit-dwarf')) {
    return uncacheable('unsupportedOption', '-gsplit-dwarf with other kinds of debug information');
  }
  const isRecorded = recordsDriverLine(options);
  // Each source is compiled by itself and stands last, so the recorded line would differ from this one.
  if (isRecorded && (inputs.length > 1 || items.at(-1)?.kind !== 'input')) {
    return uncacheable(
      'unsupportedOption',
      'the object holds a line in which the source does not stand last',
    );
  }
  const line = isRecorded ? items.flatMap(({ tokens }) => tokens) : [];
  const shared = [
    ...callKeyParts(options, host, debug.hasDebugInfo),
    ...line.map((word) => ({ text: `recorded ${word}` })),
  ];
  const compilerOptions = options.all.filter(
    (item) => factsOf(host).warnsOfParallel || item.row.effect.kind !== 'parallel',
  );
  const commonArguments = compilerOptions.flatMap((item) => item.tokens);
  const optionArguments = compilerOptions
    .filter((item) => !isLeftOutOfProbes(item))
    .flatMap((item) => item.tokens);
  const searchArguments = compilerOptions
    .filter((item) => !isLeftOutOfProbes(item) && !NO_MATTER_OF_SEARCH.has(item.row.effect.kind))
    .flatMap((item) => item.tokens);
  const jobs: CompileJob[] = [];
  let hasUncached = false;
  const written = new Set<string>();
  // `/TC` and `/TP` apply to all sources, wherever they stand. The last one counts.
  const allSources = options.last('language')?.row.effect.language;
  for (const input of inputs) {
    const uncached = uncachedSource(input, options, host);
    const plan = planOutputs(input.path, request);
    if (plan.kind === 'refused') return uncacheable('unsupportedOption', plan.because);
    const language = input.isNamedSource ? (input.language ?? 'c') : (allSources ?? input.language ?? 'c');
    const mismatch = problemWithPrecompiled(precompiled, language, plan.outputs);
    if (mismatch !== undefined) return uncacheable('precompiledHeader', mismatch);
    for (const { path } of plan.outputs) {
      const name = foldCase(host.style, path);
      if (written.has(name)) return uncacheable('unsupportedOption', `written twice: ${path}`);
      written.add(name);
    }
    const database = plan.outputs.find(({ role }) => role === 'database');
    const databaseArguments = hasOwnDatabases && database ? [`/Fd${database.spelled}`] : [];
    jobs.push({
      source: input.path,
      language,
      compilerArguments: [...commonArguments, ...databaseArguments, ...input.tokens],
      optionArguments,
      searchArguments,
      sourceArguments: input.tokens,
      outputs: plan.outputs.map(({ role, path }) => ({ role, path })),
      keyParts: [
        ...shared,
        ...jobKeyParts(plan.outputs, host, debug.namesObject),
        ...unusedNames(plan.outputs, options),
      ],
      ...(uncached !== undefined && { uncached }),
    });
    hasUncached ||= uncached !== undefined;
  }
  const call: CompileCall = {
    jobs,
    // It may write a file that another source reads.
    workers: hasUncached ? 1 : workersOf(options, processorCount),
    ...searchOf(options, host),
    forcedIncludes: options.of('forcedInclude').map(({ value }) => value),
    inputFiles: [
      ...inputFilesOf(options, host),
      ...sanitizerLists(options),
      ...(precompiled.kind === 'used' ? [precompiled.spelled ?? ''] : []),
    ],
    precompiled: precompiledOf(precompiled, jobs, host),
    toolFolders: toolFoldersOf(options, host),
    showIncludes: options.last('showIncludes')?.row.effect.of ?? 'no',
    addedNotesShow: addedNotesShow(options, host),
    terminal: terminalUse(options, host),
    debugInfo: debug.hasDebugInfo,
    namesNativeProcessor: namesNativeProcessor(options),
    definitions: definitionsOf(options),
  };
  return { kind: 'cacheable', call };
}

/**
 * Why a precompiled header prevents caching a source: it is not text for clang, or more is written than object and
 * `.pch`. clang then runs twice, and writes some files twice or for one of both.
 */
function problemWithPrecompiled(
  { kind }: PrecompiledPlan,
  language: Language,
  outputs: readonly PlannedOutput[],
): string | undefined {
  if (kind === 'none') return undefined;
  const { hasText, isAssembled } = LANGUAGES[language];
  if (!hasText || isAssembled) return `a precompiled header for ${language}`;
  const other = outputs.find(({ role }) => role !== 'object' && role !== 'precompiledHeader');
  return kind === 'made' && other ? `${other.path} beside a precompiled header` : undefined;
}

function precompiledOf(
  plan: PrecompiledPlan,
  [job]: readonly CompileJob[],
  host: CommandLineHost,
): PrecompiledHeader | undefined {
  if (plan.kind !== 'made' && plan.kind !== 'used') return undefined;
  const { kind: work, spelled, through } = plan;
  const path = spelled === undefined ? (job?.outputs[0]?.path ?? '') : precompiledFile(spelled, host);
  return { work, path, through };
}

/** Options that do not affect where headers are searched, and that differ from target to target in one build. */
const NO_MATTER_OF_SEARCH: ReadonlySet<EffectKind> = new Set([
  'macro',
  'forcedInclude',
  'parallel',
  'databaseName',
  'precompiledHeader',
  'usesPrecompiled',
]);

/** Options that write a file or print notes. Coverage stays, because other options need it. */
function isLeftOutOfProbes({ row: { effect } }: OptionItem): boolean {
  switch (effect.kind) {
    case 'object':
    case 'compileOnly':
    case 'showIncludes':
    case 'dependencyText':
    case 'makesPrecompiled':
      return true;
    case 'output':
      return effect.role !== 'coverageNotes';
    default:
      return false;
  }
}

/** "/MP": without a number, or with one out of range, the compiler warns and uses 1. */
function workersOf(options: LineOptions, processorCount: number): number {
  const last = options.last('parallel');
  if (!last) return 1;
  if (last.value === '') return Math.max(1, processorCount);
  const count = Number(last.value);
  return count >= 1 && count <= 65_536 ? count : 1;
}

function uncacheable(
  reason: UncacheableReason,
  because: string,
): Extract<Classification, { kind: 'uncacheable' }> {
  return { kind: 'uncacheable', reason, because, doubtfulWords: [] };
}

/** The macros that the line defines, as spelled. An undefined one (`/U`) has no text. */
function definitionsOf(options: LineOptions): string[] {
  return options.of('macro').flatMap(({ row, value }) => (row.name === 'D' ? value : []));
}
