import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fetchLibrary } from '../../bin/dev/library.ts';
import { DIST } from '../../bin/dev/project.ts';
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
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';

// cl's precompiled headers are another matter.
const skip = process.platform === 'win32' ? 'clang-cl of this machine' : (whyNoCMake('ninja') ?? false);

/** Parts of Abseil that a program needs for texts and names of numbers, without threads. */
const PARTS = {
  strings: 'ascii match internal/memutil internal/utf8',
  base: 'log_severity internal/raw_logging internal/spinlock_wait internal/throw_delegate',
};

const SOURCES = {
  'CMakeLists.txt': `cmake_minimum_required(VERSION 3.16)
project(Sample CXX)
add_compile_options(/clang:-std=c++17)
include_directories(absl .)
add_library(strings STATIC ${sourcesOf('strings')})
target_precompile_headers(strings PRIVATE <string> <vector>)
add_library(base STATIC ${sourcesOf('base')})
target_precompile_headers(base PRIVATE <string> own.h)
add_library(program STATIC main.cpp)
target_precompile_headers(program REUSE_FROM base)
`,
  'own.h': '#pragma once\ninline int own() { return 7; }\n',
  'main.cpp': `#include "absl/base/log_severity.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include <cstdio>
int main() {
  const std::string text = absl::AsciiStrToUpper("words");
  if (!absl::StartsWithIgnoreCase(text, "wor")) return 1;
  std::printf("%s, %s, %d\\n", text.c_str(), absl::LogSeverityName(absl::LogSeverity::kError), own());
}
`,
};
const PRINTED = 'WORDS, ERROR, 7\n';
/** The sources of a part and its precompiled header. */
const STRINGS = PARTS.strings.split(' ').length + 1;
const BASE = PARTS.base.split(' ').length + 1;
const COMPILES = STRINGS + BASE + 1;

function sourcesOf(part: keyof typeof PARTS): string {
  const names = PARTS[part].split(' ');
  return names.map((name) => `absl/absl/${part}/${name}.cc`).join(' ');
}

class Project {
  readonly source: string;
  readonly build: string;
  readonly env: { readonly CLCACHE_DIR: string };

  constructor(t: TestContext) {
    const folder = temporaryFolder(t);
    this.source = join(folder, 'source');
    this.build = join(folder, 'build');
    this.env = { CLCACHE_DIR: join(folder, 'cache') };
    knowTheCompiler(this.env.CLCACHE_DIR);
    mkdirSync(this.source);
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(this.source, name), text);
    const home = join(DIST, 'demo');
    mkdirSync(home, { recursive: true });
    const library = fetchLibrary(home, { all: false });
    cpSync(join(library.folder, 'vendor/abseil-cpp'), join(this.source, 'absl'), {
      recursive: true,
      preserveTimestamps: true,
    });
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
  async counted(target = 'all'): Promise<{ hits: number; misses: number; handedOn: number }> {
    const before = await counters(this.env.CLCACHE_DIR);
    await build(this.build, this.env, ['--target', target]);
    assert.match(succeed(await run('ninja', ['-C', this.build, '-n', target])), /no work to do/);
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
  assert.equal(await project.printed(), PRINTED);
  const [made, digests] = [project.made(), project.digests()];

  await t.test('after ninja clean', async () => {
    succeed(await run('ninja', ['-C', project.build, 'clean']));
    // CMake does not tell Ninja of the .pch.
    for (const name of project.made()) rmSync(join(project.build, name));
    assert.deepEqual(await project.counted(), { hits: COMPILES, misses: 0, handedOn: 0 });
    assert.deepEqual(project.made(), made);
    assert.deepEqual(project.digests(), digests);
    assert.equal(await project.printed(), PRINTED);
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
      assert.deepEqual(await project.counted(), { hits: 0, misses: BASE + 1, handedOn: 0 });
      assert.equal(await project.printed(), 'WORDS, ERROR, 50\n');
    },
  );
});

test('precompiled headers without times are hits in a new build folder and with new times of all files', {
  skip,
}, async (t) => {
  const project = new Project(t);
  await project.configure('-DCLCACHE_PCH_BY_CONTENT=ON');
  assert.deepEqual(await project.counted('base'), { hits: 0, misses: BASE, handedOn: 0 });
  rmSync(project.build, { recursive: true });
  for (const name of Object.keys(SOURCES))
    utimesSync(join(project.source, name), 1_700_000_000, 1_700_000_000);
  await project.configure('-DCLCACHE_PCH_BY_CONTENT=ON');
  assert.deepEqual(await project.counted('base'), { hits: BASE, misses: 0, handedOn: 0 });
});
