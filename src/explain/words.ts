/** The words for causes, for the log and for `clcache --why`. One table, so that both say the same. */
import { type PathStyle, pathBelow } from '../util/paths.ts';
import type { Verdict } from './kept-call.ts';
import type { MissCause, MissCauseKind } from './miss-causes.ts';
import { shortened } from './shortened.ts';

type Cause<Kind extends MissCauseKind> = Extract<MissCause, { kind: Kind }>;

const WORDS: { readonly [Kind in MissCauseKind]: (cause: Cause<Kind>) => string } = {
  newKey: () => 'never compiled before: a new source, other options, another compiler or another folder',
  first: () => 'nothing is known of an earlier compile of it in this folder',
  forgotten: () => 'the earlier compiles of it are not kept any more, so nothing tells what was another',
  optionAdded: ({ option, variable }) => `option ${option} was not there before${by(variable)}`,
  optionRemoved: ({ option, variable }) => `option ${option} was there before${by(variable)}`,
  optionChanged: ({ option, before, variable }) => `option ${option} was ${before} before${by(variable)}`,
  optionOrder: ({ option, after }) => `the order of options changed: ${option} stands before ${after} now`,
  outputName: ({ role, name, before }) => `the name of the ${role} is ${name}, and was ${before}`,
  variable: ({ name, value, before }) => changed(named(name), value, before),
  folderAdded: ({ name, folder }) => `the variable ${name} has one more folder: ${folder}`,
  folderRemoved: ({ name, folder }) => `the variable ${name} lacks a folder: ${folder}`,
  folderOrder: ({ name }) => `the folders of the variable ${name} stand in another order`,
  compiler: ({ compiler, before }) =>
    compiler === before
      ? `the compiler is another one, although it also says ${compiler}`
      : `the compiler is another one: ${compiler}, and was ${before}`,
  clcache: () => 'this version of clcache makes other keys than the one before',
  language: ({ language, before }) => `the language is ${language}, and was ${before}`,
  spelling: ({ source, before }) => `the source is spelled ${source}, and was ${before}`,
  inputFile: ({ path }) => `${path}, which an option names, changed`,
  source: () => 'the source itself changed',
  folder: ({ before }) => `it is known in another folder, ${before}, and no base directory covers both`,
  otherPlace: ({ before }) =>
    `it is known in another folder, ${before}, which is another place below the base directories`,
  baseDirectories: ({ before }) => `the base directories are others; they were ${before || 'none'}`,
  header: ({ path, includedBy }) =>
    `${path} changed${includedBy === undefined ? '' : `, included by ${includedBy}`}`,
  moreHeaders: ({ count }) => `${count} more headers changed`,
  headerGone: ({ path }) => `${path} is not there any more`,
  headerTime: ({ path }) => `${path} has another time, which its precompiled header records`,
  foundFirst: ({ path }) => `${path} would be found first now`,
  folderName: ({ path }) =>
    `headers in ${path} would be named by another path now, because a folder came or went, or a link was changed`,
  sameFile: ({ path }) =>
    `${path} became one file with another header of the same contents, or is no longer one with it`,
  askedFileGone: ({ path }) => `${path}, for which __has_include asks, is not there any more`,
  otherTree: ({ tiedBy }) =>
    `its result belongs to another folder${tiedBy === undefined ? '' : `: ${tiedBy}`}`,
  otherTerminal: () => 'its messages were made for a terminal of another kind',
  time: () => '__TIME__, __DATE__ or __TIMESTAMP__ is in it, and the time is another one',
  text: () => 'its preprocessed text is another one',
  otherMode: () => 'it was looked up in another mode before, by its files or by its preprocessed text',
  evicted: () => 'its entry was evicted to make room, or cleared',
  damaged: ({ because }) => `its entry was damaged: ${because}`,
  brokenManifest: () => 'its manifest was broken',
  refused: ({ because }) => because,
  notStoredBefore: ({ because }) => `its result was not stored before: ${because}`,
  masked: () => 'a value changed that is not kept, because it looks like a password',
  unreadable: () => 'the source cannot be read',
  specialOutput: ({ path }) =>
    `${path} is a link, a device or write-protected: only the compiler may write there`,
  cacheFailed: ({ because }) => `the cache failed: ${because}`,
};

/**
 * The cause as the end of a sentence that begins "a miss, because". One line, with paths as they are seen from a folder.
 * A kind of a later version has no words.
 */
export function wordsOfCause(cause: MissCause, from: Folder): string {
  const words = WORDS[cause.kind] as ((cause: MissCause) => string) | undefined;
  return words?.(shortenedCause(seenFrom(cause, from))) ?? cause.kind;
}

/** The cause with options and values of a length that people read. */
function shortenedCause(cause: MissCause): MissCause {
  if (!/^(?:option|variable)/.test(cause.kind)) return cause;
  const texts = Object.entries(cause).map(([name, text]: [string, string]) => [name, shortened(text)]);
  return Object.fromEntries(texts) as MissCause;
}

/** Several causes in one line, with paths as they are seen from a folder. */
export function wordsOfCauses(causes: readonly MissCause[], from: Folder): string {
  return causes.map((cause) => wordsOfCause(cause, from)).join('; ');
}

/** What became of the result of a miss, or why a call was handed on. */
export function wordsOfVerdict(verdict: Verdict): string {
  if (verdict.kind === 'handedOn') return `handed on: ${wordsOfHandOn(verdict)}`;
  switch (verdict.result) {
    case 'stored':
      return 'stored';
    case 'compileFailed':
      return 'not stored: the compile failed';
    case 'notStored':
    case 'cacheFailed':
      return `not stored: ${verdict.because ?? 'the cache failed'}`;
  }
}

/** Why a call was handed on, and what would have it cached. */
export function wordsOfHandOn({ reason, cures }: Extract<Verdict, { kind: 'handedOn' }>): string {
  return cures.length === 0 ? reason.because : `${reason.because}; ${wordsOfCures(cures)}`;
}

/** What would have a call cached, as a sentence. A cure with a condition ends in a comma there. */
export function wordsOfCures(cures: readonly string[]): string {
  const names = cures.join(' or ');
  return `${names}${cures.at(-1)?.includes(', ') ? ',' : ''} would have it cached`;
}

/** A folder, and the rules of its paths. */
export interface Folder {
  readonly style: PathStyle;
  readonly workingDirectory: string;
}

/** The cause with paths below a folder as that folder sees them. */
function seenFrom(cause: MissCause, from: Folder): MissCause {
  if (!('path' in cause)) return cause;
  const path = pathFrom(from, cause.path);
  return 'includedBy' in cause && cause.includedBy !== undefined
    ? { ...cause, path, includedBy: pathFrom(from, cause.includedBy) }
    : { ...cause, path };
}

export function pathFrom({ style, workingDirectory }: Folder, path: string): string {
  return pathBelow(style, workingDirectory, path) || path;
}

/** Some facts of the machine stand among the variables. Their names are words. */
function named(name: string): string {
  return /^[a-z ]+$/.test(name) ? `the ${name}` : `the variable ${name}`;
}

function by(variable: string | undefined): string {
  return variable === undefined ? '' : ` (from the variable ${variable})`;
}

function changed(what: string, value: string | undefined, before: string | undefined): string {
  if (before === undefined) return `${what} was not set before, and is ${value}`;
  if (value === undefined) return `${what} is not set now, and was ${before}`;
  return `${what} is ${value}, and was ${before}`;
}
