/** `--set`, `--unset` and `--config` in memory. */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { runOwn } from '../../src/cli/program.ts';
import { readConfig } from '../../src/config/config.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Place {
  /** The settings file of this place. */
  readonly file: string;
  readonly own: (argv: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Said>;
}

function place(t: TestContext): Place {
  const folder = temporaryFolder(t);
  const own = async (argv: readonly string[], env = {}): Promise<Said> => {
    const said = { stdout: '', stderr: '' };
    const status = await runOwn(argv, {
      config: readConfig({ env: { CLCACHE_DIR: folder, ...env }, platform: 'linux', cwd: () => folder }),
      self: '/nowhere/clcache',
      stdout: (text) => {
        said.stdout += text;
      },
      stderr: (text) => {
        said.stderr += text;
      },
      isTerminal: false,
    });
    return { status, ...said };
  };
  return { file: `${folder}/config.txt`, own };
}

test('no secret of a store is shown when it is set, and none in the settings', async (t) => {
  const { own } = place(t);
  const remote = 'redis://bob:pa55word@h/0;http://h/x?token=tok777';
  const set = await own(['--set', `CLCACHE_REMOTE=${remote}`]);
  assert.deepEqual(set, {
    status: 0,
    stdout: 'CLCACHE_REMOTE=redis://***@h/0 http://h/x?token=***\n',
    stderr: '',
  });
  const memcached = { CLCACHE_MEMCACHED: 'user:mempw@127.0.0.1:1' };
  for (const env of [memcached, { ...memcached, CLCACHE_REMOTE: 'rediss//bob:pa55word@h ?tokn=tok777' }]) {
    for (const argv of [['--config'], ['--config', '--json']]) {
      const { stdout, stderr } = await own(argv, env);
      assert.doesNotMatch(stdout + stderr, /pa55|tok777|mempw/);
      assert.match(stdout, /\*\*\*@127\.0\.0\.1:1/);
    }
  }
});

test('--config says that others may read a secret in config.txt', {
  skip: process.platform === 'win32',
}, async (t) => {
  const { file, own } = place(t);
  await own(['--set', 'CLCACHE_REMOTE_SECRET=hush']);
  assert.equal((await own(['--config'])).stderr, '');
  for (const rights of [0o644, 0o666, 0o640]) {
    chmodSync(file, rights);
    const { status, stderr } = await own(['--config']);
    assert.equal(status, 0);
    assert.match(
      stderr,
      /^clcache: \S*config\.txt holds a secret, and its rights \(6\d\d\) [^\n]*chmod 600[^\n]*\n$/,
    );
  }
});

test('a setting that makes config.txt too large is refused in one line, and the others stay', async (t) => {
  const { file, own } = place(t);
  await own(['--set', 'CLCACHE_PDB=per-object']);
  const { status, stdout, stderr } = await own(['--set', `CLCACHE_CL=${'x'.repeat(65_600)}`]);
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /^clcache: not set: [^\n]* would be larger than 65536 bytes[^\n]*\n$/);
  assert.ok(stderr.length < 300);
  assert.equal(readFileSync(file, 'utf8'), '{"CLCACHE_PDB":"per-object"}');
});

test('--unset removes a variable whose name is in small letters, and --set replaces it', async (t) => {
  const { file, own } = place(t);
  writeFileSync(file, '{"clcache_z7":"1","clcache_pch":"1"}');
  assert.equal((await own(['--unset', 'CLCACHE_Z7'])).stdout, 'CLCACHE_Z7 is no longer set in config.txt\n');
  assert.equal((await own(['--unset', 'clcache_z7'])).stdout, 'CLCACHE_Z7 was not set in config.txt\n');
  await own(['--set', 'CLCACHE_PCH=0']);
  assert.match((await own(['--config'])).stdout, /CLCACHE_PCH +config\.txt +0\n/);
});
