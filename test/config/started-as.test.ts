import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type StartedAs, startedAs } from '../../src/config/started-as.ts';

function executable(argv0: string, execPath: string): StartedAs {
  return startedAs({ argv: ['bun', '/$bunfs/root/clcache'], argv0, execPath });
}

function script(path: string): StartedAs {
  return startedAs({ argv: ['/usr/bin/node', path, '-s'], argv0: 'node', execPath: '/usr/bin/node' });
}

test('under a compiler’s name clcache is that compiler: with any folder, extension, version and case', () => {
  const names = `cl cl.exe CL.EXE clang-cl clang-cl.exe clang-cl-14 clang-cl-14.exe CLANG-CL.exe my-cl
    x86_64-pc-windows-msvc-clang-cl gcc g++-12`;
  for (const name of names.split(/\s+/)) {
    const expected = { kind: 'compiler', name };
    assert.deepEqual(executable(`/usr/local/bin/${name}`, '/opt/clcache'), expected);
    assert.deepEqual(executable(name, `/opt/${name}`), expected);
    assert.deepEqual(executable(`C:\\tools\\${name}`, `C:\\tools\\${name}`), expected);
    assert.deepEqual(script(`/node_modules/.bin/${name}`), expected);
  }
  assert.deepEqual(script('/bin/clang-cl.js'), { kind: 'compiler', name: 'clang-cl' });
});

test('under its own name, or an unknown one, it is clcache', () => {
  for (const name of [
    'clcache',
    'clcache.exe',
    'CLCACHE.EXE',
    'clcache-5.1',
    'clcache-cl',
    'cache',
    'acl2',
  ]) {
    assert.deepEqual(executable(`/bin/${name}`, `/bin/${name}`), { kind: 'clcache' }, name);
  }
  assert.deepEqual(script('/lib/bin/clcache.js'), { kind: 'clcache' });
  assert.deepEqual(script('/lib/cl/clcache.cjs'), { kind: 'clcache' });
});

test('an unknown word of the caller leaves the decision to the name of the file', () => {
  assert.deepEqual(executable('program', '/bin/clang-cl'), { kind: 'compiler', name: 'clang-cl' });
  assert.deepEqual(executable('', '/bin/cl.exe'), { kind: 'compiler', name: 'cl.exe' });
});

test('the hash server has two names, also as a link to clcache', () => {
  for (const name of ['clcache-server', 'clcachesrv', 'clcachesrv.exe', 'CLCACHE-SERVER.EXE']) {
    assert.deepEqual(executable(name, `/opt/${name}`), { kind: 'hashServer' });
    assert.deepEqual(executable(name, '/opt/clcache'), { kind: 'hashServer' });
  }
});
