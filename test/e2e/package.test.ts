/** What users install: the npm package on every Node.js that it supports, and the executable alone. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { compileExecutable } from '../../bin/dev/executable.ts';
import { ROOT } from '../../bin/dev/project.ts';
import { succeed } from '../helpers/cmake-builds.ts';
import { executable, findClangCl, HOST_TARGET, run, temporaryFolder } from '../helpers/compilers.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';
import { NODE_VERSIONS, nodeOf, npm } from '../helpers/node-versions.ts';

const PROJECT = resolve(ROOT);
const COMPILE = ['/nologo', HOST_TARGET, '/c', 'a.c'];
const skip = process.platform === 'win32' && 'test/windows runs the package on a Windows Node.js';

const folder = temporaryFolder({ after });
const tarball = skip ? '' : await installed();

async function installed(): Promise<string> {
  const output = await npm(PROJECT, ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
  const packed = join(folder, (JSON.parse(output) as [{ filename: string }])[0].filename);
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  await npm(folder, ['install', '--omit=dev', '--no-audit', '--no-fund', packed]);
  return packed;
}

test('the package holds what it needs and nothing else', { skip }, async () => {
  const listing = succeed(await run('tar', ['-tzf', tarball]));
  const files = listing.trim().split('\n').sort();
  const expected = [
    'package/CHANGELOG.md',
    'package/LICENSE',
    'package/README.md',
    'package/bin/clcache-server.js',
    'package/bin/clcache.js',
    'package/bin/cmake/Clcache.cmake',
    'package/bin/msbuild/clcache.props',
    'package/dist/THIRD-PARTY-NOTICES.txt',
    'package/dist/clcache.cjs',
    'package/dist/libraries/@aws-sdk/credential-provider-node.cjs',
    'package/dist/libraries/@azure/identity.cjs',
    'package/dist/libraries/@azure/storage-blob.cjs',
    'package/dist/libraries/aws4fetch.cjs',
    'package/dist/libraries/chokidar.cjs',
    'package/dist/libraries/ioredis.cjs',
    'package/package.json',
  ];
  assert.deepEqual(files, expected);
});

test('the package installs nothing but itself, because its libraries are in it', { skip }, () => {
  const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  assert.deepEqual(packages, ['clcache']);
});

for (const version of NODE_VERSIONS) {
  test(`on Node.js ${version} the package compiles, hits and shows statistics`, { skip }, async (t) => {
    const node = await nodeOf(version);
    const actual = succeed(await run(node, ['--version'])).trim();
    if (version !== 'this') assert.match(actual, new RegExp(`^v${version}\\.`));
    const place = new Place(t);
    // The way npm starts it: the link in node_modules/.bin.
    const clcache = join(folder, 'node_modules/.bin/clcache');
    await place.missThenHit(node, [clcache]);
  });
}

test('node_modules/.bin/clcache starts by itself', { skip }, async (t) => {
  const place = new Place(t);
  await place.missThenHit(join(folder, 'node_modules/.bin/clcache'), []);
});

test('the package’s hash server starts under both of its names', { skip }, async () => {
  for (const name of ['clcache-server', 'clcachesrv']) {
    const text = succeed(await run(join(folder, 'node_modules/.bin', name), ['--version']));
    assert.match(text, /^clcache-server \d/, name);
  }
});

for (const [option, name] of [
  ['--msbuild', 'bin/msbuild/clcache.props'],
  ['--cmake', 'bin/cmake/Clcache.cmake'],
] as const) {
  test(`the package’s ${option} names the file in it`, { skip }, async () => {
    const output = succeed(await run(join(folder, 'node_modules/.bin/clcache'), [option]));
    const [path = ''] = output.split('\n');
    assert.equal(path, join(folder, 'node_modules/clcache', name));
    assert.ok(existsSync(path));
  });

  test(`the executable’s ${option} names the file beside it`, async () => {
    const output = succeed(await run(executable(), [option]));
    const [path = ''] = output.split(/\r?\n/);
    assert.equal(resolve(path), join(dirname(executable()), name.replace('bin/', '')));
    assert.ok(existsSync(path));
  });

  test(`an executable that was copied alone writes the file for ${option} into the cache folder`, async (t) => {
    const place = new Place(t);
    const alone = join(place.root, process.platform === 'win32' ? 'clcache.exe' : 'clcache');
    copyFileSync(executable(), alone);
    const output = succeed(await run(alone, [option], { env: { CLCACHE_DIR: place.cache } }));
    const [path = ''] = output.split(/\r?\n/);
    assert.equal(resolve(path), join(place.cache, 'integration', name.replace('bin/', '')));
    const text = readFileSync(path, 'utf8');
    const way = option === '--msbuild' ? alone : `NAMES "cl`;
    assert.ok(text.includes(way), text);
  });
}

test('SHA256SUMS has the digest of every executable, and another build has the same bytes, wherever it is made', async (t) => {
  const exe = join(dirname(executable()), '..');
  const lines = readFileSync(join(exe, 'SHA256SUMS'), 'utf8').trim().split('\n');
  assert.ok(lines.length > 0);
  for (const line of lines) {
    const [sum, file = ''] = line.split('  ');
    assert.equal(digestOf(join(exe, file)), sum, file);
    const again = join(temporaryFolder(t), 'another folder', basename(file));
    compileExecutable(file.startsWith('windows') ? 'windows' : 'linux', again);
    assert.equal(digestOf(again), sum, `${file}, built again`);
    // Otherwise the bytes would depend on the build folder.
    assert.ok(!readFileSync(again).includes(PROJECT), `${file} holds ${PROJECT}`);
  }
});

test('the Windows executable has each section at a page of its file: Wine maps those, and copies others', async (t) => {
  const file = join(dirname(executable()), '../windows-x64/clcache.exe');
  if (!existsSync(file)) return t.skip('it is built with all tests only');
  const program = readFileSync(file);
  const pe = program.readUInt32LE(0x3c);
  const sections = pe + 24 + program.readUInt16LE(pe + 20);
  const count = program.readUInt16LE(pe + 6);
  assert.ok(count > 5, `${count} sections`);
  for (let header = sections; header < sections + 40 * count; header += 40) {
    const name = program.toString('latin1', header, header + 8);
    const [size = 0, offset = 1] = [16, 20].map((field) => program.readUInt32LE(header + field));
    assert.deepEqual([size % 4096, offset % 4096], [0, 0], name);
    assert.ok(offset + size <= program.length, name);
  }
});

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

class Place {
  readonly root: string;
  readonly cache: string;

  constructor(t: TestContext) {
    this.root = temporaryFolder(t);
    this.cache = join(this.root, 'cache');
    knowTheCompiler(this.cache);
    writeFileSync(join(this.root, 'a.c'), '#include <stddef.h>\nchar text[] = "compiled";\n');
  }

  async missThenHit(program: string, first: readonly string[]): Promise<void> {
    const call = (args: readonly string[]) =>
      run(program, [...first, ...args], { cwd: this.root, env: { CLCACHE_DIR: this.cache } });
    for (const round of ['miss', 'hit']) {
      const output = succeed(await call([findClangCl().path, ...COMPILE]));
      assert.equal(output, '', round);
      assert.ok(readFileSync(join(this.root, 'a.obj')).includes('compiled'));
      rmSync(join(this.root, 'a.obj'));
    }
    const text = succeed(await call(['-s']));
    assert.match(text, /^ {2}cache hits {16}: 1$/m);
    assert.match(text, /^ {4}total {22}: 1$/m);
  }
}
