/** CMake projects with its generators on Windows: what a second clean build takes from the cache. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { build, cmakeModule, configure, counters, succeed, toolchain } from '../helpers/cmake-builds.ts';
import { run } from '../helpers/compilers.ts';
import { folderForBuilds, keep, onEach, type Tools } from './tools.ts';

interface Way {
  readonly generator: string;
  readonly configuration: 'Debug' | 'RelWithDebInfo';
  /** The policy that decides whether CMake puts debug information into the flags. */
  readonly CMP0141: 'OLD' | 'NEW';
  readonly needs: readonly string[];
  /** There is a model of Ninja's build only. */
  readonly hasModel?: true;
}

/** Visual Studio's is the newest that is installed: CMake takes it where none is named. */
const WAYS: readonly Way[] = [
  { generator: 'Ninja', configuration: 'Debug', CMP0141: 'NEW', needs: ['ninja'], hasModel: true },
  { generator: 'Ninja', configuration: 'RelWithDebInfo', CMP0141: 'OLD', needs: ['ninja'] },
  { generator: 'NMake Makefiles', configuration: 'Debug', CMP0141: 'OLD', needs: ['nmake'] },
  { generator: 'NMake Makefiles', configuration: 'RelWithDebInfo', CMP0141: 'NEW', needs: ['nmake'] },
  { generator: '', configuration: 'Debug', CMP0141: 'NEW', needs: ['msbuild'] },
  { generator: '', configuration: 'RelWithDebInfo', CMP0141: 'OLD', needs: ['msbuild'] },
];

const FILES = {
  'one.cpp': 'int one() { return 1; }\n',
  'two.cpp': 'int two() { return 2; }\n',
  'pch.h': '#pragma once\ninline int three() { return 3; }\n',
  'three.cpp': 'int other() { return three(); }\n',
  'main.cpp':
    '#include <stdio.h>\nint one(), two(), other();\nint main() { printf("%d\\n", one() + two() + other()); }\n',
};

class Build {
  readonly folder: string;
  readonly #source: string;
  readonly #env: { readonly CLCACHE_DIR: string; readonly CLCACHE_PCH: string };
  readonly #tools: Tools;
  readonly #configuration: string;
  #before = { CacheHits: 0, CacheMisses: 0 };

  constructor(
    t: TestContext,
    tools: Tools,
    { configuration, CMP0141 }: Way,
    further: readonly string[] = [],
  ) {
    const root = folderForBuilds(tools, t);
    this.#tools = tools;
    this.#source = join(root, 'source');
    this.folder = join(root, 'build');
    this.#configuration = configuration;
    // Where MSBuild takes nothing for an input or output.
    const home = tools.isReal ? (process.env['LOCALAPPDATA'] ?? tmpdir()) : root;
    this.#env = { CLCACHE_DIR: join(home, `clcache-test-${basename(root)}`), CLCACHE_PCH: '1' };
    const cache = this.#env.CLCACHE_DIR;
    t.after(() => rmSync(cache, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
    mkdirSync(this.#source);
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(this.#source, name), text);
    // The Linux toolchain of the tests links no program.
    const program = tools.isReal
      ? 'add_executable(program main.cpp)'
      : 'add_library(program STATIC main.cpp)';
    const lines = [
      'cmake_minimum_required(VERSION 3.16)',
      ...(CMP0141 === 'NEW' ? ['if(POLICY CMP0141)', 'cmake_policy(SET CMP0141 NEW)', 'endif()'] : []),
      'project(Sample CXX)',
      'add_library(plain STATIC one.cpp two.cpp)',
      'add_library(with_pch STATIC three.cpp)',
      'target_precompile_headers(with_pch PRIVATE pch.h)',
      program,
      'target_link_libraries(program PRIVATE plain with_pch)',
      ...further,
    ];
    writeFileSync(join(this.#source, 'CMakeLists.txt'), `${lines.join('\n')}\n`);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.#source, name), text);
  }

  async configure(generator: string): Promise<void> {
    const named = generator === '' ? [] : [`-G${generator}`];
    const options = [`-DCMAKE_BUILD_TYPE=${this.#configuration}`, `-DCMAKE_PROJECT_INCLUDE=${cmakeModule()}`];
    // Visual Studio's projects do not inherit the variable.
    const settings = ['-DCLCACHE_PCH=ON'];
    await configure(
      this.#source,
      this.folder,
      [...named, ...options, ...settings, ...toolchain()],
      this.#env,
    );
    // What CMake itself compiles to try the compiler does not count.
    await this.#counted();
  }

  /** Builds a target, and counts. */
  async made(target = 'all'): Promise<{ said: string; hits: number; misses: number }> {
    const which = target === 'all' ? [] : ['--target', target];
    const said = await build(this.folder, this.#env, ['--config', this.#configuration, ...which]);
    keep(this.#tools, `cmake/${basename(join(this.folder, '..'))}-${target}.log`, said);
    return { said, ...(await this.#counted()) };
  }

  /** Hits and misses since the last question. */
  async #counted(): Promise<{ hits: number; misses: number }> {
    const { CacheHits = 0, CacheMisses = 0 } = await counters(this.#env.CLCACHE_DIR);
    const before = this.#before;
    this.#before = { CacheHits, CacheMisses };
    return { hits: CacheHits - before.CacheHits, misses: CacheMisses - before.CacheMisses };
  }

  /** What the program prints. On Linux its objects are linked by hand. */
  async printed(): Promise<string> {
    const names = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    if (this.#tools.isReal) {
      const program = names.find((name) => /program\.exe$/.test(name)) ?? 'program.exe';
      return succeed(await run(join(this.folder, program), []));
    }
    const objects = names.filter((name) => name.endsWith('.obj'));
    succeed(await run('c++', ['-no-pie', ...objects, '-o', 'program'], { cwd: this.folder }));
    return succeed(await run(join(this.folder, 'program'), []));
  }
}

for (const way of WAYS) {
  const { generator, configuration, CMP0141, needs, hasModel } = way;
  const what = `${generator || 'Visual Studio'}, ${configuration}, CMP0141 ${CMP0141}`;
  const model = hasModel ? ['cmake', ...needs] : 'one way is enough to know the test';
  onEach(
    `${what}: a second clean build is all hits, its program starts, and nothing is left to do`,
    {
      real: ['cmake', ...needs],
      model,
    },
    async (t, tools) => {
      const project = new Build(t, tools, way);
      await project.configure(generator);
      const cold = await project.made();
      // Four sources, what uses the precompiled header, and what makes it.
      assert.deepEqual([cold.hits, cold.misses], [0, 5], cold.said);
      assert.match(await project.printed(), /^6\r?\n$/);
      await project.made('clean');
      const warm = await project.made();
      assert.deepEqual([warm.hits, warm.misses], [5, 0], warm.said);
      assert.match(await project.printed(), /^6\r?\n$/);
      const again = await project.made();
      assert.deepEqual([again.hits, again.misses], [0, 0], again.said);
      if (generator !== 'Ninja') return;
      const explained = succeed(await run('ninja', ['-C', project.folder, '-d', 'explain', '-n']));
      assert.match(explained, /no work to do/);
      assert.doesNotMatch(explained, /ninja explain:/);
    },
  );
}

onEach(
  'a target with a C++20 module builds twice with the same result',
  { real: ['cmake', 'ninja'], model: 'clang-cl 14 has no modules that CMake knows' },
  async (t, tools) => {
    const version = /(\d+)\.(\d+)/.exec(succeed(await run('cmake', ['--version'])));
    if (Number(version?.[1]) === 3 && Number(version?.[2]) < 28)
      return t.skip('CMake before 3.28 has no modules');
    const further = [
      'add_library(modular STATIC)',
      'target_compile_features(modular PUBLIC cxx_std_20)',
      'target_sources(modular PUBLIC FILE_SET CXX_MODULES FILES part.ixx)',
      'target_sources(modular PRIVATE user.cpp)',
    ];
    const way = WAYS[0];
    assert.ok(way);
    const project = new Build(t, tools, way, further);
    project.write('part.ixx', 'export module part;\nexport int part() { return 4; }\n');
    project.write('user.cpp', 'import part;\nint user() { return part(); }\n');
    await project.configure('Ninja');
    await project.made();
    await project.made('clean');
    const warm = await project.made();
    assert.ok(warm.hits >= 5, warm.said);
    assert.match(await project.printed(), /^6\r?\n$/);
    assert.ok(readFileSync(join(project.folder, 'build.ninja'), 'utf8').includes('part.ixx'));
  },
);
