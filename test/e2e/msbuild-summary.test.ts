/** The line with which ClcacheSummary=true ends a build, in a real engine of MSBuild's language (Mono's xbuild). */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isOnPath, succeed } from '../helpers/cmake-builds.ts';
import { executable, run, temporaryFolder } from '../helpers/compilers.ts';

const skip =
  (process.platform === 'win32' && 'the stand-in for clcache.exe is a script') ||
  (!isOnPath('xbuild') && 'xbuild (Debian package mono-xbuild) is not on PATH');
const XMLNS = 'xmlns="http://schemas.microsoft.com/developer/msbuild/2003"';
const PROPS = join(executable(), '../msbuild/clcache.props');
const LINE = 'clcache: 12 hits: error C1: not really';

test('ClcacheSummary=true ends a build with the line of --summary, and without it there is none', {
  skip,
}, async (t) => {
  const tree = new Tree(t);
  assert.deepEqual(await tree.build('one.proj', ['/p:ClcacheSummary=true']), ['one is built', LINE]);
  assert.deepEqual(await tree.build('one.proj', ['/t:Rebuild', '/p:ClcacheSummary=true']), [
    'one is built',
    LINE,
  ]);
  assert.deepEqual(await tree.build('one.proj', []), ['one is built']);
  assert.deepEqual(await tree.build('one.proj', ['/p:ClcacheSummary=true', '/p:ClcacheEnabled=false']), [
    'one is built',
  ]);
});

test('a summary that fails, or is not there, fails no build', { skip }, async (t) => {
  const tree = new Tree(t);
  tree.program('exit 9');
  assert.deepEqual(await tree.build('one.proj', ['/p:ClcacheSummary=true']), ['one is built']);
  const gone = ['/p:ClcacheSummary=true', '/p:ClcachePath=/nowhere/clcache.exe'];
  assert.deepEqual(await tree.build('one.proj', gone), ['one is built']);
});

test('a solution whose own targets take the props file says it once, after all of its projects', {
  skip,
}, async (t) => {
  const tree = new Tree(t);
  const each = ['one is built', LINE, 'two is built', LINE];
  assert.deepEqual(await tree.build('all.metaproj', ['/p:ClcacheSummary=true']), each);
  tree.write('Directory.Solution.targets', `<Project ${XMLNS}><Target Name="Other" /></Project>`);
  assert.deepEqual(await tree.build('all.metaproj', ['/p:ClcacheSummary=true']), each);
  tree.write('Directory.Solution.targets', `<Project ${XMLNS}><Import Project="${tree.props}" /></Project>`);
  const once = ['one is built', 'two is built', LINE];
  assert.deepEqual(await tree.build('all.metaproj', ['/p:ClcacheSummary=true']), once);
  assert.deepEqual(await tree.build('all.metaproj', ['/t:Rebuild', '/p:ClcacheSummary=true']), once);
});

/** Two projects and their solution, as MSBuild makes it from the .sln, beside a release folder. */
class Tree {
  readonly props: string;
  readonly #root: string;

  constructor(t: TestContext) {
    this.#root = temporaryFolder(t);
    this.props = join(this.#root, 'release/msbuild/clcache.props');
    mkdirSync(join(this.#root, 'release/msbuild'), { recursive: true });
    copyFileSync(PROPS, this.props);
    this.program(`test "$*" = --summary && echo '${LINE}'`);
    for (const name of ['one', 'two']) this.write(`${name}.proj`, project(name, this.props));
    this.write('all.metaproj', SOLUTION);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.#root, name), text);
  }

  /** What stands in for clcache.exe. */
  program(script: string): void {
    writeFileSync(join(this.#root, 'release/clcache.exe'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** What is said of projects, and the lines of clcache. */
  async build(file: string, args: readonly string[]): Promise<string[]> {
    // Less detail would leave out what programs say, which MSBuild itself shows in any.
    const line = ['/nologo', '/v:n', `/p:SolutionDir=${this.#root}/`, ...args, file];
    const output = succeed(await run('xbuild', line, { cwd: this.#root }));
    assert.doesNotMatch(output, /[1-9]\d* Error\(s\)|'(?:Re)?[bB]uild', not found/);
    return output
      .split('\n')
      .map((each) => each.trim())
      .filter((each) => each === LINE || each.endsWith(' is built'));
  }
}

function project(name: string, props: string): string {
  return `<Project DefaultTargets="Build" ${XMLNS}>
  <Import Project="${props}" />
  <Target Name="ClCompile" />
  <Target Name="Build" DependsOnTargets="ClCompile"><Message Importance="high" Text="${name} is built" /></Target>
  <Target Name="Rebuild" DependsOnTargets="Build" />
</Project>
`;
}

const SOLUTION = `<Project DefaultTargets="Build" ${XMLNS}>
  <Target Name="Build">
    <MSBuild Projects="one.proj" Properties="BuildingSolutionFile=true;SolutionDir=$(SolutionDir)" />
    <MSBuild Projects="two.proj" Properties="BuildingSolutionFile=true;SolutionDir=$(SolutionDir)" />
  </Target>
  <Target Name="Rebuild">
    <MSBuild Projects="one.proj;two.proj" Targets="Rebuild" Properties="BuildingSolutionFile=true;SolutionDir=$(SolutionDir)" />
  </Target>
  <Import Project="$(SolutionDir)Directory.Solution.targets" Condition="Exists('$(SolutionDir)Directory.Solution.targets')" />
</Project>
`;
