import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeName, isRawName, systemName } from '../../src/util/byte-name.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const NAMES: readonly (readonly [title: string, bytes: Buffer, isRaw: boolean])[] = [
  ['ASCII', Buffer.from('h.h'), false],
  ['UTF-8 of two to four bytes', Buffer.from('é€😀.h'), false],
  ['the letter for what cannot be decoded', Buffer.from('\ufffd.h'), false],
  ['a byte of Latin-1', Buffer.from('h\xe9.h', 'latin1'), true],
  [
    'bytes beside letters',
    Buffer.concat([Buffer.from('é😀'), Buffer.from([0xff, 0x80]), Buffer.from('é')]),
    true,
  ],
  ['the beginning of a letter', Buffer.from([0xe2, 0x82]), true],
  ['the end of a letter', Buffer.from([0x82, 0x41]), true],
  ['a surrogate in UTF-8', Buffer.from([0xed, 0xb3, 0xa9]), true],
];

for (const [title, bytes, isRaw] of NAMES) {
  test(`a name of bytes is encoded as it was decoded: ${title}`, () => {
    const name = decodeName(bytes);
    assert.equal(isRawName(name), isRaw);
    assert.ok(Buffer.from(systemName(name) as string).equals(bytes));
    assert.equal(JSON.parse(JSON.stringify(name)), name);
  });
}

test('a file is found by a name that is not UTF-8', { skip: process.platform !== 'linux' }, (context) => {
  const bytes = Buffer.from(join(temporaryFolder(context), 'h\xe9.h'), 'latin1');
  writeFileSync(bytes, 'x');
  assert.equal(statSync(systemName(decodeName(bytes))).size, 1);
});
