/** What a release consists of, made from the built executables, and used as somebody uses it who has just fetched it. */
import assert from 'node:assert/strict';
import { readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { ROOT } from '../../bin/dev/project.ts';
import { factsOfRelease, folderOf } from '../../bin/dev/release/facts.ts';
import { makeRelease } from '../../bin/dev/release.ts';
import { counters, succeed } from '../helpers/cmake-builds.ts';
import { findClangCl, HOST_TARGET, run, temporaryFolder } from '../helpers/compilers.ts';
import { unpack } from '../helpers/unpack.ts';
import { ProgramPlace } from './program-place.ts';

const skip = process.platform === 'win32' && 'a release is made on Linux';
const FACTS = factsOfRelease();
const folder = temporaryFolder({ after });
const at = (...names: string[]) => join(folder, ...names);

// Stored as they are: what the library packs is its own affair, and takes a processor ten seconds.
before(async () => {
  if (!skip) await makeRelease(FACTS, { folder: at('release'), level: 0 });
});

test('a release has the archives and manifests that SHA256SUMS lists, each with its digest', {
  skip,
}, async () => {
  const said = succeed(await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: at('release') }));
  const names = [...said.matchAll(/^(.*): OK$/gm)].map(([, name]) => name);
  assert.deepEqual(names, [
    ...['linux', 'windows'].map((system) => `clcache-${FACTS.version}-${system}-x64.zip`),
    'clcache.json',
    ...['', '.installer', '.locale.en-US'].map((kind) => `clcache.clcache${kind}.yaml`),
  ]);
  const sums = readFileSync(at('release/SHA256SUMS'), 'utf8');
  const [, windows = ''] = /^(\w{64}) {2}clcache-[\d.]+-windows-x64\.zip$/m.exec(sums) ?? [];
  const scoop = JSON.parse(readFileSync(at('release/clcache.json'), 'utf8'));
  const winget = parse(readFileSync(at('release/clcache.clcache.installer.yaml'), 'utf8'));
  assert.equal(scoop.architecture['64bit'].hash, windows);
  assert.equal(winget.Installers[0].InstallerSha256, windows.toUpperCase());
});

for (const [system, end, names] of [
  ['linux', '', 'other-names.sh'],
  ['windows', '.exe', 'other-names.cmd'],
] as const) {
  test(`the archive for ${system} has the program once, and what belongs to it`, { skip }, async () => {
    const own = folderOf(FACTS, system);
    const listing = succeed(await run('unzip', ['-Z1', at('release', `${own}.zip`)]));
    const expected = [
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.txt', `clcache${end}`],
      ...['cmake/Clcache.cmake', 'msbuild/clcache.props', names],
    ];
    assert.deepEqual(
      listing.trim().split('\n'),
      expected.map((name) => `${own}/${name}`),
    );
  });
}

test('the unpacked program has its other names after other-names.sh, and makes a miss and a hit under two of them', {
  skip,
}, async (t) => {
  const own = folderOf(FACTS, 'linux');
  await unpack(at('release', `${own}.zip`), at('place'));
  const program = (name: string) => at('place', own, name);
  const made = succeed(await run(program('other-names.sh'), [], { cwd: folder }));
  const names = ['clcache-server', 'clcachesrv', 'bin/cl', 'bin/clang-cl'];
  assert.deepEqual(made.trim().split('\n'), names.map(program));
  for (const name of names) assert.equal(statSync(program(name)).ino, statSync(program('clcache')).ino, name);
  const version = succeed(await run(program('clcache-server'), ['--version']));
  assert.ok(version.startsWith(`clcache-server ${FACTS.version}\n`), version);

  const place = new ProgramPlace(t);
  symlinkSync(findClangCl().path, place.path('real/clang-cl'));
  const words = [HOST_TARGET, '/nologo', '/c', 'a.c'];
  const cl = await place.outcome(program('clcache'), [place.path('real/clang-cl'), ...words], []);
  assert.deepEqual(cl, [0, '']);
  const PATH = [program('bin'), place.path('real'), process.env['PATH']].join(':');
  assert.deepEqual(await place.outcome('clang-cl', words, [], { PATH }), [0, '']);
  const counted = await counters(place.cache);
  assert.deepEqual([counted['CacheMisses'], counted['CacheHits']], [1, 1]);
});

test('a tag that is not of this version makes no release', { skip }, async () => {
  const words = ['--import', 'tsx', 'bin/dev/release.ts', '--as-built', '--tag', 'v0.0.1'];
  const { status, stderr } = await run(process.execPath, words, { cwd: ROOT });
  assert.deepEqual(
    [status, String(stderr)],
    [1, `clcache: the tag is 'v0.0.1', and this is v${FACTS.version}\n`],
  );
});
