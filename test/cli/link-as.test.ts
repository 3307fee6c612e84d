import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runOwn } from '../../src/cli/program.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const BUILD = 'an executable with CLCACHE_OBJECT_CACHE_TIMEOUT_MS in it';

/** A folder with an executable of clcache, and what `--link-as` says there. */
function folderWith(t: TestContext, name = 'clcache.exe') {
  const folder = temporaryFolder(t);
  const self = join(folder, name);
  writeFileSync(self, BUILD);
  const linkAs = async (file: string): Promise<[status: number, said: string]> => {
    let said = '';
    const say = (text: string) => {
      said += text;
    };
    const config = {
      cacheDirectory: '/nowhere',
      lockTimeoutMs: 300,
      hardLink: false,
      compress: false,
      workingDirectory: folder,
      style: process.platform === 'win32' ? 'win32' : 'posix',
      environment: {},
      homeDirectory: '/nowhere',
      disabled: false,
      fromFile: [],
      problems: [],
    } as const;
    const status = await runOwn(['--link-as', file], {
      config,
      self,
      stdout: say,
      stderr: say,
      isTerminal: false,
    });
    return [status, said];
  };
  return { folder, self, linkAs, at: (file: string) => join(folder, file) };
}

test('--link-as makes a link, with the folders that lead to it, and leaves it alone while it is up to date', async (t) => {
  const { self, linkAs, at } = folderWith(t);
  for (const _ of [1, 2]) assert.deepEqual(await linkAs('a/b/cl.exe'), [0, `${at('a/b/cl.exe')}\n`]);
  assert.equal(statSync(at('a/b/cl.exe')).ino, statSync(self).ino);
  assert.deepEqual(readdirSync(at('a/b')), ['cl.exe']);
});

test('--link-as replaces another build of clcache, and no other program', async (t) => {
  const { linkAs, at } = folderWith(t);
  // The text that tells them apart lies where the file is read in two parts.
  for (const before of ['', 'x'.repeat((1 << 20) - 10)]) {
    rmSync(at('cl.exe'), { force: true });
    writeFileSync(at('cl.exe'), `${before}${BUILD} of last year`);
    utimesSync(at('cl.exe'), 1, 1);
    assert.equal((await linkAs('cl.exe'))[0], 0);
    assert.equal(readFileSync(at('cl.exe'), 'utf8'), BUILD);
  }
  rmSync(at('cl.exe'));
  writeFileSync(at('cl.exe'), 'the compiler');
  const [status, said] = await linkAs('cl.exe');
  assert.deepEqual(
    [status, said],
    [1, "clcache: 'cl.exe' cannot be made: there is another program of this name\n"],
  );
  assert.equal(readFileSync(at('cl.exe'), 'utf8'), 'the compiler');
});

test('--link-as says why a name cannot be made', async (t) => {
  const { linkAs, at } = folderWith(t);
  mkdirSync(at('bin'));
  assert.match((await linkAs('bin'))[1], /it is a folder: name a file in it/);
  assert.match((await linkAs('clcache.exe/cl.exe'))[1], /^clcache: '[^']+' cannot be made: .+\n$/);
  const script = folderWith(t, 'clcache.js');
  assert.deepEqual(await script.linkAs('cl.exe'), [
    1,
    "clcache: 'cl.exe' cannot be made: Node.js runs this clcache, and only an executable can have this name\n",
  ]);
});
