import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { cleanEnvironment, executable, HOST_TARGET } from '../helpers/compilers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { Project, scriptedProject, settle } from './helpers.ts';

function part(project: Project, name: string): string {
  return join(dirname(project.compiler), name);
}

for (const name of ['c1.dll', 'c1xx.dll', 'c2.dll', '1033/clui.dll']) {
  test(`an update of ${name} alone makes another compiler`, (t) => {
    const project = scriptedProject(t);
    project.write('a.c', 'int x;\n');
    settle();
    assert.equal(project.served(['/c', 'a.c']), 'miss');
    assert.equal(project.served(['/c', 'a.c']), 'hit');
    writeFileSync(part(project, name), `${name} 2`);
    assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  });
}

test('a compiler with the same content and another time is another one by time, and the same by content', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int x;\n');
  settle();
  for (const [check, expected] of [
    ['mtime', 'miss'],
    ['', 'hit'],
    ['string:one', 'hit'],
  ] as const) {
    const env = { CLCACHE_COMPILER_CHECK: check };
    assert.equal(project.served(['/c', 'a.c'], { env }), 'miss', check);
    assert.equal(project.served(['/c', 'a.c'], { env }), 'hit', check);
    const { mtimeMs } = statSync(part(project, 'c1.dll'));
    utimesSync(part(project, 'c1.dll'), mtimeMs / 1000 + 5, mtimeMs / 1000 + 5);
    assert.equal(project.served(['/c', 'a.c'], { env }), expected, check);
  }
});

test('a compiler that is patched in place is another one, even with the same size and time', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int x;\n');
  const dll = part(project, 'c1.dll');
  utimesSync(dll, 1e9, 1e9);
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  writeFileSync(dll, 'c1.dll 9');
  utimesSync(dll, 1e9, 1e9);
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
});

test('a string of the user identifies the compiler', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int x;\n');
  settle();
  assert.equal(project.served(['/c', 'a.c'], { env: { CLCACHE_COMPILER_CHECK: 'string:one' } }), 'miss');
  assert.equal(project.served(['/c', 'a.c'], { env: { CLCACHE_COMPILER_CHECK: 'string:two' } }), 'miss');
  writeFileSync(part(project, 'c1.dll'), 'c1.dll 2');
  assert.equal(project.served(['/c', 'a.c'], { env: { CLCACHE_COMPILER_CHECK: 'string:one' } }), 'hit');
});

test('another driver under the same path is another compiler', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int x;\n');
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  const copy = `${project.compiler}.new`;
  copyFileSync(project.compiler, copy);
  writeFileSync(project.compiler, '\n# changed\n', { flag: 'a' });
  assert.equal(project.served(['/c', 'a.c']), 'miss');
});

/** A library of this machine, which clang can load as a plug-in that does nothing. */
function anyLibrary(): Buffer {
  const path = /\/\S+\/libm[.-]\S*so\S*/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0];
  assert.ok(path, 'this process has no libm');
  return readFileSync(path);
}

for (const options of ['-fplugin=./plugin.so', '-Xclang -load -Xclang ./plugin.so']) {
  test(`another plug-in of the same name makes another compiler: ${options}`, (t) => {
    const project = new Project(t);
    const library = anyLibrary();
    project.write('a.c', 'int x;\n');
    project.write('plugin.so', library);
    const args = ['/c', ...options.split(' '), 'a.c'];
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    project.write('plugin.so', Buffer.concat([library, Buffer.from('another')]));
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    project.write('plugin.so', library);
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  });
}

test('a clang-cl that was copied elsewhere with all its parts is the same compiler', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a;\n');
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  const bin = dirname(realpathSync(project.compiler));
  const moved = join(temporaryFolder(t), 'bin');
  mkdirSync(moved);
  for (const name of ['clang', 'clang-cl'])
    cpSync(join(bin, name), join(moved, name), { verbatimSymlinks: true });
  const { stdout } = spawnSync(executable(), [join(moved, 'clang-cl'), HOST_TARGET, '/c', 'a.c'], {
    cwd: project.folder,
    env: cleanEnvironment({ CLCACHE_DIR: project.path('cache'), CLCACHE_LOG: project.path('log') }),
  });
  assert.equal(String(stdout), '');
  assert.equal(project.counters()['CacheHits'], 1, project.read('log').toString());
});
