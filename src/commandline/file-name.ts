/** Parts of file names by the rules of a given system, whatever system this runs on. */
import { isSeparator, type PathStyle, withoutVerbatimPrefix } from '../util/paths.ts';

/** The text after the last separator (or after a drive's colon). */
export function baseName(path: string, style: PathStyle): string {
  return path.slice(baseStart(path, style));
}

/** The text after the last dot of the base name. '' without a dot. In `.x` everything is suffix, as for LLVM and cl. */
export function suffixOf(path: string, style: PathStyle): string {
  const start = baseStart(path, style);
  const dot = path.lastIndexOf('.');
  return dot < start ? '' : path.slice(dot + 1);
}

/** True if the base name has a dot. */
export function hasSuffix(path: string, style: PathStyle): boolean {
  return path.lastIndexOf('.') >= baseStart(path, style);
}

/** `path` with `suffix` (without a dot) in place of its own suffix. */
export function withSuffix(path: string, suffix: string, style: PathStyle): string {
  const stem = hasSuffix(path, style) ? path.slice(0, path.lastIndexOf('.')) : path;
  return `${stem}.${suffix}`;
}

/**
 * True for names that Windows reserves for devices, with any suffix and in any folder, and for paths in `\\.\`. On
 * POSIX, for paths in `/dev`.
 */
export function isDevice(path: string, style: PathStyle): boolean {
  if (style === 'posix') return path.startsWith('/dev/');
  if (/^[\\/]{2}[.?][\\/]/.test(withoutVerbatimPrefix(path))) return true;
  return /^(?:nul|con|aux|prn|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ ]*(?:[.:]|$)/i.test(
    baseName(path, style),
  );
}

function baseStart(path: string, style: PathStyle): number {
  let at = path.length;
  while (at > 0 && !isSeparator(style, path.charAt(at - 1))) at -= 1;
  if (style === 'win32' && at === 0 && path.charAt(1) === ':') return 2;
  return at;
}
