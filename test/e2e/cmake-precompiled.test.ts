import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  build,
  cmakeModule,
  configure,
  counters,
  succeed,
  toolchain,
  whyNoCMake,
} from '../helpers/cmake-builds.ts';
import { run, temporaryFolder } from '../helpers/compilers.ts';

// cl's precompiled headers are another matter.
const skip = process.platform === 'win32' ? 'clang-cl of this machine' : (whyNoCMake('ninja') ?? false);

const SOURCES = {
  'CMakeLists.txt': `cmake_minimum_required(VERSION 3.16)
project(Sample CXX)
add_library(parts STATIC one.cpp two.cpp)
target_precompile_headers(parts PRIVATE <vector> <string> own.h)
add_library(program STATIC main.cpp)
target_precompile_headers(program REUSE_FROM parts)
add_library(bare STATIC bare.cpp)
target_precompile_headers(bare PRIVATE <map>)
`,
  'own.h': '#pragma once\ninline int own() { return 7; }\n',
  'one.cpp': 'int one() { return int(std::vector<int>(3).size()) + own(); }\n',
  'two.cpp': 'int two() { return int(std::string("four").size()); }\n',
  'bare.cpp': 'int bare() { std::map<int, int> known; return known[1] + 1; }\n',
  'main.cpp': `#include <cstdio>
int one(), two(), bare();
int main() { std::printf("%d\\n", one() + two() + bare() + own()); }
`,
};
/** Six sources: two precompiled headers, and what uses them. */
const COMPILES = 6;

class Project {
  readonly source: string;
  readonly build: string;
  readonly env: { readonly CLCACHE_DIR: string };

  constructor(t: TestContext) {
    const folder = temporaryFolder(t);
    this.source = join(folder, 'source');
    this.build = join(folder, 'build');
    this.env = { CLCACHE_DIR: join(folder, 'cache') };
    mkdirSync(this.source);
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(this.source, name), text);
  }

  async configure(...options: readonly string[]): Promise<void> {
    const module = `-DCMAKE_PROJECT_INCLUDE=${cmakeModule()}`;
    await configure(this.source, this.build, [
      '-GNinja',
      '-DCMAKE_BUILD_TYPE=Debug',
      module,
      ...toolchain(),
      ...options,
    ]);
  }

  /** Builds, checks that nothing is left to do then, and returns what was counted since the last time. */
  async counted(): Promise<{ hits: number; misses: number; handedOn: number }> {
    const before = await counters(this.env.CLCACHE_DIR);
    await build(this.build, this.env);
    assert.match(succeed(await run('ninja', ['-C', this.build, '-n'])), /no work to do/);
    const after = await counters(this.env.CLCACHE_DIR);
    const since = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
    return { hits: since('CacheHits'), misses: since('CacheMisses'), handedOn: since('CallsWithPch') };
  }

  /** What the program prints that is linked from all objects. */
  async printed(): Promise<string> {
    const program = join(this.build, 'program');
    const objects = this.made().filter((name) => name.endsWith('.obj'));
    succeed(await run('c++', ['-no-pie', ...objects, '-o', program], { cwd: this.build }));
    return succeed(await run(program, []));
  }

  made(): string[] {
    const names = readdirSync(this.build, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => /\.(?:obj|pch)$/.test(name)).sort();
  }

  digests(): string[] {
    return this.made().map((name) =>
      createHash('sha256')
        .update(readFileSync(join(this.build, name)))
        .digest('hex'),
    );
  }
}

test('a project with precompiled headers has only hits after a clean, and Ninja has nothing to do then', {
  skip,
}, async (t) => {
  const project = new Project(t);
  await project.configure();
  assert.deepEqual(await project.counted(), { hits: 0, misses: COMPILES, handedOn: 0 });
  assert.equal(await project.printed(), '22\n');
  const [made, digests] = [project.made(), project.digests()];

  await t.test('after ninja clean', async () => {
    succeed(await run('ninja', ['-C', project.build, 'clean']));
    // CMake does not tell Ninja of the .pch.
    for (const name of project.made()) rmSync(join(project.build, name));
    assert.deepEqual(await project.counted(), { hits: COMPILES, misses: 0, handedOn: 0 });
    assert.deepEqual(project.made(), made);
    assert.deepEqual(project.digests(), digests);
    assert.equal(await project.printed(), '22\n');
  });

  await t.test('with half of the objects gone', async () => {
    const objects = made.filter((name) => name.endsWith('.obj'));
    for (const name of objects.filter((_, index) => index % 2 === 0)) rmSync(join(project.build, name));
    const { misses, handedOn } = await project.counted();
    assert.deepEqual([misses, handedOn], [0, 0]);
    assert.deepEqual(project.digests(), digests);
  });

  await t.test(
    'a changed header of a precompiled header rebuilds all that use it, with its new text',
    async () => {
      writeFileSync(join(project.source, 'own.h'), '#pragma once\ninline int own() { return 50; }\n');
      assert.deepEqual(await project.counted(), { hits: 0, misses: 4, handedOn: 0 });
      assert.equal(await project.printed(), '108\n');
    },
  );
});

test('precompiled headers without times are hits in a new build folder and with new times of all files', {
  skip,
}, async (t) => {
  const project = new Project(t);
  await project.configure('-DCLCACHE_PCH_BY_CONTENT=ON');
  assert.deepEqual(await project.counted(), { hits: 0, misses: COMPILES, handedOn: 0 });
  rmSync(project.build, { recursive: true });
  for (const name of Object.keys(SOURCES))
    utimesSync(join(project.source, name), 1_700_000_000, 1_700_000_000);
  await project.configure('-DCLCACHE_PCH_BY_CONTENT=ON');
  assert.deepEqual(await project.counted(), { hits: COMPILES, misses: 0, handedOn: 0 });
  assert.equal(await project.printed(), '22\n');
});
