import { IS_BUN } from './bun.ts';

/** 16 hexadecimal digits that nobody can guess. */
export function randomDigits(): string {
  // `crypto` is built into Bun. On Node.js it takes 2 ms to load, and the older module is loaded for hashes anyway.
  if (!IS_BUN) return process.getBuiltinModule('node:crypto').randomBytes(8).toString('hex');
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex');
}
