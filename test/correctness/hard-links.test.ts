import assert from 'node:assert/strict';
import { linkSync, mkdirSync, statSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { ModelProject } from '../helpers/model-compiler.ts';
import { settle } from './helpers.ts';

/** The objects of two folders and of the cache as one file. */
function linkedObjects(t: TestContext): ModelProject {
  const project = new ModelProject(t, { CLCACHE_HARDLINK: '1' });
  project.write('a.c', 'int a;\n');
  mkdirSync(project.path('out'));
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  project.remove('a.obj');
  assert.equal(project.served(['/c', 'a.c']), 'hit');
  assert.equal(statSync(project.path('a.obj')).nlink, 2);
  // As in another tree.
  linkSync(project.path('a.obj'), project.path('out/a.obj'));
  return project;
}

/** Each is a call that makes cl write into the existing `a.obj`, with its variables. */
const CALLS: Readonly<Record<string, { readonly args: string; readonly env?: Record<string, string> }>> = {
  'is passed on for its debug information': { args: '/c /Zi a.c' },
  'is passed on for its debug information and names its object': { args: '/c /Zi /Foa.obj a.c' },
  'has an option that is not known': { args: '/c /unheard:of /Foa.obj a.c' },
  'is made with CLCACHE_DISABLE': { args: '/c a.c', env: { CLCACHE_DISABLE: '1' } },
  'has its options in a variable': { args: 'a.c', env: { CL: '/c /Zi' } },
  'is a miss, and no longer wants hard links': { args: '/c /DX a.c', env: { CLCACHE_HARDLINK: '0' } },
  'lists its sources': { args: '/c /Zi a.c b.c' },
};

for (const [what, { args, env = {} }] of Object.entries(CALLS)) {
  test(`a call that ${what} changes no other file that is a hard link to its object`, (t) => {
    const project = linkedObjects(t);
    project.write('b.c', 'int b;\n');
    const before = project.read('out/a.obj');
    assert.equal(project.cached(args.split(' '), { env }).status, 0);
    assert.notDeepEqual(project.read('a.obj'), before, 'the compiler has written');
    assert.deepEqual(project.read('out/a.obj'), before);
    project.remove('a.obj');
    assert.equal(project.served(['/c', 'a.c']), 'hit', 'the entry is as it was');
  });
}

test('a compiler that writes nothing leaves the old object with its time', (t) => {
  const project = linkedObjects(t);
  project.date('a.obj', 1_000_000_000);
  const before = project.read('a.obj');
  project.write('a.c', '#error no\n');
  assert.equal(project.cached(['/c', '/Zi', 'a.c']).status, 2);
  assert.deepEqual(project.read('a.obj'), before);
  assert.equal(statSync(project.path('a.obj')).mtimeMs, 1_000_000_000_000);
});
