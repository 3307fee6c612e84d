import type { ArtifactRole } from '../../../cache/artifact.ts';
import type { PathWord } from '../../../source/words.ts';
import { wordOf } from './channels.ts';
import type { Channel, MapKind, SharingFacts } from './facts.ts';
import { partialMap } from './maps.ts';

/** Something that puts a path from a channel into an output. It is present if every condition in the row is met. */
export interface Consumer {
  /** What it is, for the reason in the log. */
  readonly title: string;
  readonly takes: readonly Channel[];
  /** The kinds of prefix maps that together cover everything that it takes. Without them no map helps. */
  readonly mappedBy?: readonly MapKind[];
  /** Options without their slash or hyphen. One of them must be given. */
  readonly options?: readonly RegExp[];
  readonly word?: PathWord;
  /** One of these outputs must exist. */
  readonly roles?: readonly ArtifactRole[];
  readonly isForWindows?: true;
  readonly family?: 'cl';
  /** A condition that needs the whole call. */
  readonly isSeen?: (facts: SharingFacts) => boolean;
}

const NAMES: readonly Channel[] = ['fileNames'];
const ALL: readonly Channel[] = ['workingFolder', 'fileNames', 'outputNames', 'commandLine'];

/** Debug information of any kind. Some options that only shape it switch it on, even `-gno-inline-line-tables`. */
const DEBUG = /^(?:Z[7id]|g(?!0$|gdb0$)[\w-]*|gz=.*|debug-info-kind=.*)$/;
const NOT_DWARF = /^(?:Z[7id]|g(?!0$|gdb0$|dwarf)[\w-]*|debug-info-kind=.*)$/;
const OPENMP = /^f?openmp(?!-simd|-$)/;

/** What shows more of the files than their paths and contents: with the same ones, another result may be right. */
const OF_MORE: readonly Consumer[] = [
  // `__omp_offloading_fe00_1d4e_f_l2`, by the number of the file in its file system (`getTargetEntryUniqueInfo`). A copy of
  // the file has another one.
  {
    title: 'OpenMP code for another device, which is named by the number of its file,',
    options: [OPENMP],
    word: 'offload',
    takes: ['workingFolder'],
  },
  // The paths at the ends of links.
  {
    title: 'a message with real paths',
    options: [/^fdiagnostics-absolute-paths$/],
    roles: ['stderr'],
    takes: NAMES,
  },
];

/** What in this compile depends on more than the paths and contents of files. Undefined if nothing does. */
export function dependsOnMore(facts: SharingFacts): string | undefined {
  return OF_MORE.find((consumer) => isPresent(consumer, facts))?.title;
}

/**
 * Everything that is known to put paths into outputs, tried with clang-cl 14 on two trees. For cl: what Microsoft
 * documents, and otherwise the worst case. A missing row makes a wrong object. A superfluous row costs a compile.
 */
export const CONSUMERS: readonly Consumer[] = [
  // CodeView repeats the arguments of the compiler proper, with both compilation folders.
  {
    title: 'CodeView debug information',
    options: [NOT_DWARF],
    isForWindows: true,
    takes: ['fileNames', 'outputNames', 'commandLine'],
  },
  {
    title: 'CodeView debug information',
    options: [NOT_DWARF],
    isForWindows: true,
    takes: ['workingFolder'],
    mappedBy: ['debug', 'coverage'],
  },
  {
    title: 'debug information',
    options: [DEBUG],
    takes: ['workingFolder', 'fileNames'],
    mappedBy: ['debug'],
  },
  { title: 'debug information', options: [DEBUG], takes: ['outputNames'] },
  {
    title: 'a record of the command line',
    options: [/record-command-line|codeview-command-line/],
    takes: ['commandLine', 'outputNames'],
  },
  // Coverage, profiles and sanitizers name functions and places by files: packed, hashed or cut.
  {
    title: 'coverage mapping',
    options: [/^fcoverage-mapping/],
    takes: ['workingFolder', 'fileNames'],
    mappedBy: ['coverage'],
  },
  { title: 'coverage notes', options: [/^-?coverage$|^ftest-coverage|^fprofile-arcs/], takes: ALL },
  {
    title: 'a profile',
    options: [/^f(?:cs-|auto-|pseudo-probe-for-)?profil|^forder-file-instr/],
    takes: NAMES,
  },
  { title: 'a sanitizer', options: [/^fsanitize/], takes: NAMES },
  { title: 'the choice of functions to instrument', options: [/^fxray-/], takes: NAMES },
  // Code that is finished later, or is named after its origin.
  { title: 'bitcode', options: [/^flto|^fthin|^emit-llvm|^foffload/], takes: NAMES },
  { title: 'bitcode and its command line', options: [/^fembed-bitcode/], takes: ALL },
  { title: 'code for the linker to finish', options: [/^GL$/], takes: ALL, family: 'cl' },
  { title: 'names made unique', options: [/^funique-(?!section|basic)/], takes: NAMES },
  { title: 'Just My Code', options: [/^JMC$|^fjmc/], takes: ['workingFolder', 'fileNames'] },
  { title: 'OpenMP with debug information', options: [OPENMP, DEBUG], takes: NAMES },
  { title: 'an option of LLVM', options: [/^mllvm/], takes: NAMES },
  { title: 'a plug-in', options: [/plugin|^load$/], takes: ALL },
  // Words in the sources.
  { title: '__FILE__', word: 'file', takes: NAMES, mappedBy: ['macro'] },
  { title: 'the name of a type or function', word: 'type', takes: NAMES },
  {
    title: 'a hash in a name',
    isForWindows: true,
    isSeen: ({ hasHashedNames }) => hasHashedNames(),
    takes: NAMES,
  },
  // Outputs other than the object. clang wraps the lines of make rules, so that they depend on the length of names.
  {
    title: 'a dependency file',
    roles: ['dependencies'],
    takes: ['fileNames', 'outputNames', 'commandLine'],
  },
  {
    title: 'a file beside the object',
    roles: ['serializedDiagnostics', 'timeTrace', 'coverageNotes', 'browse', 'documentation'],
    takes: ALL,
  },
  {
    title: 'a report beside the object',
    roles: ['stackUsage', 'optimizationRecord'],
    takes: ['workingFolder', 'fileNames'],
  },
  { title: 'a listing', roles: ['listing'], family: 'cl', takes: ALL },
  // Printed text gets the paths of the current tree, but only where they are spelled out.
  {
    title: 'a form of messages',
    roles: ['stdout', 'stderr'],
    options: [/^fmessage-length=(?!0$)|^fdiagnostics-format[= ]sarif|^fdiagnostics-parseable-fixits/],
    takes: ['fileNames', 'commandLine'],
  },
  // cl writes names by itself, and trusted headers do (`assert.h`). The search of the outputs finds them, unless a map
  // has cut them.
  {
    title: 'a map that cuts names of the tree',
    isSeen: (facts) => partialMap(facts) !== undefined,
    takes: ALL,
  },
];

/** Options whose names speak of files, places or recording. Without a row such an option prevents sharing. */
const DOUBTFUL =
  /^f(?!no-).*(?:profil|cover|sanit|debug|record|embed|unique|lto|bitcode|prefix|path|dir|file|seed|hash|instrument|xray|probe|-list|save-|dump|trace|remark|module|-locat|build-)/;
/** These shape the effect of other options or of messages. Each was tried with clang-cl 14 in two trees. */
const HARMLESS = new RegExp(
  `^f(?:${[
    'debug-(?:macro|types-section|ranges-base-address|info-for-profiling|default-version)',
    '(?:file|macro|debug|coverage)-(?:prefix-map|compilation-dir)',
    '(?:macro|template|constexpr)-backtrace|backtrace',
    'direct-access|use-line-directives|show-source-location|diagnostics-absolute-paths',
    'standalone-debug|eliminate-unused-debug|debugger-(?:support|objc)',
    'split-lto-unit|unified-lto|unique-(?:section|basic)',
    'instrument-function|recovery-ast|struct-path-tbaa|whole-file|rtlib-add-rpath',
    'modules-(?:strict-)?decluse|trivial-auto',
    // The files that these write have rows of their own.
    'time-trace|save-optimization-record',
  ].join('|')})`,
);

/** An option whose effect on paths nobody has examined. */
export function doubtfulOption(facts: SharingFacts): string | undefined {
  const known = CONSUMERS.flatMap(({ options = [] }) => options);
  const isDoubtful = (word: string) =>
    DOUBTFUL.test(word) && !HARMLESS.test(word) && !known.some((pattern) => pattern.test(word));
  return facts.options.find(({ text, isUnknown }) => isUnknown || isDoubtful(wordOf(text)))?.text;
}

/** Whether a consumer is present in this compile. */
export function isPresent(consumer: Consumer, facts: SharingFacts): boolean {
  const { options = [], word, roles, isForWindows, family, isSeen } = consumer;
  return (
    (!isForWindows || facts.isForWindows) &&
    (family === undefined || facts.family === family) &&
    options.every((pattern) => facts.options.some(({ text }) => pattern.test(wordOf(text)))) &&
    (roles === undefined || roles.some((role) => facts.roles.has(role))) &&
    (word === undefined || facts.words().has(word)) &&
    (isSeen?.(facts) ?? true)
  );
}
