import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  build,
  cmakeModule,
  compileCommands,
  configure,
  counters,
  isOnPath,
  succeed,
  toolchain,
  whyNoCMake,
} from '../helpers/cmake-builds.ts';
import { executable, findClangCl, run, temporaryFolder } from '../helpers/compilers.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';

const skip = whyNoCMake('ninja') ?? false;
const PROJECT = 'project(Small C CXX)';
const INCLUDE = 'include("$' + '{CLCACHE_MODULE}")';

/** Places where a project can include the module. */
const WAYS: Readonly<
  Record<string, { readonly lines: readonly string[]; readonly args?: readonly string[] }>
> = {
  'included before project()': { lines: [INCLUDE, PROJECT] },
  'included after project()': { lines: [PROJECT, INCLUDE] },
  'included before and after project()': { lines: [INCLUDE, PROJECT, INCLUDE] },
  'included twice before project()': { lines: [INCLUDE, INCLUDE, PROJECT] },
  'named by CMAKE_PROJECT_INCLUDE': { lines: [PROJECT], args: [`-DCMAKE_PROJECT_INCLUDE=${cmakeModule()}`] },
  'named by CMAKE_PROJECT_TOP_LEVEL_INCLUDES': {
    lines: [PROJECT],
    args: [`-DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=${cmakeModule()}`],
  },
};

for (const [way, { lines, args = [] }] of Object.entries(WAYS)) {
  for (const policy of ['OLD', 'NEW']) {
    test(`${way}, CMP0141 ${policy}: compiles go through clcache, with /Z7`, { skip }, async (t) => {
      const small = new Small(t, [...policyLines(policy), ...lines]);
      const output = await small.configure('Ninja', args);
      // CMake before 3.24 has no top-level includes, and does not read the variable.
      if (way.endsWith('TOP_LEVEL_INCLUDES') && /not used by the project/.test(output)) return;
      const commands = await compileCommands(small.build);
      assert.equal(commands.length, 2);
      for (const command of commands) assertCached(command);
    });
  }
}

for (const generator of ['Ninja', 'Unix Makefiles']) {
  const why = generator === 'Ninja' ? skip : (whyNoCMake('make') ?? false);
  test(`${generator}: the same project in a second build folder gets hits, and the target clcache-summary says so`, {
    skip: why,
  }, async (t) => {
    const small = new Small(t, [INCLUDE, PROJECT]);
    await small.configure(generator);
    await build(small.build, small.env);
    const first = await counters(small.env.CLCACHE_DIR);
    assert.deepEqual([first['CacheHits'], first['CacheMisses']], [0, 2]);
    rmSync(small.build, { recursive: true });
    await small.configure(generator);
    await build(small.build, small.env);
    const second = await counters(small.env.CLCACHE_DIR);
    assert.deepEqual([second['CacheHits'], second['CacheMisses']], [2, 2]);
    const said = await build(small.build, small.env, ['--target', 'clcache-summary']);
    assert.match(said, /^clcache: 2 hits, 2 misses \(50 %\); /m);
  });
}

test('CLCACHE_ENABLED=OFF changes nothing', { skip }, async (t) => {
  const small = new Small(t, [INCLUDE, PROJECT]);
  await small.configure('Ninja', ['-DCLCACHE_ENABLED=OFF']);
  for (const command of await compileCommands(small.build)) {
    assert.ok(!command.includes(executable()), command);
    assert.match(command, / [-/]Zi /);
  }
});

test('switching clcache off in the same build folder removes it', { skip }, async (t) => {
  const small = new Small(t, [INCLUDE, PROJECT]);
  await small.configure('Ninja');
  await small.configure('Ninja', ['-DCLCACHE_ENABLED=OFF']);
  for (const command of await compileCommands(small.build))
    assert.ok(!command.includes(executable()), command);
});

test('CLCACHE_USE_Z7=OFF leaves /Zi as it is', { skip }, async (t) => {
  const small = new Small(t, [INCLUDE, PROJECT]);
  await small.configure('Ninja', ['-DCLCACHE_USE_Z7=OFF']);
  for (const command of await compileCommands(small.build)) {
    assert.ok(command.includes(executable()), command);
    assert.match(command, / [-/]Zi /);
  }
});

test('a launcher and a debug format of the user’s choice stay', { skip }, async (t) => {
  const small = new Small(t, [...policyLines('NEW'), INCLUDE, PROJECT]);
  const format = 'ProgramDatabase';
  const launcher = process.platform === 'win32' ? 'cmd;/c' : '/usr/bin/env';
  await small.configure('Ninja', [
    `-DCMAKE_C_COMPILER_LAUNCHER=${launcher}`,
    `-DCMAKE_MSVC_DEBUG_INFORMATION_FORMAT=${format}`,
  ]);
  const [c, cxx] = await compileCommands(small.build);
  assert.ok(c !== undefined && !c.includes(executable()), c);
  assert.ok(cxx?.includes(executable()), cxx);
  assert.match(cxx ?? '', / [-/]Zi /);
});

test('CLCACHE_PROGRAM names another program', { skip }, async (t) => {
  const small = new Small(t, [INCLUDE, PROJECT]);
  await small.configure('Ninja', ['-DCLCACHE_PROGRAM=/elsewhere/clcache']);
  for (const command of await compileCommands(small.build)) assert.match(command, /^\/elsewhere\/clcache /);
});

test('the module of the npm package starts it through Node.js', { skip }, async (t) => {
  const small = new Small(t, [INCLUDE, PROJECT]);
  mkdirSync(join(small.source, 'package/bin/cmake'), { recursive: true });
  const module = join(small.source, 'package/bin/cmake/Clcache.cmake');
  writeFileSync(module, readFileSync(cmakeModule()));
  writeFileSync(join(small.source, 'package/bin/clcache.js'), '');
  await small.configure('Ninja', [`-DCLCACHE_MODULE=${module}`]);
  for (const command of await compileCommands(small.build)) {
    assert.match(command, /^\S*node(\.exe)? \S*package.bin.clcache\.js \S*cl/);
  }
});

test('a compiler that is neither cl nor clang-cl stays unchanged', {
  skip: skip || !isOnPath('cc'),
}, async (t) => {
  const small = new Small(t, [INCLUDE, PROJECT]);
  const output = await small.configure('Ninja', [], []);
  assert.match(output, /is neither cl nor clang-cl; compiling without it/);
  for (const command of await compileCommands(small.build))
    assert.ok(!command.includes(executable()), command);
});

test('a clang-cl that CMake takes for a GNU compiler stays unchanged, and it is said why', {
  skip,
}, async (t) => {
  const small = new Small(t, [INCLUDE, PROJECT]);
  const languages = ['C', 'CXX'].flatMap((language) => [
    `-DCMAKE_${language}_COMPILER=${findClangCl().path}`,
    `-DCMAKE_${language}_FLAGS=--target=x86_64-linux-gnu`,
  ]);
  const output = await small.configure('Ninja', languages, []);
  assert.match(
    output,
    /CMake gives \S*clang-cl\S* options that it misreads, since its target is not Windows/,
  );
  assert.doesNotMatch(output, /is neither cl nor clang-cl/);
  const commands = await compileCommands(small.build);
  assert.match(commands.join('\n'), /-MD -MT /);
  for (const command of commands) assert.ok(!command.includes(executable()), command);
});

test('a module without its program says so, and the build goes on', { skip }, async (t) => {
  const small = new Small(t, [INCLUDE, PROJECT]);
  const module = join(small.source, 'Clcache.cmake');
  writeFileSync(
    module,
    readFileSync(cmakeModule(), 'utf8').replaceAll('NAMES clcache', 'NAMES no-such-clcache'),
  );
  const output = await small.configure('Ninja', [`-DCLCACHE_MODULE=${module}`]);
  assert.match(output, /clcache: not found \(CLCACHE_PROGRAM\); compiling without it/);
});

/** Ways in which CMake runs the module without a policy scope of its own. */
const WITHOUT_SCOPE = ['named by CMAKE_PROJECT_INCLUDE', 'included before project()'] as const;

for (const way of WITHOUT_SCOPE) {
  for (const version of ['3.5', '3.14', '3.15...3.25']) {
    test(`${way}, a project of CMake ${version} keeps each of its policies`, { skip }, async (t) => {
      const { lines, args = [] } = WAYS[way] ?? { lines: [] };
      const policiesWith = async (words: readonly string[], options: readonly string[]) => {
        const show = 'include("$' + '{CMAKE_SOURCE_DIR}/policies.cmake")';
        const small = new Small(t, [...words, show], version);
        writeFileSync(join(small.source, 'policies.cmake'), POLICIES);
        return (await small.configure('Ninja', options)).match(/^-- policy .*$/gm) ?? [];
      };
      const before = await policiesWith([PROJECT], []);
      const after = await policiesWith(lines, args);
      assert.ok(before.length > 100, `${before.length} policies`);
      assert.deepEqual(after, before);
    });
  }
}

const POLICIES = `
foreach(number RANGE 0 250)
  string(LENGTH "\${number}" length)
  math(EXPR zeros "4 - \${length}")
  string(SUBSTRING "0000" 0 \${zeros} zeros)
  if(POLICY CMP\${zeros}\${number})
    cmake_policy(GET CMP\${zeros}\${number} value)
    message(STATUS "policy \${number} [\${value}]")
  endif()
endforeach()
`;

test('a language that is enabled after project() goes through clcache too', { skip }, async (t) => {
  for (const lines of [
    ['project(Late NONE)', INCLUDE, 'enable_language(C)', 'enable_language(CXX)'],
    [INCLUDE, 'project(Late NONE)', 'enable_language(C CXX)'],
    [INCLUDE, 'project(Late C)', 'enable_language(CXX)'],
  ]) {
    const small = new Small(t, [...policyLines('NEW'), ...lines]);
    await small.configure('Ninja');
    const commands = await compileCommands(small.build);
    assert.equal(commands.length, 2);
    for (const command of commands) assertCached(command);
  }
});

test('a runtime library that the project chooses between project() and enable_language() is used', {
  skip,
}, async (t) => {
  const small = new Small(t, [
    'project(Late NONE)',
    'set(CMAKE_MSVC_RUNTIME_LIBRARY "MultiThreaded")',
    'enable_language(C)',
    'enable_language(CXX)',
  ]);
  await small.configure('Ninja', WAYS['named by CMAKE_PROJECT_INCLUDE']?.args);
  for (const command of await compileCommands(small.build)) {
    assert.match(command, /[-/]MT /);
    assert.doesNotMatch(command, / [-/]MDd? /);
  }
});

// CMake writes Visual Studio's project files on Windows only. What it would write into them is in CMAKE_VS_GLOBALS.
const VISUAL_STUDIO = [
  'set(CMAKE_GENERATOR "Visual Studio 17 2022")',
  'set(CMAKE_C_COMPILER_LOADED 1)',
  'set(CMAKE_C_COMPILER_ID MSVC)',
  'set(CMAKE_C_FLAGS_DEBUG "/Zi /Ob0 /Od")',
];

test('CLCACHE_PDB and CLCACHE_PCH of the module are variables of the calls of the compiler', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const settings = ['set(CLCACHE_PDB per-object)', 'set(CLCACHE_PCH ON)'];
  const ninja = VISUAL_STUDIO.with(0, 'set(CMAKE_GENERATOR Ninja)');
  const values = await script(folder, [...ninja, ...settings, INCLUDE]);
  assert.deepEqual(values['CMAKE_C_COMPILER_LAUNCHER']?.slice(1), [
    ...['-E', 'env', 'CLCACHE_PCH=ON', 'CLCACHE_PDB=per-object'],
    `${folder}/bin/clcache.exe`,
  ]);
});

/** What tells MSBuild to import the props file, beside the program in a folder. */
const importing = (folder: string, props: string) => [
  `ForceImportBeforeCppTargets=${props}`,
  `ClcachePath=${folder}/bin/clcache.exe`,
  `ClcacheToolPath=${folder}/clcache/`,
];

test('Visual Studio: CLCACHE_PDB and CLCACHE_PCH of the module are properties of the props file', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const lines = [...VISUAL_STUDIO, 'set(CLCACHE_USE_Z7 OFF)', 'set(CLCACHE_PCH ON)'];
  const values = await script(folder, [...lines, 'set(CLCACHE_PDB per-object)', INCLUDE, INCLUDE]);
  assert.deepEqual(values['CMAKE_VS_GLOBALS'], [
    ...importing(folder, props()),
    ...['ClcachePch=ON', 'ClcachePdb=per-object'],
  ]);
  assert.deepEqual(values['CMAKE_C_FLAGS_DEBUG'], ['/Zi /Ob0 /Od']);
});

test('Visual Studio: a file that the project imports itself is imported as before, and the props file after it', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const own = 'set(CMAKE_VS_GLOBALS "A=1;ForceImportBeforeCppTargets=C:/mine.props;B=2")';
  const values = await script(folder, [own, ...VISUAL_STUDIO, 'set(CLCACHE_PDB 1)', INCLUDE]);
  const both = `${folder}/clcache/both.props`;
  assert.deepEqual(values['CMAKE_VS_GLOBALS'], ['A=1', 'B=2', ...importing(folder, both), 'ClcachePdb=1']);
  const imported = [...readFileSync(both, 'utf8').matchAll(/<Import Project="([^"]*)" \/>/g)];
  assert.deepEqual(
    imported.map(([, name]) => name),
    ['C:/mine.props', props()],
  );
});

for (const [generator, lines] of [
  [
    'Visual Studio',
    [...VISUAL_STUDIO.slice(0, 3), 'set(CLCACHE_PROGRAM /bin/clcache.exe)', 'set(CLCACHE_PCH ON)'],
  ],
  ['Ninja', []],
] as const) {
  test(`${generator}: targets that were added before the include are named, those of subfolders too`, {
    skip,
  }, async (t) => {
    const early = ['add_library(early STATIC a.c)', 'add_subdirectory(sub)'];
    const small = new Small(t, [
      PROJECT,
      ...early,
      ...lines,
      INCLUDE,
      'add_library(late STATIC a.c)',
      INCLUDE,
    ]);
    mkdirSync(join(small.source, 'sub'));
    writeFileSync(join(small.source, 'sub/CMakeLists.txt'), 'add_library(below STATIC ../a.c)\n');
    const said = await small.configure('Ninja');
    assert.deepEqual(said.match(/clcache: included after .*/g), [
      'clcache: included after these targets, which compile without it: early;below',
    ]);
  });
}

test('the flags of a configuration that the project invents get /Z7 too', { skip }, async (t) => {
  const small = new Small(t, [
    ...policyLines('OLD'),
    'set(CMAKE_C_FLAGS_PROFILE "/O2 /Zi")',
    'set(CMAKE_CXX_FLAGS_PROFILE "/Zi /O1")',
    PROJECT,
    INCLUDE,
  ]);
  await small.configure('Ninja', ['-DCMAKE_BUILD_TYPE=Profile']);
  for (const command of await compileCommands(small.build)) assertCached(command);
  const several = ['set(CMAKE_CONFIGURATION_TYPES Release Profile)', 'set(CMAKE_C_FLAGS_PROFILE "-Zi")'];
  const shown = [
    ...several,
    ...VISUAL_STUDIO,
    INCLUDE,
    'set(CMAKE_C_FLAGS_DEBUG $' + '{CMAKE_C_FLAGS_PROFILE})',
  ];
  assert.deepEqual((await script(temporaryFolder(t), shown))['CMAKE_C_FLAGS_DEBUG'], ['/Z7']);
});

test('Visual Studio: MSBuild is told to run clcache as cl.exe, all sources in one call', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const values = await script(folder, [...VISUAL_STUDIO, INCLUDE]);
  const program = `${folder}/clcache`;
  assert.deepEqual(values['CMAKE_VS_GLOBALS'], [
    'CLToolExe=cl.exe',
    `CLToolPath=${program}`,
    'EnableClServerMode=false',
    'UseStructuredOutput=false',
    'UseMultiToolTask=false',
  ]);
  assert.ok(existsSync(join(program, 'cl.exe')));
  assert.deepEqual(values['CMAKE_C_COMPILER_LAUNCHER'], []);
  assert.deepEqual(values['CMAKE_C_FLAGS_DEBUG'], ['/Z7 /Ob0 /Od']);
});

test('Visual Studio: included twice it sets everything once, and keeps what was there', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const mine = ['Mine=1', 'ForceImportBeforeCppTargets=C:/mine.props', 'UseMultiToolTask=true'];
  const lines = [`set(CMAKE_VS_GLOBALS "${mine.join(';')}")`, ...VISUAL_STUDIO, INCLUDE, INCLUDE];
  const values = await script(folder, lines);
  assert.equal(values['CMAKE_VS_GLOBALS']?.length, 7);
  assert.deepEqual(values['CMAKE_VS_GLOBALS']?.slice(0, 3), mine);
});

test('Visual Studio with a toolset of others: nothing is set, and it is named', { skip }, async (t) => {
  for (const toolset of [
    'set(CMAKE_GENERATOR_TOOLSET "LLVM_v143,host=x64")',
    'set(CMAKE_VS_PLATFORM_TOOLSET llvm)',
  ]) {
    const values = await script(temporaryFolder(t), [...VISUAL_STUDIO, toolset, INCLUDE]);
    assert.deepEqual(values['CMAKE_VS_GLOBALS'], []);
    assert.match(values['output']?.join('') ?? '', /clcache: the toolset (?:LLVM_v143|llvm) is neither/);
  }
  for (const toolset of ['v143', 'v145,host=x64', 'host=x64', 'ClangCL']) {
    const lines = [...VISUAL_STUDIO, `set(CMAKE_GENERATOR_TOOLSET "${toolset}")`, INCLUDE];
    assert.notDeepEqual((await script(temporaryFolder(t), lines))['CMAKE_VS_GLOBALS'], [], toolset);
  }
});

test('Visual Studio with the ClangCL toolset: the props file is imported', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const lines = [...VISUAL_STUDIO, 'set(CMAKE_GENERATOR_TOOLSET ClangCL)', INCLUDE];
  const values = await script(folder, lines);
  assert.deepEqual(values['CMAKE_VS_GLOBALS'], importing(folder, props()));
});

/** The props file as it is shipped beside the executable. */
function props(): string {
  return join(executable(), '../msbuild/clcache.props').replaceAll('\\', '/');
}

/** Runs lines of CMake with a program called clcache.exe, and returns variables as lists, and what was said. */
async function script(folder: string, lines: readonly string[]): Promise<Record<string, string[]>> {
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/clcache.exe'), '');
  const names = ['CMAKE_VS_GLOBALS', 'CMAKE_C_COMPILER_LAUNCHER', 'CMAKE_C_FLAGS_DEBUG'];
  const settings = [
    `set(CLCACHE_MODULE "${cmakeModule()}")`,
    `set(CLCACHE_PROGRAM "${folder.replaceAll('\\', '/')}/bin/clcache.exe")`,
    `set(CMAKE_BINARY_DIR "${folder.replaceAll('\\', '/')}")`,
  ];
  const shown = names.map((name) => `message("${name}=\${${name}}")`);
  writeFileSync(join(folder, 'script.cmake'), [...settings, ...lines, ...shown].join('\n'));
  const output = succeed(await run('cmake', ['-P', join(folder, 'script.cmake')]));
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(output)?.[1] ?? '';
  const values = names.map((name) => [name, value(name).split(';').filter(Boolean)]);
  return { ...Object.fromEntries(values), output: [output] };
}

/** A project of two files, configured for Debug. */
class Small {
  readonly source: string;
  readonly build: string;
  readonly env: { readonly CLCACHE_DIR: string };

  constructor(t: TestContext, lines: readonly string[], version = '3.15...3.24') {
    const folder = temporaryFolder(t);
    this.source = join(folder, 'source');
    this.build = join(folder, 'build');
    this.env = { CLCACHE_DIR: join(folder, 'cache') };
    knowTheCompiler(this.env.CLCACHE_DIR);
    mkdirSync(this.source);
    writeFileSync(join(this.source, 'a.c'), '#include <stddef.h>\nsize_t a(void) { return 1; }\n');
    writeFileSync(join(this.source, 'b.cpp'), '#include <cstddef>\nstd::size_t b() { return 2; }\n');
    const last = 'add_library(small STATIC a.c b.cpp)';
    writeFileSync(
      join(this.source, 'CMakeLists.txt'),
      [`cmake_minimum_required(VERSION ${version})`, ...lines, last, ''].join('\n'),
    );
  }

  configure(generator: string, args: readonly string[] = [], compiler = toolchain()): Promise<string> {
    const given = args.some((arg) => arg.startsWith('-DCLCACHE_MODULE='));
    const module = given ? [] : [`-DCLCACHE_MODULE=${cmakeModule()}`];
    const common = ['-DCMAKE_BUILD_TYPE=Debug', ...module];
    return configure(this.source, this.build, [`-G${generator}`, ...common, ...compiler, ...args], this.env);
  }
}

/** Older versions of CMake do not know the policy. */
function policyLines(value: string): string[] {
  return ['if(POLICY CMP0141)', `cmake_policy(SET CMP0141 ${value})`, 'endif()'];
}

function assertCached(command: string): void {
  assert.ok(command.startsWith(`${executable()} `), command);
  assert.equal([...command.matchAll(/ [-/]Z7 /g)].length, 1, command);
  assert.doesNotMatch(command, / [-/]Zi /);
}
