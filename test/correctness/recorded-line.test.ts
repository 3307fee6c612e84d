import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { Project, settle } from './helpers.ts';

const WINDOWS = '--target=x86_64-pc-windows-msvc';

/** Calls whose object holds the command line that made it. */
const RECORDED: readonly (readonly [target: string, options: string])[] = [
  [WINDOWS, '/Z7'],
  [WINDOWS, '/Zi'],
  [WINDOWS, '/clang:-g'],
  [WINDOWS, '-gno-inline-line-tables'],
  [WINDOWS, '/clang:-ginline-line-tables'],
  [WINDOWS, '/clang:-gdwarf32'],
  [WINDOWS, '/Z7 /FA'],
  [WINDOWS, '/Z7 /W4 /clang:-MD'],
  [HOST_TARGET, '/clang:-g /clang:-grecord-command-line'],
  [HOST_TARGET, '/clang:-gdwarf-4 /clang:-grecord-command-line'],
];

for (const [target, options] of RECORDED) {
  test(`an object that holds its command line equals the compiler’s byte for byte: ${target} ${options}`, (t) => {
    const project = new Project(t, findClangCl().path, [target, '/Brepro']);
    project.set({ INCLUDE: undefined });
    project.write('a.c', '#include "x.h"\n#include "late.h"\nint f(void) { return X; }\n');
    project.write('x.h', '#include "sub/deep.h"\n#pragma message("seen")\n#define X DEEP\n');
    project.write('two/late.h', '');
    project.write('one/other.h', '');
    const args = ['/c', '/Ione', '/Itwo', ...options.split(' '), 'a.c'];
    const outputs = ['a.obj', ...(options.includes('/FA') ? ['a.asm'] : [])];
    const define = (deep: string) => {
      project.write('sub/deep.h', `#define DEEP ${deep}\n`);
      settle();
    };
    define('1');
    assert.equal(project.sameAsBare(args, outputs), 'miss');
    assert.equal(project.sameAsBare(args, outputs), 'hit');
    define('2');
    assert.equal(project.served(args), 'miss');
    define('1');
    assert.equal(project.sameAsBare(args, outputs), 'hit');
    project.write('one/late.h', 'int late;\n');
    settle();
    const shown = ['/showIncludes', ...args];
    assert.equal(project.served(args), 'miss');
    assert.equal(project.sameAsBare(shown, outputs), 'miss');
    assert.equal(project.sameAsBare(shown, outputs), 'hit');
  });
}

test('an object that holds its command line is not given to another line with the same meaning', (t) => {
  const project = new Project(t, findClangCl().path, ['/Brepro']);
  project.write('a.c', 'int f(void) { return 1; }\n');
  settle();
  const recorded = ['/c', HOST_TARGET, '/clang:-g', '/clang:-grecord-command-line'];
  for (const args of [
    [...recorded, 'a.c'],
    [...recorded, '/nologo', 'a.c'],
    ['/nologo', ...recorded, 'a.c'],
    [...recorded, '-fuse-ld=lld', 'a.c'],
    [...recorded, '-fuse-ld=gold', 'a.c'],
    ['a.c', ...recorded],
    ['/c', WINDOWS, '/Z7', '-fcrash-diagnostics-dir=one', 'a.c'],
    ['/c', WINDOWS, '/Z7', '-fcrash-diagnostics-dir=two', 'a.c'],
  ]) {
    assert.notEqual(project.sameAsBare(args, ['a.obj']), 'hit', args.join(' '));
  }
});

test('a compile that fails prints its messages once, although its headers were listed separately', (t) => {
  const project = new Project(t, findClangCl().path, [WINDOWS, '/Brepro']);
  project.write('a.c', '#include "x.h"\nint a = b;\n');
  project.write('x.h', '');
  const args = ['/c', '/Z7', 'a.c'];
  assert.equal(project.sameAsBare(args, []), 'miss');
  project.write('a.c', '#include "missing.h"\n');
  assert.equal(project.sameAsBare(args, []), 'miss');
  assert.equal(project.counters()['CacheEntries'], 0);
});
