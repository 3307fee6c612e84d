/** MSBuild with two projects of ten sources, through clcache under the compiler's name. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { counters, succeed } from '../helpers/cmake-builds.ts';
import { executable, findClangCl, run } from '../helpers/compilers.ts';
import { folderForBuilds, keep, onEach, type Tools } from './tools.ts';
import { HEADER, SOURCES, SOURCES_OF_ONE, standInsOf, writeProjects } from './vcxproj.ts';

const PROPS = join(executable(), '../msbuild/clcache.props');
const NEEDS = { real: ['msbuild'], model: ['xbuild'] };
/** Errors of file tracking, and of files that are in use ("FTK1011", "MSB3026"). */
const TROUBLE = /FTK\d{4}|TRK\d{4}|MSB302\d|cache error/;
/** What the sources are warned of: unused variables, or an option in the model. */
const WARNING = { real: /warning (?:C4101|:)|-Wunused-variable/g, model: /warning D9035/g };

interface How {
  /** True for `ForceImportBeforeCppTargets`, false for an import by the project. */
  readonly isForced: boolean;
  readonly properties?: readonly string[];
  /** Without it the cache is where MSBuild takes nothing for an input or output. */
  readonly cacheIn?: string;
}

class Builds {
  readonly folder: string;
  readonly cache: string;
  readonly #tools: Tools;
  readonly #properties: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  #count = 0;
  #before = { CacheHits: 0, CacheMisses: 0 };

  constructor(t: TestContext, tools: Tools, { isForced, properties = [], cacheIn }: How) {
    this.folder = folderForBuilds(tools, t);
    this.#tools = tools;
    const own = `<Import Project="${PROPS}" />`;
    writeProjects(this.folder, isForced ? '' : own);
    // Below %LOCALAPPDATA%, as the cache is by default: MSBuild takes nothing there for an input or output.
    const home = cacheIn ?? (tools.isReal ? (process.env['LOCALAPPDATA'] ?? tmpdir()) : this.folder);
    this.cache = join(home, `clcache-test-${basename(this.folder)}`);
    t.after(() => rmSync(this.cache, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
    this.#properties = [
      `/p:ClcacheToolPath=${join(this.folder, 'tool')}`,
      ...['/p:ClcacheUseZ7=true', '/p:ClcacheUseMP=true'],
      ...(isForced ? [`/p:ForceImportBeforeCppTargets=${PROPS}`, `/p:ClcachePath=${executable()}`] : []),
      ...(tools.isReal
        ? [
            '/p:Platform=x64',
            '/p:Configuration=Debug',
            '/m',
            '/nodeReuse:false',
            '/warnaserror:MSB3026;MSB3021',
          ]
        : []),
      ...(tools.isReal ? [] : [`/p:ClcachePath=${executable()}`, ...standInsOf(this.folder)]),
      ...properties,
    ];
    this.#env = { CLCACHE_DIR: this.cache, ...(tools.isReal ? {} : this.#modelOnPath(t)) };
  }

  /** Builds a target. Gives what was printed, and the hits and misses of this build. */
  async build(target = 'Build'): Promise<{ said: string; hits: number; misses: number }> {
    const program = this.#tools.isReal ? 'msbuild' : 'xbuild';
    const words = ['/nologo', '/v:n', `/t:${target}`, ...this.#properties, 'all.proj'];
    const said = succeed(await run(program, words, { cwd: this.folder, env: this.#env }));
    this.#count += 1;
    keep(this.#tools, `msbuild/${basename(this.folder)}/${this.#count}-${target}.log`, said);
    assert.doesNotMatch(said, TROUBLE);
    const { CacheHits = 0, CacheMisses = 0, CacheErrors } = await counters(this.cache);
    assert.equal(CacheErrors, 0);
    const before = this.#before;
    this.#before = { CacheHits, CacheMisses };
    return { said, hits: CacheHits - before.CacheHits, misses: CacheMisses - before.CacheMisses };
  }

  files(ending: string): string[] {
    const names = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith(ending)).sort();
  }

  /** Names, sizes and times of what the cache holds. Statistics count calls. */
  cacheState(): string[] {
    return readdirSync(this.cache, { recursive: true, encoding: 'utf8' })
      .filter((name) => !/stat/i.test(name))
      .map((name) => [name, statSync(join(this.cache, name))] as const)
      .filter(([, stat]) => stat.isFile())
      .map(([name, { size, mtimeMs }]) => `${name} ${size} ${mtimeMs}`)
      .sort();
  }

  /** Each object is known to be written, the header to be read, and nothing of the cache is known. */
  checkTracking(): void {
    const logs = this.files('.tlog').map((name) => {
      const bytes = readFileSync(join(this.folder, name));
      keep(this.#tools, `msbuild/${basename(this.folder)}/${name.replaceAll(/[\\/]/g, '-')}`, bytes);
      return { name, text: bytes.toString('utf16le').toUpperCase() };
    });
    const textOf = (kind: RegExp) =>
      logs.flatMap(({ name, text }) => (kind.test(name) ? [text] : [])).join('\n');
    const written = textOf(/CL[^\\/]*\.write\.[^\\/]*$/i);
    for (const { object } of SOURCES)
      assert.ok(written.includes(object.toUpperCase()), `${object} is in no log`);
    const read = textOf(/CL[^\\/]*\.read\.[^\\/]*$/i);
    assert.ok(read.includes(basename(HEADER).toUpperCase()), `${HEADER} is in no log`);
    const cache = basename(this.cache).toUpperCase();
    for (const { name, text } of logs) assert.ok(!text.includes(cache), `${name} names the cache`);
  }

  /** The stand-ins start what is called cl.exe on PATH, behind clcache of that name. */
  #modelOnPath(t: TestContext): Readonly<Record<string, string>> {
    const { compiler } = this.#tools.project(t);
    const path = `${dirname(compiler)}${delimiter}${process.env['PATH']}`;
    return { PATH: path, MODEL_CLANG_CL: findClangCl().path, MODEL_DEPRECATED: '/Zo' };
  }
}

for (const isForced of [false, true]) {
  const how = isForced ? 'ForceImportBeforeCppTargets' : 'Directory.Build.props';
  onEach(
    `props in ${how}: cold, cleaned, all hits, nothing to do, and a header’s users only`,
    { ...NEEDS, model: isForced ? 'the next test builds so with the models' : NEEDS.model },
    async (t, tools) => {
      const builds = new Builds(t, tools, { isForced });
      const all = SOURCES.length;
      const cold = await builds.build();
      assert.deepEqual([cold.hits, cold.misses], [0, all], cold.said);
      assert.equal(builds.files('.obj').length, all);
      if (tools.isReal) builds.checkTracking();
      const state = builds.cacheState();
      await builds.build('Clean');
      assert.deepEqual(builds.files('.obj'), []);
      assert.deepEqual(builds.cacheState(), state, 'Clean leaves the cache alone');

      const warm = await builds.build();
      assert.deepEqual([warm.hits, warm.misses], [all, 0], warm.said);
      assert.equal(builds.files('.obj').length, all);
      if (tools.isReal) builds.checkTracking();
      const again = await builds.build();
      assert.deepEqual([again.hits, again.misses], [0, 0], again.said);

      // The stand-ins do not know headers.
      if (!tools.isReal) return;
      writeFileSync(join(builds.folder, HEADER), '#pragma once\nenum { SOME = 7 };\n');
      const edited = await builds.build();
      const users = SOURCES.filter(({ usesHeader }) => usesHeader);
      assert.deepEqual([edited.hits, edited.misses], [0, users.length], edited.said);
      assert.deepEqual([(await builds.build()).hits, (await builds.build()).misses], [0, 0]);
    },
  );
}

/** Ways to build that change how MSBuild calls the compiler. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  'cl’s server and structured messages': [
    ...['/p:EnableClServerMode=true', '/p:UseStructuredOutput=true', '/p:UseClStructuredOutput=true'],
  ],
  'a call for each source': ['/p:UseMultiToolTask=true'],
  Win32: ['/p:Platform=Win32'],
  ClangCL: ['/p:PlatformToolset=ClangCL', '/p:ClcachePchByContent=true'],
};

for (const [what, properties] of Object.entries(VARIANTS)) {
  // What the stand-ins do is the same for all of them.
  const model = what.startsWith('cl') ? NEEDS.model : 'one variant is enough to know the test';
  onEach(
    `${what}: a rebuild has only hits, and shows the same warnings`,
    { ...NEEDS, model },
    async (t, tools) => {
      const builds = new Builds(t, tools, { isForced: true, properties });
      const warning = tools.isReal ? WARNING.real : WARNING.model;
      const cold = await builds.build();
      assert.deepEqual([cold.hits, cold.misses], [0, SOURCES.length], cold.said);
      await builds.build('Clean');
      const warm = await builds.build();
      assert.deepEqual([warm.hits, warm.misses], [SOURCES.length, 0], warm.said);
      const [first, second] = [cold, warm].map(({ said }) => said.match(warning)?.length ?? 0);
      assert.ok((first ?? 0) > 0, cold.said);
      assert.equal(second, first);
    },
  );
}

const ELSEWHERE = { ...NEEDS, model: 'test/e2e/msbuild.test.ts shows it with several xbuilds' };

const NO_TRACKER = 'test/windows/file-tracking.test.ts shows it with a library of our own, in Wine';

onEach(
  'MSBuild’s Tracker sees nothing of a cache beside the project, and Clean leaves it alone',
  { ...NEEDS, model: NO_TRACKER },
  async (t, tools) => {
    const builds = new Builds(t, tools, { isForced: true, cacheIn: folderForBuilds(tools, t) });
    for (const expected of [
      { hits: 0, misses: SOURCES.length },
      { hits: SOURCES.length, misses: 0 },
    ]) {
      const { said, hits, misses } = await builds.build();
      assert.deepEqual({ hits, misses }, expected, said);
      builds.checkTracking();
      const again = await builds.build();
      assert.deepEqual([again.hits, again.misses], [0, 0], again.said);
      const state = builds.cacheState();
      await builds.build('Clean');
      assert.deepEqual(builds.cacheState(), state);
    }
  },
);

onEach('a folder in which many projects begin at once has one whole cl.exe', ELSEWHERE, async (t, tools) => {
  const builds = new Builds(t, tools, { isForced: false });
  mkdirSync(join(builds.folder, 'tool'), { recursive: true });
  const { misses } = await builds.build();
  assert.equal(misses, 2 * SOURCES_OF_ONE);
  assert.deepEqual(readdirSync(join(builds.folder, 'tool')), ['cl.exe']);
  assert.equal(statSync(join(builds.folder, 'tool/cl.exe')).size, statSync(executable()).size);
});
