import assert from 'node:assert/strict';
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { findClangCl } from '../helpers/compilers.ts';
import { Project, settle } from './helpers.ts';

interface Layout {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The file that appears, and its contents. */
  readonly appears: readonly [path: string, text: string];
  readonly target?: 'windows';
  readonly cwd?: string;
  readonly source?: string;
}

const QUOTED = '#include "x.h"\nint x = X;\n';
const ANGLED = '#include <x.h>\nint x = X;\n';
const OLD = '#define X 1\n';
const NEW = '#define X 2\n';

const LAYOUTS: readonly Layout[] = [
  {
    title: 'an earlier /I',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/other.h': '' },
    options: ['/Iearly', '/Ilate'],
    appears: ['early/x.h', NEW],
  },
  {
    title: 'an earlier /I that did not exist',
    files: { 'a.c': ANGLED, 'late/x.h': OLD },
    options: ['/Iearly', '/Ilate'],
    appears: ['early/x.h', NEW],
  },
  {
    title: 'a folder below an earlier /I that did not exist',
    files: { 'a.c': '#include <deep/x.h>\nint x = X;\n', 'late/deep/x.h': OLD, 'early/y': '' },
    options: ['/Iearly', '/Ilate'],
    appears: ['early/deep/x.h', NEW],
  },
  {
    title: 'a /I behind an /external:I: it is searched first all the same',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    options: ['/external:Ilate', '/Iearly'],
    appears: ['early/x.h', NEW],
    target: 'windows',
  },
  {
    title: 'a /I behind an -imsvc: it is searched first all the same',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    options: ['-imsvc', 'late', '/Iearly'],
    appears: ['early/x.h', NEW],
    target: 'windows',
  },
  {
    title: 'an earlier -imsvc',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    options: ['-imsvcearly', '-imsvclate'],
    appears: ['early/x.h', NEW],
    target: 'windows',
  },
  {
    title: 'a /I that is searched as a system folder only, since it is one as well',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    options: ['/Ilate', '/Iearly', '/clang:-isystem', '/clang:late'],
    appears: ['early/x.h', NEW],
  },
  {
    title: 'a folder for quoted names',
    files: { 'a.c': QUOTED, 'late/x.h': OLD, 'early/y': '' },
    options: ['/Ilate', '/clang:-iquoteearly'],
    appears: ['early/x.h', NEW],
  },
  {
    title: 'an earlier /I, where the later one is searched first for quoted names',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    options: ['/Iearly', '/Ilate', '/clang:-iquotelate'],
    appears: ['early/x.h', NEW],
  },
  {
    title: 'the folder of a /I before those of INCLUDE',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    options: ['/Iearly'],
    env: { INCLUDE: 'late' },
    appears: ['early/x.h', NEW],
    target: 'windows',
  },
  {
    title: 'an earlier folder of INCLUDE',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    env: { INCLUDE: 'early;late' },
    appears: ['early/x.h', NEW],
    target: 'windows',
  },
  {
    title: 'an earlier folder of CPATH',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    env: { CPATH: 'early:late' },
    appears: ['early/x.h', NEW],
  },
  {
    title: 'an earlier folder of C_INCLUDE_PATH',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    env: { C_INCLUDE_PATH: 'early:late' },
    appears: ['early/x.h', NEW],
  },
  {
    title: 'an earlier folder of CPLUS_INCLUDE_PATH',
    files: { 'a.cpp': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    env: { CPLUS_INCLUDE_PATH: 'early:late' },
    appears: ['early/x.h', NEW],
    source: 'a.cpp',
  },
  {
    title: 'an earlier folder of EXTERNAL_INCLUDE',
    files: { 'a.c': ANGLED, 'late/x.h': OLD, 'early/y': '' },
    env: { EXTERNAL_INCLUDE: 'early;late' },
    appears: ['early/x.h', NEW],
    target: 'windows',
  },
  {
    title: 'the folder of the source',
    files: { 'src/a.c': QUOTED, 'late/x.h': OLD },
    options: ['/Ilate'],
    appears: ['src/x.h', NEW],
    source: 'src/a.c',
  },
  {
    title: 'the folder of the header that includes',
    files: { 'a.c': '#include <y.h>\nint x = X;\n', 'inc/y.h': '#include "x.h"\n', 'late/x.h': OLD },
    options: ['/Iinc', '/Ilate'],
    appears: ['inc/x.h', NEW],
  },
  {
    title: 'the folder of the file that includes the header that includes',
    files: {
      'src/a.c': '#include "../inc/y.h"\nint x = X;\n',
      'inc/y.h': '#include "x.h"\n',
      'late/x.h': OLD,
    },
    options: ['/Ilate'],
    appears: ['src/x.h', NEW],
    source: 'src/a.c',
    target: 'windows',
  },
  {
    title: 'a name with .. in it',
    files: {
      'a.c': '#include <sub/../x.h>\nint x = X;\n',
      'late/x.h': OLD,
      'late/sub/y': '',
      'early/sub/y': '',
    },
    options: ['/Iearly', '/Ilate'],
    appears: ['early/x.h', NEW],
    target: 'windows',
  },
  {
    title: 'a name that a macro makes',
    files: { 'a.c': '#define NAME <x.h>\n#include NAME\nint x = X;\n', 'late/x.h': OLD, 'early/y': '' },
    options: ['/Iearly', '/Ilate'],
    appears: ['early/x.h', NEW],
  },
  {
    title: 'a name that a macro makes, of a header that is not entered twice',
    files: {
      'a.c': '#include "inc/y.h"\n#define NAME <x.h>\n#include NAME\nint x = X;\n',
      'inc/y.h': '#include "x.h"\n',
      'inc/x.h': `#pragma once\n${OLD}`,
      'early/y': '',
    },
    options: ['/Iearly', '/Iinc'],
    appears: ['early/x.h', NEW],
  },
  {
    title: 'a chain of #include_next',
    files: {
      'a.c': ANGLED,
      'one/x.h': '#include_next <x.h>\n',
      'two/y': '',
      'three/x.h': OLD,
    },
    options: ['/Ione', '/Itwo', '/Ithree'],
    appears: ['two/x.h', NEW],
  },
  {
    title: 'a header in the working folder that /FI asks for',
    files: { 'src/a.c': 'int x = X;\n', 'late/x.h': OLD },
    options: ['/FIx.h', '/Ilate'],
    appears: ['x.h', NEW],
    source: 'src/a.c',
  },
  {
    title: 'a header in an earlier folder that /FI asks for',
    files: { 'src/a.c': 'int x = X;\n', 'late/x.h': OLD, 'early/y': '' },
    options: ['/FIx.h', '/Iearly', '/Ilate'],
    appears: ['early/x.h', NEW],
    source: 'src/a.c',
  },
  {
    title: 'what __has_include did not see',
    files: { 'a.c': '#if __has_include("x.h")\n#include "x.h"\n#else\n#define X 1\n#endif\nint x = X;\n' },
    options: ['/Iinc'],
    appears: ['inc/x.h', NEW],
  },
  {
    title: 'what __has_include did not see, though it is in a folder that an option names in vain',
    files: {
      'a.c': '#if __has_include(<x.h>)\n#include <x.h>\n#else\n#define X 1\n#endif\nint x = X;\n',
      'unused/x.h': OLD,
      'inc/y': '',
    },
    // -imsvc counts for targets of Windows only.
    options: ['-imsvcunused', '/Iinc'],
    appears: ['inc/x.h', NEW],
  },
  {
    title: 'what __has_include did not see, in a condition behind a comment of two lines',
    files: { 'a.c': '/*\n*/ #if __has_include(<x.h>)\nint x = 2;\n#else\nint x;\n#endif\n' },
    options: ['/Iinc'],
    appears: ['inc/x.h', NEW],
  },
  {
    title: 'what __has_include did not see where there is a folder of that name',
    files: {
      'a.c': '#if __has_include(<x>)\nint x = 2;\n#else\nint x;\n#endif\n',
      'early/x/y': '',
      'late/y': '',
    },
    options: ['/Iearly', '/Ilate'],
    appears: ['late/x', NEW],
  },
  {
    title: 'what a macro that stands for __has_include did not see',
    files: { 'a.c': '#define HAS __has_include\n#if HAS("x.h")\nint x = 2;\n#else\nint x;\n#endif\n' },
    appears: ['x.h', NEW],
  },
  {
    title: 'what __has_include_next did not see',
    files: {
      'a.c': '#include <x.h>\nint x = X;\n',
      'one/x.h': '#if __has_include_next(<x.h>)\n#define X 2\n#else\n#define X 1\n#endif\n',
    },
    options: ['/Ione', '/Itwo'],
    appears: ['two/x.h', NEW],
  },
];

for (const layout of LAYOUTS) {
  test(`a new header turns a hit into a miss: ${layout.title}`, (t) => {
    const common = layout.target === 'windows' ? ['/Brepro'] : ['--target=x86_64-pc-linux-gnu'];
    const project = new Project(t, findClangCl().path, common);
    project.set({ INCLUDE: undefined, ...layout.env });
    for (const [name, text] of Object.entries(layout.files)) project.write(name, text);
    const args = ['/c', ...(layout.options ?? []), layout.source ?? 'a.c', '-o', 'a.obj'];
    settle();
    assert.equal(project.served(args), 'miss');
    const old = project.read('a.obj');
    // A name that only a macro makes is looked up by the preprocessed text, so the second call stores the result.
    const second = project.served(args);
    assert.notEqual(second, 'passed on');
    if (second !== 'hit') assert.equal(project.served(args), 'hit');
    const [path, text] = layout.appears;
    project.write(path, text);
    settle();
    assert.equal(project.served(args), 'miss');
    assert.notDeepEqual(project.read('a.obj'), old, 'the layout shows nothing');
    const [top = ''] = path.split('/');
    project.remove(Object.keys(layout.files).some((name) => name.startsWith(top)) ? path : top, 'early/deep');
    assert.equal(project.served(args), 'hit');
    assert.deepEqual(project.read('a.obj'), old);
  });
}

interface FolderInPlace {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder, in whose place a header appears. */
  readonly folder: string;
}

const ASKING = '#if __has_include("x.h")\nint x = 2;\n#else\nint x;\n#endif\n';

const FOLDERS_IN_PLACE: readonly FolderInPlace[] = [
  {
    title: 'of an earlier /I',
    files: { 'a.c': ANGLED, 'late/x.h': OLD },
    options: ['/Iearly', '/Ilate'],
    folder: 'early/x.h',
  },
  {
    title: 'of CPATH',
    files: { 'a.c': ANGLED, 'late/x.h': OLD },
    env: { CPATH: 'early:late' },
    folder: 'early/x.h',
  },
  {
    title: 'beside the header that includes it',
    files: { 'a.c': '#include <deep/m.h>\n', 'inc/deep/m.h': QUOTED, 'late/x.h': OLD },
    options: ['/Iinc', '/Ilate'],
    folder: 'inc/deep/x.h',
  },
  {
    title: 'between two headers of one name',
    files: { 'a.c': ANGLED, 'one/x.h': '#include_next <x.h>\n', 'three/x.h': OLD },
    options: ['/Ione', '/Itwo', '/Ithree'],
    folder: 'two/x.h',
  },
  { title: 'that __has_include asks for', files: { 'a.c': ASKING }, folder: 'x.h' },
  {
    title: 'that __has_include asks for in another folder',
    files: { 'a.c': '#if __has_include(<sub/x>)\nint x = 2;\n#else\nint x;\n#endif\n', 'inc/y': '' },
    options: ['/Iinc'],
    folder: 'inc/sub/x',
  },
];

for (const { title, files, options = [], env = {}, folder } of FOLDERS_IN_PLACE) {
  for (const kind of ['a folder', 'a link to a folder']) {
    test(`a header in the place of ${kind} turns a hit into a miss: ${title}`, (t) => {
      const project = new Project(t, findClangCl().path, ['--target=x86_64-pc-linux-gnu']);
      project.set({ INCLUDE: undefined, ...env });
      for (const [name, text] of Object.entries(files)) project.write(name, text);
      mkdirSync(project.path(kind === 'a folder' ? folder : 'elsewhere'), { recursive: true });
      if (kind !== 'a folder') {
        mkdirSync(dirname(project.path(folder)), { recursive: true });
        symlinkSync(project.path('elsewhere'), project.path(folder));
      }
      const args = ['/c', ...options, 'a.c'];
      settle();
      assert.equal(project.served(args), 'miss');
      assert.equal(project.served(args), 'hit');
      project.remove(kind === 'a folder' ? folder : 'elsewhere');
      project.write(kind === 'a folder' ? folder : 'elsewhere', NEW);
      settle();
      assert.equal(project.served(args), 'miss');
      project.remove(folder);
      assert.equal(project.sameAsBare(args, ['a.obj']), 'hit', 'nothing is there now');
    });
  }
}

test('a missing folder on the path to a header that was included before under another path turns a hit into a miss', (t) => {
  const project = new Project(t, findClangCl().path, ['--target=x86_64-pc-linux-gnu']);
  project.write('a.c', '#include <x.h>\n#include <deep/../x.h>\nint x = X;\n');
  project.write('inc/x.h', '#pragma once\n#define X 1\n');
  project.write('inc/deep/y.h', '');
  settle();
  assert.equal(project.served(['/c', '/Iinc', 'a.c']), 'miss');
  assert.equal(project.served(['/c', '/Iinc', 'a.c']), 'hit');
  project.remove('inc/deep');
  const { status, stderr } = project.cached(['/c', '/Iinc', 'a.c']);
  assert.notEqual(status, 0, String(stderr));
});

test('a folder that appears on a path to an earlier header, which was included already, turns a hit into a miss', (t) => {
  const project = new Project(t, findClangCl().path, ['--target=x86_64-pc-linux-gnu']);
  project.write('a.c', '#include <x.h>\n#include <deep/../x.h>\nint x = X;\n');
  project.write('one/x.h', '#pragma once\n#define X 1\n');
  project.write('two/x.h', '#undef X\n#define X 2\n');
  project.write('two/deep/y.h', '');
  settle();
  const args = ['/c', '/Ione', '/Itwo', 'a.c'];
  assert.equal(project.served(args), 'miss');
  assert.equal(project.served(args), 'hit');
  project.write('one/deep/y.h', '');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
});

for (const folder of ['s/..', './s/../.', 'link', 's/../link/s/..']) {
  test(`a source that asks __has_include is stored though its object goes into a searched folder, named ${folder}`, (t) => {
    const project = new Project(t);
    project.write('a.c', '#if __has_include("h.h") || __has_include(<h.h>)\n#endif\nint x;\n');
    project.write('s/y.h', '');
    symlinkSync('.', project.path('link'));
    settle();
    const args = ['/c', `/I${folder}`, 'a.c'];
    assert.equal(project.served(args), 'miss');
    assert.equal(project.served(args), 'hit');
    project.write('h.h', '');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  });
}

test('a header that __has_include found and that vanishes turns a hit into a miss', (t) => {
  const project = new Project(t);
  project.write('a.c', '#if __has_include("x.h")\nint x = 1;\n#else\nint x = 2;\n#endif\n');
  project.write('x.h', '');
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  assert.equal(project.served(['/c', 'a.c']), 'hit');
  project.remove('x.h');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
});

test('a link that leads to another header, and one whose target appears, each turn a hit into a miss', (t) => {
  const project = new Project(t);
  project.write('a.c', ANGLED);
  project.write('late/x.h', OLD);
  project.write('other/x.h', NEW);
  mkdirSync(project.path('early'));
  symlinkSync('../gone/x.h', project.path('early/x.h'));
  symlinkSync('late', project.path('linked'));
  const args = ['/c', '/Iearly', '/Ilinked', 'a.c'];
  // Old enough to be remembered from call to call.
  settle(2100);
  assert.equal(project.served(args), 'miss');
  assert.equal(project.served(args), 'hit');
  project.write('gone/x.h', NEW);
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  project.remove('gone/x.h', 'linked');
  symlinkSync('other', project.path('linked'));
  assert.notEqual(project.sameAsBare(args, ['a.obj']), 'passed on');
});

test('the same name in quotes and in angle brackets can mean two headers of one compile', (t) => {
  const project = new Project(t);
  project.write('src/a.c', '#include "x.h"\n#include <x.h>\nint a = A;\nint b = B;\n');
  project.write('src/x.h', '#define A 1\n');
  project.write('inc/x.h', '#define B 1\n');
  const args = ['/c', '/Iearly', '/Iinc', 'src/a.c'];
  settle();
  assert.equal(project.served(args), 'miss');
  assert.equal(project.served(args), 'hit');
  project.write('early/x.h', '#define B 2\n');
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
});

for (const [title, link] of [
  ['a symbolic link', symlinkSync],
  ['a hard link', linkSync],
] as const) {
  test(`a header that was included under another name, by ${title}, turns a hit into a miss when it becomes a file of its own`, (t) => {
    const project = new Project(t);
    project.write('a.c', '#include "x.h"\n#include "y.h"\nint a = X;\n');
    project.write('x.h', '#pragma once\n#undef X\n#define X 1\n');
    link(project.path('x.h'), project.path('y.h'));
    settle();
    const args = ['/c', '/showIncludes', 'a.c'];
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    project.remove('y.h');
    project.write('y.h', '#undef X\n#define X 2\n');
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  });
}

test('a folder that is searched itself and below another one is looked at for both', (t) => {
  const project = new Project(t, findClangCl().path, ['--target=x86_64-pc-linux-gnu']);
  project.write('a.c', '#include <sys/g.h>\n#include <sys/x.h>\nint x = X;\n');
  project.write('inc/sys/g.h', '#include "y.h"\n');
  project.write('late/y.h', '');
  project.write('late/sys/x.h', OLD);
  const args = ['/c', '/Iinc', '/Ilate', 'a.c'];
  settle(2200);
  assert.equal(project.served(args), 'miss');
  assert.equal(project.served(args), 'hit');
  project.write('inc/sys/x.h', NEW);
  settle(2200);
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
});

interface SecondName {
  readonly title: string;
  /** What the macro includes: `one/x.h` under another name, until `goes` is gone. Then it is another header. */
  readonly name: string;
  readonly goes: string;
  make(project: Project): void;
}

const SECOND_NAMES: readonly SecondName[] = [
  {
    title: 'a link to it',
    name: 'y.h',
    goes: 'two/y.h',
    make: (project) => symlinkSync('../one/x.h', project.path('two/y.h')),
  },
  {
    title: 'a hard link to it',
    name: 'y.h',
    goes: 'two/y.h',
    make: (project) => linkSync(project.path('one/x.h'), project.path('two/y.h')),
  },
  {
    title: 'a link to its folder',
    name: 'd/x.h',
    goes: 'two/d',
    make: (project) => symlinkSync('../one', project.path('two/d')),
  },
  {
    title: 'a way through a folder',
    name: 'd/../x.h',
    goes: 'one/d',
    make: (project) => mkdirSync(project.path('one/d')),
  },
];

for (const { title, name, goes, make } of SECOND_NAMES) {
  test(`a header that a macro includes once more, through ${title}, turns a hit into a miss when that goes`, (t) => {
    const project = new Project(t);
    project.write('a.c', `#include <x.h>\n#define NAME <${name}>\n#include NAME\nint y = Y;\n`);
    project.write('one/x.h', '#pragma once\n#define Y 1\n');
    project.write('two/other.h', '');
    mkdirSync(project.path('three/d'), { recursive: true });
    project.write(`three/${name}`, '#undef Y\n#define Y 2\n');
    make(project);
    const args = ['/c', '/Foa.obj', '/Ione', '/Itwo', '/Ithree', 'a.c'];
    settle(2200);
    assert.equal(project.served(args), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    project.remove(goes);
    settle(2200);
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  });
}

test('a header that an include by a macro may mean under two names is no new one in the next call', (t) => {
  const project = new Project(t);
  // What this call learns of the folders would hide it.
  project.set({ CLCACHE_NOHASHCACHE: '1' });
  project.write('src/a.cpp', '#include "sub/x.h"\n');
  project.write('inc/sub/x.h', '#include "y.h"\n');
  project.write('inc/sub/y.h', '#include "z.h"\n');
  project.write('inc/z.h', '#define NAME <x.h>\n#include NAME\n');
  project.write('inc/x.h', 'int x;\n');
  const args = ['/c', '/Foa.obj', '/Iinc', 'src/a.cpp'];
  assert.equal(project.served(args), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
});

test('a folder in the place of a header that __has_include found turns a hit into a miss', (t) => {
  const project = new Project(t);
  project.write('a.c', '#if __has_include(<x.h>)\nint there;\n#endif\nint x;\n');
  project.write('inc/x.h', '');
  settle();
  assert.equal(project.served(['/c', '/Iinc', 'a.c']), 'miss');
  assert.equal(project.served(['/c', '/Iinc', 'a.c']), 'hit');
  project.remove('inc/x.h');
  mkdirSync(project.path('inc/x.h'));
  assert.equal(project.sameAsBare(['/c', '/Iinc', 'a.c'], ['a.obj']), 'miss');
});

for (const [title, target] of [
  ['a target without Microsoft’s rules', ['--target=x86_64-pc-linux-gnu']],
  ['-fno-ms-compatibility', ['--target=x86_64-pc-windows-msvc', '/Brepro', '/clang:-fno-ms-compatibility']],
  ['Microsoft’s rules', ['--target=x86_64-pc-windows-msvc', '/Brepro']],
] as const) {
  test(`a name in quotes is searched as clang does it: in the folders of includers or not, with ${title}`, (t) => {
    const project = new Project(t, findClangCl().path, target);
    project.write('a.c', '#include "s/g.h"\nint x = X;\n');
    project.write('s/g.h', '#if __has_include("x.h")\n#define X 5\n#else\n#define X 6\n#endif\n');
    project.write('b.c', '#include "x.h"\n#include "late/x.h"\n#include "s/h.h"\nint x = X;\n');
    project.write('s/h.h', '#include "x.h"\n');
    project.write('x.h', '#pragma once\n');
    project.write('late/x.h', '#pragma once\n#define X 1\n');
    project.write('early/other.h', '');
    const [first, second] = [
      ['/c', '/Ilate', 'a.c'],
      ['/c', '/Iearly', '/Ilate', 'b.c'],
    ] as const;
    settle();
    for (const args of [first, second]) {
      assert.equal(project.served(args), 'miss');
      assert.equal(project.served(args), 'hit');
    }
    project.remove('late/x.h');
    project.sameAsBare(first, ['a.obj']);
    project.write('late/x.h', '#pragma once\n#define X 1\n');
    project.write('early/x.h', '#undef X\n#define X 2\n');
    settle();
    project.sameAsBare(second, ['b.obj']);
  });
}

test('a name that begins with two slashes is searched in the folders', (t) => {
  const project = new Project(t);
  project.write('a.c', '#if __has_include(<//z.h>)\nint there;\n#endif\nint x;\n');
  project.write('inc/other.h', '');
  settle();
  assert.equal(project.served(['/c', '/Iinc', 'a.c']), 'miss');
  assert.equal(project.served(['/c', '/Iinc', 'a.c']), 'hit');
  project.write('inc/z.h', '');
  settle();
  assert.equal(project.sameAsBare(['/c', '/Iinc', 'a.c'], ['a.obj']), 'miss');
});

test('a search folder whose name notes do not show for certain is handed on', (t) => {
  const project = new Project(t);
  project.write('a.c', ANGLED);
  for (const folder of ['i\n1', ' i3']) {
    project.write(`${folder}/x.h`, OLD);
    assert.equal(project.sameAsBare(['/c', `/I${folder}`, 'a.c'], ['a.obj']), 'passed on');
  }
});

test('a search folder with a blank at the end of its name, or a remark of clang in it, is searched', (t) => {
  for (const folder of ['i2 ', 'i4 (framework directory)']) {
    const project = new Project(t);
    project.write('a.c', ANGLED);
    project.write(`${folder}/other.h`, '');
    project.write('late/x.h', OLD);
    const args = ['/c', `/I${folder}`, '/Ilate', 'a.c'];
    settle();
    project.sameAsBare(args, ['a.obj']);
    project.sameAsBare(args, ['a.obj']);
    project.write(`${folder}/x.h`, NEW);
    settle();
    project.sameAsBare(args, ['a.obj']);
  }
});

test('a link to itself in an earlier place fails the call, as it fails for the compiler', (t) => {
  const project = new Project(t);
  project.write('a.c', ANGLED);
  project.write('early/other.h', '');
  project.write('late/x.h', OLD);
  const args = ['/c', '/Iearly', '/Ilate', 'a.c'];
  settle();
  assert.equal(project.served(args), 'miss');
  assert.equal(project.served(args), 'hit');
  symlinkSync('x.h', project.path('early/x.h'));
  assert.equal(project.cached(args).status, project.bare(args).status);
});

test('what clang says of a name that it found beside an includer holds while the other places are as they were', (t) => {
  for (const options of [
    ['/Iearly', '/Ibeside', '/Ilate'],
    ['/Iearly', '/Ilate'],
  ]) {
    const project = new Project(t, undefined, ['--target=x86_64-pc-windows-msvc', '/Brepro']);
    project.write('a.c', '#include "beside/first.h"\nint x = X;\n');
    project.write('beside/first.h', '#include <second.h>\n');
    project.write('late/second.h', '#include "x.h"\n');
    project.write('beside/x.h', OLD);
    project.write('early/other.h', '');
    settle();
    const said = () => {
      const kind = project.sameAsBare(['/c', ...options, 'a.c'], ['a.obj']);
      return `${kind}: ${project.cached(['/c', ...options, 'a.c']).stderr.split(' [')[0]}`;
    };
    const without = said();
    project.write('early/x.h', NEW);
    settle();
    assert.match(said(), /^miss: .* non-portable Microsoft search rules/s);
    project.remove('early/x.h');
    assert.equal(said(), without.replace('miss', 'hit'));
  }
});
