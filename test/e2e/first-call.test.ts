/** The first call of a compiler that clcache has not met before. */

import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { executable, findClangCl, HOST_TARGET, run } from '../helpers/compilers.ts';
import { counted, type Workspace, workspace } from './workspace.ts';

interface Step {
  /** True for clcache's own process, false for the compilers that it starts. */
  readonly isOwn: boolean;
  readonly text: string;
}

/** What a call of clang-cl through clcache starts and opens, in order. */
async function traced(space: Workspace, args: readonly string[]): Promise<Step[]> {
  const output = space.path('strace.txt');
  const words = ['-f', '-s', '4096', '-e', 'trace=execve,open,openat', '-o', output, executable()];
  const call = [...words, findClangCl().path, HOST_TARGET, '/nologo', ...args];
  const { status, stderr } = await run('strace', call, {
    cwd: space.folder,
    env: { CLCACHE_DIR: space.cache },
  });
  assert.equal(status, 0, stderr.toString());
  const lines = readFileSync(output, 'utf8').split('\n');
  const own = lines[0]?.split(' ')[0];
  return lines.map((text) => ({ isOwn: text.split(' ')[0] === own, text }));
}

test('The first call in an empty cache asks the compiler two questions, and hashes its libraries while it compiles', {
  skip: process.platform !== 'linux' && 'strace is a program of Linux',
}, async (context) => {
  const space = workspace(context, { isBlank: true });
  space.write('a.c', 'int a;\n');
  const steps = await traced(space, ['/c', 'a.c']);
  const starts = steps.filter(
    ({ isOwn, text }) => !isOwn && /execve\(.*= 0$|execve\(.*unfinished/.test(text),
  );
  const compiles = steps.findIndex(({ isOwn, text }) => !isOwn && /execve\(.*"\/c", .*"a\.c"\]/.test(text));
  const hashes = steps.findIndex(
    ({ isOwn, text }) => isOwn && /\/lib(?:LLVM|clang)[^/]*\.so/.test(text) && !text.includes('O_PATH'),
  );
  assert.ok(compiles > 0, 'the compile is seen');
  assert.equal(starts.filter(({ text }) => text.includes('"-###"')).length, 1);
  // The compile, two questions, and twice the loader's list of libraries, for which the program itself does not run.
  assert.ok(starts.length <= 5, starts.map(({ text }) => text.slice(0, 200)).join('\n'));
  if (hashes >= 0) assert.ok(hashes > compiles, 'nothing of the compiler is hashed before it runs');
  assert.equal((await space.clcache(['/c', 'a.c'])).status, 0);
  assert.deepEqual(await counted(space), { CacheHits: 1, CacheMisses: 1, SourceChangedMisses: 1 });
});

test('A compiler under a path that is not known yet gets the results that the cache has of its like', async (context) => {
  const space = workspace(context, { isBlank: true });
  space.write('a.c', 'int a;\n');
  symlinkSync(findClangCl().path, space.path('clang-cl'));
  for (const compiler of [findClangCl().path, space.path('clang-cl')]) {
    const { status } = await run(executable(), [compiler, HOST_TARGET, '/nologo', '/c', 'a.c'], {
      cwd: space.folder,
      env: { CLCACHE_DIR: space.cache },
    });
    assert.equal(status, 0);
  }
  assert.deepEqual(await counted(space), { CacheHits: 1, CacheMisses: 1, SourceChangedMisses: 1 });
});
