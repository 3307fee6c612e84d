/** `--set`, `--unset` and `--config` in memory. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { explainMistake } from '../../src/cli/mistakes.ts';
import { type Said, saidBy } from '../helpers/said.ts';
import { testKey } from '../helpers/signing.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

interface Place {
  /** The settings file of this place. */
  readonly file: string;
  readonly own: (argv: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Said>;
}

function place(t: TestContext): Place {
  const folder = temporaryFolder(t);
  const own = (argv: readonly string[], env = {}): Promise<Said> =>
    saidBy(argv, { folder, env: { CLCACHE_DIR: folder, ...env } });
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

test('--set refuses in one line what is not understood, and changes nothing', async (t) => {
  const { file, own } = place(t);
  const refused = [
    'CLCACHE_PDB=bogus',
    'CLCACHE_PDB="per-objekt"',
    'CLCACHE_Z7=maybe',
    'CLCACHE_DISABLE=nope',
    'CLCACHE_NODIRECT=of',
    'CLCACHE_COMPRESSLEVEL=99',
    'CLCACHE_COMPRESSLEVEL="+100"',
    'CLCACHE_COMPRESSLEVEL=9.5',
    'CLCACHE_UMASK=999',
    'CLCACHE_COMPILER_CHECK=contents',
    'CLCACHE_SAFE_OPTIONS=/ok nodash',
    'CLCACHE_SERVER_TIMEOUT_MS=-1',
    'CLCACHE_REMOTE=nonsense',
    'CLCACHE_REMOTE=redis://ok ftp://host',
    'CLCACHE_REMOTE=http://h?tokn=tok777',
    'CLCACHE_MEMCACHED=host:port',
    `CLCACHE_Z7=${'y'.repeat(5000)}`,
  ];
  for (const word of refused) {
    const { status, stdout, stderr } = await own(['--set', word]);
    assert.deepEqual([status, stdout, existsSync(file)], [1, '', false], word);
    assert.match(stderr, /^clcache: not set: CLCACHE_[^\n]+\n$/, word);
    assert.doesNotMatch(stderr, /tok777|counts as|using|left out/);
    assert.ok(stderr.length < 300, stderr);
  }
  for (const word of [
    'CLCACHE_PDB="PER-OBJECT"',
    'CLCACHE_Z7= On ',
    'CLCACHE_Z7=',
    'CLCACHE_COMPRESSLEVEL=22',
  ])
    assert.deepEqual([(await own(['--set', word])).status, existsSync(file)], [0, true], word);
});

test('no secret behind a name that is mistyped is repeated', async (t) => {
  const { own } = place(t);
  for (const argv of [
    ['--set', 'CLCACHE_REMOTE_SECRET:hunter2'],
    ['--set', 'CLCACHE_REMOTE_SECRET hunter2'],
    ['--set', 'CLCACHE_REMOTE_SECRET:hunter2=x'],
    ['--set', 'CLCACHE_REMOTE_SECREThunter2'],
    ['--set', 'clcache_remote_secret;hunter2'],
    ['--set', 'CLCACHE_REMOTE_SECRT=hunter2'],
    ['--set', '=hunter2'],
    ['--unset', 'CLCACHE_REMOTE_SECRET=hunter2'],
    ['--unset', 'CLCACHE_REMOTE_SECRET:hunter2'],
    ['--unset', 'CLCACHE_REMOTE_SECRET hunter2'],
  ]) {
    const { status, stdout, stderr } = await own(argv);
    assert.deepEqual([status, stdout], [1, ''], argv.join(' '));
    assert.match(stderr, /^clcache: [^\n]+\n$/);
    assert.doesNotMatch(stderr, /hunter2/i, argv.join(' '));
    assert.doesNotMatch(stderr, /CLCACHE_REMOTE_SECRET\.* is not a variable of clcache\n/, argv.join(' '));
  }
  for (const option of ['--set', '--unset'])
    for (const word of ['hunter2', '-hunter2', '/hunter2'])
      assert.match(
        explainMistake([option, 'CLCACHE_REMOTE_SECRET', word]) ?? '',
        /^--(?:un)?set takes NAME(?:=VALUE)? in one word$/,
      );
});

test('a key is set if it can be used, and a private one is shown nowhere', async (t) => {
  const { own, file } = place(t);
  const { privateText, publicText } = testKey();
  writeFileSync(`${file}.key`, privateText);
  for (const value of [privateText, `${file}.key`]) {
    const set = await own(['--set', `CLCACHE_REMOTE_SIGN=${value}`]);
    assert.deepEqual(set, { status: 0, stdout: 'CLCACHE_REMOTE_SIGN=(not shown)\n', stderr: '' });
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  }
  const trust = await own(['--set', `CLCACHE_REMOTE_TRUST=${publicText}`]);
  assert.equal(trust.stdout, `CLCACHE_REMOTE_TRUST=${publicText}\n`);
  const before = readFileSync(file, 'utf8');
  for (const word of [
    `CLCACHE_REMOTE_TRUST=${privateText}`,
    `CLCACHE_REMOTE_SIGN=${publicText}`,
    `CLCACHE_REMOTE_SIGN=${privateText.slice(0, 60)}`,
    `CLCACHE_REMOTE_SIGN=${file}.gone`,
  ]) {
    const { status, stdout, stderr } = await own(['--set', word]);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^clcache: not set: CLCACHE_REMOTE_(?:SIGN|TRUST) [^\n]*\n$/);
    assert.ok(!stderr.includes(word.slice(60, 80)) || word.length < 80);
  }
  assert.equal(readFileSync(file, 'utf8'), before);
});
