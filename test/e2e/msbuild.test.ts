/**
 * The props file in a real engine of MSBuild's language (Mono's xbuild), with stand-ins for the Visual C++ files: they
 * have their names, their order and their target ClCompile, which prints what it would run.
 */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cmakeModule, isOnPath, succeed } from '../helpers/cmake-builds.ts';
import { executable, run, temporaryFolder } from '../helpers/compilers.ts';

const skip = !isOnPath('xbuild') && 'xbuild (Debian package mono-xbuild) is not on PATH';
const XMLNS = 'xmlns="http://schemas.microsoft.com/developer/msbuild/2003"';
const PROPS = join(executable(), '../msbuild/clcache.props');

test('the props file in Directory.Build.props makes MSBuild run clcache under the compiler’s name', {
  skip,
}, async (t) => {
  const project = new Project(t);
  const said = await project.build();
  assert.equal(said['CLToolExe'], 'cl.exe');
  assert.equal(said['CLToolPath'], project.tool('/'));
  assert.ok(existsSync(project.tool('/cl.exe')));
  assert.equal(said['UseMultiToolTask'], 'false');
  assert.equal(said['TrackFileAccess'], '');
});

test('the props file in ForceImportBeforeCppTargets does the same', { skip }, async (t) => {
  const project = new Project(t, { imported: false });
  const said = await project.build([`/p:ForceImportBeforeCppTargets=${project.props}`]);
  assert.equal(said['CLToolPath'], project.tool('/'));
});

test('the props file in both places does the same', { skip }, async (t) => {
  const project = new Project(t);
  const said = await project.build([`/p:ForceImportBeforeCppTargets=${project.props}`]);
  assert.equal(said['CLToolPath'], project.tool('/'));
  assert.equal(said['CLToolExe'], 'cl.exe');
});

test('an executable that has not changed is not placed again, one that has changed is', {
  skip,
}, async (t) => {
  const project = new Project(t, { program: 'copy' });
  await project.build();
  const first = statSync(project.tool('/cl.exe'));
  await project.build();
  assert.equal(statSync(project.tool('/cl.exe')).ctimeMs, first.ctimeMs);
  rmSync(project.program);
  place(project.program, 'copy');
  utimesSync(project.program, 1_700_000_000, 1_700_000_000);
  await project.build();
  assert.equal(statSync(project.tool('/cl.exe')).mtimeMs, 1_700_000_000_000);
});

test('builds that begin at once in a new folder all find the whole executable there, without a warning', {
  skip,
}, async (t) => {
  const project = new Project(t);
  const builds = await Promise.all([1, 2, 3, 4].map(() => project.build()));
  for (const said of builds) {
    assert.equal(said['CLToolPath'], project.tool('/'));
    assert.doesNotMatch(said.output, /warning|error/i);
  }
  assert.deepEqual(readdirSync(project.tool('/')).sort(), ['cl.exe', 'clcache.props']);
});

test('cl’s server and structured messages, which a hit could not serve, are off with clcache and stay without it', {
  skip,
}, async (t) => {
  const wanted = ['EnableClServerMode', 'UseStructuredOutput', 'UseClStructuredOutput'] as const;
  const toolset = wanted.map((name) => `<${name}>true</${name}>`).join('');
  const stateOf = async (...args: readonly string[]) => {
    const said = await new Project(t, { toolset }).build(args);
    return wanted.map((name) => said[name]);
  };
  assert.deepEqual(await stateOf(), ['false', 'false', 'false']);
  assert.deepEqual(await stateOf('/p:ClcacheEnabled=false'), ['true', 'true', 'true']);
  assert.deepEqual(await stateOf('/p:ClcachePath=/nowhere/clcache.exe'), ['true', 'true', 'true']);
});

test('ClcacheUseMP=true compiles all sources with /MP, and nothing else does', { skip }, async (t) => {
  const stateOf = async (...args: readonly string[]) => (await new Project(t).build(args))['MP of a.cpp'];
  assert.equal(await stateOf('/p:ClcacheUseMP=true'), 'true');
  assert.equal(await stateOf(), '');
  assert.equal(await stateOf('/p:ClcacheUseMP=true', '/p:ClcacheEnabled=false'), '');
});

test('ClcacheAlsoImport is imported beside the props file in ForceImportBeforeCppTargets, also if clcache is off', {
  skip,
}, async (t) => {
  for (const enabled of ['true', 'false']) {
    const project = new Project(t, { imported: false });
    const other = join(project.root, 'vcpkg.props');
    writeFileSync(
      other,
      `<Project ${XMLNS}><PropertyGroup><_Other>is there</_Other></PropertyGroup></Project>`,
    );
    const force = `/p:ForceImportBeforeCppTargets=${project.props}`;
    const args = [force, `/p:ClcacheAlsoImport=${other}`, `/p:ClcacheEnabled=${enabled}`];
    assert.equal((await project.build(args))['_Other'], 'is there', enabled);
  }
});

test('ClcacheEnabled=false changes nothing', { skip }, async (t) => {
  const project = new Project(t);
  const said = await project.build(['/p:ClcacheEnabled=false', '/p:ClcacheUseZ7=true']);
  const untouched = { CLToolExe: '', CLToolPath: '', UseMultiToolTask: '', 'a.cpp': 'ProgramDatabase' };
  assert.deepEqual(pick(said, untouched), untouched);
});

test('UseMultiToolTask stays as the user has set it', { skip }, async (t) => {
  const said = await new Project(t).build(['/p:UseMultiToolTask=true']);
  assert.equal(said['UseMultiToolTask'], 'true');
});

test('without ClcacheUseZ7 debug information stays as it is', { skip }, async (t) => {
  const said = await new Project(t).build();
  const formats = {
    'a.cpp': 'ProgramDatabase',
    'b.cpp': 'EditAndContinue',
    'c.cpp': 'None',
    'd.cpp': 'OldStyle',
  };
  assert.deepEqual(pick(said, formats), formats);
});

test('ClcacheUseZ7=true puts /Z7 in place of /Zi and /ZI, and debug information nowhere else', {
  skip,
}, async (t) => {
  const said = await new Project(t).build(['/p:ClcacheUseZ7=true']);
  const formats = {
    'a.cpp': 'OldStyle',
    'b.cpp': 'OldStyle',
    'c.cpp': 'None',
    'd.cpp': 'OldStyle',
    'e.cpp': '',
  };
  assert.deepEqual(pick(said, formats), formats);
});

test('ClcachePchByContent=true leaves times out of the precompiled headers of clang-cl, and changes nothing else', {
  skip,
}, async (t) => {
  const optionsOf = async (...args: readonly string[]) => {
    const said = await new Project(t).build(args);
    return ['e.cpp', 'f.cpp', 'g.cpp'].map((name) => said[`options of ${name}`]?.trim());
  };
  const timeless = '-Xclang -fno-pch-timestamp';
  const clang = '/p:PlatformToolset=ClangCL';
  assert.deepEqual(await optionsOf(clang, '/p:ClcachePchByContent=true'), [
    '',
    timeless,
    `/bigobj ${timeless}`,
  ]);
  assert.deepEqual(await optionsOf(clang), ['', '', '/bigobj']);
  assert.deepEqual(
    await optionsOf('/p:ClcachePchByContent=true'),
    ['', '', '/bigobj'],
    'cl does not know it',
  );
});

test('ClcachePdb and ClcachePch are the variables CLCACHE_PDB and CLCACHE_PCH of the project', {
  skip,
}, async (t) => {
  const setBy = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const said = await new Project(t).build(args, env);
    return [said['_SetEnvPdb'], said['_SetEnvPch']];
  };
  assert.deepEqual(await setBy(['/p:ClcachePdb=per-object', '/p:ClcachePch=true']), ['per-object', 'true']);
  assert.deepEqual(await setBy([]), ['', '']);
  assert.deepEqual(await setBy([], { CLCACHE_PDB: '1' }), ['', ''], 'it stays as the user has set it');
  const leftOver = { CLCACHE_PDB: '1', CLCACHE_PCH: '1' };
  assert.deepEqual(await setBy(['/p:CLCACHE_PDB=', '/p:CLCACHE_PCH='], leftOver), ['0', '0']);
});

test('what the CMake module writes into projects of Visual Studio makes MSBuild run clcache with the settings', {
  skip: skip || (!isOnPath('cmake') && 'cmake is not on PATH'),
}, async (t) => {
  const folder = temporaryFolder(t);
  const own = `<Project ${XMLNS}><PropertyGroup><UseMultiToolTask>true</UseMultiToolTask></PropertyGroup></Project>`;
  writeFileSync(join(folder, 'own.props'), own);
  symlinkSync(executable(), join(folder, 'clcache.exe'));
  const settings = {
    CMAKE_GENERATOR: 'Visual Studio 17 2022',
    CMAKE_C_COMPILER_LOADED: '1',
    CMAKE_C_COMPILER_ID: 'MSVC',
    CMAKE_BINARY_DIR: folder,
    CMAKE_VS_GLOBALS: `ForceImportBeforeCppTargets=${folder}/own.props`,
    CLCACHE_PROGRAM: `${folder}/clcache.exe`,
    CLCACHE_PDB: 'per-object',
    CLCACHE_PCH: 'ON',
  };
  const lines = Object.entries(settings).map(([name, value]) => `set(${name} "${value}")`);
  const shown = `foreach(one \${CMAKE_VS_GLOBALS})\nmessage("\${one}")\nendforeach()`;
  writeFileSync(join(folder, 'script.cmake'), [...lines, `include("${cmakeModule()}")`, shown].join('\n'));
  const globals = succeed(await run('cmake', ['-P', join(folder, 'script.cmake')]));
  // As CMake writes them into the project file.
  const properties = globals.trim().replace(/^(\w+)=(.*)$/gm, '<$1>$2</$1>');
  const said = await new Project(t, { imported: false, toolset: properties }).build();
  const { CLToolPath, UseMultiToolTask, _SetEnvPdb, _SetEnvPch } = said;
  assert.deepEqual(
    [CLToolPath, UseMultiToolTask, _SetEnvPdb, _SetEnvPch],
    [`${folder}/clcache/`, 'true', 'per-object', 'ON'],
  );
  assert.ok(existsSync(join(folder, 'clcache/cl.exe')));
});

test('ClcachePath names the executable or its folder', { skip }, async (t) => {
  for (const what of ['file', 'folder'] as const) {
    const project = new Project(t, { program: 'none' });
    const elsewhere = join(project.root, 'elsewhere');
    mkdirSync(elsewhere);
    place(join(elsewhere, 'clcache.exe'), 'link');
    const path = what === 'file' ? join(elsewhere, 'clcache.exe') : elsewhere;
    const said = await project.build([`/p:ClcachePath=${path}`]);
    assert.equal(said['CLToolPath'], project.tool('/'));
    assert.ok(existsSync(project.tool('/cl.exe')));
  }
});

test('ClcacheToolPath names the folder of the renamed executable, with or without a trailing separator', {
  skip,
}, async (t) => {
  for (const ending of ['', '/']) {
    const project = new Project(t);
    const folder = join(project.root, 'tools');
    const said = await project.build([`/p:ClcacheToolPath=${folder}${ending}`]);
    assert.equal(said['CLToolPath']?.replaceAll('\\', '/'), `${folder}/`);
    assert.ok(existsSync(join(folder, 'cl.exe')));
  }
});

test('a missing executable gives a message, and the build goes on without it', {
  skip,
}, async (t) => {
  const project = new Project(t);
  const said = await project.build(['/p:ClcachePath=/nowhere/clcache.exe']);
  assert.deepEqual(pick(said, { CLToolExe: '', CLToolPath: '' }), { CLToolExe: '', CLToolPath: '' });
  assert.match(
    said.output,
    /clcache: .nowhere.clcache\.exe does not exist \(property ClcachePath\); compiling without it/,
  );
});

test('a folder that cannot be written gives a message, no warning, and the build goes on without clcache', {
  skip,
}, async (t) => {
  const project = new Project(t);
  writeFileSync(join(project.root, 'file'), '');
  const said = await project.build([`/p:ClcacheToolPath=${project.root}/file/`]);
  assert.deepEqual(pick(said, { CLToolExe: '', CLToolPath: '' }), { CLToolExe: '', CLToolPath: '' });
  assert.match(
    said.output,
    /clcache: there can be no .*cl\.exe \(property ClcacheToolPath\); compiling without it/,
  );
  assert.doesNotMatch(said.output, /warning/);
});

test('toolsets that are neither Visual C++ nor ClangCL are unchanged, and named', { skip }, async (t) => {
  const others = ['Clang_5_0', 'WSL_1_0', 'Intel C++ Compiler 19.2', 'llvm', 'WindowsKernelModeDriver10.0'];
  for (const toolset of others) {
    const said = await new Project(t).build([`/p:PlatformToolset=${toolset}`]);
    assert.deepEqual(
      pick(said, { CLToolExe: '', CLToolPath: '' }),
      { CLToolExe: '', CLToolPath: '' },
      toolset,
    );
    assert.ok(said.output.includes(`clcache: the toolset ${toolset} `), said.output);
  }
});

test('another tool that a project has chosen stays', { skip }, async (t) => {
  const said = await new Project(t, { toolset: '<CLToolExe>icl.exe</CLToolExe>' }).build();
  assert.equal(said['CLToolExe'], 'icl.exe');
});

test('the ClangCL toolset gets clcache as clang-cl.exe, and clcache the compiler that the toolset meant', {
  skip,
}, async (t) => {
  const settings = '<CLToolExe>clang-cl.exe</CLToolExe><CLToolPath>/llvm/bin</CLToolPath>';
  const project = new Project(t, { toolset: settings });
  const said = await project.build(['/p:PlatformToolset=ClangCL']);
  assert.equal(said['CLToolExe'], 'clang-cl.exe');
  assert.equal(said['CLToolPath'], project.tool('/'));
  assert.ok(existsSync(project.tool('/clang-cl.exe')));
  assert.equal(said['CLCACHE_CL']?.replaceAll('\\', '/'), '/llvm/bin/clang-cl.exe');
});

test('a project of another compiler in the same process gets back the old value of CLCACHE_CL', {
  skip,
}, async (t) => {
  const project = new Project(t);
  assert.equal((await project.build([], { CLCACHE_CL: '/mine/cl.exe' }))['CLCACHE_CL'], '');
  const leftOver = await project.build(['/p:CLCACHE_CL='], { CLCACHE_CL: '/llvm/bin/clang-cl.exe' });
  assert.equal(leftOver['CLCACHE_CL'], 'cl.exe');
});

/** The executable under another name: a link if possible. */
function place(path: string, how: string): void {
  try {
    if (how === 'link') linkSync(executable(), path);
    else copyFileSync(executable(), path);
  } catch {
    // Another drive.
    copyFileSync(executable(), path);
  }
}

interface Said extends Readonly<Record<string, string>> {
  readonly output: string;
}

/** A project between stand-ins for Microsoft's files, beside a release folder. */
class Project {
  readonly root: string;
  readonly props: string;
  readonly program: string;
  readonly #file: string;

  constructor(t: TestContext, { imported = true, toolset = '', program = 'link' } = {}) {
    this.root = temporaryFolder(t);
    const release = join(this.root, 'release');
    mkdirSync(join(release, 'msbuild'), { recursive: true });
    this.props = join(release, 'msbuild/clcache.props');
    this.program = join(release, 'clcache.exe');
    copyFileSync(PROPS, this.props);
    if (program !== 'none') place(this.program, program);
    const directoryBuildProps = imported ? `<Import Project="${this.props}" />` : '';
    this.#file = join(this.root, 'project.vcxproj');
    writeFileSync(this.#file, project(directoryBuildProps, toolset));
  }

  tool(name: string): string {
    return join(this.root, 'release/msbuild', name);
  }

  /** The parameters of the stand-in for the compiler's task. */
  async build(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Said> {
    const output = succeed(
      await run('xbuild', ['/nologo', '/v:m', ...args, this.#file], { cwd: this.root, env }),
    );
    const pairs = [...output.matchAll(/^\s*<([^=>]+)=([^>]*)>\s*$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    return { ...Object.fromEntries(pairs), output };
  }
}

function project(directoryBuildProps: string, toolset: string): string {
  const settings = ['_SetEnvPdb', '_SetEnvPch'];
  const off = ['EnableClServerMode', 'UseStructuredOutput', 'UseClStructuredOutput', '_Other'];
  const own = ['CLToolExe', 'CLToolPath', 'UseMultiToolTask', 'TrackFileAccess', 'CLCACHE_CL'];
  const shown = [...own, ...settings, ...off];
  const messages = shown.map(
    (name) =>
      `<Message Importance="high" Text="&lt;${name}=$(${name === 'CLCACHE_CL' ? '_SetEnvValue' : name})&gt;" />`,
  );
  return `<Project DefaultTargets="Build" ${XMLNS}>
  <!-- Microsoft.Cpp.Default.props, which imports Directory.Build.props -->
  ${directoryBuildProps}
  <PropertyGroup>
    <PlatformToolset Condition="'$(PlatformToolset)' == ''">v143</PlatformToolset>
    ${toolset}
  </PropertyGroup>
  <ItemGroup>
    <ClCompile Include="a.cpp"><DebugInformationFormat>ProgramDatabase</DebugInformationFormat></ClCompile>
    <ClCompile Include="b.cpp"><DebugInformationFormat>EditAndContinue</DebugInformationFormat></ClCompile>
    <ClCompile Include="c.cpp"><DebugInformationFormat>None</DebugInformationFormat></ClCompile>
    <ClCompile Include="d.cpp"><DebugInformationFormat>OldStyle</DebugInformationFormat></ClCompile>
    <ClCompile Include="e.cpp" />
    <ClCompile Include="f.cpp"><PrecompiledHeader>Create</PrecompiledHeader></ClCompile>
    <ClCompile Include="g.cpp">
      <PrecompiledHeader>Use</PrecompiledHeader><AdditionalOptions>/bigobj</AdditionalOptions>
    </ClCompile>
  </ItemGroup>
  <!-- Microsoft.Cpp.targets -->
  <Import Project="$(ForceImportBeforeCppTargets)" Condition="'$(ForceImportBeforeCppTargets)' != ''" />
  <!-- In place of the one that calls Microsoft's task SetEnv. It runs under the same condition. -->
  <Target Name="ClcacheSetCompiler" BeforeTargets="ClCompile" DependsOnTargets="ClcacheChooseCompiler"
          Condition="'$(ClcacheEnabled)' == 'true' and '$(_ClcacheUsed)' == 'true' and '$(_ClcacheWanted)' != '$(_ClcacheNow)'">
    <PropertyGroup><_SetEnvValue>$(_ClcacheWanted)</_SetEnvValue></PropertyGroup>
  </Target>
  ${['Pdb', 'Pch']
    .map(
      (
        name,
      ) => `<Target Name="ClcacheSet${name}" BeforeTargets="ClCompile" DependsOnTargets="ClcacheChooseSettings"
          Condition="'$(ClcacheEnabled)' == 'true' and '$(_ClcacheUsed)' == 'true' and '$(_Clcache${name})' != '$(_Clcache${name}Now)'">
    <PropertyGroup><_SetEnv${name}>$(_Clcache${name})</_SetEnv${name}></PropertyGroup>
  </Target>`,
    )
    .join('\n  ')}
  <Target Name="SelectClCompile" />
  <Target Name="ClCompile" DependsOnTargets="SelectClCompile">
    ${messages.join('\n    ')}
    <Message Importance="high" Text="&lt;%(ClCompile.Identity)=%(ClCompile.DebugInformationFormat)&gt;" />
    <Message Importance="high" Text="&lt;MP of %(ClCompile.Identity)=%(ClCompile.MultiProcessorCompilation)&gt;" />
    <Message Importance="high" Text="&lt;options of %(ClCompile.Identity)=%(ClCompile.AdditionalOptions)&gt;" />
  </Target>
  <Target Name="Build" DependsOnTargets="ClCompile" />
</Project>
`;
}

function pick(said: Said, names: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, said[name]]));
}
