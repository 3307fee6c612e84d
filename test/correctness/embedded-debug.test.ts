/** CLCACHE_Z7: what the compiler gets, what is cached, and what the log says where it is not set. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelProject } from '../helpers/model-compiler.ts';
import { Project } from './helpers.ts';

const WINDOWS = '--target=x86_64-pc-windows-msvc';

function lastCall(project: ModelProject): string | undefined {
  return project.calls().at(-1)?.words;
}

test('with CLCACHE_Z7, clang-cl makes of /Zi and /ZI the object that it makes of /Z7, and the second is a hit', (t) => {
  const project = new Project(t, undefined, [WINDOWS]);
  project.write('a.c', 'int f(int n) { return n + 1; }\n');
  project.bare(['/c', '/Z7', '/Brepro', 'a.c']);
  const wanted = project.read('a.obj');
  project.set({ CLCACHE_Z7: '1' });
  for (const [format, served] of [
    ['/Zi', 'miss'],
    ['/ZI', 'hit'],
    ['/Z7', 'hit'],
  ] as const) {
    project.remove('a.obj');
    assert.equal(project.served(['/c', format, '/Fdx.pdb', '/FS', '/Brepro', 'a.c']), served, format);
    assert.ok(project.read('a.obj').equals(wanted), format);
  }
});

test('with CLCACHE_Z7, cl is called with /Z7, the second call is a hit, and a call with /Z7 has the same entry', (t) => {
  const project = new ModelProject(t, { CLCACHE_Z7: '1' });
  project.write('a.c', 'int f(void);\n');
  assert.equal(project.served(['/c', '/Zi', '/Fdx.pdb', '/FS', 'a.c']), 'miss');
  assert.equal(lastCall(project), '/c /Z7 a.c');
  assert.equal(project.served(['/c', '/ZI', '/Fdother.pdb', 'a.c']), 'hit');
  assert.equal(project.served(['/c', '/Z7', 'a.c']), 'hit');
  assert.equal(project.calls().length, 1);
  assert.deepEqual(project.files(), ['a.c', 'a.obj']);
});

test('with CLCACHE_Z7, a call that is handed on gets /Z7 as well, wherever its /Zi came from', (t) => {
  const project = new ModelProject(t, { CLCACHE_Z7: '1' });
  project.write('a.c', '#include "pch.h"\nint f(void);\n');
  project.write('pch.h', '');
  project.write('line.rsp', '/Zi /Fdx.pdb\r\n');
  project.set({ CL: '/Zi /FS' });
  assert.equal(project.served(['/c', '/Ycpch.h', 'a.c']), 'passed on');
  assert.equal(lastCall(project), '/Z7 /c /Ycpch.h a.c');
  project.set({ CL: undefined });
  assert.equal(project.served(['/c', '@line.rsp', '/Yupch.h', 'a.c']), 'passed on');
  assert.equal(lastCall(project), '/c /Z7 /Yupch.h a.c');
  // The cache fails to open.
  project.write('file', '');
  project.cached(['/c', '/Zi', 'a.c'], { env: { CLCACHE_DIR: project.path('file/cache') } });
  assert.equal(lastCall(project), '/c /Z7 a.c');
});

test('the log of a call that is handed on for its debug information names the setting that has it cached', (t) => {
  const project = new ModelProject(t, { CLCACHE_LOG: '1' });
  project.write('a.c', 'int f(void);\n');
  const logOf = (args: readonly string[]) => project.cached(args).stderr;
  assert.match(
    logOf(['/c', '/Zi', 'a.c']),
    /handed on: \/Zi writes .*; CLCACHE_Z7=1 or CLCACHE_PDB=per-object would have it cached/,
  );
  assert.match(
    logOf(['/c', '/Zi', '/Fdx.pdb', 'a.c']),
    /CLCACHE_Z7=1 or CLCACHE_PDB=1 or CLCACHE_PDB=per-object/,
  );
  assert.match(logOf(['/c', '/Z7', '/ZI', 'a.c']), /\/ZI writes .* overrides \/Z7 \(D9025\); leave \/ZI out/);
  assert.doesNotMatch(logOf(['/c', '/Zi', '/Yupch.h', 'a.c']), /CLCACHE_Z7/);
  assert.doesNotMatch(logOf(['/Zi', 'a.c']), /CLCACHE_Z7/);
  assert.equal(project.counters()['CallsForExternalDebugInfo'], 5);
});
