/** What the user asked for cannot be done. The errors of locks and files have their own classes in util/. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
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
