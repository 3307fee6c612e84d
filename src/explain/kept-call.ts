import { digestOfParts } from '../hash/digest.ts';
import { FORMATS } from '../util/formats.ts';
import { isJsonObject, parseJson } from '../util/json.ts';
import type { HandOnReason } from './hand-on.ts';
import type { MissCause } from './miss-causes.ts';
import { isSuspicious, SEPARATOR, withoutSecrets } from './without-secrets.ts';

/**
 * The last calls for one source that were no hits, as `clcache --why` reads them. One line each, after a first one:
 *
 *     clcache reasons <number of the format> <JSON of the absolute path of the source>
 *     <name of the call> <JSON of the call>
 *     earlier <how many older calls made room>
 *
 * The last line is there only if calls made room. The newest call comes first. A miss puts its line before the others,
 * which it neither reads nor makes anew: that would take a millisecond. What looks like a password is masked before
 * anything is stored.
 */
const FIRST_WORDS = `clcache reasons ${FORMATS.keptCalls} `;

/** The most calls of one source: some targets and configurations, each with earlier calls to compare with. */
const MOST_CALLS = 16;
const EARLIER = 'earlier ';
/** Leaves the line of earlier calls its place. */
const ROOM_FOR_EARLIER = 32;
/** The largest text of a source, in bytes. */
export const MAXIMUM_KEPT_SIZE = 32 * 1024;

/** How a call ended that was no hit. */
export type Verdict =
  | {
      readonly kind: 'miss';
      readonly causes: readonly MissCause[];
      /** What became of the result. */
      readonly result: 'stored' | 'notStored' | 'compileFailed' | 'cacheFailed';
      /** Why it was not stored. */
      readonly because?: string | undefined;
      /** Why no other folder may have it. */
      readonly tiedBy?: string | undefined;
    }
  | { readonly kind: 'handedOn'; readonly reason: HandOnReason; readonly cures: readonly string[] };

export interface KeptCall {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  /** Names the call among those that ended at the same time, if it has several sources and so is kept several times. */
  readonly call?: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** The working folder, and the base directories. */
  readonly folder: string;
  readonly baseDirectories: readonly string[];
  /** The source as it was spelled, and the absolute path of its object ('' if that is not known). */
  readonly source: string;
  readonly object: string;
  readonly compiler: { readonly path: string; readonly version: string };
  readonly verdict: Verdict;
  /** What was looked up. Undefined for a call that was handed on. */
  readonly lookup?: KeptLookup;
}

export interface KeptLookup {
  /** What the key was made from (`keptParts`). Empty if it is too long. */
  readonly parts: string;
  /** The keys of the manifest and, if the result was stored, of the artifact. */
  readonly manifest: string;
  readonly artifact?: string | undefined;
  /** The key of the preprocessed text, if that was looked up. */
  readonly text?: string | undefined;
  /** The look of the terminal. */
  readonly view: string;
  /** The variables that added to the line. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface KeptCalls {
  /** An absolute path. */
  readonly source: string;
  readonly calls: readonly KeptCall[];
  /** How many older calls made room. Not set if none did. */
  readonly forgotten?: number;
  /** True if lines are no calls, whatever wrote them. */
  readonly isBroken?: true;
}

/**
 * The name of a call: another one for the same object with the same key replaces it. One that was handed on is replaced by
 * one that was handed on for the same reason.
 */
export function nameOfCall({
  folder,
  object,
  lookup,
  verdict,
}: Pick<KeptCall, 'folder' | 'object' | 'lookup'> & Partial<Pick<KeptCall, 'verdict'>>): string {
  const handedOn = verdict?.kind === 'handedOn' ? [verdict.reason.because] : [];
  return digestOfParts([folder, object, lookup?.manifest ?? '', ...handedOn]);
}

/** The text with a call more, and without the oldest ones. `before` is the text so far, if there is one. */
export function withCall(before: string | undefined, source: string, call: KeptCall): string {
  const name = nameOfCall(call);
  const first = `${FIRST_WORDS}${JSON.stringify(withoutSecrets(source))}`;
  const [head, ...known] = before?.split('\n') ?? [];
  // On Windows the same source may be spelled in other letters.
  const others = head?.startsWith(FIRST_WORDS)
    ? known.filter((line) => line !== '' && !line.startsWith(name))
    : [];
  const safe = withoutSecretsOf(call);
  const line = (json: KeptCall) => `${name} ${JSON.stringify(json)}`;
  const fitting = linesThatFit([first, line(safe)], others);
  if (fitting !== undefined) return fitting;
  const { lookup, ...rest } = safe;
  const short = lookup ? { ...rest, lookup: { ...lookup, parts: '', variables: {} } } : rest;
  return linesThatFit([first, line(short)], others) ?? linesThatFit([first], others.filter(isEarlier)) ?? '';
}

/** A text with as many of the older lines as there is room for. Undefined if not even its own lines fit. */
function linesThatFit(own: readonly string[], older: readonly string[]): string | undefined {
  let room = MAXIMUM_KEPT_SIZE - ROOM_FOR_EARLIER - Buffer.byteLength(own.join('\n'));
  if (room < 0) return undefined;
  const calls = older.filter((line) => !isEarlier(line));
  const fitting = calls.slice(0, MOST_CALLS - 1).findIndex((line) => {
    room -= Buffer.byteLength(line) + 1;
    return room < 0;
  });
  const kept = calls.slice(0, fitting < 0 ? MOST_CALLS - 1 : fitting);
  const forgotten = earlierIn(older) + calls.length - kept.length;
  return [...own, ...kept, ...(forgotten > 0 ? [`${EARLIER}${forgotten}`] : []), ''].join('\n');
}

function isEarlier(line: string): boolean {
  return line.startsWith(EARLIER);
}

function earlierIn(lines: readonly string[]): number {
  const count = Number(lines.find(isEarlier)?.slice(EARLIER.length));
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** The call of a name in a text. Undefined if there is none. */
export function callNamed(text: string | undefined, name: string): KeptCall | undefined {
  const start = text?.indexOf(`\n${name} `) ?? -1;
  if (text === undefined || start < 0) return undefined;
  return callOf(text.slice(start + 1, text.indexOf('\n', start + 1)));
}

/** The calls that `withCall` wrote. Undefined for every other text. */
export function decodeKeptCalls(text: string): KeptCalls | undefined {
  const [head = '', ...lines] = text.split('\n');
  const source = head.startsWith(FIRST_WORDS) ? parseJson(head.slice(FIRST_WORDS.length)) : undefined;
  // The last line is empty if the file was written completely.
  if (typeof source !== 'string' || lines.pop() !== '') return undefined;
  const forgotten = earlierIn(lines);
  const known = lines.filter((line) => !isEarlier(line));
  const calls = known.flatMap((line) => callOf(line) ?? []);
  return {
    source,
    calls,
    ...(forgotten > 0 && { forgotten }),
    ...(calls.length < known.length && { isBroken: true }),
  };
}

function callOf(line: string): KeptCall | undefined {
  const json = parseJson(line.slice(line.indexOf(' ') + 1));
  return isKeptCall(json) ? json : undefined;
}

/** The latest time that a date can have, in milliseconds since 1970. */
const LATEST_TIME = 8.64e15;

/** Other users may write there, so a call is taken only if every part that is used has its shape. */
function isKeptCall(json: unknown): json is KeptCall {
  if (!isJsonObject(json)) return false;
  const { at, ms, folder, baseDirectories, source, object, compiler, verdict, lookup, call } = json;
  return (
    [at, ms].every((one) => typeof one === 'number' && one >= 0 && one <= LATEST_TIME) &&
    [folder, source, object].every(isText) &&
    isTexts(baseDirectories) &&
    (call === undefined || isText(call)) &&
    isJsonObject(compiler) &&
    isText(compiler['path']) &&
    isText(compiler['version']) &&
    isVerdict(verdict) &&
    (lookup === undefined || isLookup(lookup))
  );
}

function isVerdict(json: unknown): boolean {
  if (!isJsonObject(json)) return false;
  const { kind, causes, result, reason, cures } = json;
  if (kind === 'miss') {
    const isCause = (cause: unknown) => isJsonObject(cause) && Object.values(cause).every(isText);
    return isText(result) && Array.isArray(causes) && causes.every(isCause);
  }
  return kind === 'handedOn' && isTexts(cures) && isJsonObject(reason) && Object.values(reason).every(isText);
}

function isLookup(json: unknown): boolean {
  if (!isJsonObject(json)) return false;
  const { parts, manifest, artifact, text, view, variables } = json;
  return (
    isText(parts) &&
    isText(manifest) &&
    [artifact, text].every((one) => one === undefined || isText(one)) &&
    isText(view) &&
    isJsonObject(variables) &&
    Object.values(variables).every(isText)
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

/** The parts of a key (`manifestKeyParts`) as one text, without what looks like a password. */
export function keptParts(parts: readonly string[]): string {
  return withoutSecrets(parts.join(SEPARATOR));
}

/** The parts in such a text. */
export function partsIn(text: string): readonly string[] {
  return text.split(SEPARATOR);
}

/** The call without what looks like a password, in whatever text it stands. */
function withoutSecretsOf(call: KeptCall): KeptCall {
  const text = JSON.stringify(call);
  if (!isSuspicious(text)) return call;
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' ? withoutSecrets(value) : value,
  ) as KeptCall;
}
