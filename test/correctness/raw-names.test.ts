/** File names on Linux are bytes. These are not UTF-8. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bundle, cleanEnvironment, executable, findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { Project, settle } from './helpers.ts';

const RAW = Buffer.from([0x68, 0xe9]).toString('latin1');

/** Names and texts are Latin-1 here, one byte a letter. */
function write(project: Project, name: string, text: string): void {
  const path = Buffer.concat([Buffer.from(`${project.folder}/`), Buffer.from(name, 'latin1')]);
  mkdirSync(Buffer.from(dirname(path.toString('latin1')), 'latin1'), { recursive: true });
  writeFileSync(path, Buffer.from(text, 'latin1'));
}

/** A project with a script `call` that calls `$@` with a line that contains such bytes. */
function projectOf(t: TestContext, source: string): Project {
  const project = new Project(t);
  write(project, `${RAW}/a.c`, source);
  write(project, 'a.c', source);
  write(project, `${RAW}.h`, 'int x;\n');
  write(project, `${RAW}/deep.h`, 'int deep;\n');
  settle();
  return project;
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly object: string;
}

/** Runs a line of the shell in which `$CC` is the compiler, with or without clcache. */
function run(project: Project, line: string, compiler: readonly string[]): Ran {
  const script = join(project.folder, 'line.sh');
  const words = [...compiler, HOST_TARGET].map((word) => `'${word}'`).join(' ');
  writeFileSync(script, Buffer.from(line.replaceAll('$CC', words), 'latin1'));
  const object = project.path('out.obj');
  rmSync(object, { force: true });
  const env = cleanEnvironment({ CLCACHE_DIR: project.path('cache') });
  const { status, stdout, stderr } = spawnSync('/bin/sh', [script], { cwd: project.folder, env });
  let made = '';
  try {
    made = readFileSync(object, 'latin1');
  } catch {
    // None was made.
  }
  return { status, stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1'), object: made };
}

type Lines = readonly (readonly [title: string, line: string])[];

const LINES: Lines = [
  ['a source', `$CC /c /Foout.obj ${RAW}/a.c`],
  ['a folder of headers', `$CC /c /Foout.obj /I${RAW} -DDEEP a.c`],
  ['a macro', `$CC /c /Foout.obj '-DTEXT="${RAW}"' a.c`],
  ['quotes and blanks beside', `$CC /c /Foout.obj "-DTEXT=\\"it's  ${RAW}\\"" a.c`],
  ['a variable that names a folder', `export CPATH=$PWD/${RAW}; $CC /c /Foout.obj -DDEEP a.c`],
  ['another variable', `export OTHER=${RAW}; $CC /c /Foout.obj a.c`],
  ['the working folder', `cd ${RAW}; $CC /c /Fo../out.obj a.c`],
  ['a response file', `printf '%s\\n' /c /Foout.obj /I${RAW} -DDEEP a.c > r.rsp; $CC @r.rsp`],
  ['an error', `$CC /c /Foout.obj ${RAW}/none.c`],
];

/** The same, all that a line can hold in one: Node.js starts slowly. */
const FEW_LINES: Lines = [
  ['words', `$CC /c /Foout.obj /I${RAW} -DDEEP "-DTEXT=\\"it's  ${RAW}\\"" ${RAW}/a.c`],
  ['variables', `export OTHER=${RAW} CPATH=$PWD/${RAW}; $CC /c /Foout.obj -DDEEP a.c`],
  ...LINES.slice(-3),
];

interface Program {
  readonly program: string;
  readonly words: () => readonly string[];
  readonly lines: Lines;
  /** How often each line is run: the second time is a hit of the same code in both. */
  readonly kinds: readonly string[];
  readonly options: readonly string[];
}

const PROGRAMS: readonly Program[] = [
  {
    program: 'the executable',
    words: () => [executable()],
    lines: LINES,
    kinds: ['miss', 'hit'],
    options: ['', '/showIncludes'],
  },
  {
    program: 'the package',
    words: () => [process.execPath, bundle()],
    lines: FEW_LINES,
    kinds: ['miss'],
    options: [''],
  },
];

for (const { program, words, lines, kinds, options: each } of PROGRAMS) {
  test(`a word that is not UTF-8 reaches the compiler unchanged from ${program}`, (t) => {
    const source =
      '#ifdef DEEP\n#include "deep.h"\n#endif\n#ifndef TEXT\n#define TEXT ""\n#endif\nconst char *t = TEXT;\n';
    const project = projectOf(t, source);
    for (const [title, line] of lines) {
      const bare = run(project, line, [findClangCl().path]);
      for (const kind of kinds) {
        assert.deepEqual(run(project, line, [...words(), findClangCl().path]), bare, `${title}, ${kind}`);
      }
    }
  });

  test(`headers whose names are not UTF-8 are cached by ${program}, and their notes are not shown`, (t) => {
    const project = projectOf(
      t,
      `#include "${RAW}.h"\n#include "${RAW}/deep.h"\nconst char *f = __FILE__;\n`,
    );
    const compiler = findClangCl().path;
    for (const options of each) {
      const line = `$CC /c ${options} /Foout.obj a.c`;
      const missThenHit = (title: string) => {
        const bare = run(project, line, [compiler]);
        for (const hits of [0, 1]) {
          const before = project.counters()['CacheHits'] ?? 0;
          assert.deepEqual(run(project, line, [...words(), compiler]), bare, title);
          assert.equal((project.counters()['CacheHits'] ?? 0) - before, hits, title);
        }
      };
      missThenHit(`first ${options}`);
      write(project, `${RAW}.h`, `int changed${options.length};\n`);
      settle();
      missThenHit(`a header changed ${options}`);
    }
  });
}

test('of two headers, one with a byte of Latin-1 and one with the same letter in UTF-8, the right one counts', (t) => {
  const project = projectOf(t, `#include "${RAW}.h"\n`);
  project.write('hé.h', 'int other;\n');
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  project.write('hé.h', 'int another;\n');
  assert.equal(project.served(['/c', 'a.c']), 'hit');
  write(project, `${RAW}.h`, 'int changed;\n');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
});

test('a changed comment in a header whose name is not UTF-8 is a miss', (t) => {
  const project = new Project(t);
  project.set({ CLCACHE_NODIRECT: '1' });
  project.write('a.c', '#include "hé.h"\nint a;\n');
  project.write('hé.h', '#warning one\n');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  project.write('hé.h', '#warning two\n');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit');
});
