/** Names that nobody can foretell, so that nothing lies ready under them. */

const bun: unknown = Reflect.get(globalThis, 'Bun');

/** 16 hexadecimal digits. */
export function randomDigits(): string {
  // `crypto` is a part of Bun; on Node it takes 2 ms to load, and the older module is loaded for hashes in any case.
  if (bun === undefined) return process.getBuiltinModule('node:crypto').randomBytes(8).toString('hex');
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex');
}

/** The end of every name that is there for the moment only. */
export const TEMPORARY_SUFFIX = '.tmp';

/** A name beside a path that no other process uses: for what is to be moved there, or away from there. */
export function temporarySibling(path: string): string {
  return `${path}.${randomDigits()}${TEMPORARY_SUFFIX}`;
}
