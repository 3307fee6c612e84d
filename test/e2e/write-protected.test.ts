import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cleanEnvironment, executable, findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** The user that compiles. Root may write everything. */
const USER = process.getuid?.() === 0 ? { uid: 54_321, gid: 54_321 } : {};

for (const output of ['a.obj', 'a.d']) {
  test(`a write-protected ${output} fails the call, as it fails the compiler, and stays what it was`, (t) => {
    const folder = temporaryFolder(t);
    chmodSync(folder, 0o777);
    writeFileSync(join(folder, 'a.c'), 'int a;\n');
    const call = (...program: readonly string[]) => {
      const [first = '', ...words] = [...program, HOST_TARGET, '/c', 'a.c', '/clang:-MD'];
      const env = cleanEnvironment({ CLCACHE_DIR: join(folder, 'cache'), HOME: folder });
      return spawnSync(first, words, { cwd: folder, env, encoding: 'utf8', ...USER }).status;
    };
    const compiler = findClangCl().path;
    const cached = () => call(executable(), compiler);
    assert.deepEqual([cached(), cached()], [0, 0]);
    chmodSync(join(folder, output), 0o444);
    const before = statSync(join(folder, output));
    const alone = call(compiler);
    assert.notEqual(alone, 0);
    assert.equal(cached(), alone);
    const after = statSync(join(folder, output));
    assert.deepEqual([after.mode, after.ino, after.mtimeMs], [before.mode, before.ino, before.mtimeMs]);
    chmodSync(join(folder, output), 0o644);
    assert.equal(cached(), 0);
  });
}
