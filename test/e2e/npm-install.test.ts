/** What `npm install --global clcache` gives a user: published to a real registry, installed and run. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { makePackages } from '../../bin/dev/build-npm.ts';
import { succeed } from '../helpers/cmake-builds.ts';
import { findClangCl, HOST_TARGET, run, temporaryFolder } from '../helpers/compilers.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';
import { nodeOf } from '../helpers/node-versions.ts';
import { type NpmRegistry, startNpmRegistry } from '../helpers/npm-registry.ts';

const skip = process.platform === 'win32' && 'test/windows starts the executable and the program for Node.js';
const COMPILE = ['/nologo', HOST_TARGET, '/c', 'a.c'];
const VERSIONS = ['20', '22', '24'] as const;

const folder = temporaryFolder({ after });
let registry: NpmRegistry;

before(async () => {
  if (skip) return;
  const packages = join(folder, 'packages');
  makePackages(packages);
  // Nothing here can start it, and npm takes ten seconds to compress it.
  truncateSync(join(packages, 'win32-x64/clcache.exe'), 1 << 20);
  registry = await startNpmRegistry(folder);
  const names = readdirSync(packages).filter((name) => name !== 'clcache');
  for (const name of [...names, 'clcache']) succeed(await registry.npm(['publish', join(packages, name)]));
});
after(() => registry?.stop());

interface Installation {
  /** The folder `node_modules`. */
  readonly packages: string;
  /** The folder of the commands. */
  readonly bin: string;
}

/** Installs clcache for a user, into an empty folder. */
async function installed(
  t: TestContext,
  options: readonly string[],
  node = process.execPath,
): Promise<Installation> {
  const prefix = temporaryFolder(t);
  succeed(await registry.npm(['install', '--global', '--prefix', prefix, ...options, 'clcache'], { node }));
  return { packages: join(prefix, 'lib/node_modules'), bin: join(prefix, 'bin') };
}

/** Installs clcache for an empty project. */
async function installedInProject(t: TestContext, options: readonly string[]): Promise<Installation> {
  const project = temporaryFolder(t);
  writeFileSync(join(project, 'package.json'), '{}');
  succeed(await registry.npm(['install', ...options, 'clcache'], { cwd: project }));
  return { packages: join(project, 'node_modules'), bin: join(project, 'node_modules/.bin') };
}

/** Every package that is installed, as a path. */
function packagesIn({ packages }: Installation): string[] {
  const names = readdirSync(packages, { recursive: true }).map(String);
  return names.filter((name) => /^(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/@.][^/]*$/.test(name)).sort();
}

/** The command as the shell would start it, with this Node.js first on PATH. */
function command({ bin }: Installation, node: string, env: Readonly<Record<string, string>> = {}) {
  const PATH = [dirname(node), bin, process.env['PATH'] ?? ''].join(delimiter);
  return async (args: readonly string[], cwd = bin) =>
    succeed(await run(join(bin, 'clcache'), args, { cwd, env: { PATH, ...env } }));
}

async function missThenHit(t: TestContext, installation: Installation, node: string): Promise<void> {
  const place = temporaryFolder(t);
  const cache = join(place, 'cache');
  knowTheCompiler(cache);
  const clcache = command(installation, node, { CLCACHE_DIR: cache });
  writeFileSync(join(place, 'a.c'), 'char text[] = "compiled";\n');
  for (const _ of ['miss', 'hit']) {
    assert.equal(await clcache([findClangCl().path, ...COMPILE], place), '');
    assert.ok(readFileSync(join(place, 'a.obj')).includes('compiled'));
    rmSync(join(place, 'a.obj'));
  }
  const { CacheHits, CacheMisses } = JSON.parse(await clcache(['-s', '--json']));
  assert.deepEqual([CacheHits, CacheMisses], [1, 1]);
}

for (const version of VERSIONS) {
  test(`on Node.js ${version} one line installs clcache and its executable and nothing else, and both run`, {
    skip,
  }, async (t) => {
    const node = await nodeOf(version);
    const installation = await installed(t, [], node);
    const { packages, bin } = installation;
    const beside = 'clcache/node_modules/@clcache/linux-x64';
    assert.deepEqual(packagesIn(installation), ['clcache', beside]);
    assert.deepEqual(readdirSync(bin).sort(), ['clcache', 'clcache-server', 'clcachesrv']);
    const manifest = JSON.parse(readFileSync(join(packages, 'clcache/package.json'), 'utf8'));
    const unwanted = ['dependencies', 'devDependencies', 'scripts', 'allowScripts'];
    assert.deepEqual(
      Object.keys(manifest).filter((key) => unwanted.includes(key)),
      [],
    );
    const clcache = command(installation, node);
    assert.match(await clcache(['--version']), /^clcache \d+\.\d+\.\d+\n/);
    assert.equal(await clcache(['--where']), `${join(packages, beside, 'clcache')}\n`);
    await missThenHit(t, installation, node);
  });
}

// npm installs optional packages of a global one whatever it is told.
const WITHOUT_EXECUTABLE: Readonly<Record<string, (t: TestContext) => Promise<Installation>>> = {
  'without optional packages': (t) => installedInProject(t, ['--omit=optional']),
  'on a system without an executable': (t) => installed(t, ['--os=freebsd']),
  'on Linux without glibc': (t) => installed(t, ['--libc=musl']),
};

for (const [what, install] of Object.entries(WITHOUT_EXECUTABLE)) {
  test(`an installation ${what} has clcache alone, which runs in Node.js`, { skip }, async (t) => {
    const installation = await install(t);
    assert.deepEqual(packagesIn(installation), ['clcache']);
    const where = await command(installation, process.execPath)(['--where']);
    assert.equal(where, `${join(installation.packages, 'clcache/bin/clcache.js')}\n`);
    await missThenHit(t, installation, process.execPath);
  });
}

for (const cpu of ['x64', 'arm64']) {
  test(`an installation on Windows for ${cpu} has the executable for Windows`, { skip }, async (t) => {
    const installation = await installed(t, ['--os=win32', `--cpu=${cpu}`]);
    const beside = 'clcache/node_modules/@clcache/win32-x64';
    assert.deepEqual(packagesIn(installation), ['clcache', beside]);
    for (const name of ['clcache.exe', 'msbuild/clcache.props', 'cmake/Clcache.cmake'])
      assert.ok(existsSync(join(installation.packages, beside, name)), name);
  });
}

test('npx runs the executable without an installation', { skip }, async (t) => {
  const cwd = temporaryFolder(t);
  const said = succeed(await registry.npm(['exec', '--yes', '--', 'clcache', '--where'], { cwd }));
  assert.match(said, /\/_npx\/[^\n]*\/node_modules\/@clcache\/linux-x64\/clcache\n$/);
  assert.deepEqual(readdirSync(cwd), []);
});
