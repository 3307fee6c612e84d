import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { problemsOf } from '../../src/cli/problems.ts';
import { readConfig } from '../../src/config/config.ts';
import { testKey } from '../helpers/signing.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const skip = process.platform === 'win32' && 'Windows has no such rights';

test('-s says that others may read the file of a private key, and nothing if they may not', { skip }, (t) => {
  const folder = temporaryFolder(t);
  const file = `${folder}/key`;
  writeFileSync(file, testKey().privateText);
  const env = { CLCACHE_DIR: folder, CLCACHE_CL: process.execPath, CLCACHE_REMOTE_SIGN: file };
  const config = readConfig({ env, platform: 'linux', cwd: () => folder });
  const said = (rights: number) => {
    chmodSync(file, rights);
    return problemsOf(config, '/nowhere/clcache').filter((line) => line.includes('private key'));
  };
  assert.deepEqual(said(0o600), []);
  for (const rights of [0o644, 0o640, 0o620])
    assert.match(said(rights).join('\n'), /^the private key in CLCACHE_REMOTE_SIGN can be read or changed/);
});
