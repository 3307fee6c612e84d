import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { digestOfBytes, digestOfParts, incrementalDigest } from '../../src/hash/digest.ts';

test('a digest is the first 160 bits of SHA-256 in hexadecimal with small letters', () => {
  const bytes = Buffer.from('int main() {}\n');
  assert.equal(digestOfBytes(bytes), createHash('sha256').update(bytes).digest('hex').slice(0, 40));
  assert.match(digestOfBytes(new Uint8Array()), /^[0-9a-f]{40}$/);
});

test('bytes in pieces have the digest of the whole', () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
  const digest = incrementalDigest();
  for (let at = 0; at < bytes.length; at += 7) digest.update(bytes.subarray(at, at + 7));
  assert.equal(digest.finish(), digestOfBytes(bytes));
});

test('only the bytes of a view count, not those of the buffer behind it', () => {
  const whole = Buffer.from('xxabcxx');
  assert.equal(digestOfBytes(whole.subarray(2, 5)), digestOfBytes(Buffer.from('abc')));
});

test('two lists of parts with the same joined text have different digests', () => {
  const lists = [
    ['ab', 'c'],
    ['a', 'bc'],
    ['abc'],
    ['abc', ''],
    ['', 'abc'],
    ['1:a', 'bc'],
    ['a', '1:b', 'c'],
    ['a1:bc'],
    [],
  ];
  assert.equal(new Set(lists.map(digestOfParts)).size, lists.length);
});

test('the length of a part counts in bytes, so that no other list has the same digest', () => {
  assert.notEqual(digestOfParts(['ä', 'b']), digestOfParts(['ä1:b']));
  assert.notEqual(digestOfParts(['ä']), digestOfParts(['a']));
});
