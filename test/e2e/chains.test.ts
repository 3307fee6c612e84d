/** Several clcaches that call one another, on Linux. */
import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { executable, findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';
import { linkedCompilers } from '../helpers/linked-compilers.ts';
import { ProgramPlace } from './program-place.ts';

const skip = process.platform === 'win32' && 'test/windows holds these for Windows';
const COMPILE = [HOST_TARGET, '/nologo', '/c', 'a.c'];

/** Another build of this version. */
function otherBuild(path: string): void {
  copyFileSync(executable(), path);
  appendFileSync(path, '\n');
}

/** Programs before the compiler of their name that lead back to the first program of that name. */
const CHAINS: Readonly<Record<string, (place: ProgramPlace) => void>> = {
  'another build': (place) => otherBuild(place.path('second/clang-cl')),
  'version 5.0, which knows nothing of chains': (place) => {
    const first = place.path('first/clang-cl');
    place.script(
      'second/clang-cl',
      `[ "$*" != --version ] || exec echo 'clcache 5.0.0'\nexec '${first}' "$@"`,
    );
  },
  'a script that calls it': (place) => {
    place.script('second/clang-cl', `exec '${executable()}' clang-cl "$@"`);
  },
  'a script that calls it with its own path': (place) => {
    place.script('second/clang-cl', `exec '${executable()}' "$0" "$@"`);
  },
  'a script that calls it only for compiles': (place) => {
    const first = place.path('first/clang-cl');
    place.script(
      'second/clang-cl',
      `[ "$*" != --version ] || exec echo clang version 14\nexec '${first}' "$@"`,
    );
  },
  'all of these': (place) => {
    otherBuild(place.path('second/clang-cl'));
    place.script('third/clang-cl', `exec '${place.path('second/clang-cl')}' "$@"`);
    place.script('fourth/clang-cl', `exec '${executable()}' "$0" "$@"`);
  },
};
const FOLDERS = ['first', 'second', 'third', 'fourth'];

const linked = linkedCompilers({ after });
/** The compiler in which a chain ends. */
const last = () => linked('clang-cl');

function placeWithCompiler(t: TestContext): ProgramPlace {
  return new ProgramPlace(t, last());
}

for (const [what, prepare] of Object.entries(CHAINS)) {
  for (const CLCACHE_DISABLE of ['0', '1']) {
    const how = CLCACHE_DISABLE === '1' ? ', switched off' : '';
    test(`before ${what}${how} the chain ends: in the compiler, or in one line if there is none`, {
      skip,
    }, async (t) => {
      const place = placeWithCompiler(t);
      symlinkSync(executable(), place.path('first/clang-cl'));
      prepare(place);
      const end = dirname(last());
      const reversed = FOLDERS.toReversed();
      for (const [folders, whole] of [
        [FOLDERS, [...FOLDERS, end]],
        [reversed, [end, ...reversed]],
      ] as const) {
        const call = (path: readonly string[]) =>
          place.outcome('/usr/bin/env', ['clang-cl', ...COMPILE], path, { CLCACHE_DISABLE });
        const [status, said] = await call(folders);
        assert.equal(status, 1, said);
        assert.match(said, /^clcache: no compiler found: [^\n]+\n$/);
        assert.deepEqual(await call(whole), [0, '']);
        assert.ok(readFileSync(join(place.root, 'a.obj')).includes('compiled'));
        rmSync(join(place.root, 'a.obj'));
      }
    });
  }
}

test('a script that prints its own version and calls clcache for everything else ends in the next compiler', {
  skip,
}, async (t) => {
  const place = placeWithCompiler(t);
  const version = `exec '${findClangCl().path}' --version`;
  place.script(
    'second/clang-cl',
    `[ "$*" != --version ] || ${version}\nexec '${executable()}' clang-cl "$@"`,
  );
  const end = dirname(last());
  for (const program of [place.path('second/clang-cl'), executable()]) {
    const words = program === executable() ? ['clang-cl', ...COMPILE] : COMPILE;
    assert.deepEqual(await place.outcome(program, words, ['second', end]), [0, '']);
    assert.ok(readFileSync(join(place.root, 'a.obj')).includes('compiled'));
    rmSync(place.cache, { recursive: true, force: true });
    knowTheCompiler(place.cache, { compiler: last() });
  }
});

test('a CLCACHE_CL or a first word that leads to a clcache means the next compiler of its name', {
  skip,
}, async (t) => {
  const place = placeWithCompiler(t);
  otherBuild(place.path('other/clang-cl'));
  symlinkSync(executable(), place.path('same/clang-cl'));
  place.script('calling/clang-cl', `exec '${executable()}' clang-cl "$@"`);
  const end = dirname(last());
  for (const folder of ['other', 'same', 'calling']) {
    const program = place.path(`${folder}/clang-cl`);
    for (const [words, env] of [
      [[program], {}],
      [[], { CLCACHE_CL: program }],
    ] as const) {
      assert.deepEqual(await place.outcome(executable(), [...words, ...COMPILE], [end], env), [0, '']);
      const [status, said] = await place.outcome(executable(), [...words, ...COMPILE], ['none'], env);
      assert.equal(status, 1);
      assert.match(said, /^clcache: no compiler found: [^\n]+\n$/);
    }
  }
  const [status, said] = await place.outcome(executable(), COMPILE, [end], { CLCACHE_CL: executable() });
  assert.equal(status, 1);
  assert.match(said, /^clcache: no compiler found: [^\n]*clcache itself[^\n]*CLCACHE_CL[^\n]*\n$/);
});
