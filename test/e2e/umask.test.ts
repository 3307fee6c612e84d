/** CLCACHE_UMASK: the rights of everything in the cache folder, and of what a build gets. */
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { executable, findClangCl, HOST_TARGET, run } from '../helpers/compilers.ts';
import { workspace } from './workspace.ts';

const NOT_WINDOWS = { skip: process.platform === 'win32' && 'Windows has no umask' };

function rightsOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

/** All rights of files and of folders in a folder, and of the folder itself. */
function rightsBelow(folder: string): {
  readonly files: readonly string[];
  readonly folders: readonly string[];
} {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const rights = (isWanted: (entry: (typeof found)[number]) => boolean) =>
    new Set(found.filter(isWanted).map((entry) => rightsOf(join(entry.parentPath, entry.name))));
  return {
    files: [...rights((entry) => entry.isFile())],
    folders: [...rights((entry) => entry.isDirectory()).add(rightsOf(folder))],
  };
}

for (const { own, build, files, folders, object } of [
  { own: '002', build: '077', files: '664', folders: '775', object: '600' },
  { own: '77', build: '022', files: '600', folders: '700', object: '644' },
]) {
  test(
    `With CLCACHE_UMASK=${own} the cache folder has its rights, and the build those of its own umask ${build}`,
    NOT_WINDOWS,
    async (t) => {
      const space = workspace(t, { isBlank: true });
      space.write('one.c', '#include "one.h"\nint one = ONE;\n');
      space.write('one.h', '#define ONE 1\n');
      const started = async (...words: readonly string[]) => {
        const env = { CLCACHE_DIR: join(space.folder, 'deep/cache'), CLCACHE_UMASK: own };
        const shell = ['-c', `umask ${build}; exec "$@"`, 'sh', executable(), ...words];
        const end = await run('/bin/sh', shell, { cwd: space.folder, env });
        assert.equal(end.status, 0, `${end.stdout}${end.stderr}`);
        return end;
      };
      const compile = () => started(findClangCl().path, HOST_TARGET, '/nologo', '/c', '/Foone.obj', 'one.c');
      await started('--set', 'CLCACHE_PCH=1');
      await compile();
      assert.equal(rightsOf(space.path('one.obj')), object, 'a miss');
      space.write('one.h', '#define ONE 2\n');
      await compile();
      space.write('one.h', '#define ONE 1\n');
      await compile();
      assert.equal(rightsOf(space.path('one.obj')), object, 'a hit');
      await started('-M', '1G');
      await started('-c');
      const { stdout } = await started('-s', '--json');
      assert.equal(JSON.parse(stdout.toString()).CacheHits, 1);
      assert.deepEqual(rightsBelow(space.path('deep')), { files: [files], folders: [folders] });
    },
  );
}
