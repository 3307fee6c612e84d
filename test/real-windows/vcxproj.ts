/** Projects for MSBuild, and stand-ins for Visual Studio's files where the engine is Mono's xbuild. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const XMLNS = 'xmlns="http://schemas.microsoft.com/developer/msbuild/2003"';
/** How many sources each of the two projects has. */
export const SOURCES_OF_ONE = 10;
const PROJECTS = ['one', 'two'] as const;
/** Included by every third source of each project. */
export const HEADER = 'some.h';

export const SOURCES = PROJECTS.flatMap((project) =>
  Array.from({ length: SOURCES_OF_ONE }, (_, index) => ({
    name: `${project}/${project}${index}.cpp`,
    object: `${project}${index}.obj`,
    usesHeader: index % 3 === 0,
  })),
);

/** Writes the projects, `all.proj` that builds both at once, and the stand-ins. */
export function writeProjects(folder: string, directoryBuildProps: string): void {
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write(HEADER, '#pragma once\nenum { SOME = 1 };\n');
  for (const { name, usesHeader } of SOURCES) {
    const word = /\w+\.cpp$/.exec(name)?.[0].replace('.cpp', '');
    const include = usesHeader ? `#include "../${HEADER}"\n` : '';
    write(name, `${include}int ${word}() { int unused; return ${usesHeader ? 'SOME' : 2}; }\n`);
  }
  for (const project of PROJECTS) write(`${project}/${project}.vcxproj`, projectFile(project));
  write('Directory.Build.props', `<Project ${XMLNS}>${directoryBuildProps}</Project>`);
  write('all.proj', ALL);
  for (const [name, text] of Object.entries(STAND_INS)) write(`stand-in/${name}`, text);
}

/** Properties that make xbuild take the stand-ins. */
export const standInsOf = (folder: string) => [
  `/p:VCTargetsPath=${folder}/stand-in`,
  '/p:PlatformToolset=v143',
];

const targetOfAll = (name: string) => `
  <Target Name="${name}">
    <MSBuild Projects="one/one.vcxproj;two/two.vcxproj" Targets="${name}" BuildInParallel="true" />
  </Target>`;
const ALL = `<Project DefaultTargets="Build" ${XMLNS}>${['Build', 'Clean'].map(targetOfAll).join('')}
</Project>`;

function projectFile(project: string): string {
  const configurations = ['x64', 'Win32'].map(
    (platform) => `<ProjectConfiguration Include="Debug|${platform}">
      <Configuration>Debug</Configuration><Platform>${platform}</Platform>
    </ProjectConfiguration>`,
  );
  const sources = SOURCES.filter(({ name }) => name.startsWith(`${project}/`));
  return `<Project DefaultTargets="Build" ${XMLNS}>
  <ItemGroup Label="ProjectConfigurations">
    ${configurations.join('\n    ')}
  </ItemGroup>
  <PropertyGroup Label="Globals">
    <ProjectGuid>{00000000-0000-0000-0000-00000000000${project.length}}</ProjectGuid>
    <RootNamespace>${project}</RootNamespace>
    <WindowsTargetPlatformVersion>10.0</WindowsTargetPlatformVersion>
  </PropertyGroup>
  <Import Project="$(VCTargetsPath)/Microsoft.Cpp.Default.props" />
  <PropertyGroup Label="Configuration">
    <ConfigurationType>StaticLibrary</ConfigurationType>
    <PlatformToolset Condition="'$(PlatformToolset)' == ''">$(DefaultPlatformToolset)</PlatformToolset>
  </PropertyGroup>
  <Import Project="$(VCTargetsPath)/Microsoft.Cpp.props" />
  <ItemDefinitionGroup>
    <ClCompile>
      <WarningLevel>Level4</WarningLevel>
      <DebugInformationFormat>ProgramDatabase</DebugInformationFormat>
    </ClCompile>
  </ItemDefinitionGroup>
  <ItemGroup>
    ${sources.map(({ name }) => `<ClCompile Include="${name.split('/')[1]}" />`).join('\n    ')}
  </ItemGroup>
  <Import Project="$(VCTargetsPath)/Microsoft.Cpp.targets" />
</Project>
`;
}

/** One call for all sources of a project, without what reads .tlog files: an old object is made anew with all others. */
const STAND_INS = {
  'Microsoft.Cpp.Default.props': `<Project ${XMLNS}>
  <Import Project="../Directory.Build.props" />
</Project>`,
  'Microsoft.Cpp.props': `<Project ${XMLNS}></Project>`,
  'Microsoft.Cpp.targets': `<Project ${XMLNS}>
  <Import Project="$(ForceImportBeforeCppTargets)" Condition="'$(ForceImportBeforeCppTargets)' != ''" />
  <Target Name="ClCompile" Inputs="@(ClCompile)" Outputs="@(ClCompile->'Debug/%(Filename).obj')">
    <MakeDir Directories="Debug" />
    <Exec Command="&quot;$(CLToolPath)$(CLToolExe)&quot; /nologo /c /Z7 /Zo /FoDebug/ @(ClCompile->'%(Identity)', ' ')" />
  </Target>
  <Target Name="Build" DependsOnTargets="ClCompile" />
  <Target Name="Clean">
    <Delete Files="@(ClCompile->'Debug/%(Filename).obj')" />
  </Target>
</Project>`,
};
