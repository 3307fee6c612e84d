import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { checkOtherCaches } from '../../src/doctor/checks/other-caches.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { configOf, foundCompiler, linesOf } from './surroundings.ts';

async function said(env: Readonly<Record<string, string>>, compiler = foundCompiler()) {
  return linesOf(await checkOtherCaches({ compiler, config: configOf(env), self: '/opt/clcache' }));
}

test('nothing before the compiler is good', async () => {
  assert.deepEqual(await said({ PATH: '/nowhere', CXX: 'clcache clang-cl' }), [
    'good none stands before the compiler',
  ]);
});

test('another cache in a variable of CMake or make is named', async () => {
  const [cmake] = await said({ CMAKE_CXX_COMPILER_LAUNCHER: '/usr/bin/sccache' });
  assert.match(cmake ?? '', /^look CMAKE_CXX_COMPILER_LAUNCHER puts sccache before the compiler/);
  const [make] = await said({ CC: 'ccache clang-cl' });
  assert.match(make ?? '', /^look CC puts ccache before the compiler/);
});

test('another cache or clcache on PATH under a compiler’s name is named', async (t) => {
  const folder = temporaryFolder(t);
  for (const name of ['one', 'two']) mkdirSync(join(folder, name));
  for (const name of ['ccache', 'clcache-4']) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o755);
  }
  symlinkSync('../ccache', join(folder, 'one/cl'));
  symlinkSync('../clcache-4', join(folder, 'two/clang-cl'));
  const [ccache, clcache] = await said({ PATH: `${folder}/one:${folder}/two:` });
  assert.match(ccache ?? '', /^look .*\/one\/cl is ccache => name the compiler itself/);
  assert.match(clcache ?? '', /^look .*\/two\/clang-cl is another clcache/);
});

test('what was passed over for the compiler on PATH is another clcache, whatever its name', async (t) => {
  const folder = temporaryFolder(t);
  for (const name of ['one', 'two', 'text']) mkdirSync(join(folder, name));
  for (const name of ['one/cl', 'two/cl']) writeFileSync(join(folder, name), '', { mode: 0o755 });
  writeFileSync(join(folder, 'text/cl'), '');
  const PATH = ['text', 'one', 'two'].map((name) => `${folder}/${name}`).join(':');
  const lines = await said({ PATH }, foundCompiler({}, { path: `${folder}/two/cl`, how: 'PATH' }));
  assert.deepEqual(lines, [`look ${folder}/one/cl is another clcache: ${folder}/one/cl => keep one of them`]);
});

test('a script that starts the compiler, and a shell below clcache, are named', async () => {
  const [script] = await said({}, foundCompiler({ isWrapper: true }));
  assert.match(script ?? '', /^look \/opt\/clang-cl is a script or program that starts the compiler/);
  assert.match(
    (await said({ CLCACHE_CHAIN: '/a/cl\n/b/cl' }))[0] ?? '',
    /below clcache, as \/a\/cl, \/b\/cl/,
  );
});
