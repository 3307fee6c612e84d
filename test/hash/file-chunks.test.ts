import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHUNK_SIZE, somePiece } from '../../src/hash/file-chunks.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('what lies across two pieces of a large file is found', (context) => {
  const file = join(temporaryFolder(context), 'large');
  const word = Buffer.from('/tree/src');
  for (const at of [0, CHUNK_SIZE - word.length, CHUNK_SIZE - 4, CHUNK_SIZE, 2 * CHUNK_SIZE - 1]) {
    const bytes = Buffer.alloc(2.5 * CHUNK_SIZE);
    word.copy(bytes, at);
    writeFileSync(file, bytes);
    assert.ok(
      somePiece(file, word.length, (piece) => piece.includes(word)),
      `at ${at}`,
    );
    assert.ok(!somePiece(file, word.length, (piece) => piece.includes('/tree/srd')));
  }
});
