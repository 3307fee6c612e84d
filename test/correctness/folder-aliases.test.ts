import assert from 'node:assert/strict';
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Project, settle } from './helpers.ts';

/** A folder that comes or goes, with no header in it that is searched, and a link that leads elsewhere. */
interface Row {
  readonly title: string;
  /** `@` stands for the project's folder. */
  readonly options: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly source?: string;
  /** Puts the folders into the one state and into the other. */
  readonly before?: (project: Project) => void;
  readonly after: (project: Project) => void;
  readonly back: (project: Project) => void;
}

function make(name: string) {
  return (project: Project) => {
    mkdirSync(project.path(name));
  };
}

function remove(name: string) {
  return (project: Project) => project.remove(name);
}

function lead(name: string, target: string) {
  return (project: Project) => {
    project.remove(name);
    symlinkSync(target, project.path(name));
  };
}

const ROWS: readonly Row[] = [
  {
    title: 'a folder appears below the working folder, by an absolute path',
    options: ['-I@/none'],
    after: make('none'),
    back: remove('none'),
  },
  {
    title: 'a folder vanishes before one that is missing',
    options: ['-Id7', '-I@/none'],
    before: make('d7'),
    after: remove('d7'),
    back: make('d7'),
  },
  {
    title: 'an absolute folder vanishes before one that is missing',
    options: ['-I@/d7', '-Inone'],
    before: make('d7'),
    after: remove('d7'),
    back: make('d7'),
  },
  {
    title: 'a link to the folder of the source appears',
    options: ['-Ilink'],
    source: 'src/a.cpp',
    after: lead('link', 'src'),
    back: remove('link'),
  },
  {
    title: 'a link is turned to the folder of the source',
    options: ['-I@/link'],
    source: 'src/a.cpp',
    before: lead('link', 'other'),
    after: lead('link', 'src'),
    back: lead('link', 'other'),
  },
  {
    title: 'a folder appears below that of the source',
    options: ['-I@/src/none'],
    source: 'src/a.cpp',
    after: make('src/none'),
    back: remove('src/none'),
  },
  {
    title: 'a folder of an option appears before one of CPATH that is missing',
    options: ['-Inone2'],
    env: { CPATH: '@/none' },
    after: make('none2'),
    back: remove('none2'),
  },
  {
    title: 'a folder appears below a searched one, and vanishes',
    options: ['-I@/sub/none', '-Isub'],
    source: 'angled.cpp',
    after: make('sub/none'),
    back: remove('sub/none'),
  },
];

for (const { title, options, env = {}, source = 'a.cpp', before, after, back } of ROWS) {
  test(`what clang names headers by is part of a hit, when ${title}`, (t) => {
    const project = new Project(t);
    const here = (text: string) => text.replaceAll('@', project.folder);
    for (const folder of ['', 'src/']) {
      project.write(`${folder}a.cpp`, '#include "h.h"\n');
      project.write(`${folder}h.h`, 'const char *name() { return __FILE__; }\n');
    }
    project.write('angled.cpp', '#include <k.h>\n');
    project.write('sub/k.h', 'const char *name() { return __FILE__; }\n');
    project.write('other/unrelated.h', '');
    project.set(Object.fromEntries(Object.entries(env).map(([name, value]) => [name, here(value)])));
    before?.(project);
    settle();
    const args = ['/c', ...options.map(here), source, '/Foa.obj'];
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    after(project);
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    back(project);
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  });
}

test('a searched folder that appears and leads to no header leaves a hit', (t) => {
  const project = new Project(t);
  project.write('src/a.cpp', '#include "h.h"\n');
  project.write('src/h.h', 'const char *name() { return __FILE__; }\n');
  project.write('build/made.txt', '');
  settle();
  const args = ['/c', '/Ibuild/generated', 'src/a.cpp', '/Foa.obj'];
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  mkdirSync(project.path('build/generated'));
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
});

test('a searched system folder that becomes a link to another one turns a hit into a miss', (t) => {
  const project = new Project(t);
  project.write('src/a.cpp', '#include <sub/h.h>\nint x = X;\n');
  project.write('one/sub/h.h', '#define X 1\n');
  project.write('two/sub/h.h', '#define X 2\n');
  mkdirSync(project.path('empty'));
  settle();
  // clang leaves out the first of two that are one, because the second is a system folder.
  const args = ['/c', '/Ione', '/Itwo', '/clang:-isystem', '/clang:empty', 'src/a.cpp', '/Foa.obj'];
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  lead('empty', 'one')(project);
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
});

/** A header that is entered twice, under two names of which one becomes another name of the other. */
const BOTH = ['#define N a', '#include "one/x.h"', '#undef N', '#define N b', '#include "two/x.h"', ''].join(
  '\n',
);

for (const [link, make] of [
  ['a hard link', linkSync],
  ['a link', symlinkSync],
] as const) {
  for (const once of ['#pragma once', '#import "none.h"']) {
    test(`two headers with the same contents are a miss when the second becomes ${link} to the first: ${once}`, (t) => {
      const project = new Project(t);
      project.write('none.h', '');
      for (const folder of ['one', 'two']) project.write(`${folder}/x.h`, `${once}\nint N;\n`);
      project.write('a.c', once.startsWith('#pragma') ? BOTH : BOTH.replaceAll('#include', '#import'));
      settle();
      const args = ['/c', '/I.', 'a.c', '/Foa.obj'];
      assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
      assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
      project.remove('two/x.h');
      make(project.path('one/x.h'), project.path('two/x.h'));
      assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
      project.remove('two/x.h');
      project.write('two/x.h', `${once}\nint N;\n`);
      settle();
      assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    });
  }
}
