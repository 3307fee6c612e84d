import assert from 'node:assert/strict';
import { linkSync, mkdirSync, statSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type Project, scriptedProject, settle } from './helpers.ts';

const POSIX_ONLY = { skip: process.platform === 'win32' && 'the scripted compiler is a shell script' };

/** The objects of two folders and of the cache as one file. */
function linkedObjects(t: TestContext): Project {
  const project = scriptedProject(t, { CLCACHE_HARDLINK: '1' });
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

/** Each is a call that makes the scripted compiler write into the existing `a.obj`, with its variables. */
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
  test(`a call that ${what} changes no other file that is a hard link to its object`, POSIX_ONLY, (t) => {
    const project = linkedObjects(t);
    project.write('b.c', 'int b;\n');
    const before = project.read('out/a.obj');
    project.set({ SCRIPTED_CONTENT: 'written in place' });
    // The scripted compiler takes the last source for its only one.
    const words = args.split(' ').filter((word) => word !== 'b.c');
    if (args.includes('b.c')) words.splice(words.indexOf('a.c'), 0, 'b.c');
    assert.equal(project.cached(words, { env }).status, 0);
    assert.ok(project.read('a.obj').includes('written in place'), 'the compiler has written');
    assert.deepEqual(project.read('out/a.obj'), before);
    project.set({ SCRIPTED_CONTENT: '' });
    project.remove('a.obj');
    assert.equal(project.served(['/c', 'a.c']), 'hit', 'the entry is as it was');
  });
}

test('a compiler that writes nothing leaves the old object with its time', POSIX_ONLY, (t) => {
  const project = linkedObjects(t);
  project.date('a.obj', 1_000_000_000);
  const before = project.read('a.obj');
  project.set({ SCRIPTED_IDLE: '1' });
  project.cached(['/c', '/Zi', 'a.c']);
  assert.deepEqual(project.read('a.obj'), before);
  assert.equal(statSync(project.path('a.obj')).mtimeMs, 1_000_000_000_000);
});
