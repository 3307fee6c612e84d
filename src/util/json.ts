/** JSON as we store it. The only importer of fast-json-stable-stringify. */
import stringify from 'fast-json-stable-stringify';
import { errorCode } from './busy-retry.ts';
import { readOwnText, UnfitFileError } from './own-file.ts';

/** A file that should hold JSON and does not. */
export class BrokenJsonError extends Error {
  override readonly name = 'BrokenJsonError';
  readonly code = 'BROKEN_JSON';
  readonly path: string;

  constructor(path: string, cause?: unknown) {
    super(`${path} was broken`, { cause });
    this.path = path;
  }
}

/** JSON with sorted keys and no blanks: equal values give equal bytes. */
export function stableStringify(value: unknown): string {
  return stringify(value);
}

/** What a text may hold: an empty array of three bytes takes up to a hundred in memory. */
const MAXIMUM_ELEMENTS = 1_000_000;

/** True for a text that `parseJson` takes. To be asked by whoever writes one that may be long. */
export function isParsable(text: string): boolean {
  if (text.length <= MAXIMUM_ELEMENTS) return true;
  let elements = 0;
  // What stands in quotes is counted too, which does no harm: there is far less of it than is allowed.
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === BRACKET || code === BRACE) elements += 1;
    if (elements > MAXIMUM_ELEMENTS) return false;
  }
  return true;
}
const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

/** The value of a JSON text from wherever; undefined if it is none, or holds more than a million elements. */
export function parseJson(text: string): unknown {
  if (!isParsable(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The value in a JSON file of ours, undefined if there is no such file. Throws a `BrokenJsonError` if it is not JSON, no
 * ordinary file, or larger than `maximumSize` bytes, and system errors as they are.
 */
export function readJsonFile(path: string, maximumSize: number): unknown {
  let text: string;
  try {
    text = readOwnText(path, maximumSize);
  } catch (error) {
    // Below a file there is none either.
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    if (error instanceof UnfitFileError) throw new BrokenJsonError(path, error);
    throw error;
  }
  const value = parseJson(text);
  if (value === undefined) throw new BrokenJsonError(path);
  return value;
}

/** True for a JSON object (no array, no null). */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
