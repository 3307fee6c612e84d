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
  const { privateText: word, publicText } = newKeyPair();
  const [key] = readKeys(word);
  assert.ok(key?.kind === 'private');
  const privateText = String(key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { signer: key, privateText, publicText };
}
