import { bunWith } from './bun.ts';

/** A SHA-256 in the making. */
export interface Hasher {
  update(data: string | Uint8Array): unknown;
  digest(encoding: 'hex'): string;
}

/** Bun's own hasher needs no module. `node:crypto` takes 2.5 to 4 ms for the first `require` there. */
const bun = bunWith<{ CryptoHasher: new (algorithm: string) => Hasher }>();

/** Begins a SHA-256. */
export function newHasher(): Hasher {
  return bun ? new bun.CryptoHasher('sha256') : process.getBuiltinModule('node:crypto').createHash('sha256');
}
