import assert from 'node:assert/strict';
import { copyFileSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type LocateInput, locateCompiler } from '../../../src/compiler/identity/locate.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

interface Machine {
  readonly root: string;
  readonly self: string;
  program(name: string, text?: string): string;
  locate(line: readonly string[], more?: Partial<LocateInput>): string;
}

/** A folder with two folders of programs, `one` and `two`, on PATH, and this program in a third. */
function machine(context: TestContext): Machine {
  const root = temporaryFolder(context);
  for (const folder of ['one', 'two', 'here', 'own']) mkdirSync(join(root, folder));
  const program = (name: string, text = `program ${name}`) => {
    writeFileSync(join(root, name), text, { mode: 0o755 });
    return join(root, name);
  };
  const self = program('own/clcache', 'ourselves, a program of some length');
  return {
    root,
    self,
    program,
    locate(line, more = {}) {
      const located = locateCompiler({
        arguments: line,
        configured: undefined,
        environment: { PATH: `${root}/one:${root}/two` },
        style: 'posix',
        workingDirectory: `${root}/here`,
        self,
        ...more,
      });
      return located.kind === 'found'
        ? [located.compiler.replace(`${root}/`, ''), ...located.arguments].join(' ')
        : `not found: ${located.searched.replaceAll(root, '')}`;
    },
  };
}

test('a first argument that ends in .exe is the compiler', (context) => {
  const { program, locate, root } = machine(context);
  program('two/cl.exe');
  program('two/other.EXE');
  program('here/tool.exe');
  assert.equal(locate(['cl.exe', '/c', 'a.c']), 'two/cl.exe /c a.c');
  assert.equal(locate(['other.EXE', '/c']), 'two/other.EXE /c');
  assert.equal(locate(['./tool.exe', '/c']), 'here/tool.exe /c');
  assert.equal(locate([`${root}/here/tool.exe`, '/c']), 'here/tool.exe /c');
});

test('a first argument that ends in .exe and does not exist is reported, not compiled', (context) => {
  const { program, locate } = machine(context);
  program('one/cl.exe');
  assert.equal(locate(['gone.exe', '/c']), "not found: 'gone.exe' on PATH (/one and 1 more)");
  assert.equal(locate(['./gone.exe', '/c']), 'not found: ./gone.exe');
});

test('a first argument without .exe is the compiler when it resolves to a program', (context) => {
  const { program, locate, root } = machine(context);
  program('one/cl.exe');
  program('two/clang-cl');
  assert.equal(locate(['clang-cl', '/c', 'a.c']), 'two/clang-cl /c a.c');
  assert.equal(locate([`${root}/two/clang-cl`, '/c']), 'two/clang-cl /c');
  assert.equal(locate(['../two/clang-cl', '/c']), 'two/clang-cl /c');
  assert.equal(locate(['gone', '/c']), 'one/cl.exe gone /c');
});

test('options, response files and sources are never the compiler, even if they are executable', (context) => {
  const { program, locate } = machine(context);
  program('one/cl.exe');
  for (const name of ['a.c', 'A.CPP', 'a.cxx', 'a.obj', 'a.lib']) {
    program(`here/${name}`);
    assert.equal(locate([`./${name}`, '/c']), `one/cl.exe ./${name} /c`);
  }
  program('one/-c');
  program('one/@file');
  assert.equal(locate(['-c', 'a.c']), 'one/cl.exe -c a.c');
  assert.equal(locate(['@file']), 'one/cl.exe @file');
  assert.equal(locate(['/c', 'a.c']), 'one/cl.exe /c a.c');
  assert.equal(locate(['/Foout/', 'a.c']), 'one/cl.exe /Foout/ a.c');
  assert.equal(locate([]), 'one/cl.exe');
});

test('a file that is not executable is no compiler on POSIX', (context) => {
  const { program, locate, root } = machine(context);
  program('two/cl.exe');
  writeFileSync(`${root}/one/cl.exe`, 'text', { mode: 0o644 });
  mkdirSync(`${root}/one/clang-cl`);
  assert.equal(locate(['/c']), 'two/cl.exe /c');
  assert.equal(locate(['clang-cl', '/c']), "not found: 'clang-cl' on PATH (/one and 1 more)");
});

test('CLCACHE_CL names the compiler by a bare name or by a path', (context) => {
  const { program, locate, root } = machine(context);
  program('one/cl.exe');
  program('two/clang-cl');
  assert.equal(locate(['/c'], { configured: 'clang-cl' }), 'two/clang-cl /c');
  assert.equal(locate(['/c'], { configured: `${root}/two/clang-cl` }), 'two/clang-cl /c');
  assert.equal(locate(['/c'], { configured: '../two/clang-cl' }), 'two/clang-cl /c');
  assert.equal(locate(['/c'], { configured: 'gone' }), "not found: 'gone' on PATH (/one and 1 more)");
  assert.equal(locate(['/c'], { configured: '/no/gone' }), 'not found: /no/gone');
});

test('a compiler in the first argument takes precedence over CLCACHE_CL', (context) => {
  const { program, locate } = machine(context);
  program('one/cl.exe');
  program('two/clang-cl');
  assert.equal(locate(['clang-cl', '/c'], { configured: 'cl.exe' }), 'two/clang-cl /c');
});

test('the first folder of PATH with the compiler wins, and empty folders do not count', (context) => {
  const { program, locate, root } = machine(context);
  program('two/cl.exe');
  program('here/cl.exe');
  const PATH = `:${root}/gone:${root}/own/clcache::"${root}/two":${root}/one`;
  assert.equal(locate(['/c'], { environment: { PATH } }), 'two/cl.exe /c');
});

test('a program is found behind a link, under the name of the link', (context) => {
  const { program, locate, root } = machine(context);
  program('two/clang-14');
  symlinkSync('../two/clang-14', `${root}/one/clang-cl`);
  assert.equal(locate(['clang-cl', '/c']), 'one/clang-cl /c');
});

const ITSELF = ', where only clcache itself was found';

test('this program never finds itself: not by its name, a link, a hard link or a copy', (context) => {
  for (const disguise of [symlinkSync, linkSync, copyFileSync]) {
    const { self, program, locate, root } = machine(context);
    disguise(self, `${root}/one/cl.exe`);
    assert.equal(locate(['/c']), `not found: 'cl.exe' on PATH (/one and 1 more)${ITSELF}`);
    assert.equal(locate([`${root}/one/cl.exe`, '/c']), `not found: /one/cl.exe${ITSELF}`);
    program('two/cl.exe', 'a compiler, a program of some length');
    assert.equal(locate(['/c']), 'two/cl.exe /c');
    assert.equal(locate(['/c'], { configured: 'cl.exe' }), 'two/cl.exe /c');
  }
});

test('a path that leads to this program means the next program of its name', (context) => {
  const { self, program, locate, root } = machine(context);
  symlinkSync(self, `${root}/one/clang-cl`);
  program('two/clang-cl');
  program('two/cl.exe');
  assert.equal(locate([`${root}/one/clang-cl`, '/c']), 'two/clang-cl /c');
  assert.equal(locate(['/c'], { configured: `${root}/one/clang-cl` }), 'two/clang-cl /c');
});

test('this program as its own first argument is skipped', (context) => {
  const { self, program, locate } = machine(context);
  program('one/clang-cl');
  assert.equal(locate([self, self, 'clang-cl', '/c']), 'one/clang-cl /c');
});

test('a program to skip is not found: the next one of its name is, or nothing', (context) => {
  const { program, locate, root } = machine(context);
  program('one/clang-cl');
  const passedOver = [`${root}/one/clang-cl`];
  assert.equal(
    locate(['clang-cl', '/c'], { passedOver }),
    `not found: 'clang-cl' on PATH (/one and 1 more)${ITSELF}`,
  );
  program('two/clang-cl', 'another');
  assert.equal(locate(['clang-cl', '/c'], { passedOver }), 'two/clang-cl /c');
  assert.equal(locate([`${root}/one/clang-cl`, '/c'], { passedOver }), 'two/clang-cl /c');
});

test('under a compiler’s name that compiler is searched for, and no word of the line names another', (context) => {
  const { program, locate } = machine(context);
  program('one/cl.exe');
  program('two/clang-cl-14');
  program('two/gcc');
  assert.equal(locate(['/c', 'a.c'], { calledAs: 'clang-cl-14' }), 'two/clang-cl-14 /c a.c');
  assert.equal(locate(['gcc', '/c'], { calledAs: 'clang-cl-14' }), 'two/clang-cl-14 gcc /c');
  assert.equal(locate(['/c'], { calledAs: 'clang-cl' }), "not found: 'clang-cl' on PATH (/one and 1 more)");
  assert.equal(locate(['/c'], { calledAs: 'cl' }), 'one/cl.exe /c');
  program('two/cl');
  assert.equal(locate(['/c'], { calledAs: 'cl' }), 'two/cl /c');
  assert.equal(locate(['/c'], { calledAs: 'clang-cl-14', configured: 'gcc' }), 'two/gcc /c');
});

test('a response file whose first word is a compiler is the line', (context) => {
  const { program, locate, root } = machine(context);
  program('one/cl.exe');
  program('two/clang-cl');
  const say = (text: string | Buffer) => writeFileSync(`${root}/here/line.rsp`, text);
  say('clang-cl /c "/Foa b.obj" a.c\n');
  assert.equal(locate(['@line.rsp', '/W4']), 'two/clang-cl /c /Foa b.obj a.c /W4');
  say(Buffer.from(`\ufeff"${root}/two/clang-cl" /c a.c`, 'utf16le'));
  assert.equal(locate(['@line.rsp']), 'two/clang-cl /c a.c');
  say('gone-cl /c a.c');
  assert.equal(locate(['@line.rsp']), "not found: 'gone-cl' on PATH (/one and 1 more)");
  for (const line of ['/c a.c', '-c a.c', 'a.c /c', '"clang-cl\n" /c a.c', 'word /c a.c', '']) {
    say(line);
    assert.equal(locate(['@line.rsp']), 'one/cl.exe @line.rsp', line);
  }
  say('clang-cl /c a.c');
  assert.equal(locate(['@line.rsp'], { calledAs: 'cl.exe' }), 'one/cl.exe @line.rsp');
  assert.equal(locate(['@gone.rsp']), 'one/cl.exe @gone.rsp');
});

test('a word that names neither a compiler nor a program is reported with what was searched', (context) => {
  const { locate, root, program } = machine(context);
  const input = { configured: undefined, environment: { PATH: root }, style: 'posix', self: '/x' } as const;
  const notFound = (word: string) =>
    locateCompiler({ arguments: [word, '/c'], workingDirectory: root, ...input });
  assert.deepEqual(notFound('word'), {
    kind: 'notFound',
    searched: `'cl.exe' on PATH (${root})`,
    word: 'word',
  });
  assert.deepEqual(notFound('a.cpp'), { kind: 'notFound', searched: `'cl.exe' on PATH (${root})` });
  program('one/cl.exe');
  for (const word of ['nonsense-cl', 'clang-cl-99', 'x86_64-w64-mingw32-gcc', 'g++-12'])
    assert.equal(locate([word, '/c']), `not found: '${word}' on PATH (/one and 1 more)`);
  // A file of that name is for the compiler.
  program('here/nonsense-cl');
  assert.equal(locate(['nonsense-cl', '/c']), 'one/cl.exe nonsense-cl /c');
});

test('another program of the same size is not taken for this one', (context) => {
  const { program, locate } = machine(context);
  program('one/cl.exe', 'Ourselves, a program of some length');
  assert.equal(locate(['/c']), 'one/cl.exe /c');
});

test('a name that no file can have, and a link to itself, do not exist', (context) => {
  const { program, locate, root } = machine(context);
  program('two/cl.exe');
  symlinkSync('cl.exe', `${root}/one/cl.exe`);
  assert.equal(locate(['/c']), 'two/cl.exe /c');
  assert.equal(locate([`word-${'x'.repeat(5000)}`, '/c']).slice(0, 15), 'two/cl.exe word');
});

test('a long PATH is shown as its first folder and the number of the others', (context) => {
  const { locate } = machine(context);
  const said = (PATH: string) => locate(['/c'], { environment: { PATH } });
  assert.equal(said('/one'), "not found: 'cl.exe' on PATH (/one)");
  assert.equal(said(':/one::"/two"'), "not found: 'cl.exe' on PATH (/one and 1 more)");
  assert.equal(said(Array(60).fill('/one').join(':')), "not found: 'cl.exe' on PATH (/one and 59 more)");
  assert.equal(said(':'), "not found: 'cl.exe' on PATH (which names no folder)");
});

test('a missing program is reported with what names it', (context) => {
  const { root, self } = machine(context);
  const namedBy = (line: readonly string[], more: Partial<LocateInput> = {}) => {
    const input = { configured: undefined, environment: { PATH: root }, style: 'posix', self } as const;
    const located = locateCompiler({ arguments: line, workingDirectory: root, ...input, ...more });
    return located.kind === 'notFound' ? located.namedBy : located.compiler;
  };
  assert.equal(namedBy(['gone-cl', '/c']), 'the line');
  assert.equal(namedBy(['gone-cl', '/c'], { configured: 'other' }), 'the line');
  assert.equal(namedBy(['/c'], { configured: 'other' }), 'CLCACHE_CL');
  assert.equal(namedBy(['gone-cl', '/c'], { configured: 'other', calledAs: 'cl' }), 'CLCACHE_CL');
  assert.equal(namedBy(['/c']), undefined);
});

test('an unset PATH is reported', (context) => {
  assert.equal(
    machine(context).locate(['/c'], { environment: {} }),
    "not found: 'cl.exe' on PATH (which is not set)",
  );
});
