import { decodeName } from '../util/byte-name.ts';
import { CLASS_OF, DIGIT } from './characters.ts';

const QUOTE = 0x22;

/**
 * The files that line markers name (`# 1 "a.h" 3`, `#line 1 "a.h"`), each once, as spelled in the quotes. Every line
 * that looks like a marker counts, also in a raw string.
 */
export function filesOfLineMarkers(text: Buffer): string[] {
  const files = new Set<string>();
  for (const at of linesOf(text)) {
    const name = fileOfMarker(text, at);
    if (name !== undefined) files.add(name);
  }
  return [...new Set(Array.from(files, unescaped))];
}

/** The text without the lines that look like markers. */
export function withoutLineMarkers(text: Buffer): Buffer {
  const kept: Buffer[] = [];
  let from = 0;
  for (const at of linesOf(text)) {
    if (fileOfMarker(text, at) === undefined) continue;
    kept.push(text.subarray(from, at));
    from = behindLine(text, at);
  }
  kept.push(text.subarray(from));
  return Buffer.concat(kept);
}

/** The beginning of each line. */
function* linesOf(text: Buffer): Generator<number> {
  for (let at = 0; at < text.length; at = behindLine(text, at)) yield at;
}

function behindLine(text: Buffer, at: number): number {
  const end = text.indexOf(0x0a, at);
  return end < 0 ? text.length : end + 1;
}

/** As Latin-1, so that only new names are decoded. */
function fileOfMarker(text: Buffer, from: number): string | undefined {
  let at = behindBlanks(text, from);
  if (text[at] !== 0x23) return undefined;
  at = behindBlanks(text, at + 1);
  if (text.toString('latin1', at, at + 4) === 'line') at = behindBlanks(text, at + 4);
  if (CLASS_OF[text[at] ?? 0] !== DIGIT) return undefined;
  while (CLASS_OF[text[at] ?? 0] === DIGIT) at++;
  at = behindBlanks(text, at);
  if (text[at] !== QUOTE) return undefined;
  let end = at + 1;
  while (end < text.length && text[end] !== QUOTE && text[end] !== 0x0a) end += text[end] === 0x5c ? 2 : 1;
  return text[end] === QUOTE ? text.toString('latin1', at + 1, end) : undefined;
}

function behindBlanks(text: Buffer, from: number): number {
  let at = from;
  while (text[at] === 0x20 || text[at] === 0x09) at++;
  return at;
}

/** clang writes letters that are not ASCII as octal numbers (`\\303\\244`). */
function unescaped(name: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < name.length; at++) {
    const octal = name[at] === '\\' ? Number.parseInt(octalAt(name, at + 1), 8) : Number.NaN;
    if (!Number.isNaN(octal)) {
      bytes.push(octal & 0xff);
      at += 3;
      continue;
    }
    if (name[at] === '\\') at++;
    if (at < name.length) bytes.push(name.charCodeAt(at));
  }
  return decodeName(Buffer.from(bytes));
}

/** Three digits, or nothing. */
function octalAt(name: string, at: number): string {
  const digits = name.slice(at, at + 3);
  return digits.length === 3 && Array.from(digits).every((digit) => digit >= '0' && digit <= '7')
    ? digits
    : '';
}
