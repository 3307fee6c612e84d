/**
 * The failures of the cache. Each of them ends in one place, which runs the compiler and counts the failure by its
 * code.
 */
export type ErrorCode =
  /** An entry or manifest that does not verify. */
  | 'DAMAGED_ENTRY'
  /** An unknown format number. */
  | 'OTHER_FORMAT'
  /** A bad value of an own option. */
  | 'USAGE'
  /** The compiler was not found. */
  | 'NO_COMPILER'
  /** The compiler could not be started, or a signal ended it. */
  | 'COMPILER_NOT_RUN';

/** A failure of the cache. The errors of locks and JSON files have their own classes in util/. */
export class ClcacheError extends Error {
  override readonly name = 'ClcacheError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** One line for a message or the log: what happened, and its cause. */
export function describeError(error: unknown): string {
  const lines: string[] = [];
  for (let each: unknown = error; each !== undefined && lines.length < 5; ) {
    lines.push((each instanceof Error ? each.message : String(each)).replaceAll(/\s*\r?\n\s*/g, ' '));
    each = each instanceof Error ? each.cause : undefined;
  }
  return lines.join(': ');
}

/** `ENOENT: no such file or directory, open '/a/b'`: the system's reason and the file. */
const SYSTEM_MESSAGE = /^[A-Z][A-Z0-9]*: (?<reason>[^,]+), \w+/;

/** As `describeError`, but without the file of a system error, because the user gave another name. */
export function reasonOf(error: unknown): string {
  const text = describeError(error);
  return SYSTEM_MESSAGE.exec(text)?.groups?.['reason'] ?? text;
}
