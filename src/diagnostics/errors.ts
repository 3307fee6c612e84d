/** What can go wrong in the cache; each ends in "run the compiler" at one place, which counts it by its code. */
export type ErrorCode =
  /** An entry or manifest that does not verify. */
  | 'DAMAGED_ENTRY'
  /** A format number that is not ours. */
  | 'OTHER_FORMAT'
  /** A value on the command line of clcache itself. */
  | 'USAGE'
  /** The compiler was not found. */
  | 'NO_COMPILER'
  /** The compiler could not be started, or ended by a signal. */
  | 'COMPILER_NOT_RUN';

/** An error of ours. The codes of locks (`LOCK_TIMEOUT`) and JSON files (`BROKEN_JSON`) belong to their own classes in util/. */
export class ClcacheError extends Error {
  override readonly name = 'ClcacheError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** One line for a message or trace: what happened, and what caused that. */
export function describeError(error: unknown): string {
  const lines: string[] = [];
  for (let each: unknown = error; each !== undefined && lines.length < 5; ) {
    lines.push((each instanceof Error ? each.message : String(each)).replaceAll(/\s*\r?\n\s*/g, ' '));
    each = each instanceof Error ? each.cause : undefined;
  }
  return lines.join(': ');
}

/** `ENOENT: no such file or directory, open '/a/b'`: what the system says, and of what. */
const SYSTEM_MESSAGE = /^[A-Z][A-Z0-9]*: (?<reason>[^,]+), \w+/;

/** As `describeError`, without the file that a system error names: for a user who gave another name. */
export function reasonOf(error: unknown): string {
  const text = describeError(error);
  return SYSTEM_MESSAGE.exec(text)?.groups?.['reason'] ?? text;
}
