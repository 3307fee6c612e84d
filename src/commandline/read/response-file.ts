/** `@file` arguments: their bytes as text, and the arguments in them. */

import { type PathStyle, pathRules } from '../../util/paths.ts';
import type { CommandLineHost } from '../compile-call.ts';
import { factsOf } from '../family.ts';
import { takesNextArgument } from '../options/lookup.ts';
import { isUnclear, type Token, tokenizeLines } from './tokenizer.ts';

/** The bytes of a file. Undefined if it cannot be read. */
export type ReadFile = (absolutePath: string) => Uint8Array | undefined;

/** The arguments, or the reason why only the compiler can read the line. */
export type Expansion =
  | { readonly kind: 'expanded'; readonly arguments: readonly string[] }
  | { readonly kind: 'passThrough'; readonly because: string };

type ExpansionHost = Pick<CommandLineHost, 'family' | 'clangVersion' | 'style' | 'workingDirectory'>;

const DEEPEST = 10;

/**
 * Replaces each `@file` by the arguments in it, nested files too (cl 19.51 and clang-cl 14 both expand them). Paths are
 * relative to the working folder of the process, also inside a file. cl does not expand an `@x` that is the value of
 * the option before it. clang-cl expands before it reads options. For both, an option ends with its line.
 */
export function expandResponseFiles(
  args: readonly string[],
  host: ExpansionHost,
  readFile: ReadFile,
): Expansion {
  if (!args.some((argument) => argument.startsWith('@'))) return { kind: 'expanded', arguments: args };
  const expanded: string[] = [];
  const because = appendExpanded(
    args.map((text) => ({ text, isDubious: false, isUnterminated: false, endsLine: false })),
    { host, readFile, expanded, seen: { optionsEnd: false }, open: [] },
  );
  return because === undefined ? { kind: 'expanded', arguments: expanded } : { kind: 'passThrough', because };
}

/**
 * The text of a response file: by its byte order mark UTF-8, UTF-16 or UTF-32, without one UTF-8 if it is valid, else
 * the ANSI code page (assumed to be windows-1252; POSIX has none). Undefined if the bytes are not valid.
 */
export function decodeResponseFile(bytes: Uint8Array, style: PathStyle = 'win32'): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeUtf8(bytes.subarray(3));
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return decodeUtf32(bytes.subarray(4), true);
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return decodeUtf32(bytes.subarray(4), false);
  if (a === 0xff && b === 0xfe) return decodeUtf16(bytes.subarray(2), true);
  if (a === 0xfe && b === 0xff) return decodeUtf16(bytes.subarray(2), false);
  return decodeUtf8(bytes) ?? (style === 'win32' ? decodeAnsi(bytes) : undefined);
}

interface Progress {
  readonly host: ExpansionHost;
  readonly readFile: ReadFile;
  readonly expanded: string[];
  /** Whether `expanded` has a `--`. Searching it at the end of each line took 40 s for 50,000 lines. */
  readonly seen: { optionsEnd: boolean };
  /** The files that are being read, from the outermost to the innermost. */
  readonly open: readonly string[];
}

/** Appends to `expanded`. Returns the reason if only the compiler can read the line. */
function appendExpanded(tokens: readonly Token[], progress: Progress): string | undefined {
  const { host, expanded, seen } = progress;
  const facts = factsOf(host);
  for (const token of tokens) {
    if (isUnclear(token, facts)) return `a quoted argument has no end on its line: ${token.text}`;
    const isValue = !facts.expandsFilesFirst && takesNextArgument(host, expanded.at(-1));
    if (token.text.startsWith('@') && token.text.length > 1 && !isValue) {
      const because = appendFile(token.text.slice(1), progress);
      if (because !== undefined) return because;
      continue;
    }
    expanded.push(token.text);
    seen.optionsEnd ||= token.text === '--';
    if (!token.endsLine) continue;
    // A file is read line by line, so the next line's first word is not this option's value.
    if (!isValue && takesNextArgument(host, token.text)) {
      return `${token.text} lacks its value at the end of a line`;
    }
    // `--` only turns the rest of its line into names.
    if (facts.hasOptionsEnd && seen.optionsEnd) {
      return 'a line of a response file ends behind --';
    }
  }
  return undefined;
}

function appendFile(name: string, progress: Progress): string | undefined {
  const { host, readFile, open } = progress;
  const path = pathRules(host.style).resolve(host.workingDirectory, name);
  if (open.includes(path)) return `response file @${name} contains itself`;
  if (open.length >= DEEPEST) return `response file @${name} is nested more than ${DEEPEST} deep`;
  const bytes = readFile(path);
  if (!bytes) return `response file @${name} cannot be read`;
  const text = decodeResponseFile(bytes, host.style);
  if (text === undefined) return `response file @${name} is not valid in its encoding`;
  if (text.includes('\0')) return `response file @${name} contains a NUL`;
  if (factsOf(host).unclearBlanks.test(text))
    return `response file @${name} has a control character for a blank`;
  return appendExpanded(tokenizeLines(text), { ...progress, open: [...open, path] });
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  // U+FFFD marks what could not be decoded, unless the text contains it anyway.
  if (!text.includes('\ufffd')) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeUtf16(bytes: Uint8Array, isLittleEndian: boolean): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  const buffer = Buffer.from(bytes);
  return (isLittleEndian ? buffer : buffer.swap16()).toString('utf16le');
}

function decodeUtf32(bytes: Uint8Array, isLittleEndian: boolean): string | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const codePoint = view.getUint32(at, isLittleEndian);
    if (codePoint > 0x10ffff) return undefined;
    text += String.fromCodePoint(codePoint);
  }
  return text;
}

function decodeAnsi(bytes: Uint8Array): string {
  try {
    return new TextDecoder('windows-1252').decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}
