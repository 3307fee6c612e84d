/** Makes random names, so that nobody can prepare a file or link under them. */

const bun: unknown = Reflect.get(globalThis, 'Bun');

/** 16 hexadecimal digits. */
export function randomDigits(): string {
  // `crypto` is built into Bun. On Node.js it takes 2 ms to load, and the older module is loaded for hashes anyway.
  if (bun === undefined) return process.getBuiltinModule('node:crypto').randomBytes(8).toString('hex');
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex');
}

/** The ending of every temporary name. */
export const TEMPORARY_SUFFIX = '.tmp';

/** A name beside a path that no other process uses, for renaming a file to the path or away from it. */
export function temporarySibling(path: string): string {
  return `${path}.${randomDigits()}${TEMPORARY_SUFFIX}`;
}
