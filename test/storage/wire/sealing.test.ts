import assert from 'node:assert/strict';
import { createHash, sign } from 'node:crypto';
import { test } from 'node:test';
import type { Digest } from '../../../src/hash/digest.ts';
import type { RemoteKey } from '../../../src/storage/remote/remote.ts';
import { keyOfEnvelope, openEnvelope, sealEnvelope } from '../../../src/storage/wire/envelope.ts';
import { maySend, type Sealing } from '../../../src/storage/wire/sealing.ts';
import { testKey } from '../../helpers/signing.ts';

const DIGEST = 'a'.repeat(40) as Digest;
const KEY: RemoteKey = `v1/o/${DIGEST}`;
const BODY = Buffer.from('some contents of an object');
/** Of `seal` in an envelope, and of the proofs behind it. */
const [SEAL, PROOFS] = [5, 6];

const ours = testKey().signer;
const theirs = testKey().signer;
const secret = 'between us';
const SEALINGS: Readonly<Record<string, Sealing>> = {
  checksum: {},
  secret: { secret },
  signature: { signer: ours, trusted: [ours] },
  both: { secret, signer: ours, trusted: [ours] },
};
/** What a machine without the private key has. */
const READERS: Readonly<Record<string, Sealing>> = {
  ...SEALINGS,
  signature: { trusted: [ours] },
  both: { secret, trusted: [ours] },
};

function whyRefused(blob: Uint8Array, sealing: Sealing, key: RemoteKey = KEY): string {
  const opened = openEnvelope(key, blob, { sealing, maximumSize: 1000 });
  return opened.kind === 'refused' ? opened.because : 'it opens';
}

test('a reader accepts what has every proof that it can verify, and nothing else', () => {
  const accepted = Object.entries(READERS).map(([reader, sealing]) => [
    reader,
    Object.keys(SEALINGS).filter(
      (writer) => whyRefused(sealEnvelope(KEY, BODY, SEALINGS[writer] ?? {}), sealing) === 'it opens',
    ),
  ]);
  assert.deepEqual(Object.fromEntries(accepted), {
    checksum: ['checksum'],
    secret: ['secret', 'both'],
    signature: ['signature', 'both'],
    both: ['both'],
  });
});

test('a reader says why it refuses: unsigned, another key, another secret, no means to verify', () => {
  const by = (sealing: Sealing) => sealEnvelope(KEY, BODY, sealing);
  const readerOfOurs = { trusted: [ours] };
  assert.match(whyRefused(by({}), readerOfOurs), /not signed with a key/);
  assert.match(whyRefused(by({ secret }), readerOfOurs), /not signed with a key/);
  assert.match(
    whyRefused(by({ signer: theirs, trusted: [theirs] }), readerOfOurs),
    new RegExp(`another key \\(${theirs.id.toString('hex')}\\)`),
  );
  assert.match(whyRefused(by({ signer: ours }), {}), /CLCACHE_REMOTE_TRUST is not set/);
  assert.match(whyRefused(by({ signer: ours }), { secret }), /not signed with CLCACHE_REMOTE_SECRET/);
  const otherSecret = by({ secret: 'other', signer: ours });
  assert.match(whyRefused(otherSecret, { secret, ...readerOfOurs }), /another secret/);
});

test('every bit of a signed envelope counts, and so does each byte of its length', () => {
  for (const [writer, reader] of [
    ['signature', 'signature'],
    ['both', 'both'],
  ] as const) {
    const blob = sealEnvelope(KEY, BODY, SEALINGS[writer] ?? {});
    for (let bit = 0; bit < 8 * blob.length; bit += 1) {
      const changed = Buffer.from(blob);
      changed.writeUInt8((changed[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
      assert.notEqual(whyRefused(changed, READERS[reader] ?? {}), 'it opens', `${writer}, bit ${bit}`);
    }
    for (let length = 0; length < blob.length; length += 1)
      assert.notEqual(whyRefused(blob.subarray(0, length), READERS[reader] ?? {}), 'it opens');
    assert.notEqual(whyRefused(Buffer.concat([blob, Buffer.of(0)]), READERS[reader] ?? {}), 'it opens');
  }
});

test('a signed entry is refused under another key, another kind and another number of the format', () => {
  const blob = sealEnvelope(KEY, BODY, { signer: ours });
  for (const key of [`v1/o/${'b'.repeat(40)}`, `v1/m/${DIGEST}`, `v2/o/${DIGEST}`, `v1/p/${DIGEST}`] as const)
    assert.match(whyRefused(blob, { trusted: [ours] }, key), /another key/);
  const older = Buffer.from(blob);
  older.writeUInt8(0, 4);
  assert.match(whyRefused(older, { trusted: [ours] }), /another format/);
});

test('a proof of one kind cannot be passed off as another', () => {
  const reader = { trusted: [ours] };
  const signed = Buffer.from(sealEnvelope(KEY, BODY, { signer: ours }));
  const rest = signed.subarray(PROOFS + 72);
  const head = (seal: number) => Buffer.concat([signed.subarray(0, SEAL), Buffer.of(seal)]);
  const sum = (seal: number) => createHash('sha256').update(head(seal)).update(rest).digest();
  // A checksum, or one with the signature of another envelope in its place.
  const forged = [
    [head(0), sum(0), rest],
    [head(2), sum(2), rest],
    [head(2), signed.subarray(PROOFS, PROOFS + 72), Buffer.from('other'), rest],
    [head(3), signed.subarray(PROOFS, PROOFS + 72), sum(3), rest],
    [head(7), signed.subarray(PROOFS)],
    // Signatures of the same key for something that is no envelope: the sum alone, and the bytes themselves.
    [head(2), ours.id, sign(null, sum(2), ours.privateKey), rest],
    [head(2), ours.id, sign(null, Buffer.concat([head(2), rest]), ours.privateKey), rest],
    // Another key under the name of a trusted one.
    [head(2), ours.id, sign(null, sum(2), theirs.privateKey), rest],
  ];
  for (const [index, parts] of forged.entries())
    assert.notEqual(whyRefused(Buffer.concat(parts), reader), 'it opens', `forgery ${index}`);
  assert.equal(whyRefused(signed, reader), 'it opens');
});

test('with several trusted keys each one counts, and none that was taken out', () => {
  const blobs = [ours, theirs].map((signer) => sealEnvelope(KEY, BODY, { signer }));
  for (const blob of blobs) assert.equal(whyRefused(blob, { trusted: [ours, theirs] }), 'it opens');
  assert.deepEqual(
    blobs.map((blob) => whyRefused(blob, { trusted: [theirs] }) === 'it opens'),
    [false, true],
  );
  assert.notEqual(whyRefused(blobs[0] ?? Buffer.of(), { trusted: [] }), 'it opens');
});

test('the key that an envelope claims is found behind proofs of every kind', () => {
  for (const sealing of Object.values(SEALINGS)) {
    const blob = sealEnvelope(KEY, BODY, sealing);
    assert.equal(keyOfEnvelope(blob), KEY);
    for (let length = 0; length < 60; length += 1)
      assert.equal(keyOfEnvelope(blob.subarray(0, length)), undefined);
  }
});

test('who trusts signers and is none sends nothing', () => {
  assert.deepEqual(
    [{}, { secret }, { trusted: [ours] }, { secret, trusted: [ours] }, { signer: ours, trusted: [ours] }].map(
      maySend,
    ),
    [true, true, false, false, true],
  );
});
