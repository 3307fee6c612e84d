/** CLCACHE_PDB, with the model of cl: an object and its program database are one result. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cleanEnvironment, executable, findClangCl } from '../helpers/compilers.ts';
import { ModelProject } from '../helpers/model-compiler.ts';

const OWN = ['/c', '/Zi', '/Fdx.pdb', 'a.c'];

function projectWith(t: ConstructorParameters<typeof ModelProject>[0], mode: string): ModelProject {
  const project = new ModelProject(t, { CLCACHE_PDB: mode });
  project.write('h.h', '#define H 1\n');
  for (const name of ['a', 'b', 'c', 'd']) project.write(`${name}.c`, `#include "h.h"\nint ${name} = H;\n`);
  return project;
}

test('a hit brings the object and its database, from one compile that had a server of its own', (t) => {
  const project = projectWith(t, '1');
  assert.equal(project.served(OWN), 'miss');
  const [object, database] = [project.read('a.obj'), project.read('x.pdb')];
  assert.match(project.calls()[0]?.endpoint ?? '', /^clcache-[0-9a-f]{16}$/);
  project.remove('a.obj', 'x.pdb');
  assert.equal(project.served(OWN), 'hit');
  assert.ok(project.read('a.obj').equals(object) && project.read('x.pdb').equals(database));
  assert.equal(project.link('a.obj'), '');
  // Both are there as they were restored.
  assert.equal(project.served(OWN), 'hit');
  project.write('h.h', '#define H 2\n');
  assert.equal(project.served(OWN), 'miss');
  assert.notEqual(project.calls()[1]?.endpoint, project.calls()[0]?.endpoint);
  assert.equal(project.served(OWN), 'hit');
  assert.equal(project.link('a.obj'), '');
});

test('a database whose server writes when cl has ended is stored as it is then', (t) => {
  const project = projectWith(t, '1');
  project.set({ MODEL_SERVER_MS: '150' });
  assert.equal(project.served([...OWN, '/FS']), 'miss');
  project.remove('a.obj', 'x.pdb');
  assert.equal(project.served([...OWN, '/FS']), 'hit');
  assert.equal(project.link('a.obj'), '');
});

test('an entry without its database is no result', (t) => {
  const project = projectWith(t, '1');
  project.served(OWN);
  const stored = readdirSync(project.path('cache/v1/objects'), { recursive: true, encoding: 'utf8' });
  const database = stored.find((name) => name.endsWith('database.pdb')) ?? '';
  project.remove(join('cache/v1/objects', database), 'a.obj', 'x.pdb');
  assert.equal(project.served(OWN), 'miss');
  assert.equal(project.link('a.obj'), '');
  project.remove('a.obj', 'x.pdb');
  assert.equal(project.served(OWN), 'hit');
});

test('after a compile that fails, the old object still has its database', (t) => {
  for (const [mode, line, database] of [
    ['1', OWN, 'x.pdb'],
    ['per-object', ['/c', '/Zi', 'a.c'], 'a.obj.pdb'],
  ] as const) {
    const project = projectWith(t, mode);
    project.served(line);
    const before = project.read(database);
    project.write('a.c', '#error no\n');
    assert.notEqual(project.cached(line).status, 0);
    assert.ok(project.read(database).equals(before), mode);
    assert.equal(project.link('a.obj'), '');
    assert.deepEqual(
      readdirSync(project.folder).filter((name) => name.includes('.pdb')),
      [database],
    );
  }
});

test('what has the name of an object’s database and is none is never replaced, and the call is handed on', (t) => {
  const project = projectWith(t, 'per-object');
  const shared = ['/c', '/Zi', '/Fdall.pdb'];
  assert.equal(project.served([...shared, 'a.c']), 'miss');
  project.remove('a.obj', 'a.obj.pdb');
  project.write('a.obj.pdb/keep', '');
  assert.equal(project.served([...shared, 'a.c']), 'passed on');
  assert.ok(existsSync(project.path('a.obj.pdb/keep')));
  project.remove('a.obj.pdb');
  // The object of another source.
  project.served([...shared, '/Foa.obj.pdb', 'b.c']);
  const object = project.read('a.obj.pdb');
  assert.equal(project.served([...shared, 'a.c']), 'passed on');
  assert.ok(project.read('a.obj.pdb').equals(object));
  assert.equal(project.link('a.obj', 'a.obj.pdb'), '');
});

test('a database behind a link is written through the link, in the compile and ever after', (t) => {
  const project = projectWith(t, '1');
  symlinkSync('elsewhere.pdb', project.path('x.pdb'));
  for (let call = 0; call < 2; call += 1) {
    assert.equal(project.served(OWN), 'passed on');
    assert.ok(lstatSync(project.path('x.pdb')).isSymbolicLink());
    assert.equal(project.link('a.obj'), '');
    project.remove('a.obj', 'elsewhere.pdb');
  }
  // Another name of the same file.
  assert.equal(project.served(['/c', '/Zi', '/Fdelsewhere.pdb', 'b.c']), 'passed on');
});

test('a database that was there before, or to which somebody has added, is not replaced', (t) => {
  const project = projectWith(t, '1');
  project.served(OWN);
  project.bare(['/c', '/Zi', '/Fdx.pdb', 'b.c']);
  assert.equal(project.served(OWN), 'passed on');
  assert.equal(project.link('a.obj', 'b.obj'), '');
  project.bare(['/c', '/Zi', '/Fdy.pdb', 'b.c']);
  assert.equal(project.served(['/c', '/Zi', '/Fdy.pdb', 'c.c']), 'passed on');
  assert.equal(project.link('a.obj'), '');
  assert.equal(project.counters()['CallsForExternalDebugInfo'], 2);
  project.remove('x.pdb');
  assert.equal(project.served(OWN), 'hit');
});

test('a database that several objects name is shared, also if they are compiled at once', async (t) => {
  const project = projectWith(t, '1');
  const settings = { CLCACHE_PDB: '1', MODEL_SERVER_MS: '100', MODEL_CLANG_CL: findClangCl().path };
  const compileAll = () =>
    Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => {
        const words = [project.compiler, '/nologo', '/c', '/Zi', '/FS', '/Fdall.pdb', `${name}.c`];
        const variables = { ...settings, CLCACHE_DIR: project.path('cache') };
        const child = spawn(executable(), words, { cwd: project.folder, env: cleanEnvironment(variables) });
        let text = '';
        child.stdout.on('data', (bytes) => {
          text += bytes;
        });
        const [status] = await once(child, 'close');
        assert.equal(status, 0, text);
      }),
    );
  for (let build = 0; build < 3; build += 1) {
    project.remove('all.pdb', 'a.obj', 'b.obj', 'c.obj', 'd.obj');
    await compileAll();
    while (existsSync(project.path('all.pdb.model-lock'))) await new Promise((done) => setTimeout(done, 20));
    assert.equal(project.link('a.obj', 'b.obj', 'c.obj', 'd.obj'), '');
  }
  assert.equal(project.served(['/c', '/Zi', '/FS', '/Fdall.pdb', 'a.c']), 'passed on');
});

test('a database that a second object names by a link to its folder is shared', (t) => {
  const project = projectWith(t, '1');
  project.write('o/keep', '');
  symlinkSync('o', project.path('l'));
  assert.equal(project.served(['/c', '/Zi', '/FS', '/Fdo/x.pdb', 'a.c']), 'miss');
  assert.equal(project.served(['/c', '/Zi', '/FS', '/Fdl/x.pdb', 'b.c']), 'passed on');
});

test('per object, a shared database becomes one for each object, in calls with several sources too', (t) => {
  const project = projectWith(t, 'per-object');
  const call = ['/c', '/Zi', '/FS', '/Fdall.pdb', 'a.c', 'b.c'];
  project.cached(call);
  assert.equal(project.counters()['CacheMisses'], 2);
  assert.deepEqual(
    project.calls().map(({ words }) => words),
    ['a', 'b'].map((name) => `/c /Zi /Fd${name}.obj.pdb ${name}.c`),
  );
  project.remove('a.obj', 'a.obj.pdb');
  project.cached(call);
  assert.equal(project.counters()['CacheHits'], 2);
  assert.equal(project.link('a.obj', 'b.obj'), '');
  assert.ok(!existsSync(project.path('all.pdb')));
  // A database of an earlier build is this object's, whatever is in it.
  writeFileSync(project.path('a.obj.pdb'), 'Microsoft C/C++ MSF 7.00\r\nold');
  project.write('a.c', 'int changed;\n');
  project.cached(call);
  assert.equal(project.link('a.obj', 'b.obj'), '');
});

test('a database is not shared with another tree', (t) => {
  const project = projectWith(t, 'per-object');
  for (const tree of ['one', 'two']) {
    project.write(`${tree}/a.c`, 'int a;\n');
    const options = { cwd: tree, env: { CLCACHE_BASEDIR: project.path(tree) } };
    assert.equal(project.served(['/c', '/Zi', 'a.c'], options), 'miss', tree);
  }
  renameSync(project.path('one'), project.path('three'));
  assert.match(project.link('three/a.obj'), /LNK4099/);
});

test('a hard link into the cache is never made of a database', (t) => {
  const project = projectWith(t, '1');
  project.set({ CLCACHE_HARDLINK: '1' });
  project.served(OWN);
  project.remove('a.obj', 'x.pdb');
  assert.equal(project.served(OWN), 'hit');
  project.bare(['/c', '/Zi', '/Fdx.pdb', 'b.c']);
  project.remove('a.obj', 'x.pdb');
  assert.equal(project.served(OWN), 'hit');
  assert.equal(project.link('a.obj'), '');
});

test('calls that are handed on for a precompiled header keep the database that the build shares', (t) => {
  for (const mode of ['1', 'per-object']) {
    const project = projectWith(t, mode);
    project.write('pch.c', '#include "h.h"\n');
    assert.equal(project.served(['/c', '/Zi', '/Fdall.pdb', '/Ych.h', '/Fpx.pch', 'pch.c']), 'passed on');
    assert.equal(project.served(['/c', '/Zi', '/Fdall.pdb', '/Yuh.h', '/Fpx.pch', 'a.c']), 'passed on');
    const kept = mode === '1' ? 'passed on' : 'miss';
    assert.equal(project.served(['/c', '/Zi', '/Fdall.pdb', 'b.c']), kept);
    assert.equal(project.link('a.obj', 'pch.obj', 'b.obj'), '');
    assert.deepEqual(
      project.calls().map(({ endpoint }) => endpoint.replace(/-.*/, '')),
      mode === '1' ? ['default', 'default', 'default'] : ['default', 'default', 'clcache'],
    );
  }
});

test('a source that is looked up by its text has its database on a hit as well', (t) => {
  const project = projectWith(t, '1');
  project.set({ CLCACHE_NODIRECT: '1' });
  assert.equal(project.served(OWN), 'miss');
  project.remove('a.obj', 'x.pdb');
  assert.equal(project.served(OWN), 'hit');
  assert.equal(project.link('a.obj'), '');
  const other = ['/c', '/Zi', '/Fdy.pdb', 'a.c'];
  assert.equal(project.served(other), 'miss');
  assert.match(String(project.read('a.obj')), /^database: .*y\.pdb$/m);
});
