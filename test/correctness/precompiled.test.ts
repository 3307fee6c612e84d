import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CallResult, type Context, Project, settle } from './helpers.ts';
import { prepared } from './prepared.ts';

const MAKE = ['/c', '/Ycall.h', '/Fpall.pch', 'all.cpp'];
const USE = ['/c', '/Yuall.h', '/Fpall.pch', 'user.cpp'];
const MADE = ['all.obj', 'all.pch'];
const USED = ['user.obj'];
/** Without it, clang writes the time of each file into the `.pch`. */
const TIMELESS = ['-Xclang', '-fno-pch-timestamp'];
const WINDOWS = '--target=x86_64-pc-windows-msvc';
/** A time long ago, in seconds. */
const EARLIER = 1_500_000_000;

/** A precompiled header of two headers, and a source that uses it. */
function project(t: Context, common?: readonly string[]): Project {
  const made = new Project(t, undefined, common);
  made.write('all.h', '#pragma once\n#include "number.h"\ninline int twice(int x) { return x + x; }\n');
  made.write('number.h', '#pragma once\n#define NUMBER 3\n');
  made.write('own.h', 'int own();\n');
  made.write('all.cpp', '#include "all.h"\n');
  made.write('user.cpp', '#include "all.h"\n#include "own.h"\nint f() { return twice(NUMBER) + own(); }\n');
  for (const name of ['all.h', 'number.h', 'own.h', 'all.cpp', 'user.cpp']) made.date(name, EARLIER);
  settle();
  return made;
}

/** The project whose precompiled header was made. */
const withHeader = prepared((context) => {
  const one = project(context);
  assert.equal(one.served(MAKE), 'miss');
  return one;
});

/** The same, and its user was compiled. */
const withUser = prepared((context) => {
  const one = project(context);
  for (const args of [MAKE, USE]) assert.equal(one.served(args), 'miss');
  return one;
});

function inFolder(one: Project): void {
  one.remove('all.pch');
  one.write('all.pch/x', '');
}

/** A call of the compiler alone must end in this way, and a call through clcache in the same. */
function refusedAsBare(one: Project, args: readonly string[]): CallResult {
  const bare = one.bare(args);
  assert.notEqual(bare.status, 0);
  assert.deepEqual(one.cached(args), bare);
  return bare;
}

test('object and .pch are one entry, and so is what a source makes of them', (t) => {
  const one = project(t);
  for (const kind of ['miss', 'hit']) {
    assert.equal(one.sameAsBare(MAKE, MADE), kind);
    assert.equal(one.sameAsBare(USE, USED), kind);
  }
  assert.equal(one.counters()['CallsWithPch'], 0);
});

test('a restored .pch is newer than before, and its users stay valid', () => {
  const one = withUser();
  one.remove(...MADE);
  assert.equal(one.served(MAKE), 'hit');
  one.date('all.pch', EARLIER + 50);
  assert.equal(one.sameAsBare(USE, USED), 'hit');
});

test('a header that changes with its precompiled header is a miss for both, and changed back a hit for both', () => {
  const one = withUser();
  one.write('number.h', '#pragma once\n#define NUMBER 4\n');
  one.date('number.h', EARLIER);
  settle();
  assert.equal(one.sameAsBare(MAKE, MADE), 'miss');
  assert.equal(one.sameAsBare(USE, USED), 'miss');
  one.write('number.h', '#pragma once\n#define NUMBER 3\n');
  one.date('number.h', EARLIER);
  settle();
  assert.equal(one.sameAsBare(MAKE, MADE), 'hit');
  assert.equal(one.sameAsBare(USE, USED), 'hit');
});

const REFUSED: readonly [string, (one: Project) => void][] = [
  ['a header of it was touched', (one) => one.date('number.h', EARLIER + 1)],
  ['its own source was touched', (one) => one.date('all.cpp', EARLIER + 1)],
  ['a header of it has another size', (one) => one.write('number.h', '#define NUMBER 44\n')],
  ['a header of it is gone', (one) => one.remove('number.h')],
  ['it is gone', (one) => one.remove('all.pch')],
  ['it is damaged', (one) => one.write('all.pch', one.read('all.pch').subarray(0, 5000))],
  ['it is something else', (one) => one.write('all.pch', 'no precompiled header')],
  ['it is a folder', inFolder],
];

test('a call that clang-cl refuses is refused in the same way though its object is cached', async (t) => {
  const one = withUser();
  const files = ['all.pch', 'number.h', 'all.cpp'].map((name) => [name, one.read(name)] as const);
  for (const [name, change] of REFUSED) {
    await t.test(name, () => {
      assert.equal(one.served(USE), 'hit');
      change(one);
      settle();
      refusedAsBare(one, USE);
      one.remove('all.pch');
      for (const [file, bytes] of files) {
        one.write(file, bytes);
        one.date(file, EARLIER);
      }
      settle();
    });
  }
});

test('a .pch is not restored for headers with other times, since its users would be refused', () => {
  const one = withHeader();
  one.date('number.h', EARLIER + 1);
  assert.equal(one.sameAsBare(MAKE, MADE), 'miss');
  assert.equal(one.sameAsBare(USE, USED), 'miss');
  one.date('number.h', EARLIER);
  assert.equal(one.sameAsBare(MAKE, MADE), 'hit');
  one.date('all.cpp', EARLIER + 1);
  assert.equal(one.sameAsBare(MAKE, MADE), 'miss');
  one.date('all.cpp', EARLIER + 1.5);
  assert.equal(one.sameAsBare(MAKE, MADE), 'hit', 'clang compares whole seconds');
});

test('a .pch without times is restored for equal contents, whatever their times', (t) => {
  const one = project(t);
  const make = [...MAKE, ...TIMELESS];
  one.served(make);
  one.served(USE);
  for (const name of ['all.h', 'number.h', 'own.h', 'all.cpp', 'user.cpp']) one.date(name, EARLIER + 9);
  assert.equal(one.sameAsBare(make, MADE), 'hit');
  assert.equal(one.sameAsBare(USE, USED), 'hit');
});

test('whether times count is read from the .pch, not from the line of its user', () => {
  const one = withHeader();
  one.served([...USE, ...TIMELESS]);
  one.date('number.h', EARLIER + 1);
  refusedAsBare(one, [...USE, ...TIMELESS]);
});

test('a header that changes behind a .pch without times gives what clang-cl gives', (t) => {
  const one = project(t);
  one.served([...MAKE, ...TIMELESS]);
  one.served(USE);
  one.write('number.h', '#pragma once\n#define NUMBER 9\n');
  settle();
  assert.equal(one.sameAsBare(USE, USED), 'miss');
  one.write('number.h', '#pragma once\n#define NUMBER 10\n');
  refusedAsBare(one, USE);
});

test('a header that a source includes besides its precompiled header is followed', () => {
  const one = withUser();
  one.write('own.h', 'long own();\n');
  settle();
  assert.equal(one.sameAsBare(USE, USED), 'miss');
});

for (const target of [undefined, [WINDOWS, '/Brepro']]) {
  test(`with debug information, headers are those of a compile with the precompiled header (${target?.[0] ?? 'this machine'})`, (t) => {
    const one = project(t, target);
    // The macro is known from the precompiled header alone.
    one.write(
      'user.cpp',
      '#include "all.h"\n#ifdef ONLY_THERE\n#include "own.h"\n#endif\nint x = twice(2);\n',
    );
    settle();
    const make = [...MAKE, '/Z7', '/DONLY_THERE'];
    const use = [...USE, '/Z7'];
    for (const kind of ['miss', 'hit']) {
      assert.equal(one.sameAsBare(make, MADE), kind);
      assert.equal(one.sameAsBare(use, USED), kind);
    }
    one.write('own.h', 'inline int own() { return 1; }\n');
    settle();
    assert.equal(one.sameAsBare(use, USED), 'miss');
  });
}

test('the name of a .pch counts, and not only its contents', (t) => {
  const one = project(t, [WINDOWS, '/Brepro']);
  one.served(MAKE);
  const use = (name: string) => ['/c', '/Z7', '/Yuall.h', `/Fp${name}`, 'user.cpp'];
  one.served(use('all.pch'));
  copyFileSync(one.path('all.pch'), one.path('copy.pch'));
  settle();
  // CodeView repeats the arguments of the compiler proper.
  assert.equal(one.sameAsBare(use('copy.pch'), USED), 'miss');
  assert.equal(one.sameAsBare(use('all.pch'), USED), 'hit');
});

test('another .pch under the same name is a miss', () => {
  const one = withUser();
  assert.equal(one.sameAsBare([...MAKE, '/DNDEBUG'], MADE), 'miss');
  assert.equal(one.sameAsBare(USE, USED), 'miss');
  assert.equal(one.sameAsBare(MAKE, MADE), 'hit');
  assert.equal(one.sameAsBare(USE, USED), 'hit');
});

test('if one half of an entry is lost, both are made anew', () => {
  const one = withHeader();
  const stored = readdirSync(one.path('cache'), { recursive: true, encoding: 'utf8' });
  const half = stored.find((name) => /precompiledHeader/.test(name));
  assert.ok(half !== undefined);
  rmSync(join(one.path('cache'), half));
  assert.equal(one.sameAsBare(MAKE, MADE), 'miss');
  assert.equal(one.sameAsBare(MAKE, MADE), 'hit');
});

test('if one of both files was deleted, a hit brings it back', () => {
  const one = withHeader();
  const [object, header] = MADE.map((name) => one.read(name));
  for (const name of MADE) {
    one.remove(name);
    assert.equal(one.served(MAKE), 'hit', name);
    assert.deepEqual([one.read('all.obj'), one.read('all.pch')], [object, header]);
  }
});

for (const [where, text] of [
  ['in code', 'inline const char *now() { return __TIME__; }\n'],
  ['in a macro for its users', '#define NOW __TIME__\ninline const char *now() { return ""; }\n'],
] as const) {
  test(`the time in a precompiled header is never an old one: ${where}`, (t) => {
    const one = project(t);
    one.write('all.h', `#pragma once\n${text}`);
    one.write(
      'user.cpp',
      '#include "all.h"\n#ifndef NOW\n#define NOW now()\n#endif\nconst char *f() { return NOW; }\n',
    );
    settle();
    for (const _ of [1, 2]) {
      assert.equal(one.served(MAKE), 'miss');
      assert.equal(one.served(USE), 'miss');
    }
  });
}

for (const [option, text] of [
  ['/DNOW=__TIME__', 'NOW'],
  ['/DWORD(x)=__##x##__', 'WORD(TIME)'],
  ['-Xclang,-DNOW=__DATE__ __TIME__', 'NOW'],
] as const) {
  test(`a macro of the line that made a precompiled header shows its users the time of now: ${option}`, (t) => {
    const one = project(t);
    one.write('user.cpp', `#include "all.h"\nconst char *f() { return ${text}; }\n`);
    settle();
    one.served([...MAKE, ...option.split(',')]);
    for (const _ of [1, 2]) assert.equal(one.served(USE), 'miss');
  });
}

test('a macro of the precompiled header that may paste the time keeps its users out of the cache', (t) => {
  const one = project(t);
  one.write('all.h', '#pragma once\n#define WORD(x) __##x##__\n');
  one.write('user.cpp', '#include "all.h"\nconst char *f() { return WORD(TIME); }\n');
  settle();
  one.served(MAKE);
  for (const _ of [1, 2]) assert.equal(one.served(USE), 'miss');
});

test('a header that would be found before one of the precompiled header is seen', (t) => {
  const one = project(t);
  one.write('first/x', '');
  one.write('second/listed.h', '#pragma once\ninline int listed() { return 1; }\n');
  one.write('second/all.h', '#pragma once\n#include <listed.h>\n');
  one.write('user.cpp', '#include <listed.h>\nint f() { return listed(); }\n');
  one.remove('all.h');
  settle();
  const folders = ['/Ifirst', '/Isecond', '/FIall.h'];
  one.write('all.cpp', '');
  settle();
  one.served([...MAKE, ...folders]);
  assert.equal(one.sameAsBare([...USE, ...folders], USED), 'miss');
  assert.equal(one.sameAsBare([...USE, ...folders], USED), 'hit');
  one.write('first/listed.h', 'inline int listed() { return 2; }\n');
  settle();
  assert.notEqual(one.cached([...USE, ...folders]).status, 0, 'it is defined twice now');
  one.remove('first/listed.h');
  assert.equal(one.sameAsBare([...USE, ...folders], USED), 'hit');
  one.write('first/all.h', '#error another one\n');
  settle();
  // clang-cl takes its name alone for the end of what it leaves out.
  assert.equal(one.sameAsBare([...USE, ...folders], USED), 'miss');
});

test('names are those of clang-cl: from the header, from the source, from /Fp with and without a suffix', (t) => {
  const one = project(t);
  one.write('sub/x', '');
  one.write('stop.cpp', '#include "all.h"\n#pragma hdrstop\nextern int g;\n');
  settle();
  for (const [args, outputs] of [
    [['/Ycall.h', 'all.cpp'], MADE],
    [
      ['/Yc', 'stop.cpp'],
      ['stop.obj', 'stop.pch'],
    ],
    [
      ['/Yc', '/Fpx.y', 'stop.cpp'],
      ['stop.obj', 'x.y'],
    ],
    [
      ['/Ycall.h', '/Fpsub/z', 'all.cpp'],
      ['all.obj', 'sub/z.pch'],
    ],
    [
      ['/Ycall.h', '/Fpno.pch', '/Fpsub/last.pch', '/Foother.obj', 'all.cpp'],
      ['other.obj', 'sub/last.pch'],
    ],
  ] as const) {
    assert.equal(one.sameAsBare(['/c', ...args], outputs), 'miss', args.join(' '));
    assert.equal(one.sameAsBare(['/c', ...args], outputs), 'hit', args.join(' '));
  }
  one.served(['/c', '/Ycall.h', 'all.cpp']);
  one.served(['/c', '/Yc', '/Fpx.y', 'stop.cpp']);
  one.write('stopped.cpp', 'ignored\n#pragma hdrstop\nint h() { return twice(1); }\n');
  settle();
  for (const [args, outputs] of [
    [['/Yuall.h', 'user.cpp'], USED],
    [['/Yu', '/Fpx.y', 'stopped.cpp'], ['stopped.obj']],
    [['/Yuall.h', '/Fpsub/z', 'user.cpp'], USED],
  ] as const) {
    assert.equal(one.sameAsBare(['/c', ...args], outputs), 'miss', args.join(' '));
    assert.equal(one.sameAsBare(['/c', ...args], outputs), 'hit', args.join(' '));
  }
});

test('the warnings about options beside a precompiled header are kept', () => {
  const one = withHeader();
  for (const option of ['/Yd', '/Yl', '/Ylname', '/Yl-', '/YX']) {
    const args = [...USE.slice(0, -1), option, 'user.cpp'];
    if (option === '/YX') {
      refusedAsBare(one, args);
      continue;
    }
    assert.equal(one.sameAsBare(args, USED), 'miss', option);
    assert.equal(one.sameAsBare(args, USED), 'hit', option);
  }
});

test('/Y- turns a precompiled header off', (t) => {
  const one = project(t);
  for (const args of [
    ['/c', '/Y-', ...USE.slice(1)],
    [...MAKE.slice(0, -1), '/Y-', 'all.cpp'],
  ]) {
    const outputs = [args.at(-1)?.replace('.cpp', '.obj') ?? ''];
    assert.equal(one.sameAsBare(args, outputs), 'miss');
    assert.equal(one.sameAsBare(args, outputs), 'hit');
    assert.equal(statSync(one.path('all.pch'), { throwIfNoEntry: false }), undefined);
  }
});

test('what clang-cl does not do with /Yc it does not do here either', () => {
  const one = withHeader();
  for (const args of [
    ['/c', '/Ycall.h', 'all.cpp', 'user.cpp'],
    ['/c', '/Ycall.h', '/Yuown.h', 'all.cpp'],
  ]) {
    assert.equal(one.sameAsBare(args, ['all.obj']), 'passed on', args.join(' '));
  }
  const made = ['all.obj', 'all.pch', 'all.asm'];
  assert.equal(one.sameAsBare([...MAKE, '/FA'], made), 'passed on');
  assert.equal(one.counters()['CallsWithPch'], 3);
});

test('several sources use one precompiled header', (t) => {
  const one = project(t);
  one.write('second.cpp', '#include "all.h"\nint g() { return twice(7); }\n');
  settle();
  one.served(MAKE);
  const args = ['/c', '/MP2', '/Yuall.h', '/Fpall.pch', 'user.cpp', 'second.cpp'];
  assert.equal(one.sameAsBare(args, ['user.obj', 'second.obj']), 'miss');
  assert.equal(one.sameAsBare(args, ['user.obj', 'second.obj']), 'hit');
});

test('notes of a call that makes or uses a precompiled header are those of the compiler', (t) => {
  const one = project(t);
  for (const kind of ['miss', 'hit']) {
    assert.equal(one.sameAsBare([...MAKE, '/showIncludes'], MADE), kind);
    assert.equal(one.sameAsBare([...USE, '/showIncludes'], USED), kind);
  }
  one.write('all.h', '#pragma once\ninline int twice(int x) { return x + x; }\n#define NUMBER 1\n');
  settle();
  assert.equal(one.sameAsBare([...MAKE, '/showIncludes'], MADE), 'miss');
});

test('a precompiled header in place of an object is not taken to another folder, whose name clang writes into it', (t) => {
  const one = project(t);
  one.write('first/keep', '');
  one.write('second/keep', '');
  const make = (folder: string) => ['/c', '/TP', '-Xclang', '-emit-pch', `/Fo${folder}/all.pch`, 'all.h'];
  assert.equal(one.sameAsBare(make('first'), ['first/all.pch']), 'miss');
  assert.equal(one.sameAsBare(make('second'), ['second/all.pch']), 'miss');
  assert.equal(one.sameAsBare(make('first'), ['first/all.pch']), 'hit');
});

for (const word of ['-Xclang', '/clang:']) {
  test(`clang’s own precompiled headers are cached: ${word}`, (t) => {
    const one = project(t);
    const words = (...all: string[]) =>
      all.flatMap((each) => (word === '-Xclang' ? [word, each] : word + each));
    const make = ['/c', '/TP', '-Xclang', '-emit-pch', '/Foall.h.made', 'all.h'];
    const use = ['/c', ...words('-include-pch', 'all.h.made'), 'user.cpp'];
    for (const kind of ['miss', 'hit']) {
      assert.equal(one.sameAsBare(make, ['all.h.made']), kind);
      assert.equal(one.sameAsBare(use, USED), kind);
    }
    one.date('number.h', EARLIER + 1);
    refusedAsBare(one, use);
    assert.equal(one.sameAsBare(make, ['all.h.made']), 'miss');
    assert.equal(one.sameAsBare(use, USED), 'miss');
    one.remove('all.h.made');
    refusedAsBare(one, use);
  });
}

test('a chain of precompiled headers is not cached, since its last one does not name the headers of the first', (t) => {
  const one = project(t);
  one.served(['/c', '/TP', '-Xclang', '-emit-pch', '/Fofirst.pch', 'all.h']);
  const include = ['-Xclang', '-include-pch', '-Xclang'];
  const chain = ['/c', '/TP', '-Xclang', '-emit-pch', ...include, 'first.pch', '/Fosecond.pch', 'own.h'];
  assert.equal(one.sameAsBare(chain, ['second.pch']), 'passed on');
  one.bare(chain);
  for (const _ of [1, 2]) {
    assert.equal(one.sameAsBare(['/c', ...include, 'second.pch', 'user.cpp'], USED), 'miss');
  }
});

for (const suffix of ['pch', 'gch']) {
  test(`a precompiled header that lies beside a forced include is what clang-cl reads in its place: .${suffix}`, (t) => {
    const one = project(t);
    const use = ['/c', '/FIall.h', 'user.cpp'];
    assert.equal(one.sameAsBare(use, USED), 'miss');
    one.write('other.h', 'inline int twice(int x) { return 5 * x; }\n#define NUMBER 8\n');
    one.write('user.cpp', '#include "own.h"\nint f() { return twice(NUMBER) + own(); }\n');
    settle();
    one.bare(['/c', '/TP', '-Xclang', '-emit-pch', `/Foall.h.${suffix}`, 'other.h']);
    settle();
    assert.equal(one.sameAsBare(use, USED), 'miss');
    assert.equal(one.sameAsBare(use, USED), 'hit');
    one.date('other.h', EARLIER);
    refusedAsBare(one, use);
    one.remove(`all.h.${suffix}`);
    assert.equal(one.sameAsBare(use, USED), 'miss');
  });
}

for (const word of ['-fpch-codegen', '-fpch-debuginfo', '-fpch-instantiate-templates']) {
  test(`code that the object of a precompiled header holds for its users: ${word}`, (t) => {
    const one = project(t, [WINDOWS, '/Brepro']);
    const make = [...MAKE, '/Z7', `/clang:${word}`];
    const use = [...USE, '/Z7', `/clang:${word}`];
    for (const kind of ['miss', 'hit']) {
      assert.equal(one.sameAsBare(make, MADE), kind);
      assert.equal(one.sameAsBare(use, USED), kind);
    }
    // Without the option its users hold the code themselves.
    assert.equal(one.sameAsBare([...MAKE, '/Z7'], MADE), 'miss');
    assert.equal(one.sameAsBare([...USE, '/Z7'], USED), 'miss');
  });
}

test('other folders do not get a result with a precompiled header, which holds absolute paths', (t) => {
  const one = project(t);
  one.set({ CLCACHE_BASEDIR: [one.path('a'), one.path('b')].join(';') });
  const kinds = ['a', 'b', 'a'].map((folder) => {
    for (const name of ['all.h', 'number.h', 'own.h', 'all.cpp', 'user.cpp']) {
      one.write(`${folder}/${name}`, one.read(name));
      one.date(`${folder}/${name}`, EARLIER);
    }
    settle();
    const at = (args: readonly string[], outputs: readonly string[]) => {
      const paths = outputs.map((name) => `${folder}/${name}`);
      return one.sameAsBare([...args, ...TIMELESS], paths, { cwd: folder });
    };
    return [at(MAKE, MADE), at(USE, USED)];
  });
  assert.deepEqual(kinds, [
    ['miss', 'miss'],
    ['miss', 'miss'],
    ['hit', 'hit'],
  ]);
});

test('without direct mode a precompiled header is handed on', (t) => {
  const one = project(t);
  one.set({ CLCACHE_NODIRECT: '1' });
  assert.equal(one.sameAsBare(MAKE, MADE), 'passed on');
  one.bare(MAKE);
  assert.equal(one.sameAsBare(USE, USED), 'passed on');
  assert.equal(one.counters()['CallsWithPch'], 2);
});
