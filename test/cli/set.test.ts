/** `--set`, `--unset` and `--config` in memory. */
import assert from 'node:assert/strict';
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
