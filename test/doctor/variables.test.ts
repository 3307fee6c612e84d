import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { checkVariables } from '../../src/doctor/checks/variables.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { configOf, linesOf } from './surroundings.ts';

const said = (env: Readonly<Record<string, string>>) => linesOf(checkVariables({ config: configOf(env) }));

test('variables that go together are good', () => {
  const env = {
    CLCACHE_DIR: '/cache',
    CLCACHE_COMPRESS: '1',
    CLCACHE_COMPRESSLEVEL: '3',
    CLCACHE_REMOTE: 'redis://h',
  };
  assert.deepEqual(said(env), ['good all are known, and none contradicts another']);
});

test('a misspelt variable and a value that is not understood are looked at', () => {
  const lines = said({ CLCACHE_BASDIR: '/x', CLCACHE_SERVER_TIMEOUT_MS: 'soon' });
  assert.match(
    lines.join('\n'),
    /^look CLCACHE_BASDIR .*did you mean CLCACHE_BASEDIR\?\nlook CLCACHE_SERVER_TIMEOUT_MS is not a whole number/,
  );
});

test('a secret in a settings file that others may read is looked at', {
  skip: process.platform === 'win32',
}, (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(`${folder}/config.txt`, '{"CLCACHE_REMOTE":"redis://me:hush@h"}');
  chmodSync(`${folder}/config.txt`, 0o644);
  assert.match(
    said({ CLCACHE_DIR: folder }).join('\n'),
    /^look [^\n]*config\.txt holds a secret[^\n]*chmod 600/,
  );
  chmodSync(`${folder}/config.txt`, 0o600);
  assert.match(said({ CLCACHE_DIR: folder }).join('\n'), /^good /);
});

test('a log that cannot be written is looked at', (t) => {
  const log = join(temporaryFolder(t), 'gone/log.txt');
  assert.match(said({ CLCACHE_LOG: log })[0] ?? '', /^look CLCACHE_LOG cannot be written/);
});

for (const [env, expected] of [
  [{ CLCACHE_REMOTE_ONLY: '1' }, /CLCACHE_REMOTE_ONLY does nothing where no store is named/],
  [{ CLCACHE_REMOTE_SECRET: 'hush hush' }, /CLCACHE_REMOTE_SECRET does nothing/],
  [
    { CLCACHE_REMOTE_ONLY: '1', CLCACHE_REMOTE: 'redis://h', CLCACHE_REMOTE_TRUST: '/key.pub' },
    /CLCACHE_REMOTE_ONLY keeps nothing of what is compiled here/,
  ],
  [{ CLCACHE_HARDLINK: '1', CLCACHE_COMPRESS: '1' }, /compressed outputs are copied/],
  [{ CLCACHE_COMPRESSLEVEL: '3' }, /does nothing without CLCACHE_COMPRESS/],
  [{ CLCACHE_Z7: '1', CLCACHE_PDB: '1' }, /CLCACHE_PDB does nothing beside CLCACHE_Z7/],
  [{ CLCACHE_PCH: '1', CLCACHE_NODIRECT: '1' }, /CLCACHE_PCH does nothing beside CLCACHE_NODIRECT/],
  [
    { CLCACHE_HARDLINK: '1', CLCACHE_REMOTE_ONLY: '1', CLCACHE_REMOTE: 'redis://h' },
    /CLCACHE_HARDLINK does nothing/,
  ],
  [{ CLCACHE_SERVER: '1', CLCACHE_NOHASHCACHE: '1' }, /CLCACHE_NOHASHCACHE hashes every file again/],
  [{ CLCACHE_OBJECT_CACHE_TIMEOUT_MS: '0' }, /is 0: a lock that is not free/],
  [{ CLCACHE_PROFILE: '1' }, /writes a file into the working folder/],
] as const) {
  test(`${Object.keys(env).join(' with ')} is looked at where it contradicts the other settings`, () => {
    const lines = said(env);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', expected);
    assert.match(lines[0] ?? '', /^look .* => /);
    assert.doesNotMatch(lines[0] ?? '', /hush/);
  });
}

test('a private key that others may read is looked at, and its place is not told', {
  skip: process.platform === 'win32' && 'files have no such rights there',
}, (t) => {
  const file = join(temporaryFolder(t), 'key');
  writeFileSync(file, '');
  for (const [mode, isFound] of [
    [0o644, true],
    [0o620, true],
    [0o600, false],
  ] as const) {
    chmodSync(file, mode);
    const lines = said({ CLCACHE_REMOTE_SIGN: file }).join('\n');
    assert.equal(/^look the private key in CLCACHE_REMOTE_SIGN can be read/m.test(lines), isFound, lines);
    assert.ok(!lines.includes(file));
  }
});
