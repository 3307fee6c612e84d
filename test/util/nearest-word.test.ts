import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestWord } from '../../src/util/nearest-word.ts';

const WORDS = ['redis', 'rediss', 'memcached', 'http', 's3'];

test('a word with a letter wrong, missing, surplus or swapped is recognised in any case', () => {
  for (const [word, nearest] of [
    ['redsi', 'redis'],
    ['REDIZ', 'redis'],
    ['memcache', 'memcached'],
    ['memached', 'memcached'],
    ['htp', 'http'],
    ['htttp', 'http'],
  ] as const)
    assert.equal(nearestWord(word, WORDS), nearest);
});

test('a candidate itself, and a word that is far from all, have no nearest word', () => {
  for (const word of ['redis', 'Redis', 'gopher', 'x', '', 'http-something']) {
    assert.equal(nearestWord(word, WORDS), undefined, word);
  }
});
