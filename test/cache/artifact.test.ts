import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ArtifactFile,
  type ArtifactIndex,
  type ArtifactRole,
  COMPRESSIONS,
  decodeArtifactIndex,
  encodeArtifactIndex,
  FILE_NAMES,
} from '../../src/cache/artifact.ts';
import { type Digest, digestOfBytes } from '../../src/hash/digest.ts';
import { openSealedJson, sealJson } from '../../src/hash/sealed-json.ts';
import { ARTIFACT_FILE } from '../../src/storage/local/layout.ts';

const KEY = digestOfBytes(Buffer.from('key'));
const OTHER_KEY = digestOfBytes(Buffer.from('other')) as Digest;

const INDEX: ArtifactIndex = {
  key: KEY,
  files: (Object.keys(FILE_NAMES) as ArtifactRole[]).map(
    (role, number): ArtifactFile => ({
      role,
      size: number,
      digest: digestOfBytes(Buffer.from(role)),
      compression: COMPRESSIONS[number % COMPRESSIONS.length] ?? 'none',
      splices: number % 2 ? [{ at: 3, base: 1, form: 'lower' }] : [],
    }),
  ),
};

test('an index is decoded as it was encoded, with every role', () => {
  assert.deepEqual(decodeArtifactIndex(encodeArtifactIndex(INDEX), KEY), INDEX);
  assert.deepEqual(decodeArtifactIndex(encodeArtifactIndex({ key: KEY, files: [] }), KEY), {
    key: KEY,
    files: [],
  });
});

test('an index says how long the compile took if that is known, and is none the worse without it', () => {
  const [file] = INDEX.files;
  assert.ok(file);
  const decoded = (compileMs: unknown) => {
    const text = encodeArtifactIndex({ key: KEY, files: [{ ...file, compileMs: compileMs as number }] });
    return decodeArtifactIndex(text, KEY)?.files;
  };
  for (const time of [0, 850, 86_400_000]) assert.deepEqual(decoded(time), [{ ...file, compileMs: time }]);
  for (const none of [undefined, -1, 1.5, 86_400_001, '850', null]) assert.deepEqual(decoded(none), [file]);
});

test('an index under another key does not decode', () => {
  assert.equal(decodeArtifactIndex(encodeArtifactIndex(INDEX), OTHER_KEY), undefined);
});

test('no two roles share the name of a file, and none has the name of the index', () => {
  const names = Object.values(FILE_NAMES);
  const folded = new Set(names.map((name) => name.toLowerCase()));
  assert.equal(folded.size, names.length);
  assert.ok(!folded.has(ARTIFACT_FILE.toLowerCase()));
});

test('the index names each file as it lies in the folder', () => {
  const { files } = openSealedJson(encodeArtifactIndex(INDEX)) as {
    files: { role: ArtifactRole; name: string }[];
  };
  for (const { role, name } of files) assert.equal(name, FILE_NAMES[role]);
});

test('an index with any changed byte does not decode', () => {
  const bytes = Buffer.from(encodeArtifactIndex({ key: KEY, files: INDEX.files.slice(0, 2) }));
  for (let at = 0; at < bytes.length; at++) {
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    assert.equal(decodeArtifactIndex(damaged.toString('utf8'), KEY), undefined, `byte ${at}`);
  }
});

test('sealed JSON of another shape or format does not decode', () => {
  const file = { role: 'object', size: 1, digest: 'd', compression: 'none', splices: [] };
  const seal = (json: object) => sealJson(JSON.stringify({ format: 2, key: KEY, files: [file], ...json }));
  assert.notEqual(decodeArtifactIndex(seal({}), KEY), undefined);
  for (const change of [
    { format: 1 },
    { files: undefined },
    { files: [null] },
    { files: ['x'] },
    ...[
      { role: 'toString' },
      { role: undefined },
      { size: -0.5 },
      { size: '1' },
      { digest: 1 },
      { compression: 'brotli' },
      { compression: undefined },
      { splices: {} },
      { splices: [null] },
      { splices: [{ at: 0, base: 0, form: 'constructor' }] },
      { splices: [{ at: '0', base: 0, form: 'plain' }] },
      { splices: [{ at: 0, base: 0.5, form: 'plain' }] },
    ].map((part) => ({ files: [{ ...file, ...part }] })),
  ]) {
    assert.equal(decodeArtifactIndex(seal(change), KEY), undefined, JSON.stringify(change));
  }
});
