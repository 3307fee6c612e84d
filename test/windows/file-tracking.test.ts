/** What MSBuild's Tracker sees of clcache, with a library that stands in for its own (`fixtures/file-tracker.c`). */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { hostTools } from './harness/install.ts';
import { type Machine, ON_WINE, prepareMachine } from './harness/prefix.ts';
import { type Clcache, clcacheOf, EXECUTABLE } from './harness/product.ts';
import { toWindowsPath } from './harness/run.ts';
import { type Workspace, workspace } from './harness/workspace.ts';

const ON_WINE_ONLY = { skip: !ON_WINE && 'test/real-windows/msbuild.test.ts shows it with MSBuild' };
const CALL = ['/nologo', '/c', '@more.rsp', 'a.c'];

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

/** A project, and clcache with the stand-in in its process. */
class Tracked {
  readonly w: Workspace;
  readonly clcache: Clcache;

  constructor(t: TestContext) {
    this.w = workspace(t);
    mkdirSync(this.w.at('tracker'));
    const tracker = built('tracker', this.w.at('tracker/tracker.exe'), ['-municode']);
    const library = buildLibrary(this.w);
    this.w.write('a.c', '#include "inc/a.h"\nint a = SOME;\n');
    this.w.write('inc/a.h', 'enum { SOME = 3 };\n');
    this.w.write('more.rsp', '/DMORE');
    const product = {
      name: 'tracked',
      program: tracker,
      first: [toWindowsPath(library), toWindowsPath(EXECUTABLE)],
    };
    this.clcache = clcacheOf(machine, product, this.w.at('cache'), { cwd: this.w.root });
  }

  /**
   * Compiles without the object of before. Gives what was tracked: with slashes, `.` for the folder of the project, and
   * without the numbers of temporary files.
   */
  async compile(env: Readonly<Record<string, string>> = {}): Promise<string[]> {
    rmSync(this.w.at('a.obj'), { force: true });
    const notes = this.w.at('notes.txt');
    const options = { env: { NOTES_OF_TRACKER: toWindowsPath(notes), ...env } };
    const { status, stdout, stderr } = await this.clcache.compile(CALL, options);
    assert.deepEqual([status, String(stdout), String(stderr)], [0, 'a.c\r\n', '']);
    assert.ok(existsSync(this.w.at('a.obj')));
    const lines = readFileSync(notes, 'utf8').trimEnd().split(/\r?\n/);
    rmSync(notes);
    const root = toWindowsPath(this.w.root).replaceAll('\\', '/');
    // cl shows the folders of headers in lower case.
    const anyCase = new RegExp(` ${root}`, 'i');
    const plain = lines.map((line) => line.replaceAll('\\', '/').replace(anyCase, ' .'));
    return plain.map((line) => line.replace(/\.\w+\.clcache$/, '.NEW'));
  }

  async hits(): Promise<number> {
    return (await this.clcache.statistics())('CacheHits');
  }
}

function buildLibrary(w: Workspace, options: readonly string[] = []): string {
  return built('file-tracker', w.at('tracker/FileTracker64.dll'), ['-shared', '-lntdll', ...options]);
}

function built(fixture: string, target: string, options: readonly string[]): string {
  const source = join(ROOT, `test/windows/fixtures/${fixture}.c`);
  const words = ['-O1', '-Wall', '-Wextra', source, '-o', target, ...options];
  const { status, stderr } = spawnSync(hostTools().mingw, words, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return target;
}

const READS = ['read ./more.rsp', 'read ./a.c', 'read ./inc/a.h'];

test(
  'below MSBuild’s Tracker the start of a compiler is tracked, and on a hit what the compiler would read and write',
  ON_WINE_ONLY,
  async (t) => {
    const tracked = new Tracked(t);
    const { w } = tracked;
    mkdirSync(w.at('store'));
    const shared = {
      CLCACHE_REMOTE: `file:///${toWindowsPath(w.at('store')).replaceAll('\\', '/').replaceAll(' ', '%20')}`,
    };
    const [read, source, start, ...others] = await tracked.compile(shared);
    assert.deepEqual([read, source], READS.slice(0, 2));
    assert.match(start ?? '', /^start .*cl\.exe .* a\.c/);
    // A question to the compiler has NUL for its input.
    const ofFiles = others.filter((line) => !line.startsWith('start ') && line !== 'read NUL');
    assert.deepEqual(ofFiles, ['end on']);

    const stored = ['write ./a.obj.NEW', 'write ./a.obj'];
    for (const name of ['manifests', 'objects']) rmSync(w.at('cache/v1', name), { recursive: true });
    assert.deepEqual(
      await tracked.compile(shared),
      [...READS, ...stored, 'end on'],
      'from the shared folder',
    );
    assert.deepEqual(
      await tracked.compile(),
      [...READS, ...stored, 'end on'],
      'from the folder of this machine',
    );
    const linked = await tracked.compile({ CLCACHE_HARDLINK: '1' });
    assert.deepEqual(linked, [...READS, 'write ./a.obj', 'end on'], 'as a link');
    assert.equal(await tracked.hits(), 3);
  },
);

test('a Tracker whose library refuses, or lacks the functions, fails no call', ON_WINE_ONLY, async (t) => {
  const tracked = new Tracked(t);
  const ofCache = (lines: readonly string[]) => lines.filter((line) => line.includes(' ./cache/')).length;
  assert.ok(ofCache(await tracked.compile({ HOW_TRACKER: 'refuses' })) > 0, 'nothing is kept from it');
  await tracked.compile({ HOW_TRACKER: 'stays' });
  buildLibrary(tracked.w, ['-DWITHOUT_FUNCTIONS']);
  const lines = await tracked.compile();
  assert.ok(ofCache(lines) > 0 && lines.includes('read ./inc/a.h') && lines.includes('write ./a.obj'));
  assert.equal(await tracked.hits(), 2);
});
