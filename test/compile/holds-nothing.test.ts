import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { holdsNothing } from '../../src/compile/holds-nothing.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { putManifest } from '../storage/cache-items.ts';

const LOCAL = { direct: true };

test('a cache holds nothing before its first manifest, and again when it was emptied', (context) => {
  const cacheDirectory = temporaryFolder(context);
  const { manifests } = layoutOf(cacheDirectory);
  const isEmpty = () => holdsNothing({ ...LOCAL, cacheDirectory });
  assert.equal(isEmpty(), true);
  mkdirSync(`${manifests}/aa/.lock`, { recursive: true });
  assert.equal(isEmpty(), true);
  const manifest = putManifest(cacheDirectory, 'bb1', 100, 0);
  assert.equal(isEmpty(), false);
  rmSync(manifest);
  assert.equal(isEmpty(), true);
  rmSync(manifests, { recursive: true });
  writeFileSync(manifests, 'no folder');
  assert.equal(isEmpty(), true);
});

test('a cache with a remote store, or one that is asked by preprocessed text, may hold something', (context) => {
  const cacheDirectory = temporaryFolder(context);
  assert.equal(holdsNothing({ ...LOCAL, cacheDirectory, direct: false }), false);
  assert.equal(holdsNothing({ ...LOCAL, cacheDirectory, remote: 'http://localhost/' }), false);
  assert.equal(holdsNothing({ ...LOCAL, cacheDirectory, memcached: 'localhost' }), false);
});
