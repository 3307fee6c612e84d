/** JSON as it is stored. The only importer of fast-json-stable-stringify. */
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

/** JSON with sorted keys and without blanks, so that equal values give equal bytes. */
export function stableStringify(value: unknown): string {
  return stringify(value);
}

/** The most elements of a text. An empty array of three bytes takes up to a hundred bytes of memory. */
const MAXIMUM_ELEMENTS = 1_000_000;

/** True if `parseJson` accepts the text. For writers of texts that may be long. */
export function isParsable(text: string): boolean {
  if (text.length <= MAXIMUM_ELEMENTS) return true;
  let elements = 0;
  // Text in quotes is counted as well. That does no harm, because real texts have far fewer elements.
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === BRACKET || code === BRACE) elements += 1;
    if (elements > MAXIMUM_ELEMENTS) return false;
  }
  return true;
}
const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

/** The value of a JSON text from any source. Undefined if it is not JSON, or has more than a million elements. */
export function parseJson(text: string): unknown {
  if (!isParsable(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The value in a JSON file. Undefined if there is no such file. Throws a `BrokenJsonError` if it is not JSON, not an
 * ordinary file, or larger than `maximumSize` bytes, and system errors.
 */
export function readJsonFile(path: string, maximumSize: number): unknown {
  let text: string;
  try {
    text = readOwnText(path, maximumSize);
  } catch (error) {
    // A path below a file does not exist either.
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    if (error instanceof UnfitFileError) throw new BrokenJsonError(path, error);
    throw error;
  }
  const value = parseJson(text);
  if (value === undefined) throw new BrokenJsonError(path);
  return value;
}

/** True for a JSON object (not an array, not null). */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
