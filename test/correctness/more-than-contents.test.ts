import assert from 'node:assert/strict';
import { copyFileSync, renameSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Project, settle } from './helpers.ts';

const TARGETS: Readonly<Record<string, string>> = {
  'a pragma in the source': 'void f(int *p) {\n#pragma omp target\n  p[0] = 1;\n}\n',
  'a pragma in an expression': 'void f(int *p) {\n_Pragma("omp target") p[0] = 1;\n}\n',
  'a macro that makes a pragma': '#define P(x) _Pragma(#x)\nvoid f(int *p) {\nP(omp target) p[0] = 1;\n}\n',
};

for (const [title, source] of Object.entries(TARGETS)) {
  for (const mode of ['direct', 'preprocessor'] as const) {
    test(`OpenMP code for another device is not stored in ${mode} mode, because a copy of its file names it anew: ${title}`, (t) => {
      const project = new Project(t);
      if (mode === 'preprocessor') project.set({ CLCACHE_NODIRECT: '1' });
      project.write('a.cpp', source);
      settle();
      const args = ['/c', '/clang:-fopenmp', 'a.cpp', '/Foa.obj'];
      assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
      copyFileSync(project.path('a.cpp'), project.path('copy'));
      renameSync(project.path('copy'), project.path('a.cpp'));
      settle();
      assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    });
  }
}

test('OpenMP code for this machine is stored', (t) => {
  const project = new Project(t);
  project.write(
    'a.cpp',
    'void f(int *p) {\n#pragma omp parallel for\n  for (int i = 0; i < 9; i++) p[i] = i;\n}\n',
  );
  settle();
  const args = ['/c', '/clang:-fopenmp', 'a.cpp', '/Foa.obj'];
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
});

test('a message with real paths is not stored, because a link that leads elsewhere changes it', (t) => {
  const project = new Project(t);
  for (const folder of ['one', 'two']) project.write(`${folder}/x.h`, '#warning w\n');
  project.write('a.c', '#include "x.h"\n');
  symlinkSync('one', project.path('current'));
  settle();
  const args = ['/c', '/Icurrent', '-fdiagnostics-absolute-paths', 'a.c'];
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  project.remove('current');
  symlinkSync('two', project.path('current'));
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  project.write('quiet.c', 'int a;\n');
  settle();
  const quiet = ['/c', '-fdiagnostics-absolute-paths', 'quiet.c'];
  assert.equal(project.sameAsBare(quiet, ['quiet.obj']), 'miss');
  assert.equal(project.sameAsBare(quiet, ['quiet.obj']), 'hit');
});
