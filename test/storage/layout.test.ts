import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import {
  entryFolder,
  foldersOf,
  hashesBeside,
  indexOfEntry,
  keyOfItem,
  layoutOf,
  learntFile,
  learntLock,
  manifestFile,
  manifestLock,
  manifestOfHashes,
  outputOfEntry,
} from '../../src/storage/local/layout.ts';

const SOURCES = join(ROOT, 'src');

test('the paths of the cache folder are those of every version with its format', () => {
  const layout = layoutOf('/c');
  const manifest = manifestFile(layout, 'abcd');
  const [first, , , , , , , , , , last] = layout.statistics.sections();
  assert.deepEqual(
    [manifest, manifestLock(layout, 'abcd'), hashesBeside(manifest), entryFolder(layout, 'abcd')],
    [
      '/c/v1/manifests/ab/abcd.json',
      '/c/v1/manifests/ab/.lock',
      '/c/v1/manifests/ab/abcd.hashes',
      '/c/v1/objects/ab/abcd',
    ],
  );
  assert.deepEqual(
    [indexOfEntry('/e'), outputOfEntry('/e', 'stdout')],
    ['/e/artifact.json', '/e/output.txt'],
  );
  assert.deepEqual(
    [learntFile(layout.compilers, 'x'), learntLock(layout.headers, 'x')],
    ['/c/v1/compilers/x.json', '/c/v1/headers/x.json.lock'],
  );
  assert.deepEqual(
    [first?.counters, first?.remotes, last?.lock],
    ['/c/v1/statistics/0/counters.json', '/c/v1/statistics/0/remotes.json', '/c/v1/statistics/a/.lock'],
  );
  assert.equal(layout.statistics.sections().length, 16);
  assert.deepEqual([layout.settingsFile, layout.integration], ['/c/config.txt', '/c/integration']);
  assert.deepEqual(
    foldersOf(layout).map(({ path }) => path),
    [
      ...['manifests', 'objects', 'statistics', 'reasons', 'compilers', 'headers', 'databases', 'calls'],
      ...['remotes', 'offers'],
    ].map((name) => `/c/v1/${name}`),
  );
});

test('the key of an item, and the manifest of remembered hashes, come from their names', () => {
  assert.deepEqual(
    [keyOfItem('/c/v1/manifests/ab/abcd.json'), keyOfItem('/c/v1/objects/ab/abcd')],
    ['abcd', 'abcd'],
  );
  assert.equal(manifestOfHashes('/m/ab.hashes'), '/m/ab.json');
  assert.equal(manifestOfHashes('/m/ab.json'), undefined);
  assert.equal(hashesBeside('/o/ab'), '/o/ab');
});

/** The configuration cannot ask the layout, which is above it. */
const PLACES: readonly string[] = ['storage/local/layout.ts', 'config/settings-file.ts'];

test('no other file of the sources spells a name in the cache folder', () => {
  const names =
    /['`/](?:artifact\.json|counters\.json|remotes\.json|cleaning\.lock|config\.txt|integration|\.hashes|\.lock)['`]/;
  const found = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !PLACES.includes(name))
    .filter((name) => {
      const code = readFileSync(join(SOURCES, name), 'utf8').replaceAll(
        /\/\*[\s\S]*?\*\/|(?<=\s)\/\/.*$/gm,
        '',
      );
      return names.test(code);
    });
  assert.deepEqual(found, []);
});
