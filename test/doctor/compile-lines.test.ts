import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { checkCompileLines } from '../../src/doctor/checks/compile-lines.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { configOf, linesOf } from './surroundings.ts';

async function said(t: TestContext, database: unknown, env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder(t);
  const text = typeof database === 'string' ? database : JSON.stringify(database);
  writeFileSync(join(folder, 'compile_commands.json'), text);
  return linesOf(await checkCompileLines({ config: configOf(env, folder) }));
}

const line = (command: string) => ({ directory: '/build', file: 'a.cpp', command });
const CL = 'C:\\VS\\bin\\cl.exe /nologo /c /Foa.obj';

test('lines that can be cached are good, and so is no database', async (t) => {
  assert.match(
    (await said(t, [line(`${CL} /Z7 a.cpp`), line(`clcache clang-cl /c b.cpp`)]))[0] ?? '',
    /^good the 2 /,
  );
  assert.deepEqual(linesOf(await checkCompileLines({ config: configOf({}, temporaryFolder(t)) })), [
    'good no compile_commands.json in this folder',
  ]);
});

test('a /Zi that overrides a /Z7 is named with its cure', async (t) => {
  const [all] = await said(t, [line(`${CL} /Z7 /O2 /Zi a.cpp`)]);
  assert.match(all ?? '', /^stops 1 of 1 compile lines .*overrides \/Z7 \(D9025\).* => .*CLCACHE_Z7=1/);
  const [some] = await said(t, [line(`${CL} /Z7 /Zi a.cpp`), line(`${CL} b.cpp`)]);
  assert.match(some ?? '', /^look 1 of 2 compile lines/);
  assert.match((await said(t, [line(`${CL} /Zi a.cpp`)], { CLCACHE_Z7: '1' }))[0] ?? '', /^good /);
});

test('a precompiled header that the build has not made yet is no reason', async (t) => {
  assert.match((await said(t, [line('clang-cl /c /Yuh.h /Fph.pch a.cpp')]))[0] ?? '', /^good the 1 /);
});

test('the reason of most lines is shown, and arguments count as a command does', async (t) => {
  const refused = { directory: '/build', arguments: ['cl', '/c', '/Zi', 'a.cpp'] };
  const [found] = await said(t, [refused, refused, line('cl a.cpp')]);
  assert.match(found ?? '', /^stops 3 of 3 .*\/Zi/);
});

test('lines of other compilers, and a database that is none, are left alone', async (t) => {
  for (const database of [[line('g++ -c a.cpp')], '[', '{}', [1, null, {}], [{ directory: 1 }], ''])
    assert.deepEqual(await said(t, database), ['good no compile_commands.json in this folder']);
});
