import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { contentsDigest, digestOfContents, digestOfContentsOf } from '../../src/hash/contents-digest.ts';
import { digestOfBytes } from '../../src/hash/digest.ts';
import { CHUNK_SIZE } from '../../src/hash/file-chunks.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** Two whole pieces and a part of one, all of them different. */
const LARGE = Buffer.alloc(2.5 * CHUNK_SIZE);
for (let at = 0; at < LARGE.length; at += 4) LARGE.writeUInt32LE((at * 2654435761) >>> 0, at);

test('contents below a mebibyte have their SHA-256', () => {
  for (const size of [0, 1, CHUNK_SIZE - 1]) {
    assert.equal(digestOfContents(LARGE.subarray(0, size)), digestOfBytes(LARGE.subarray(0, size)));
  }
});

test('larger contents have the SHA-256 of the GMACs of their pieces, which OpenSSL computes as well', () => {
  // openssl mac -macopt cipher:AES-128-GCM -macopt hexkey:0…0 -macopt hexiv:0…0 -in PIECE GMAC
  const zeros = Buffer.alloc(CHUNK_SIZE);
  const gmac = Buffer.from('3b0ccb92dec4d92ae290977b9f6f09a0', 'hex');
  assert.equal(digestOfContents(zeros), createHash('sha256').update(gmac).digest('hex').slice(0, 40));
});

test('the digest of large contents changes with each byte, with the length and with the order of the pieces', () => {
  const digests = [digestOfContents(LARGE)];
  for (const at of [0, CHUNK_SIZE - 1, CHUNK_SIZE, 2 * CHUNK_SIZE + 5, LARGE.length - 1]) {
    const changed = Buffer.from(LARGE);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    digests.push(digestOfContents(changed));
  }
  digests.push(
    digestOfContents(LARGE.subarray(0, -1)),
    digestOfContents(Buffer.concat([LARGE, Buffer.alloc(1)])),
  );
  const [first, second] = [LARGE.subarray(0, CHUNK_SIZE), LARGE.subarray(CHUNK_SIZE, 2 * CHUNK_SIZE)];
  digests.push(
    digestOfContents(Buffer.concat([first, second])),
    digestOfContents(Buffer.concat([second, first])),
  );
  assert.equal(new Set(digests).size, digests.length);
});

test('contents in pieces have the digest of the whole', () => {
  const digest = contentsDigest();
  for (let at = 0; at < LARGE.length; at += CHUNK_SIZE) digest.update(LARGE.subarray(at, at + CHUNK_SIZE));
  assert.equal(digest.finish(), digestOfContents(LARGE));
});

test('a file has the digest of its contents, and one that cannot be read has none', (t) => {
  const folder = temporaryFolder(t);
  for (const size of [0, 5, CHUNK_SIZE, LARGE.length]) {
    writeFileSync(`${folder}/file`, LARGE.subarray(0, size));
    assert.equal(digestOfContentsOf(`${folder}/file`), digestOfContents(LARGE.subarray(0, size)));
  }
  assert.equal(digestOfContentsOf(`${folder}/missing`), undefined);
  assert.equal(digestOfContentsOf(folder), undefined);
});
