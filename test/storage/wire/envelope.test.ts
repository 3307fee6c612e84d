import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import type { Manifest } from '../../../src/cache/manifest.ts';
import { type Digest, digestOfBytes } from '../../../src/hash/digest.ts';
import { sealJson } from '../../../src/hash/sealed-json.ts';
import type { RemoteKey } from '../../../src/storage/remote/remote.ts';
import { packArtifact, unpackArtifact } from '../../../src/storage/wire/artifact-body.ts';
import { openEnvelope, sealEnvelope } from '../../../src/storage/wire/envelope.ts';
import {
  holdsAll,
  mergeManifests,
  packManifest,
  unpackManifest,
} from '../../../src/storage/wire/manifest-body.ts';
import { stableStringify } from '../../../src/util/json.ts';

const { gzipSync } = zlib;
/** Node.js has it from 22.15 on. */
const zstdCompressSync: ((bytes: Uint8Array) => Buffer) | undefined = Reflect.get(zlib, 'zstdCompressSync');

const DIGEST = 'a'.repeat(40) as Digest;
const KEY: RemoteKey = `v1/o/${DIGEST}`;
const LIMIT = 1024 * 1024;

function reasonFor(blob: Uint8Array, secret?: string, limit = LIMIT): string {
  const opened = openEnvelope(KEY, blob, { sealing: { secret }, maximumSize: limit });
  assert.equal(opened.kind, 'refused');
  return opened.kind === 'refused' ? opened.because : '';
}

/** An unsigned envelope with a right checksum, whatever it claims. */
function forged(compression: number, size: number, bytes: Uint8Array): Buffer {
  const head = Buffer.from([...Buffer.from('CLCE'), 1, 0]);
  const middle = Buffer.alloc(KEY.length + 6);
  middle.writeUInt8(KEY.length, 0);
  middle.write(KEY, 1, 'latin1');
  middle.writeUInt8(compression, KEY.length + 1);
  middle.writeUInt32LE(size, KEY.length + 2);
  const proof = createHash('sha256').update(head).update(middle).update(bytes).digest();
  return Buffer.concat([head, proof, middle, bytes]);
}

test('a sealed body opens, compressible or not, empty or not', () => {
  for (const body of [Buffer.alloc(100_000, 'ab'), randomBytes(100_000), Buffer.of()]) {
    for (const secret of [undefined, 'a secret']) {
      const blob = sealEnvelope(KEY, body, { secret });
      const opened = openEnvelope(KEY, blob, { sealing: { secret }, maximumSize: LIMIT });
      assert.ok(opened.kind === 'opened' && body.equals(opened.body));
      assert.ok(blob.length < body.length + 200);
    }
  }
  assert.ok(sealEnvelope(KEY, Buffer.alloc(100_000), {}).length < 1000);
});

test('an envelope with a changed byte or a cut is refused', () => {
  for (const secret of [undefined, 'a secret']) {
    const blob = sealEnvelope(KEY, Buffer.from('some contents of an object'), { secret });
    for (let at = 0; at < blob.length; at += 1) {
      const changed = Buffer.from(blob);
      changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
      reasonFor(changed, secret);
      reasonFor(blob.subarray(0, at), secret);
    }
    reasonFor(Buffer.concat([blob, Buffer.of(0)]), secret);
  }
});

test('an entry is refused under another key', () => {
  const other: RemoteKey = `v1/m/${DIGEST}`;
  assert.match(reasonFor(sealEnvelope(other, Buffer.from('x'), {})), /another key/);
});

test('with a secret only its signatures open, and without one no signed envelope opens', () => {
  const body = Buffer.from('x');
  assert.match(reasonFor(sealEnvelope(KEY, body, {}), 'ours'), /not signed/);
  assert.match(reasonFor(sealEnvelope(KEY, body, { secret: 'theirs' }), 'ours'), /another secret/);
  assert.match(reasonFor(sealEnvelope(KEY, body, { secret: 'theirs' })), /CLCACHE_REMOTE_SECRET/);
});

test('a body that declares too large a size is refused, and so is one that is larger than it declares', () => {
  const zeros = Buffer.alloc(20 * LIMIT);
  assert.match(reasonFor(sealEnvelope(KEY, zeros, {})), /declares/);
  const before = process.memoryUsage().rss;
  const bomb = forged(1, 1000, gzipSync(Buffer.alloc(200 * LIMIT)));
  assert.match(reasonFor(bomb), /does not decompress/);
  if (zstdCompressSync) {
    const other = forged(2, 1000, zstdCompressSync(Buffer.alloc(200 * LIMIT)));
    assert.match(reasonFor(other), /does not decompress/);
  }
  assert.ok(process.memoryUsage().rss - before < 300 * LIMIT);
  assert.match(reasonFor(forged(1, 1000, gzipSync(Buffer.alloc(10)))), /size/);
  assert.match(reasonFor(forged(1, 1000, Buffer.from('no gzip'))), /does not decompress/);
  assert.match(reasonFor(forged(9, 1, Buffer.of(1))), /unknown way/);
});

test('an artifact is unpacked with its roles, bytes and splices', () => {
  const files = [
    { role: 'object', bytes: randomBytes(5000), splices: [], compileMs: 850 },
    { role: 'stdout', bytes: Buffer.from('a.cpp\r\n'), splices: [{ at: 3, base: 0, form: 'plain' }] },
    { role: 'stderr', bytes: Buffer.of(), splices: [] },
  ] as const;
  const body = packArtifact(DIGEST, files);
  assert.ok(body);
  assert.deepEqual(
    unpackArtifact(DIGEST, body)?.map((file) => ({ ...file, bytes: Buffer.from(file.bytes) })),
    files.map((file) => ({ ...file, bytes: Buffer.from(file.bytes) })),
  );
  assert.equal(unpackArtifact('b'.repeat(40) as Digest, body), undefined);
  assert.equal(packArtifact(DIGEST, files, 5000), undefined);
});

test('an artifact of another shape is refused: a role twice, an unknown one, missing or surplus bytes', () => {
  const file = { role: 'object', bytes: Buffer.from('12345'), splices: [] } as const;
  const body = packArtifact(DIGEST, [file]) ?? Buffer.of();
  /** As another program may write it, with a right seal. */
  const withRoles = (...roles: unknown[]) => {
    const { size, digest } = { size: 5, digest: digestOfBytes(file.bytes) };
    const files = roles.map((role) => ({ role, size, digest, compression: 'none', splices: [] }));
    const index = Buffer.from(sealJson(stableStringify({ format: 2, key: DIGEST, files })));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(index.length);
    return Buffer.concat([length, index, ...roles.map(() => file.bytes)]);
  };
  assert.ok(unpackArtifact(DIGEST, withRoles('object')));
  const cases = [
    withRoles('object', 'object'),
    withRoles('../../evil'),
    withRoles(['object']),
    withRoles('object', ['object']),
    withRoles('__proto__'),
    withRoles(null),
    body.subarray(0, -1),
    Buffer.concat([body, Buffer.of(1)]),
    Buffer.of(1, 2),
  ];
  for (const one of cases) assert.equal(unpackArtifact(DIGEST, one), undefined);
  const nonsense = Buffer.concat([Buffer.of(255, 255, 255, 255), Buffer.from('{}')]);
  assert.equal(unpackArtifact(DIGEST, nonsense), undefined);
});

function manifestOf(...artifacts: string[]): Manifest {
  return {
    entries: artifacts.map((name) => ({
      artifact: name.padEnd(40, '0') as Digest,
      states: [{ path: '/a.h', state: DIGEST }],
    })),
  };
}

test('a manifest is unpacked, unless it names what is not a key of an artifact', () => {
  const manifest = manifestOf('a', 'b');
  assert.deepEqual(unpackManifest(packManifest(manifest)), manifest);
  assert.equal(unpackManifest(packManifest(manifestOf('../../../tmp/x'))), undefined);
  assert.equal(unpackManifest(Buffer.from('{"body":[')), undefined);
});

test('merging keeps the entries of both, those of the first one first, a hundred at most', () => {
  const names = (manifest: Manifest) => manifest.entries.map(({ artifact }) => artifact.replace(/0+$/, ''));
  assert.deepEqual(names(mergeManifests(manifestOf('a', 'b'), manifestOf('c', 'b', 'd'))), [
    'a',
    'b',
    'c',
    'd',
  ]);
  const many = manifestOf(...Array.from({ length: 100 }, (_, index) => `1${(index + 16).toString(16)}f`));
  const merged = mergeManifests(manifestOf('a', 'b'), many);
  assert.equal(merged.entries.length, 100);
  assert.deepEqual(names(merged).slice(0, 2), ['a', 'b']);
  assert.equal(holdsAll(merged, manifestOf('b')), true);
  assert.equal(holdsAll(many, manifestOf('b')), false);
});
