/** Parses the values of variables. */
import type { LogTarget } from '../diagnostics/trace.ts';
import { splitList } from '../util/paths.ts';
import type { VariableName } from './variables.ts';

/** How a compiler is identified: by its contents, by times and sizes of its files, or by a text that the user gives. */
export type CompilerCheck =
  | { readonly kind: 'mtime' }
  | { readonly kind: 'content' }
  | { readonly kind: 'string'; readonly value: string };

const OFF_WORDS: ReadonlySet<string> = new Set(['', '0', 'false', 'no', 'off']);
const ON_WORDS: ReadonlySet<string> = new Set(['true', 'yes', 'on']);

/** A switch is on if it is set, as in the Python clcache, except for the words that mean off. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !OFF_WORDS.has(value.trim().toLowerCase());
}

/** True for words that mean on or off, and for numbers. */
export function saysOnOrOff(value: string): boolean {
  const word = value.trim().toLowerCase();
  return OFF_WORDS.has(word) || ON_WORDS.has(word) || /^\d+$/.test(word);
}

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

/** A whole number from 0 up. Undefined for every other text, with a line in `problems`. */
export function wholeNumber(
  name: VariableName,
  value: string | undefined,
  problems: string[],
): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\+?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  problems.push(`${name} is not a whole number: '${value}'; using the default`);
  return undefined;
}

/**
 * The options that a project declares safe. A `*` may follow two or more letters of a name. A word that is not an
 * option is left out, with a line in `problems`.
 */
export function safeOptions(value: string | undefined, problems: string[]): readonly string[] {
  return splitList(value, /[\s;]+/).filter((entry) => {
    if (/^[-/](?:[^*]+|(?:clang:-|Xclang=-|mllvm=-)?(?!clang|Xclang|mllvm)[^*]{2,}\*)$/.test(entry))
      return true;
    problems.push(`CLCACHE_SAFE_OPTIONS: '${entry}' is neither an option nor the beginning of one; left out`);
    return false;
  });
}

/** A word for "on", or a number, means stderr. A word for "off" means no log. Everything else is the name of a file. */
export function logTarget(value: string | undefined, absolute: (path: string) => string): LogTarget {
  if (value === undefined || !isOn(value)) return { kind: 'off' };
  if (ON_WORDS.has(value.toLowerCase()) || /^\d+$/.test(value)) return { kind: 'stderr' };
  return { kind: 'file', path: absolute(value) };
}

/** `content`, `mtime` or `string:TEXT`. */
export function compilerCheck(value: string | undefined, problems: string[]): CompilerCheck {
  const [, kind, text] = /^(mtime|content|string)(?::(.*))?$/s.exec(value ?? 'content') ?? [];
  if (kind === 'string' && text !== undefined) return { kind, value: text };
  if ((kind === 'mtime' || kind === 'content') && text === undefined) return { kind };
  problems.push(`CLCACHE_COMPILER_CHECK is none of content, mtime, string:TEXT: '${value}'; using content`);
  return { kind: 'content' };
}
