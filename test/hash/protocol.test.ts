import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOfBytes } from '../../src/hash/digest.ts';
import {
  decodeAnswer,
  decodeRequest,
  encodeDigests,
  encodeRefusal,
  encodeRequest,
  LONGEST_REQUEST_BYTES,
} from '../../src/hash/protocol.ts';

const ONE = digestOfBytes(Buffer.from('one'));
const TWO = digestOfBytes(Buffer.from('two'));

test('a request has paths between line feeds and a NUL at the end, as in the Python clcache', () => {
  const request = encodeRequest([{ path: '/a b.h' }, { path: '/ü.h' }]);
  assert.equal(String(request), '/a b.h\n/ü.h\0');
  assert.deepEqual(decodeRequest(Buffer.from('C:\\a.h\nC:\\b.h\0')), [
    { path: 'C:\\a.h' },
    { path: 'C:\\b.h' },
  ]);
});

test('a signature is sent beside its path', () => {
  const files = [{ path: '/a.h', signature: '1 2.5 3 4' }, { path: '/b.h' }];
  assert.deepEqual(decodeRequest(encodeRequest(files) ?? Buffer.alloc(0)), files);
});

test('a request without its end is incomplete', () => {
  assert.equal(decodeRequest(Buffer.from('/a.h\n/b')), undefined);
});

test('a path that the protocol cannot carry is not sent', () => {
  for (const path of ['/a\nb.h', '/a\tb.h', '/a\0b.h', '/a\rb.h'])
    assert.equal(encodeRequest([{ path }]), undefined);
  assert.equal(encodeRequest([{ path: 'x'.repeat(LONGEST_REQUEST_BYTES) }]), undefined);
  assert.equal(encodeRequest(Array.from({ length: 20_001 }, () => ({ path: '/a' }))), undefined);
});

test('an answer holds the hashes in the order of the files', () => {
  assert.deepEqual(decodeAnswer(encodeDigests([ONE, TWO]), 2), { kind: 'digests', digests: [ONE, TWO] });
});

test('a refusal is a message, not hashes', () => {
  assert.deepEqual(decodeAnswer(encodeRefusal('no such file'), 1), {
    kind: 'refused',
    because: 'no such file',
  });
});

for (const [what, received] of Object.entries({
  'nothing at all': '',
  'only the end': '\0',
  'a hash without the end': ONE,
  'the half of it': `${ONE.slice(0, 20)}\0`,
  'too few': `${ONE}\0`,
  'too many': `${ONE}\n${TWO}\n${ONE}\0`,
  'an empty line': `${ONE}\n\0`,
  'MD5, as the Python clcache’s': `${ONE.slice(8)}\n${TWO.slice(8)}\0`,
  'capital digits': `${ONE.toUpperCase()}\n${TWO}\0`,
  'a message behind a hash': `${ONE}\n!error\0`,
  'two answers': `${ONE}\n${TWO}\0${ONE}\n${TWO}\0`,
})) {
  test(`an answer to two files is not used if it is ${what}`, () => {
    assert.equal(decodeAnswer(Buffer.from(received), 2).kind, 'unusable');
  });
}
