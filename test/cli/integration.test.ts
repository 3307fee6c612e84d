import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { runOwn } from '../../src/cli/program.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const BIN = join(ROOT, 'bin');

async function say(
  self: string,
  option: string,
): Promise<{ status: number; said: string; complained: string }> {
  let said = '';
  let complained = '';
  const status = await runOwn([option], {
    config: {
      cacheDirectory: '/nowhere',
      lockTimeoutMs: 300,
      hardLink: false,
      compress: false,
      workingDirectory: '/',
      style: 'posix',
      environment: {},
      homeDirectory: '/nowhere',
      disabled: false,
      fromFile: [],
      problems: [],
    },
    self,
    stdout: (text) => {
      said += text;
    },
    stderr: (text) => {
      complained += text;
    },
    isTerminal: false,
  });
  return { status, said, complained };
}

test('--msbuild names the props file and the line that imports it', async () => {
  const { status, said } = await say(join(BIN, 'clcache.js'), '--msbuild');
  const props = join(BIN, 'msbuild/clcache.props');
  assert.equal(status, 0);
  assert.ok(said.startsWith(`${props}\n`));
  assert.ok(existsSync(props));
  assert.ok(said.includes(`<Import Project="${props}" Condition="Exists('${props}')" />`));
});

test('--msbuild from the npm package says what is missing, and from an executable does not', async (t) => {
  const lacking = /can only start clcache\.exe, and Node\.js runs this clcache/;
  assert.match((await say(join(BIN, 'clcache.js'), '--msbuild')).said, lacking);
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'msbuild'));
  writeFileSync(join(folder, 'msbuild/clcache.props'), '');
  assert.doesNotMatch((await say(join(folder, 'clcache.exe'), '--msbuild')).said, lacking);
});

test('--msbuild writes a path so that XML and MSBuild take it', async (t) => {
  const folder = join(temporaryFolder(t), "Tom & Jerry's");
  mkdirSync(join(folder, 'msbuild'), { recursive: true });
  writeFileSync(join(folder, 'msbuild/clcache.props'), '');
  const { said } = await say(join(folder, 'clcache.exe'), '--msbuild');
  assert.match(
    said,
    /<Import Project=".*Tom &amp; Jerry%27s.*" Condition="Exists\('.*Tom &amp; Jerry%27s.*'\)" \/>/,
  );
});

test('--cmake names the module and the line that includes it, with / throughout', async () => {
  const { status, said } = await say(join(BIN, 'clcache.js'), '--cmake');
  const module = join(BIN, 'cmake/Clcache.cmake').replaceAll('\\', '/');
  assert.equal(status, 0);
  assert.ok(said.startsWith(`${module}\n`));
  assert.ok(said.includes(`include("${module}")`));
  assert.ok(said.includes(`-DCMAKE_PROJECT_INCLUDE=${module}`));
});

test('a missing shipped file gives one line on stderr', async (t) => {
  const { status, said, complained } = await say(join(temporaryFolder(t), 'clcache'), '--msbuild');
  assert.deepEqual([status, said], [1, '']);
  assert.match(complained, /^clcache: .*clcache\.props is missing\n$/);
});
