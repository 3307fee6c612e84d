/** npm's command `clcache`: the executable where its package is installed, and the bundle everywhere else. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { bundle, cleanEnvironment, executable, run, temporaryFolder } from '../helpers/compilers.ts';
import { fileAppears } from '../helpers/fixture-process.ts';
import { NODE_VERSIONS, nodeOf } from '../helpers/node-versions.ts';
import { ProgramPlace } from './program-place.ts';

const BIN = join(ROOT, 'bin');
const skip = process.platform === 'win32' && 'test/windows starts it on Windows';

/** A folder as npm makes it: `clcache`, and beside it the package with the executable, which may be a script here. */
class Installed {
  readonly folder: string;
  readonly command: string;
  readonly executable: string;

  constructor(t: TestContext) {
    this.folder = temporaryFolder(t);
    const packages = join(this.folder, 'node_modules');
    this.command = join(packages, 'clcache/bin/clcache.js');
    this.executable = join(packages, '@clcache/linux-x64/clcache');
    for (const name of ['clcache.js', 'clcache-server.js', 'package.json']) {
      const source = name === 'package.json' ? join(BIN, '..', name) : join(BIN, name);
      cpSync(source, join(packages, 'clcache', name === 'package.json' ? name : `bin/${name}`));
    }
    symlinkSync(dirname(bundle()), join(packages, 'clcache/dist'));
    mkdirSync(dirname(this.executable), { recursive: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  script(body: string, file = this.executable): this {
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
    return this;
  }

  start(node: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return spawn(node, [this.command, ...args], {
      cwd: this.folder,
      env: cleanEnvironment({ CLCACHE_DIR: this.path('cache'), ...env }),
      stdio: 'ignore',
      detached: true,
    });
  }
}

const endOf = (child: ReturnType<typeof spawn>) =>
  new Promise((end) => child.on('close', (status, signal) => end(signal ?? status)));

for (const version of NODE_VERSIONS) {
  test(`on Node.js ${version} the executable gets every word and stream, and its status is the command’s`, {
    skip,
  }, async (t) => {
    const place = new Installed(t).script('printf "<%s>" "$@"; cat; echo complained >&2; exit 7');
    const words = ['cl', '/c', 'a b.c', '', '"quoted"', '*', 'é', '-s', '--'];
    const { status, stdout, stderr } = spawnSync(await nodeOf(version), [place.command, ...words], {
      input: 'typed',
      encoding: 'utf8',
      env: cleanEnvironment(),
    });
    const expected = `${words.map((word) => `<${word}>`).join('')}typed`;
    assert.deepEqual([status, stdout, stderr], [7, expected, 'complained\n']);
  });

  test(`on Node.js ${version} a signal to the command reaches the executable, and one that ends it ends the command`, {
    skip,
  }, async (t) => {
    const node = await nodeOf(version);
    const patient = 'trap "exit 9" HUP INT QUIT TERM; : >started; while :; do sleep 0.05; done';
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) {
      const place = new Installed(t).script(patient);
      const child = place.start(node, []);
      const end = endOf(child);
      await fileAppears(place.path('started'));
      child.kill(signal);
      assert.equal(await end, 9, signal);
      place.script(`kill -${signal.slice(3)} $$; sleep 60`);
      assert.equal(await endOf(place.start(node, [])), signal);
    }
  });

  test(`on Node.js ${version} a build that ignores the end of its terminal goes on with the command`, {
    skip,
  }, async (t) => {
    const place = new Installed(t).script('exec "$@"');
    place.script(': >started; while [ ! -e go ]; do sleep 0.05; done; exit 7', place.path('cl'));
    writeFileSync(place.path('a.c'), 'int f;\n');
    const line = 'trap "" HUP; "$@"; exit $?';
    const words = ['-c', line, 'sh', await nodeOf(version), place.command, place.path('cl'), '/EP', 'a.c'];
    const child = spawn('sh', words, {
      cwd: place.folder,
      env: cleanEnvironment({ CLCACHE_DIR: place.path('cache') }),
      stdio: 'ignore',
      detached: true,
    });
    const end = endOf(child);
    await fileAppears(place.path('started'));
    process.kill(-(child.pid ?? 0), 'SIGHUP');
    writeFileSync(place.path('go'), '');
    assert.equal(await end, 7);
  });

  test(`on Node.js ${version} words and variables that are not UTF-8 reach the compiler as they are`, {
    skip,
  }, async (t) => {
    const place = new Installed(t).script('exec "$@"');
    place.script('[ "$*" = --version ] && exit 1; printf "%s %s" "$3" "$RAW"', place.path('cl'));
    for (const [word, variable] of [
      ['h\\351', 'plain'],
      ['plain', 'h\\351'],
    ] as const) {
      const line = `RAW=$(printf '${variable}'); export RAW; "$@" /EP a.c "$(printf '${word}')"`;
      const words = ['-c', line, 'sh', await nodeOf(version), place.command, place.path('cl')];
      const env = cleanEnvironment({ CLCACHE_DIR: place.path('cache') });
      const { stdout } = spawnSync('sh', words, { cwd: place.folder, env, encoding: 'latin1' });
      assert.equal(stdout, `${word} ${variable}`.replace('\\351', '\xe9'));
    }
  });

  test(`on Node.js ${version} the bundle runs where there is no executable, or none that may be started`, {
    skip,
  }, async (t) => {
    const node = await nodeOf(version);
    const place = new Installed(t).script('echo the executable');
    const said = async () => String((await run(node, [place.command, '--where'])).stdout);
    assert.equal(await said(), 'the executable\n');
    chmodSync(place.executable, 0o644);
    assert.equal(await said(), `${place.command}\n`);
    rmSync(dirname(place.executable), { recursive: true });
    assert.equal(await said(), `${place.command}\n`);
  });
}

for (const version of ['20', '24'] as const) {
  test(`on Node.js ${version} the command’s name decides what the executable does`, { skip }, async (t) => {
    const node = await nodeOf(version);
    const place = new Installed(t);
    symlinkSync(executable(), place.executable);
    assert.equal(String((await run(node, [place.command, '--where'])).stdout), `${executable()}\n`);
    for (const name of ['clcache-server', 'clcachesrv']) {
      symlinkSync(join(dirname(place.command), 'clcache-server.js'), place.path(name));
      const { stdout } = await run(node, [place.path(name), '--version']);
      assert.match(String(stdout), /^clcache-server \d/);
    }
    const programs = new ProgramPlace(t);
    symlinkSync(place.command, programs.path('first/clang-cl'));
    programs.talking('second/clang-cl');
    for (const args of [['-s'], ['/EP', 'a.c']]) {
      const line = [programs.path('first/clang-cl'), ...args];
      const expected = [0, `/second/clang-cl\n${args.join('\n')}\n`];
      assert.deepEqual(await programs.outcome(node, line, ['first', 'second']), expected);
    }
  });
}
