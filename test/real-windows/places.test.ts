/** Where a call is made from, how it ends, and how many there are at once. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Project, settle } from '../correctness/helpers.ts';
import { cleanEnvironment, executable, type RunResult, run } from '../helpers/compilers.ts';
import { keep, onEach } from './tools.ts';

/** Of access violations, stack overruns, breakpoints and more: all 32 bits count on Windows, eight elsewhere. */
const STATUSES = { real: [1, 255, 256, 0xc0000005, 0xc0000409, 0x80000003, 0xffffffff], model: [1, 3, 255] };

/** Ends with the number behind /D. */
const CRASH = `#include <stdlib.h>
int main(int count, char **words) {
  for (int i = 1; i < count; i++)
    if (words[i][0] == '/' && words[i][1] == 'D') return (int)strtoul(words[i] + 2, 0, 10);
  return 0;
}
`;

onEach('the status of a compiler that crashes is that of clcache, as the shell sees it', {}, (t, tools) => {
  const project = tools.project(t);
  project.write('crash.c', CRASH);
  const program = project.path(tools.isReal ? 'cl.exe' : 'cl');
  if (tools.isReal) assert.equal(project.bare(['crash.c', `/Fe${program}`]).status, 0);
  else assert.equal(spawnSync('cc', ['-o', program, project.path('crash.c')]).status, 0);
  const env = cleanEnvironment({ CLCACHE_DIR: project.path('cache') });
  for (const status of tools.isReal ? STATUSES.real : STATUSES.model) {
    const line = `"${executable()}" "${program}" /c a.c /D${status}`;
    const script = project.path(tools.isReal ? 'call.cmd' : 'call.sh');
    writeFileSync(script, tools.isReal ? `@${line}\r\n@echo %ERRORLEVEL%\r\n` : `${line}\necho $?\n`);
    const [shell, ...first] = tools.isReal ? ['cmd', '/d', '/c'] : ['sh'];
    const options = { cwd: project.folder, env, encoding: 'utf8' } as const;
    const { stdout } = spawnSync(shell ?? '', [...first, script], options);
    assert.equal(stdout.trim(), String(tools.isReal ? status | 0 : status));
  }
});

/** Folders that are hard to work in. Each is made and named. */
const PLACES: Readonly<Record<string, (project: Project, t: TestContext) => string>> = {
  'a path of more than 260 characters': (project) => {
    const folder = project.path(Array.from({ length: 6 }, (_, index) => `${index}`.repeat(50)).join('/'));
    mkdirSync(folder, { recursive: true });
    return folder;
  },
  'a junction': (project) => {
    mkdirSync(project.path('target'));
    symlinkSync(project.path('target'), project.path('junction'), 'junction');
    return project.path('junction');
  },
  'a subst drive': (project, t) => {
    const free = [...'QRSTUVW'].find((letter) => spawnSync('cmd', ['/c', 'vol', `${letter}:`]).status !== 0);
    assert.equal(spawnSync('subst', [`${free}:`, project.folder]).status, 0);
    t.after(() => void spawnSync('subst', [`${free}:`, '/d']));
    return `${free}:\\`;
  },
  'a folder with letters of several scripts': (project) => {
    mkdirSync(project.path('Ünï 日本'));
    return project.path('Ünï 日本');
  },
};

for (const [what, make] of Object.entries(PLACES)) {
  const model = what === 'a subst drive' ? 'only Windows has these' : [];
  onEach(`in ${what} a hit gives what the bare compiler gives`, { model }, async (t, tools) => {
    const project = tools.project(t);
    const folder = make(project, t);
    const sources = { 'h.h': '#define H 1\n', 'a.c': '#include "h.h"\nint a = H;\n' };
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
    settle();
    for (const codePage of tools.isReal ? ['65001', '932'] : ['']) {
      const call = async (words: readonly string[]): Promise<RunResult> => {
        const line = [...words, project.compiler, '/nologo', '/c', '/showIncludes', 'a.c'];
        const env = { CLCACHE_DIR: project.path('cache'), MODEL_CLANG_CL: modelClang(project) };
        if (!tools.isReal) return run(line[0] ?? '', line.slice(1), { cwd: folder, env });
        const quoted = line.map((word) => (word.includes(' ') ? `"${word}"` : word)).join(' ');
        writeFileSync(project.path('call.cmd'), `@chcp ${codePage} >nul\r\n@${quoted}\r\n`);
        return run('cmd', ['/d', '/c', project.path('call.cmd')], { cwd: folder, env });
      };
      const bare = await call([]);
      for (const round of ['cold', 'warm']) {
        const { status, stdout, stderr } = await call([executable()]);
        assert.deepEqual(
          { status, stdout: String(stdout), stderr: String(stderr) },
          { status: bare.status, stdout: String(bare.stdout), stderr: String(bare.stderr) },
          `${round} ${codePage}`,
        );
      }
      if (bare.status === 0) assert.ok((project.counters()['CacheHits'] ?? 0) > 0);
    }
  });
}

onEach('many processes at once never fail, time out or find the cache broken', {}, async (t, tools) => {
  const project = tools.project(t);
  const sources = tools.amount(40, 3);
  for (let index = 0; index < sources; index += 1)
    project.write(`s${index}.c`, `int s${index} = ${index};\n`);
  settle();
  const calls = tools.amount(200, 7);
  const env = { CLCACHE_DIR: project.path('cache'), MODEL_CLANG_CL: modelClang(project) };
  const slots = Array.from({ length: tools.amount(16, 3) }, async (_, slot) => {
    mkdirSync(project.path(`slot${slot}`));
    const problems: string[] = [];
    for (let call = 0; call < calls; call += 1) {
      const source = project.path(`s${(call * 7 + slot) % sources}.c`);
      const words = [project.compiler, '/nologo', '/c', source, `/DROUND=${call % 2}`, '/Foout.obj'];
      const end = await run(executable(), words, { cwd: project.path(`slot${slot}`), env });
      if (end.status !== 0 || end.stderr.length > 0)
        problems.push(`${end.status} ${end.stdout}${end.stderr}`);
    }
    return problems;
  });
  assert.deepEqual((await Promise.all(slots)).flat(), []);
  const { CacheErrors, LockTimeouts, DamagedEntries, CacheHits = 0 } = project.counters();
  keep(
    tools,
    `many-calls${process.env['CLCACHE_TEST_DEFENDER'] ?? ''}.json`,
    JSON.stringify(project.counters()),
  );
  assert.deepEqual({ CacheErrors, LockTimeouts, DamagedEntries }, NO_TROUBLE);
  assert.ok(CacheHits > 0);
});

const NO_TROUBLE = { CacheErrors: 0, LockTimeouts: 0, DamagedEntries: 0 };

onEach(
  'two builds of clcache called cl.exe on PATH end in the real one within 10 s',
  {},
  async (t, tools) => {
    const project = tools.project(t);
    project.write('a.c', 'int a;\n');
    const folders = ['first', 'second'].map((name) => project.path(name));
    for (const folder of folders) {
      mkdirSync(folder);
      copyFileSync(executable(), join(folder, 'cl.exe'));
    }
    appendFileSync(join(folders[1] ?? '', 'cl.exe'), '\n');
    const compilerFolder = join(project.compiler, '..');
    for (const order of [folders, folders.toReversed()]) {
      const PATH = [...order, compilerFolder, process.env['PATH']].join(delimiter);
      const env = { PATH, CLCACHE_DIR: project.path('cache'), MODEL_CLANG_CL: modelClang(project) };
      const started = performance.now();
      const program = join(order[0] ?? '', 'cl.exe');
      const end = await run(program, ['/nologo', '/c', 'a.c'], { cwd: project.folder, env });
      assert.deepEqual([end.status, String(end.stdout), String(end.stderr)], [0, 'a.c\r\n', '']);
      // A busy machine of the models proves nothing about seconds.
      if (tools.isReal) assert.ok(performance.now() - started < 10_000);
    }
  },
);

/** The preprocessor of the model. Nothing to Microsoft's compiler. */
function modelClang(project: Project): string {
  return project.variable('MODEL_CLANG_CL') ?? '';
}
