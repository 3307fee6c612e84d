/** The kinds of variables: how the text of one is read, and what is odd about it. */
import type { LogTarget } from '../diagnostics/trace.ts';
import { isKeyText, keysAndFiles } from '../util/key-text.ts';
import { isOffWord, OFF_WORDS } from '../util/off-words.ts';
import { quoted } from '../util/one-line.ts';
import { type PathStyle, pathRules, splitList, withoutTrailingSeparator } from '../util/paths.ts';
import { TRACKER_VARIABLE } from './tracker.ts';

/** What a value may depend on. */
export interface Reading {
  readonly style: PathStyle;
  readonly homeDirectory: string;
  readonly absolute: (path: string) => string;
  /** The value of another variable. */
  readonly variable: (name: string) => string | undefined;
  /** Takes a line for each value that is not understood. The default is used then. */
  readonly problems: string[];
}

export interface NamedVariable extends Pick<Reading, 'style'> {
  readonly name: string;
}

export interface Kind<Value> {
  /** The value if the variable is not set, as the help shows it. */
  readonly default: string;
  /** The value of the variable `name`, which holds `text`. Undefined leaves the setting out. */
  readonly read: (text: string | undefined, reading: Reading, name: string) => Value;
  /** Why a value is not understood, and what counts in its place. Undefined if it is understood. */
  readonly misread?: (value: string) => { readonly because: string; readonly counts: string } | undefined;
  /** One line for each thing that is odd about a value, which counts all the same. Never for a secret. */
  readonly oddities?: (value: string, of: NamedVariable) => readonly string[];
}

/** How a compiler is identified: by its contents, by times and sizes of its files, or by a text that the user gives. */
export type CompilerCheck =
  | { readonly kind: 'mtime' }
  | { readonly kind: 'content' }
  | { readonly kind: 'string'; readonly value: string };

const ON_WORDS: ReadonlySet<string> = new Set(['true', 'yes', 'on']);
/** The highest level of any method (zstd). Other methods use their own highest level. */
const HIGHEST_LEVEL = 22;
const WHOLE_NUMBER = /^\+?\d+$/;

/** A switch is on if it is set, as in the Python clcache, except for the words that mean off. */
export const onOff: Kind<boolean> = {
  default: 'off',
  read: isOn,
  misread: (value) =>
    saysOnOrOff(value)
      ? undefined
      : {
          because: `${quoted(value)} is none of ${[...OFF_WORDS, '1', ...ON_WORDS].join(', ')}`,
          counts: 'on',
        },
};

/** A switch that turns off what is on by default. */
export const onUnlessSet: Kind<boolean> = { ...onOff, read: (text) => !isOn(text) };

/**
 * False also below MSBuild's Tracker. It counts as dependencies only the files that it sees clcache open. If clcache
 * only looked at the times of a header, the next build would not notice that the header changed (clcache issue 319).
 */
export const remembersHashes: Kind<boolean> = {
  ...onOff,
  read: (text, { variable }) => !isOn(text) && variable(TRACKER_VARIABLE) === undefined,
};

/** Addresses of stores as they were set. They may hold passwords. */
export const stores: Kind<string | undefined> = { default: 'none', read: unquoted };

/** The compiler as it was set: a path or a bare name. */
export const program: Kind<string | undefined> = { default: 'cl.exe from PATH', read: unquoted };

/** A text of which every character counts, blanks too. */
export const secret: Kind<string | undefined> = { default: 'none', read: (value) => value || undefined };

/** Keys, and absolute paths of files with keys. A value of which something is wrong is the business of who reads the keys. */
export const keys: Kind<readonly string[] | undefined> = {
  default: 'none',
  read: (text, { absolute }) => {
    const value = unquoted(text);
    if (value === undefined) return undefined;
    return Object.freeze(keysAndFiles(value).map((item) => (isKeyText(item) ? item : absolute(item))));
  },
  // The name may be a secret key that was not taken for one.
  oddities: (value, { name, style }) =>
    keysAndFiles(value).every((item) => isKeyText(item) || pathRules(style).isAbsolute(item))
      ? []
      : [`${name} is another file in each working folder: it names one whose path is not absolute`],
};

/** Absolute, without trailing separators, in the order given. Their numbers must mean the same in every tree. */
export const folders: Kind<readonly string[]> = {
  default: 'none',
  read: (value, { style, absolute }) =>
    Object.freeze(
      splitList(unquoted(value), ';').map((folder) => withoutTrailingSeparator(style, absolute(folder))),
    ),
  oddities: (value, of) => relativeOnes(splitList(value, ';'), of),
};

/** An octal number of rights that new files lack. Those of the owner cannot be taken away. */
export const umask: Kind<number | undefined> = {
  default: 'the umask of the process',
  read: (text, { style, problems }, name) => {
    const value = unquoted(text);
    if (value === undefined || style === 'win32') return undefined;
    if (/^0*[0-7]{1,2}$/.test(value)) return Number.parseInt(value, 8);
    problems.push(`${name} is not an octal number up to 077: ${quoted(value)}; using the default`);
    return undefined;
  },
  oddities: (_value, { name, style }) =>
    style === 'win32' ? [`${name} has no effect on Windows, where a folder passes its rights on`] : [],
};

/** A whole number from 0 up. */
export function wholeNumber(otherwise: number): Kind<number> {
  return {
    default: String(otherwise),
    read: (value, reading, name) => wholeNumberIn(value, reading, name) ?? otherwise,
  };
}

/** A whole number from 0 up, if one is set. */
export const compressionLevel: Kind<number | undefined> = {
  default: "the method's own",
  read: (value, reading, name) =>
    isAboveHighest(value) ? HIGHEST_LEVEL : wholeNumberIn(value, reading, name),
  misread: (value) =>
    isAboveHighest(value)
      ? { because: `${quoted(value)} is more than ${HIGHEST_LEVEL}`, counts: String(HIGHEST_LEVEL) }
      : undefined,
};

/** True also for more digits than a number can hold. */
function isAboveHighest(text: string | undefined): boolean {
  const value = unquoted(text) ?? '';
  return WHOLE_NUMBER.test(value) && Number(value) > HIGHEST_LEVEL;
}

/**
 * Options that a project declares safe. A `*` may follow two or more letters of a name. A word that is not an option is
 * left out.
 */
export const options: Kind<readonly string[]> = {
  default: 'none',
  read: (value, { problems }, name) => {
    const isOption = (entry: string): boolean =>
      /^[-/](?:[^*]+|(?:clang:-|Xclang=-|mllvm=-)?(?!clang|Xclang|mllvm)[^*]{2,}\*)$/.test(entry);
    const entries = splitList(unquoted(value), /[\s;]+/);
    for (const entry of entries) {
      if (!isOption(entry))
        problems.push(`${name}: ${quoted(entry)} is neither an option nor the beginning of one; left out`);
    }
    return Object.freeze(entries.filter(isOption));
  },
};

/** A word for "on", or a number, means stderr. A word for "off" means no log. Everything else is the name of a file. */
export const log: Kind<LogTarget> = {
  default: 'off',
  read: (value, { absolute }) => {
    const target = unquoted(value);
    if (target === undefined || !isOn(target)) return { kind: 'off' };
    if (ON_WORDS.has(target.toLowerCase()) || /^\d+$/.test(target)) return { kind: 'stderr' };
    return { kind: 'file', path: absolute(target) };
  },
};

/** On for databases that belong to one compile, or `per-object`. */
export const databases: Kind<'own' | 'perObject' | undefined> = {
  default: 'none',
  read: (value) => {
    const word = unquoted(value)?.toLowerCase();
    if (!isOn(word)) return undefined;
    return word === PER_OBJECT ? 'perObject' : 'own';
  },
  misread: (value) =>
    saysOnOrOff(value) || unquoted(value)?.toLowerCase() === PER_OBJECT
      ? undefined
      : { because: `${quoted(value)} is neither ${PER_OBJECT} nor a word for on or off`, counts: 'on' },
};
const PER_OBJECT = 'per-object';

/** `content`, `mtime` or `string:TEXT`. */
export const compilerCheck: Kind<CompilerCheck> = {
  default: 'content',
  read: (value, { problems }, name) => {
    const chosen = unquoted(value);
    const [, kind, own] = /^(mtime|content|string)(?::(.*))?$/s.exec(chosen ?? 'content') ?? [];
    if (kind === 'string' && own !== undefined) return { kind, value: own };
    if ((kind === 'mtime' || kind === 'content') && own === undefined) return { kind };
    problems.push(`${name} is none of content, mtime, string:TEXT: ${quoted(chosen ?? '')}; using content`);
    return { kind: 'content' };
  },
};

/**
 * The value without blanks around it, and without the quotes that `set NAME="value"` keeps on Windows. Undefined if
 * empty.
 */
export function unquoted(value: string | undefined): string | undefined {
  const bare = value?.trim() ?? '';
  const inner =
    bare.length > 1 && bare.startsWith('"') && bare.endsWith('"') ? bare.slice(1, -1).trim() : bare;
  return inner === '' ? undefined : inner;
}

/** One line for each folder that is another one in each working folder. */
export function relativeOnes(values: readonly string[], { name, style }: NamedVariable): string[] {
  return values
    .filter((folder) => !pathRules(style).isAbsolute(folder))
    .map((folder) => `${name} is another folder in each working folder: ${quoted(folder)} is not absolute`);
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !isOff(value.trim());
}

function isOff(word: string): boolean {
  return word === '' || isOffWord(word);
}

/** True for words that mean on or off, and for numbers. */
function saysOnOrOff(value: string): boolean {
  const word = value.trim().toLowerCase();
  return isOff(word) || ON_WORDS.has(word) || /^\d+$/.test(word);
}

function wholeNumberIn(
  text: string | undefined,
  { problems }: Pick<Reading, 'problems'>,
  name: string,
): number | undefined {
  const value = unquoted(text);
  if (value === undefined) return undefined;
  const number = WHOLE_NUMBER.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  problems.push(`${name} is not a whole number: ${quoted(value)}; using the default`);
  return undefined;
}
