/** Keys that sign entries, as machines have them. */
import assert from 'node:assert/strict';
import { newKeyPair, readKeys, type SigningKey } from '../../src/storage/wire/signing-keys.ts';

export interface TestKey {
  readonly signer: SigningKey;
  /** PEM. */
  readonly privateText: string;
  /** One word. */
  readonly publicText: string;
}

export function testKey(): TestKey {
  const { privateText, publicText } = newKeyPair();
  const [key] = readKeys(privateText);
  assert.ok(key?.kind === 'private');
  return { signer: key, privateText, publicText };
}
