import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { fetchLibrary, type Library } from '../../bin/dev/library.ts';
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

/** What takes half a second or more to compile: most of RE2, a part of Abseil. */
const LARGE =
  /\/re2\/re2\/(?!perl|unicode)|\/(?:casts|int128|low_level_alloc|spinlock|sysinfo|thread_identity)\.cc$/;

test('a real library built by Ninja with cl’s rules has only hits when built again, and Ninja knows every header', {
  skip: whyNoCMake('ninja') ?? false,
}, async (t) => {
  const project = new Project(temporaryFolder(t), library());
  await configure(project.source, project.build, [
    '-GNinja',
    '-DCMAKE_BUILD_TYPE=Release',
    `-DCMAKE_PROJECT_INCLUDE=${cmakeModule()}`,
    ...toolchain(),
  ]);

  await build(project.build, project.env);
  const objects = project.objects();
  assert.ok(objects.size >= 12, `${objects.size} objects`);
  const [digests, dependencies] = [project.digests(), await project.dependencies()];
  assert.deepEqual(await project.hitsAndMisses(), { hits: 0, misses: objects.size });

  await t.test('the same holds if only the sources are left of the first build', async () => {
    for (const object of objects.keys()) rmSync(object);
    for (const log of ['.ninja_deps', '.ninja_log']) rmSync(join(project.build, log), { force: true });
    await build(project.build, project.env);
    assert.deepEqual(await project.hitsAndMisses(), { hits: objects.size, misses: objects.size });
    assert.deepEqual(project.digests(), digests);
    assert.deepEqual(await project.dependencies(), dependencies);
    for (const [object, headers] of dependencies) assert.ok(headers.length > 0, object);
  });

  await t.test('a build after that has nothing to do', async () => {
    assert.match(await build(project.build, project.env), /no work to do/);
  });

  const [header, includers] = project.headerOfFew(dependencies);
  const original = readFileSync(header, 'utf8');
  assert.ok(includers.length < objects.size, `${includers.length} include ${header}`);

  await t.test('a change to a header rebuilds the files that include it, and no other', async () => {
    writeFileSync(header, `${original}\nextern int clcache_was_here;\n`);
    assert.deepEqual(await project.rebuilt(), includers.sort());
    const misses = objects.size + includers.length;
    assert.deepEqual(await project.hitsAndMisses(), { hits: objects.size, misses });
  });

  await t.test('changing the header back gives hits', async () => {
    writeFileSync(header, original);
    assert.deepEqual(await project.rebuilt(), includers.sort());
    const hits = objects.size + includers.length;
    assert.deepEqual(await project.hitsAndMisses(), { hits, misses: objects.size + includers.length });
    assert.deepEqual(project.digests(), digests);
  });
});

/** A copy of the library, because one of its headers is changed. */
class Project {
  readonly source: string;
  readonly build: string;
  readonly env: { readonly CLCACHE_DIR: string };

  constructor(folder: string, { folder: original, sources, includes }: Library) {
    this.source = join(folder, 'source');
    this.build = join(folder, 'build');
    this.env = { CLCACHE_DIR: join(folder, 'cache') };
    knowTheCompiler(this.env.CLCACHE_DIR);
    for (const include of includes)
      cpSync(join(original, include), join(this.source, include), { recursive: true });
    const list = (items: readonly string[]) => items.map((item) => `  ${item}`).join('\n');
    writeFileSync(
      join(this.source, 'CMakeLists.txt'),
      `cmake_minimum_required(VERSION 3.20)
project(Library CXX)
# With a target of this machine clang-cl takes no /std.
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  add_compile_options(/clang:-std=c++17)
else()
  add_compile_options(/std:c++17)
endif()
add_library(library STATIC\n${list(sources)})
target_include_directories(library PRIVATE\n${list(includes)})
`,
    );
  }

  /** Each object with its modification time. */
  objects(): Map<string, number> {
    const names = readdirSync(this.build, { recursive: true, encoding: 'utf8' });
    const objects = names.filter((name) => name.endsWith('.obj')).sort();
    return new Map(objects.map((name) => [join(this.build, name), statSync(join(this.build, name)).mtimeMs]));
  }

  digests(): string[] {
    return [...this.objects().keys()].map((object) =>
      createHash('sha256').update(readFileSync(object)).digest('hex'),
    );
  }

  /** The headers of each object, which Ninja has recorded from the /showIncludes lines. */
  async dependencies(): Promise<Map<string, string[]>> {
    const text = succeed(await run('ninja', ['-C', this.build, '-t', 'deps']));
    const blocks = text.split(/\r?\n\r?\n/).filter((block) => block.includes('#deps'));
    const entries = blocks.map((block): [string, string[]] => {
      const [title = '', ...headers] = block.trim().split(/\r?\n/);
      assert.match(title, /\(VALID\)/);
      const object = resolve(this.build, title.replace(/^ninja: .*\n/, '').replace(/: #deps.*$/, ''));
      return [object, headers.map((header) => resolve(this.build, header.trim())).sort()];
    });
    return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The header of the library that the fewest objects include, but more than one, with these objects. */
  headerOfFew(dependencies: ReadonlyMap<string, readonly string[]>): [string, string[]] {
    const includers = new Map<string, string[]>();
    for (const [object, headers] of dependencies) {
      for (const header of headers.filter((path) => path.startsWith(this.source))) {
        includers.set(header, [...(includers.get(header) ?? []), object]);
      }
    }
    const several = [...includers].filter(([, objects]) => objects.length > 1);
    const [fewest] = several.sort((a, b) => a[1].length - b[1].length);
    assert.ok(fewest !== undefined);
    return fewest;
  }

  /** Builds, and returns the objects that were written. */
  async rebuilt(): Promise<string[]> {
    const before = this.objects();
    await build(this.build, this.env);
    return [...this.objects()]
      .filter(([object, time]) => before.get(object) !== time)
      .map(([object]) => object);
  }

  async hitsAndMisses(): Promise<{ hits?: number; misses?: number }> {
    const { CacheHits: hits = 0, CacheMisses: misses = 0 } = await counters(this.env.CLCACHE_DIR);
    return { hits, misses };
  }
}

/** The library of the demo, in the folder where the demo keeps it. */
function library(): Library {
  const home = join(DIST, 'demo');
  mkdirSync(home, { recursive: true });
  const all = fetchLibrary(home, { all: false });
  return { ...all, sources: all.sources.filter((source) => !LARGE.test(source)) };
}
