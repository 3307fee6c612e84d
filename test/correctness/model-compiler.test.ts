/** The model of cl itself: what Microsoft's pages say of databases, precompiled headers and the linker. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelProject } from '../helpers/model-compiler.ts';

function projectWithHeaders(t: ConstructorParameters<typeof ModelProject>[0]): ModelProject {
  const project = new ModelProject(t);
  project.write('pch.h', '#define H 1\n');
  project.write('own.h', '#define O 2\n');
  project.write('pch.c', '#include "pch.h"\n');
  project.write('a.c', '#include "pch.h"\n#include "own.h"\nint a = O;\n');
  project.write('b.c', '#include "own.h"\nint b = O;\n');
  return project;
}

function compile(project: ModelProject, ...args: readonly string[]): string {
  const { status, stdout, stderr } = project.bare(['/c', ...args]);
  return `${status} ${stderr}${stdout}`.trimEnd();
}

test('the model prints as cl does: banner and D9xxx on stderr, name and notes on stdout', (t) => {
  const project = projectWithHeaders(t);
  const { stdout, stderr } = project.bare(['/c', '/showIncludes', '/Z7', '/Zi', '/odd', 'b.c']);
  assert.match(stdout, /^b\.c\r\nNote: including file: \S*own\.h\r\n$/);
  assert.match(stderr, /D9025 : overriding '\/Z7' with '\/Zi'\r\n.*D9002 .*'\/odd'\r\n$/s);
  assert.equal(compile(project, 'none.c').slice(0, 1), '2');
});

test('the model’s databases are shared, and the linker misses a database, another one and a record', (t) => {
  const project = projectWithHeaders(t);
  compile(project, '/Zi', '/Fdx.pdb', 'a.c');
  const earlier = project.read('x.pdb');
  compile(project, '/Zi', '/Fdx.pdb', 'b.c');
  assert.equal(project.link('a.obj', 'b.obj'), '');
  project.write('x.pdb', earlier);
  assert.match(project.link('a.obj', 'b.obj'), /^b\.obj : warning LNK4204/);
  project.remove('x.pdb');
  assert.match(project.link('a.obj'), /LNK4099/);
  compile(project, '/Zi', '/Fdx.pdb', 'b.c');
  assert.match(project.link('a.obj', 'b.obj'), /^a\.obj : warning LNK4099[^\n]*\n$/);
});

test('the model’s database has one writer: another one without /FS, or another server, fails', (t) => {
  const project = projectWithHeaders(t);
  project.set({ MODEL_SERVER_MS: '20000' });
  compile(project, '/Zi', '/FS', '/Fdx.pdb', 'a.c');
  assert.match(compile(project, '/Zi', '/Fdx.pdb', 'b.c'), /C1041/);
  project.set({ _MSPDBSRV_ENDPOINT_: 'another' });
  assert.match(compile(project, '/Zi', '/FS', '/Fdx.pdb', 'b.c'), /C1090/);
  // The server is done at once where its database is gone.
  project.remove('x.pdb', 'x.pdb.model-lock');
});

test('the model’s precompiled header ties its object and its users together, and refuses others', (t) => {
  const project = projectWithHeaders(t);
  const use = ['/Yupch.h', '/Fpx.pch', 'a.c'];
  assert.match(compile(project, ...use), /C1083/);
  compile(project, '/Z7', '/Ycpch.h', '/Fpx.pch', 'pch.c');
  assert.equal(compile(project, '/Z7', ...use), '0 a.c');
  assert.equal(project.link('a.obj', 'pch.obj'), '');
  assert.match(project.link('a.obj'), /LNK2011/);
  assert.match(compile(project, '/Z7', '/DX', ...use), /C2855/);
  // A changed header is not noticed, and a second build is another one.
  project.write('pch.h', '#error changed\n');
  assert.equal(compile(project, '/Z7', ...use), '0 a.c');
  project.write('pch.h', '#define H 1\n');
  compile(project, '/Z7', '/Ycpch.h', '/Fpx.pch', 'pch.c');
  assert.match(project.link('a.obj', 'pch.obj'), /LNK2011.*\n.*LNK4206/);
  project.write('x.pch', 'something else');
  assert.match(compile(project, '/Z7', ...use), /C1853/);
  compile(project, '/Zi', '/Fdx.pdb', '/Ycpch.h', '/Fpx.pch', 'pch.c');
  assert.match(compile(project, '/Zi', '/Fdy.pdb', ...use), /C2859/);
});
