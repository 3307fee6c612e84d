/** JSON as we store it. The only importer of fast-json-stable-stringify. */
import { readFileSync } from 'node:fs';
import stringify from 'fast-json-stable-stringify';
import { errorCode, retryWhileBusy } from './busy-retry.ts';

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

/**
 * The value in a JSON file, undefined if there is no such file. Throws a `BrokenJsonError` if it is not JSON, and
 * system errors as they are.
 */
export function readJsonFile(path: string): unknown {
  let text: string;
  try {
    text = retryWhileBusy(() => readFileSync(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new BrokenJsonError(path, error);
  }
}

/** True for a JSON object (no array, no null). */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
