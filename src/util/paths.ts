/** The path rules of Windows and of POSIX as pure functions, so that Windows paths are understood (and tested) anywhere. */
import { posix, win32 } from 'node:path';
import { isRawName } from './byte-name.ts';

export type PathStyle = 'win32' | 'posix';

/** The rules of `node:path` for a style. */
export function pathRules(style: PathStyle): typeof posix {
  return style === 'win32' ? win32 : posix;
}

/** The absolute, normalised path of `path` as seen from the folder `cwd`; without a trailing separator. */
export function absolutePath(style: PathStyle, cwd: string, path: string): string {
  return pathRules(style).resolve(cwd, path);
}

/**
 * The absolute path by which the system finds the same file. On POSIX `..` is kept: behind a symbolic link it does not
 * lead back to where one came from. A name that is no text would not survive Bun's own rules for paths.
 */
export function absoluteFile(style: PathStyle, cwd: string, path: string): string {
  const isPlain = !path.includes('..') && !isRawName(path);
  if (style === 'win32' || isPlain) return absolutePath(style, cwd, path);
  return posix.isAbsolute(path) ? path : `${cwd}/${path}`;
}

/**
 * What two spellings of the same Windows path have in common: lower case and `\` throughout. POSIX paths stay as they
 * are. Letters without a pair of their own (the Kelvin sign, a dotted capital I) are not folded, as in NTFS: folding
 * them would make two files look like one.
 */
export function foldCase(style: PathStyle, path: string): string {
  if (style === 'posix') return path;
  const separated = path.includes('/') ? path.replaceAll('/', '\\') : path;
  // All of it is ASCII, as nearly every path is.
  if (/^[\0-\x7f]*$/.test(separated)) return separated.toLowerCase();
  return separated.replace(/./gu, foldLetter);
}

/** True if the absolute `path` is `folder` or lies anywhere below it. Both normalised. */
export function isInside(style: PathStyle, folder: string, path: string): boolean {
  return pathBelow(style, folder, path) !== undefined;
}

/** What follows `folder` in `path`, without the separator between them ('' if they are the same); else undefined. */
export function pathBelow(style: PathStyle, folder: string, path: string): string | undefined {
  const bare = withoutTrailingSeparator(style, folder);
  const head = path.slice(0, bare.length);
  if (head.length < bare.length) return undefined;
  if (head !== bare && foldCase(style, head) !== foldCase(style, bare)) return undefined;
  const rest = path.slice(bare.length);
  if (rest === '') return '';
  if (isSeparator(style, rest.charAt(0))) return rest.slice(1);
  // A bare root (`/`, `C:\`) keeps its separator.
  return isSeparator(style, bare.at(-1) ?? '') ? rest : undefined;
}

/** True for `/`, and for `\` on Windows. */
export function isSeparator(style: PathStyle, character: string): boolean {
  return character === '/' || (style === 'win32' && character === '\\');
}

/** True if the path ends in a separator and so can only name a folder. */
export function hasTrailingSeparator(style: PathStyle, path: string): boolean {
  return isSeparator(style, path.at(-1) ?? '');
}

/** Cuts separators off the end, except the one that makes a root (`/`, `C:\`). */
export function withoutTrailingSeparator(style: PathStyle, path: string): string {
  const rootLength = pathRules(style).parse(path).root.length;
  let end = path.length;
  while (end > rootLength && isSeparator(style, path.charAt(end - 1))) end -= 1;
  return path.slice(0, end);
}

/**
 * A Windows path without the prefix that keeps Windows from reading what follows: `C:\x` for `\\?\C:\x`,
 * `\\server\share` for `\\?\UNC\server\share`. What else may follow it (a volume, a device) keeps it.
 */
export function withoutVerbatimPrefix(path: string): string {
  return path.replace(VERBATIM_PREFIX, (_, share?: string) => (share ? '\\\\' : ''));
}
const VERBATIM_PREFIX = /^\\\\\?\\(?:UNC(\\)|(?=[a-z]:\\))/i;

/** True for `\\?\C:\a`: behind that prefix a slash is no separator, and `..` not the folder above, but a name. */
export function isVerbatim(style: PathStyle, path: string): boolean {
  return style === 'win32' && path.startsWith('\\\\?\\');
}

/** Values of a list variable such as PATH or CLCACHE_BASEDIR; empty ones do not count. */
export function splitList(value: string | undefined, separator: string | RegExp): string[] {
  return (value ?? '')
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function foldLetter(letter: string): string {
  const lower = letter.toLowerCase();
  return lower.length === letter.length && lower.toUpperCase() === letter ? lower : letter;
}
