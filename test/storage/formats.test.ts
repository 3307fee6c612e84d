import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { encodeArtifactIndex } from '../../src/cache/artifact.ts';
import { manifestKeyParts, preprocessedKeyParts } from '../../src/cache/key.ts';
import { EMPTY_MANIFEST, encodeManifest } from '../../src/cache/manifest.ts';
import { writeRows } from '../../src/files/folder-record.ts';
import { encodeKeyRecord } from '../../src/files/key-record.ts';
import { digestOfBytes } from '../../src/hash/digest.ts';
import { openSealedJson } from '../../src/hash/sealed-json.ts';
import { writeArchive } from '../../src/storage/archive/archive-file.ts';
import { artifactKeyName, manifestKeyName } from '../../src/storage/remote/remote.ts';
import { sealEnvelope } from '../../src/storage/wire/envelope.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const KEY = digestOfBytes(Buffer.from('key'));

/** Whoever raises a number raises it here, and sees what then starts anew. */
test('what is stored and sent has the numbers of its formats, in the places of earlier versions', (t) => {
  assert.deepEqual(openSealedJson(encodeManifest(EMPTY_MANIFEST)), {
    ...{ format: 7, folders: [], paths: [], states: [], searches: [], entries: [] },
  });
  assert.deepEqual(openSealedJson(encodeArtifactIndex({ key: KEY, files: [] })), {
    ...{ format: 2, key: KEY, files: [] },
  });
  assert.deepEqual(openSealedJson(writeRows([])), { format: 5, files: [] });
  assert.equal(
    encodeKeyRecord({ files: new Map(), folders: new Map(), searched: new Map() }),
    'clcache hashes 2\n',
  );
  assert.deepEqual([artifactKeyName(KEY), manifestKeyName(KEY)], [`v1/o/${KEY}`, `v1/m/${KEY}`]);
  const envelope = Buffer.from(sealEnvelope(artifactKeyName(KEY), Buffer.from('body'), {}));
  assert.equal(envelope.toString('latin1', 0, 5), 'CLCE\x01');
  const file = `${temporaryFolder(t)}/archive`;
  writeArchive(file, () => {});
  assert.equal(readFileSync(file, 'latin1'), 'clcache archive 1\n\0\0\0\0\0\0\0\0');
});

test('a key begins with its kind and the number of the parts that follow', () => {
  const material = {
    roots: { style: 'posix', baseDirectories: [], workingDirectory: '/' },
    ...{
      compilerIdentity: '',
      source: 'a.c',
      options: [],
      showIncludes: '',
      environment: [],
      inputFiles: [],
    },
    language: 'c',
  } as const;
  assert.deepEqual(manifestKeyParts(material, KEY).slice(0, 2), ['manifest', '9']);
  assert.deepEqual(preprocessedKeyParts(material, KEY).slice(0, 2), ['preprocessed', '9']);
});
