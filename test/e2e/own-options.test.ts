/**
 * Every own option in the built programs, started as users start them, because a bundler may break what works in the
 * sources.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { OPTIONS } from '../../src/cli/options.ts';
import { SERVER_OPTIONS } from '../../src/server/options.ts';
import { executable, run, temporaryFolder } from '../helpers/compilers.ts';
import { SERVER_PRODUCTS } from '../helpers/hash-servers.ts';
import { place } from '../helpers/hash-sockets.ts';
import { checkOwnLine, OWN_LINES, type OwnLine, SERVER_LINES } from '../helpers/own-lines.ts';

const skip = process.platform === 'win32' && 'test/windows holds these for Windows';
const BIN = join(ROOT, 'bin');
const PRODUCTS: Readonly<Record<string, () => readonly [string, ...string[]]>> = {
  'the executable': () => [executable()],
  'the npm package': () => [process.execPath, join(BIN, 'clcache.js')],
};

test('every own option has valid lines and invalid lines', () => {
  assert.deepEqual(Object.keys(OWN_LINES).sort(), Object.keys(OPTIONS).sort());
  const names = SERVER_OPTIONS.map((option) => option().long ?? '');
  assert.deepEqual(Object.keys(SERVER_LINES).sort(), names.sort());
  for (const lines of [...Object.values(OWN_LINES), ...Object.values(SERVER_LINES)]) {
    assert.ok(lines.some(({ says }) => says) && lines.some(({ complains }) => complains));
  }
});

const WITH_MISTAKES = 3;

/**
 * All lines for the executable. For Node.js, which starts slowly, the first valid one of each option, so that the code for
 * each is loaded. What the same code says of mistakes it says of those with the first options, too.
 */
function linesFor<Line extends OwnLine>(
  name: string,
  all: Readonly<Record<string, readonly Line[]>>,
): Line[] {
  if (name === 'the executable') return Object.values(all).flat();
  return Object.values(all).flatMap((lines, option) => [
    ...lines.filter(({ says, needsExecutable }) => says && !needsExecutable).slice(0, 1),
    ...lines.filter(({ says }) => !says && option < WITH_MISTAKES),
  ]);
}

for (const [name, product] of Object.entries(PRODUCTS)) {
  test(`${name} does what its own options say, and reports in one line what is wrong with them`, {
    skip,
  }, async (t) => {
    const [program, ...first] = product();
    const folder = preparedFolder(t);
    // No compiler exists here, because own options need none.
    const env = { CLCACHE_DIR: join(folder, 'cache'), PATH: folder };
    for (const own of linesFor(name, OWN_LINES)) {
      const line = own.line.map((word) => word.replace('FOLDER/', `${folder}/`));
      checkOwnLine(own, await run(program, [...first, ...line], { cwd: folder, env }));
    }
    assert.equal(readFileSync(join(folder, 'text'), 'utf8'), 'no archive');
    assert.ok(lstatSync(join(folder, 'sub')).isDirectory());
  });

  test(`${name} neither replaces nor waits for a file that is not an ordinary one`, { skip }, async (t) => {
    const [program, ...first] = product();
    const folder = preparedFolder(t);
    const env = { CLCACHE_DIR: join(folder, 'cache') };
    assert.equal(spawnSync('mkfifo', [join(folder, 'fifo')]).status, 0);
    symlinkSync('fifo', join(folder, 'link'));
    for (const target of ['fifo', 'link']) {
      for (const option of ['--export', '--import']) {
        const end = await run(program, [...first, option, target], { cwd: folder, env });
        const complains = new RegExp(`'?${target}'? is not an (?:ordinary file|archive)`);
        checkOwnLine({ line: [option, target], complains }, end);
        assert.ok(lstatSync(join(folder, 'fifo')).isFIFO());
        assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink());
      }
    }
  });
}

const SERVERS: typeof SERVER_PRODUCTS = {
  ...SERVER_PRODUCTS,
  'the npm package': () => [process.execPath, join(BIN, 'clcache-server.js')],
};

for (const [name, product] of Object.entries(SERVERS)) {
  test(`${name}’s hash server does what its options say, and reports in one line what is wrong with them`, {
    skip,
  }, async (t) => {
    const [program = '', ...first] = product();
    const { env } = place(t);
    for (const own of linesFor(name, SERVER_LINES)) {
      const end = await run(program, [...first, ...own.line], { env });
      checkOwnLine(own, end, 'clcache-server');
    }
  });
}

function preparedFolder(t: TestContext): string {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'text'), 'no archive');
  return folder;
}
