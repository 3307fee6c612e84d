/**
 * The path rules of Windows and of POSIX as pure functions, so that Windows paths work (and are tested) on every
 * system.
 */
import { posix, win32 } from 'node:path';
import { isRawName } from './byte-name.ts';

export type PathStyle = 'win32' | 'posix';

/** The rules of `node:path` for a style. */
export function pathRules(style: PathStyle): typeof posix {
  return style === 'win32' ? win32 : posix;
}

/** The absolute, normalised path of `path` seen from the folder `cwd`, without a trailing separator. */
export function absolutePath(style: PathStyle, cwd: string, path: string): string {
  return pathRules(style).resolve(cwd, path);
}

/**
 * The absolute path by which the system finds the same file. On POSIX `..` is kept: behind a symbolic link it does not
 * lead back. A name that is not UTF-8 would not survive Bun's own path rules.
 */
export function absoluteFile(style: PathStyle, cwd: string, path: string): string {
  const isPlain = !path.includes('..') && !isRawName(path);
  if (style === 'win32' || isPlain) return absolutePath(style, cwd, path);
  return posix.isAbsolute(path) ? path : `${cwd}/${path}`;
}

/**
 * A common form for two spellings of one Windows path: small letters and `\`. POSIX paths stay unchanged. Letters
 * without a pair of their own (the Kelvin sign, a dotted capital I) are not changed, as in NTFS, because two files
 * would look like one.
 */
export function foldCase(style: PathStyle, path: string): string {
  if (style === 'posix') return path;
  const separated = path.includes('/') ? path.replaceAll('/', '\\') : path;
  // Nearly every path is ASCII.
  if (/^[\0-\x7f]*$/.test(separated)) return separated.toLowerCase();
  return separated.replace(/./gu, foldLetter);
}

/** True if the absolute `path` is `folder` or lies below it. Both are normalised. */
export function isInside(style: PathStyle, folder: string, path: string): boolean {
  return pathBelow(style, folder, path) !== undefined;
}

/** The part of `path` after `folder`, without the separator ('' if they are equal). Undefined if it is not below. */
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

/** True for `/`, and on Windows for `\`. */
export function isSeparator(style: PathStyle, character: string): boolean {
  return character === '/' || (style === 'win32' && character === '\\');
}

/** True if the path ends with a separator, so that it can only name a folder. */
export function hasTrailingSeparator(style: PathStyle, path: string): boolean {
  return isSeparator(style, path.at(-1) ?? '');
}

/** Removes trailing separators, except the one of a root (`/`, `C:\`). */
export function withoutTrailingSeparator(style: PathStyle, path: string): string {
  const rootLength = style === 'win32' ? win32.parse(path).root.length : Number(path.startsWith('/'));
  let end = path.length;
  while (end > rootLength && isSeparator(style, path.charAt(end - 1))) end -= 1;
  return path.slice(0, end);
}

/**
 * A Windows path without the prefix that stops Windows from interpreting the rest: `C:\x` for `\\?\C:\x`,
 * `\\server\share` for `\\?\UNC\server\share`. Before a volume or a device the prefix stays.
 */
export function withoutVerbatimPrefix(path: string): string {
  return path.replace(VERBATIM_PREFIX, (_, share?: string) => (share ? '\\\\' : ''));
}
const VERBATIM_PREFIX = /^\\\\\?\\(?:UNC(\\)|(?=[a-z]:\\))/i;

/** True for `\\?\C:\a`. Behind this prefix `/` and `..` are names and not separators and the folder above. */
export function isVerbatim(style: PathStyle, path: string): boolean {
  return style === 'win32' && path.startsWith('\\\\?\\');
}

/**
 * What separates the folders of INCLUDE, CPATH and the like. On POSIX, clang splits INCLUDE at `;` (`MSVC.cpp`) and CPATH
 * at `:`. Both count for both, because few folders have such a name.
 */
export function folderSeparator(style: PathStyle): string | RegExp {
  return style === 'win32' ? ';' : /[;:]/;
}

/** A path in two pieces: up to the last separator of either system, and what is behind it. */
export function inFolder(path: string): { readonly folder: string; readonly name: string } {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  return { folder: path.slice(0, end), name: path.slice(end) };
}

/** The folder of an absolute path, as the path spells it. */
export function folderAbove(style: PathStyle, path: string): string {
  const whole = hasTrailingSeparator(style, path) ? withoutTrailingSeparator(style, path) : path;
  const end = Math.max(whole.lastIndexOf('/'), style === 'win32' ? whole.lastIndexOf('\\') : -1);
  return withoutTrailingSeparator(style, whole.slice(0, end + 1));
}

/** The values of a list variable such as PATH or CLCACHE_BASEDIR, without empty ones. */
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
