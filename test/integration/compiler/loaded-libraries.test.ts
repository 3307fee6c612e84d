/** Libraries by which the system's loader makes another compiler of the same program. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { keptAnswers } from '../../../src/compile/kept-answers.ts';
import { compilerIdentity } from '../../../src/compiler/identity/compiler-identity.ts';
import { isStillCompiler } from '../../../src/compiler/identity/look-again.ts';
import { lookUpCompiler } from '../../../src/compiler/identity/look-up-compiler.ts';
import { isStartedByGlibc } from '../../../src/compiler/identity/program-loader.ts';
import { silent } from '../../../src/diagnostics/trace.ts';
import { LearntFiles } from '../../../src/storage/local/learnt-files.ts';
import { noAccounts } from '../../../src/storage/store.ts';
import { linkC, WITHOUT_C_COMPILER } from '../../helpers/c-programs.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const skip =
  WITHOUT_C_COMPILER || (!isStartedByGlibc(process.execPath) && 'only the loader of glibc lists libraries');

const PROGRAM = `
#include <stdio.h>
const char *version(void);
int main(void) { printf("clang version %s\\n", version()); return 0; }
`;

type Variables = Readonly<Record<string, string>>;

/** `lib` and `other` with the library in two versions, and `bin` with a program for it. */
function link(searched: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'clcache-linked-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  for (const name of ['lib', 'other', 'bin']) mkdirSync(path(name));
  for (const [name, version] of Object.entries({ lib: 14, other: 15 })) {
    const text = `const char *version(void) { return "${version}.0.0"; }`;
    linkC(text, path(`${name}/libversion.so`), ['-shared', '-fPIC']);
  }
  const rpath = searched.map((place) => `-Wl,-rpath,$ORIGIN/../${place}`);
  linkC(PROGRAM, path('bin/clang-cl'), [`-L${path('lib')}`, '-lversion', ...rpath]);
  return folder;
}

/** To link takes longer than a test. */
const linked = new Map<string, string>();

/** A clang-cl whose version is that of its library: 14 of the one in `lib`, and 15 of the one that `putOther` makes. */
function install(context: TestContext, searched: readonly string[] = []) {
  const folder = temporaryFolder(context);
  const path = (name: string) => join(folder, name);
  const known = linked.get(searched.join()) ?? link(searched);
  linked.set(searched.join(), known);
  for (const name of ['lib', 'other', 'bin']) cpSync(join(known, name), path(name), { recursive: true });
  const compiler = path('bin/clang-cl');
  const answers = keptAnswers(new LearntFiles(path('compilers'), noAccounts(1000)), silent);
  return {
    path,
    putOther(place: string) {
      mkdirSync(dirname(path(place)), { recursive: true });
      copyFileSync(path('other/libversion.so'), path('new'));
      renameSync(path('new'), path(place));
    },
    lookup(variables: Variables, workingDirectory = folder) {
      const environment = { PATH: process.env['PATH'] ?? '', ...variables };
      return { compiler, environment, workingDirectory, answers, withContents: true };
    },
    says(variables: Variables, workingDirectory = folder) {
      const env = { PATH: process.env['PATH'] ?? '', ...variables };
      return spawnSync(compiler, [], { cwd: workingDirectory, env, encoding: 'utf8' }).stdout.trim();
    },
  };
}

interface Case {
  /** Folders that the program itself makes the loader search. */
  readonly searched?: readonly string[];
  readonly variables?: (path: (name: string) => string) => Variables;
  /** Folders that are there from the start. */
  readonly folders?: readonly string[];
  /** Where the other library appears. */
  readonly place: string;
}

const inPath = (value: string) => (path: (name: string) => string) => ({
  LD_LIBRARY_PATH: value.replaceAll('@', `${path('')}/`),
});

const CASES: Readonly<Record<string, Case>> = {
  'in place of the one that it loaded': { variables: inPath('@lib'), place: 'lib/libversion.so' },
  'in a folder of LD_LIBRARY_PATH that was missing': {
    variables: inPath('@none/deep:@lib'),
    place: 'none/deep/libversion.so',
  },
  'in a folder of LD_LIBRARY_PATH that was empty': {
    variables: inPath('@early:@lib'),
    folders: ['early'],
    place: 'early/libversion.so',
  },
  'in a folder for newer processors below one that was searched': {
    variables: inPath('@lib'),
    place: 'lib/glibc-hwcaps/x86-64-v2/libversion.so',
  },
  'in the working folder, which an empty entry means': { variables: inPath(':@lib'), place: 'libversion.so' },
  'in a folder that is named relative to the working folder': {
    variables: inPath('early:@lib'),
    place: 'early/libversion.so',
  },
  'in place of the one of LD_PRELOAD': {
    variables: (path) => ({ LD_LIBRARY_PATH: path('other'), LD_PRELOAD: path('lib/libversion.so') }),
    place: 'lib/libversion.so',
  },
  'under a name of LD_PRELOAD that led nowhere': {
    variables: (path) => ({ LD_LIBRARY_PATH: path('lib'), LD_PRELOAD: path('none/libversion.so') }),
    place: 'none/libversion.so',
  },
  'in a folder of its RUNPATH that was missing': {
    searched: ['early', 'lib'],
    place: 'early/libversion.so',
  },
  'in a folder of its RUNPATH that was empty': {
    searched: ['early', 'lib'],
    folders: ['early'],
    place: 'early/libversion.so',
  },
};

for (const [where, { searched, variables, folders = [], place }] of Object.entries(CASES)) {
  test(`A compiler is another one when a library appears ${where}`, { skip }, async (context) => {
    const installation = install(context, searched);
    const { path, putOther, says } = installation;
    for (const folder of folders) mkdirSync(path(folder));
    const environment = variables?.(path) ?? {};
    const lookup = installation.lookup(environment);
    const before = await lookUpCompiler(lookup);
    assert.equal(before.clangVersion, 14);
    assert.equal(says(environment), 'clang version 14.0.0');
    assert.deepEqual(await lookUpCompiler(lookup), before);
    assert.equal(await isStillCompiler(lookup, before), true);
    putOther(place);
    const now = says(environment);
    if (now === 'clang version 14.0.0') return context.skip('this processor has no such folder');
    assert.equal(await isStillCompiler(lookup, before), false);
    const after = await lookUpCompiler(lookup);
    assert.equal(after.clangVersion, 15);
    const [one, other] = [before, after].map((record) =>
      compilerIdentity({ ...record, versionText: '' }, { kind: 'content' }),
    );
    assert.notEqual(one, other, 'the library itself is a part');
    assert.deepEqual(await lookUpCompiler(lookup), after);
  });
}

test('A script is another compiler when a library appears for a program that it names', {
  skip,
}, async (context) => {
  const { path, putOther, lookup } = install(context, ['early', 'lib']);
  renameSync(path('bin/clang-cl'), path('bin/real'));
  const text = '#!/bin/sh\n"$(dirname "$0")/real" > /dev/null\necho clang version 14.0.0\n';
  writeFileSync(path('bin/clang-cl'), text, { mode: 0o755 });
  const before = await lookUpCompiler(lookup({}));
  assert.equal(await isStillCompiler(lookup({}), before), true);
  putOther('early/libversion.so');
  assert.equal(await isStillCompiler(lookup({}), before), false);
  const [one, other] = [before, await lookUpCompiler(lookup({}))].map((record) =>
    compilerIdentity(record, { kind: 'content' }),
  );
  assert.notEqual(one, other);
});

test('A relative LD_LIBRARY_PATH means another compiler in another working folder', {
  skip,
}, async (context) => {
  const { path, putOther, lookup, says } = install(context);
  putOther('deep/lib/libversion.so');
  const variables = { LD_LIBRARY_PATH: 'lib' };
  for (const folder of ['.', 'deep', '.', 'deep']) {
    const { versionText } = await lookUpCompiler(lookup(variables, path(folder)));
    assert.equal(versionText.trim(), says(variables, path(folder)));
  }
});

test('Only programs that glibc starts are asked for their libraries, because others would run', {
  skip,
}, (context) => {
  const folder = temporaryFolder(context);
  const text = 'int main(void) { return 0; }';
  linkC(text, join(folder, 'dynamic'));
  linkC(text, join(folder, 'static'), ['-static-pie', '-nostartfiles', '-Wl,-e,main', '-nostdlib']);
  copyFileSync('/etc/passwd', join(folder, 'text'));
  const found = ['dynamic', 'static', 'text', 'missing'].map((name) => isStartedByGlibc(join(folder, name)));
  assert.deepEqual(found, [true, false, false, false]);
});
