import assert from 'node:assert/strict';
import test from 'node:test';
import { checkCompiler } from '../../src/doctor/checks/compiler.ts';
import { foundCompiler, handedOn, linesOf, noCompiler } from './surroundings.ts';

const HERE: Parameters<typeof checkCompiler>[0]['config'] = { isFolderGone: false, fromFile: [] };

async function said(compiler: Parameters<typeof checkCompiler>[0]['compiler'], config = HERE) {
  return linesOf(await checkCompiler({ compiler, config }));
}

test('the doctor names the compiler, how it was found, its family and its version', async () => {
  assert.deepEqual(await said(foundCompiler()), [
    'good /opt/clang-cl, named by CLCACHE_CL: clang-cl, clang version 19.1.0',
  ]);
});

test('a setting of config.txt is named as such, with the command that takes it back', async () => {
  const named = await said(foundCompiler(), { ...HERE, fromFile: ['CLCACHE_CL'] });
  assert.match(named[0] ?? '', /named by CLCACHE_CL in config\.txt: /);
  const config = { ...HERE, fromFile: ['CLCACHE_DISABLE'] as const };
  const [disabled] = await said(handedOn('disabled', 'CLCACHE_DISABLE is set'), config);
  assert.match(disabled ?? '', /^stops .*=> clcache --unset CLCACHE_DISABLE$/);
});

test('a compiler that only calls with its name get is looked at, and one with a configuration file stops', async () => {
  const [line] = await said(foundCompiler({}, { how: 'candidate' }));
  assert.match(line ?? '', /^look .*only calls that name their compiler are served.*=> set CLCACHE_CL/);
  const [, stopping] = await said(foundCompiler({ configurationFile: '/opt/clang-cl.cfg' }));
  assert.match(stopping ?? '', /^stops it takes options from \/opt\/clang-cl\.cfg/);
});

test('no compiler, another program, a switched-off cache and a deleted folder keep a build from being served', async () => {
  assert.match(
    (await said(noCompiler('no compiler found')))[0] ?? '',
    /^stops no compiler found => set CLCACHE_CL/,
  );
  const [other] = await said(handedOn('otherProgram', '/opt/cl is neither cl nor clang-cl'));
  assert.match(other ?? '', /^stops .*neither cl nor clang-cl/);
  assert.match(
    (await said(handedOn('disabled', 'CLCACHE_DISABLE is set')))[0] ?? '',
    /^stops .*=> unset CLCACHE_DISABLE$/,
  );
  const [, folder] = await said(foundCompiler(), { ...HERE, isFolderGone: true });
  assert.match(folder ?? '', /^stops this folder was deleted/);
});

test('a script that calls another clcache is looked at: that one does the caching', async () => {
  assert.match((await said(handedOn('otherCache', '/opt/cl calls a clcache')))[0] ?? '', /^look /);
});
