import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Workspace, workspace } from '../e2e/workspace.ts';
import { cleanEnvironment, executable, findClangCl, HOST_TARGET } from '../helpers/compilers.ts';

const KILLS = 60;
const SOURCES = 6;

/** Starts a cold build in a process group of its own, as a shell does. */
function startBuild(space: Workspace, out: string, names: readonly string[]) {
  const args = [findClangCl().path, HOST_TARGET, '/nologo', '/c', '/Iinc', `/Fo${out}/`, ...names];
  const env = cleanEnvironment({ CLCACHE_DIR: space.cache });
  return spawn(executable(), args, { cwd: space.folder, env, stdio: 'ignore', detached: true });
}

function killAfter(milliseconds: number, build: ReturnType<typeof startBuild>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => process.kill(-(build.pid ?? 0), 'SIGKILL'), milliseconds);
    build.on('close', (_status, signal) => {
      clearTimeout(timer);
      resolve(signal === 'SIGKILL');
    });
  });
}

test(`clcache killed at ${KILLS} moments of cold builds leaves no wrong object, no unreadable entry and a working cache`, async (t) => {
  const space = workspace(t);
  mkdirSync(space.path('bare'));
  mkdirSync(space.path('out'));
  const write = (round: number) => {
    space.write('inc/shared.h', `#define SHARED ${round}\n`);
    return Array.from({ length: SOURCES }, (_, index) => {
      space.write(`s${index}.c`, `#include "shared.h"\nint f${index}(void) { return SHARED * ${index}; }\n`);
      return `s${index}.c`;
    });
  };
  let names = write(0);
  const started = performance.now();
  await space.clcache(['/c', '/Iinc', '/Foout/', ...names]);
  const whole = performance.now() - started;
  // The measured lengths of a cold build and of the two after it. The first one also learns the compiler, and other
  // processes may keep the machine busy.
  const lengths: [number, number, number] = [whole, whole, whole];

  let killed = 0;
  for (let attempt = 0; killed < KILLS; attempt++) {
    assert.ok(attempt < 4 * KILLS, `only ${killed} of ${attempt} builds were killed`);
    // Every third build is new, so that kills come in cold builds, between builds, and in half warm ones.
    if (attempt % 3 === 0) names = write(attempt);
    const kind = (attempt % 3) as 0 | 1 | 2;
    const start = performance.now();
    if (await killAfter(Math.random() * lengths[kind], startBuild(space, 'out', names))) {
      killed++;
      lengths[kind] *= 1.05;
    } else lengths[kind] = performance.now() - start;
  }

  await space.compiler(['/c', '/Iinc', '/Fobare/', ...names]);
  for (const pass of ['after the kills', 'warm']) {
    rmSync(space.path('out'), { recursive: true });
    mkdirSync(space.path('out'));
    const result = await space.clcache(['/c', '/Iinc', '/Foout/', ...names]);
    assert.equal(result.status, 0, result.stderr.toString());
    for (const name of readdirSync(space.path('bare'))) {
      assert.deepEqual(space.read(`out/${name}`), space.read(`bare/${name}`), `${name} ${pass}`);
    }
  }
  await space.own(['-z']);
  await space.clcache(['/c', '/Iinc', '/Foout/', ...names]);
  const { CacheHits, DamagedEntries, CacheErrors } = await space.statistics();
  assert.deepEqual(
    { CacheHits, DamagedEntries, CacheErrors },
    { CacheHits: SOURCES, DamagedEntries: 0, CacheErrors: 0 },
  );
  for (const entry of entriesOf(space)) {
    const index = JSON.parse(readFileSync(join(entry, 'artifact.json'), 'utf8')) as {
      body: { files: { name: string; size: number }[] };
    };
    for (const { name, size } of index.body.files)
      assert.equal(readFileSync(join(entry, name)).length, size, entry);
  }
});

function entriesOf(space: Workspace): string[] {
  const objects = join(space.cache, 'v1/objects');
  return readdirSync(objects).flatMap((section) =>
    readdirSync(join(objects, section))
      .filter((name) => !name.startsWith('.') && !name.endsWith('.tmp'))
      .map((name) => join(objects, section, name)),
  );
}
