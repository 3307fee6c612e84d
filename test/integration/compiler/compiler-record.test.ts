import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { keptAnswers } from '../../../src/compile/kept-answers.ts';
import { type CompilerCheck, compilerIdentity } from '../../../src/compiler/identity/compiler-identity.ts';
import type { CompilerLookup, CompilerRecord } from '../../../src/compiler/identity/compiler-record.ts';
import { digestsOf, lookUpCompiler } from '../../../src/compiler/identity/look-up-compiler.ts';
import { silent } from '../../../src/diagnostics/trace.ts';
import { digestOfBytes } from '../../../src/hash/digest.ts';
import { LearntFiles } from '../../../src/storage/local/learnt-files.ts';
import { noAccounts } from '../../../src/storage/store.ts';
import { withLongFileLock } from '../../../src/util/file-lock.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const BANNER = 'Microsoft (R) C/C++ Optimizing Compiler Version 19.29.30133 for x64';
const CHECKS: readonly CompilerCheck[] = [
  { kind: 'mtime' },
  { kind: 'content' },
  { kind: 'string', value: 'vs2022' },
];

interface Installation {
  readonly folder: string;
  readonly compiler: string;
  look(
    compiler?: string,
    withContents?: boolean,
    environment?: Readonly<Record<string, string>>,
  ): Promise<CompilerRecord>;
  lookup(compiler: string, environment?: Readonly<Record<string, string>>): CompilerLookup;
  /** How often the compiler was asked for its version. */
  timesAsked(): number;
}

/** A small script as compiler, with the other parts of cl beside it. */
function install(context: TestContext, name = 'cl.exe'): Installation {
  const root = temporaryFolder(context);
  const folder = join(root, 'bin');
  mkdirSync(join(folder, '1033'), { recursive: true });
  const compiler = join(folder, name);
  const log = join(root, 'starts');
  writeFileSync(log, '');
  writeFileSync(
    compiler,
    `#!/bin/sh\n[ "$1" != --version ] || echo x >> '${log}'\necho '${BANNER}' >&2\necho usage >&2\n`,
    {
      mode: 0o755,
    },
  );
  for (const part of ['c1xx.dll', 'c2.dll', '1033/clui.dll', 'unrelated.dll'])
    writeFileSync(join(folder, part), part);
  const lookup = (asked: string, environment = {}) => ({
    compiler: asked,
    environment: { PATH: process.env['PATH'], ...environment },
    workingDirectory: root,
    withContents: false,
    answers: keptAnswers(new LearntFiles(join(root, 'compilers'), noAccounts(1000)), silent),
  });
  return {
    folder,
    compiler,
    lookup,
    look: (asked = compiler, withContents = false, environment = {}) =>
      lookUpCompiler({ ...lookup(asked, environment), withContents }),
    timesAsked: () => readFileSync(log, 'utf8').split('x').length - 1,
  };
}

function identities(record: CompilerRecord): string[] {
  return CHECKS.map((check) => compilerIdentity(record, check));
}

/** Moves a file's time back by an hour, in whole seconds. */
function backdate(file: string, seconds = 3600): void {
  const time = Math.trunc(Date.now() / 1000) - seconds;
  utimesSync(file, time, time);
}

test('a compiler is asked once, and identified by all of its parts', async (context) => {
  const { look, timesAsked, folder } = install(context);
  const record = await look();
  assert.equal(record.family, 'cl');
  assert.equal(record.versionText, BANNER);
  assert.equal('clangVersion' in record, false);
  assert.deepEqual(record.files.map(({ path }) => path.slice(folder.length + 1)).sort(), [
    '1033/clui.dll',
    'c1xx.dll',
    'c2.dll',
    'cl.exe',
  ]);
  assert.deepEqual(await look(), record);
  assert.equal(timesAsked(), 1);
});

for (const part of ['cl.exe', 'c2.dll', '1033/clui.dll']) {
  test(`a changed ${part} makes clcache ask the compiler again, and changes the identity`, async (context) => {
    const { look, timesAsked, folder } = install(context);
    const before = identities(await look());
    appendFileSync(join(folder, part), '# updated\n');
    const after = identities(await look());
    assert.equal(timesAsked(), 2);
    assert.notEqual(after[0], before[0]);
    assert.notEqual(after[1], before[1]);
    assert.equal(after[2], before[2]);
  });
}

test('a removed part makes clcache ask the compiler again', async (context) => {
  const { look, timesAsked, folder } = install(context);
  const before = identities(await look());
  unlinkSync(join(folder, 'c2.dll'));
  assert.notEqual(identities(await look())[1], before[1]);
  assert.equal(timesAsked(), 2);
});

test('a part of equal size and time but another inode is noticed by its change time', async (context) => {
  const { look, timesAsked, folder } = install(context);
  backdate(join(folder, 'c2.dll'));
  await look();
  writeFileSync(join(folder, 'new'), 'C2.DLL');
  backdate(join(folder, 'new'));
  utimesSync(join(folder, 'new'), new Date(), statSync(join(folder, 'c2.dll')).mtime);
  renameSync(join(folder, 'new'), join(folder, 'c2.dll'));
  await look();
  assert.equal(timesAsked(), 2);
});

test('a changed file that is not a part of the compiler changes nothing', async (context) => {
  const { look, timesAsked, folder } = install(context);
  await look();
  writeFileSync(join(folder, 'unrelated.dll'), 'other');
  await look();
  assert.equal(timesAsked(), 1);
});

test('a new time alone changes the identity by mtime, not by content or string', async (context) => {
  const { look, compiler } = install(context);
  const before = identities(await look());
  backdate(compiler);
  const after = identities(await look());
  assert.notEqual(after[0], before[0]);
  assert.deepEqual(after.slice(1), before.slice(1));
});

test('equal compilers in two folders are the same by content and by string', async (context) => {
  const one = install(context);
  const two = install(context);
  writeFileSync(two.compiler, readFileSync(one.compiler));
  const [a, b] = [identities(await one.look()), identities(await two.look())];
  assert.deepEqual(a.slice(1), b.slice(1));
});

test('digests are added to a known record when they are asked for, and kept with it', async (context) => {
  const { look, timesAsked, compiler } = install(context);
  const plain = await look();
  const full = await look(compiler, true);
  assert.equal(timesAsked(), 1);
  assert.deepEqual(
    full.files.map(({ digest }) => digest),
    full.files.map(({ path }) => digestOfBytes(readFileSync(path))),
  );
  assert.deepEqual(identities(full), identities(plain));
  assert.deepEqual(await look(), full);
});

test('digests are computed again when a part has changed', async (context) => {
  const { look, compiler, folder } = install(context);
  const before = identities(await look(compiler, true));
  appendFileSync(join(folder, 'c2.dll'), '# updated');
  assert.notEqual(identities(await look(compiler, true))[1], before[1]);
});

test('identities of the three kinds, and of two strings, never collide', async (context) => {
  const record = await install(context).look();
  const other = compilerIdentity(record, { kind: 'string', value: 'vs2019' });
  assert.equal(new Set([...identities(record), other]).size, 4);
});

test('a link that leads to another compiler is another compiler', async (context) => {
  const { look, timesAsked, compiler, folder } = install(context);
  const other = join(folder, 'other.exe');
  writeFileSync(other, `${readFileSync(compiler, 'utf8')}# another\n`, { mode: 0o755 });
  const link = join(folder, 'cl');
  symlinkSync('cl.exe', link);
  const before = identities(await look(link));
  unlinkSync(link);
  symlinkSync('other.exe', link);
  const after = identities(await look(link));
  assert.equal(timesAsked(), 2);
  assert.notEqual(after[0], before[0]);
  assert.notEqual(after[1], before[1]);
});

test('a broken record, or one of another format, makes clcache ask again', async (context) => {
  const { look, timesAsked, folder } = install(context);
  const record = await look();
  const compilers = join(folder, '..', 'compilers');
  for (const text of ['', '{', 'null', '[]', '{"format":1}', JSON.stringify({ ...record, format: 0 })]) {
    for (const name of readdirSync(compilers)) writeFileSync(join(compilers, name), text);
    assert.deepEqual(await look(), record, text);
  }
  assert.equal(timesAsked(), 7);
});

test('a record that cannot be written costs only a question in each call', async (context) => {
  const { look, timesAsked, folder } = install(context);
  // No file is written through a link.
  symlinkSync(folder, join(folder, '..', 'compilers'));
  assert.deepEqual(await look(), await look());
  assert.equal(timesAsked(), 2);
});

function newestClang(): string | undefined {
  const found = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => /^clang-cl(?:-\d+)?$/.test(name))
          .map((name) => join(folder, name))
      : [],
  );
  const version = (path: string) => Number(/-(\d+)$/.exec(path)?.[1] ?? 0);
  return found.sort((a, b) => version(b) - version(a))[0];
}

test('clang-cl is recognised by its output, with its version and its libraries', async (context) => {
  const clang = newestClang();
  if (!clang) return context.skip('no clang-cl on PATH');
  const { look } = install(context);
  const record = await look(clang);
  assert.equal(record.family, 'clang-cl');
  const version = /clang version (\d+)/.exec(record.versionText)?.[1];
  assert.equal(record.clangVersion, Number(version));
  assert.ok(record.files.length > 0);
  assert.ok(record.files.every(({ path, size }) => existsSync(path) && size > 0));
  assert.deepEqual(await look(clang), record);
});

test('the one question to a clang-cl gives the text of its --version, whatever libraries it loads', async (context) => {
  const clang = newestClang();
  if (!clang) return context.skip('no clang-cl on PATH');
  const { stdout } = spawnSync(clang, ['--version'], { encoding: 'utf8' });
  const { versionText, isWrapper } = await install(context).look(clang);
  assert.deepEqual([versionText, isWrapper], [stdout, undefined]);
});

test('digests that may come later are found apart, and are stored with the record', async (context) => {
  const clang = newestClang();
  if (!clang) return context.skip('no clang-cl on PATH');
  const { lookup, look } = install(context);
  const hurried = { ...lookup(clang), withContents: true, hashesLater: () => true };
  const record = await lookUpCompiler(hurried);
  assert.deepEqual(new Set(record.files.map(({ digest }) => digest)), new Set([undefined]));
  const complete = await digestsOf(hurried, record)?.();
  assert.deepEqual(identities(complete ?? record), identities(record));
  assert.deepEqual(await look(clang, true), complete);
  assert.equal(digestsOf(hurried, await lookUpCompiler(hurried)), undefined);
  // Where something is stored, digests are needed at once.
  const other = install(context).lookup(clang);
  const now = await lookUpCompiler({ ...other, withContents: true, hashesLater: () => false });
  assert.deepEqual(now.files, complete?.files);
});

test('what a script starts is hashed at once, because its files decide what it starts', async (context) => {
  const { lookup, compiler, folder } = install(context, 'cl');
  writeFileSync(compiler, `#!/bin/sh\nexec '${folder}/one' "$@"\n`);
  writeFileSync(join(folder, 'one'), `#!/bin/sh\necho '${BANNER}' >&2\n`, { mode: 0o755 });
  const hurried = { ...lookup(compiler), withContents: true, hashesLater: () => true };
  const record = await lookUpCompiler(hurried);
  assert.equal(digestsOf(hurried, record), undefined);
  assert.notEqual(record.files[0]?.digest, undefined);
});

/** A script as a clang-cl of some version. */
function installClang(context: TestContext, version: number, says = ''): Installation {
  const installation = install(context, 'clang-cl');
  const text = `clang version ${version}.0.0\n${says}`;
  writeFileSync(installation.compiler, `#!/bin/sh\nprintf '%s' '${text}'\n`);
  return installation;
}

test('a configuration file that clang-cl names, or that lies where it looks for one, is known', async (context) => {
  const told = installClang(context, 14, 'Configuration file: /etc/some.cfg\n');
  assert.equal((await told.look()).configurationFile, '/etc/some.cfg');
  for (const name of ['clang-cl.cfg', 'x86_64-pc-windows-msvc-clang-cl.cfg', 'x86_64-pc-windows-msvc.cfg']) {
    const { look, folder } = installClang(context, 16);
    const before = await look();
    assert.equal(before.configurationFile, undefined);
    writeFileSync(join(folder, name), '/DX');
    const after = await look();
    assert.equal(after.configurationFile, join(folder, name));
    const older = installClang(context, 15);
    writeFileSync(join(older.folder, name), '/DX');
    assert.equal((await older.look()).configurationFile, undefined);
  }
});

test('a configuration file for another target is a part of the compiler, as are the lists of sanitizers', async (context) => {
  const { look, folder } = installClang(context, 17);
  mkdirSync(join(folder, '../lib/clang/17/include'), { recursive: true });
  let known = await look();
  for (const name of ['x86_64-w64-windows-gnu.cfg', '../lib/clang/17/share/asan_ignorelist.txt']) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    for (const text of ['one', 'more']) {
      writeFileSync(join(folder, name), text);
      const record = await look();
      assert.equal(record.configurationFile, undefined);
      assert.notDeepEqual(identities(record).slice(0, 2), identities(known).slice(0, 2), `${name} ${text}`);
      known = record;
    }
  }
});

/** A script that starts one of two others. */
function installWrapper(context: TestContext, script: string) {
  const installation = install(context, 'cl');
  const { folder } = installation;
  writeFileSync(installation.compiler, script);
  for (const name of ['one', 'two']) {
    mkdirSync(join(folder, name));
    const text = `#!/bin/sh\necho clang version 14.0.0 >&2\n# ${name}\n`;
    writeFileSync(join(folder, name, 'clang-cl'), text, { mode: 0o755 });
  }
  const identity = async (environment: Readonly<Record<string, string>> = {}) =>
    identities(await installation.look(installation.compiler, true, environment));
  return { ...installation, identity };
}

test('a script that starts the compiler of a variable is the compiler that the variable names', async (context) => {
  const { identity, folder } = installWrapper(context, '#!/bin/sh\nexec "$LLVM/clang-cl" "$@"\n');
  const of = (name: string) => identity({ LLVM: join(folder, name) });
  const one = await of('one');
  assert.notEqual((await of('two'))[1], one[1]);
  assert.deepEqual(await of('one'), one);
  appendFileSync(join(folder, 'one/clang-cl'), '# patched\n');
  assert.notEqual((await of('one'))[1], one[1]);
});

test('a script that starts the target of a link is another compiler when the target changes', async (context) => {
  const { identity, folder } = installWrapper(
    context,
    '#!/bin/sh\nexec "$(dirname "$0")/now/clang-cl" "$@"\n',
  );
  symlinkSync('one', join(folder, 'now'));
  const one = await identity();
  unlinkSync(join(folder, 'now'));
  symlinkSync('two', join(folder, 'now'));
  assert.notEqual((await identity())[1], one[1]);
});

test('a script that starts a compiler from PATH is another compiler when an earlier one appears', async (context) => {
  const { identity, folder } = installWrapper(context, '#!/bin/sh\nexec clang-cl "$@"\n');
  const PATH = ['early', 'one'].map((name) => join(folder, name)).join(delimiter);
  const environment = { PATH: `${PATH}${delimiter}${process.env['PATH']}` };
  const one = await identity(environment);
  assert.deepEqual(await identity(environment), one);
  mkdirSync(join(folder, 'early'));
  renameSync(join(folder, 'two/clang-cl'), join(folder, 'early/clang-cl'));
  assert.notEqual((await identity(environment))[1], one[1]);
});

test('a script whose text does not show its choice is asked each time', async (context) => {
  const { identity, folder } = installWrapper(context, '#!/bin/sh\n. "$(dirname "$0")/choose"\nrun "$@"\n');
  const choose = (name: string, say: string) => {
    const text = `run() { echo ${say}; exec '${folder}/'$(cat '${folder}/../version')/clang-cl "$@"; }\n`;
    writeFileSync(join(folder, 'choose'), text);
    writeFileSync(join(folder, '../version'), name);
  };
  choose('one', 'a');
  const one = await identity();
  writeFileSync(join(folder, '../version'), 'two');
  writeFileSync(join(folder, 'two/clang-cl'), '#!/bin/sh\necho clang version 15.0.0 >&2\n');
  assert.notEqual((await identity())[1], one[1]);
});

test('a script is asked once for each environment, whatever else changes from call to call', async (context) => {
  const { look, timesAsked, compiler } = install(context);
  for (const environment of [
    { A: '1' },
    { A: '1', MAKELEVEL: '2', PWD: '/x', CLCACHE_LOG: '1' },
    { A: '2' },
    { A: '1' },
  ]) {
    await look(compiler, true, environment);
  }
  assert.equal(timesAsked(), 2);
});

test('another LD_LIBRARY_PATH, and a new file in one of its folders, make clcache ask the compiler again', async (context) => {
  const { look, compiler, folder } = install(context);
  const environment = { LD_LIBRARY_PATH: `${folder}/none:${join(folder, '1033')}` };
  const names = ({ folders }: CompilerRecord) => folders.map(({ path }) => path);
  assert.ok(!names(await look(compiler)).includes(join(folder, '1033')));
  const before = await look(compiler, false, environment);
  assert.ok(names(before).includes(join(folder, '1033')));
  writeFileSync(join(folder, '1033/libLLVM.so'), '');
  assert.notDeepEqual((await look(compiler, false, environment)).folders, before.folders);
});

test('a compiler that a script names and that cannot be started counts by its bytes', async (context) => {
  const { look, compiler, folder } = install(context, 'cl');
  writeFileSync(compiler, `#!/bin/sh\n[ "$1" = --version ] || exec '${folder}/clang-cl' "$@"\n`);
  writeFileSync(join(folder, 'clang-cl'), '\x7fELF of another machine', { mode: 0o755 });
  const before = identities(await look(compiler, true));
  appendFileSync(join(folder, 'clang-cl'), ', patched');
  assert.notEqual(identities(await look(compiler, true))[1], before[1]);
});

test('scripts that start each other end as no compiler', async (context) => {
  const { look, compiler, folder } = install(context, 'cl');
  writeFileSync(compiler, `#!/bin/sh\n[ "$1" = --version ] || exec '${folder}/clang' "$@"\n`);
  writeFileSync(join(folder, 'clang'), `#!/bin/sh\n[ "$1" = --version ] || exec '${compiler}' "$@"\n`, {
    mode: 0o755,
  });
  assert.equal((await look()).family, 'cl');
});

test('of many processes that learn a compiler at once one hashes its parts, and the others use its record', async (context) => {
  const { look, compiler, folder } = install(context);
  const record = await look(compiler, true);
  const compilers = join(folder, '../compilers');
  const base = readdirSync(compilers).find((name) => 'folders' in readJson(join(compilers, name))) ?? '';
  const file = join(compilers, base);
  const own = readJson(file) as unknown as CompilerRecord;
  unlinkSync(file);
  const digest = digestOfBytes(Buffer.from('the word of another'));
  let looking: Promise<CompilerRecord> | undefined;
  await withLongFileLock(`${file}.lock`, 1000, async () => {
    looking = look(compiler, true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const files = own.files.map((part) => ({ ...part, digest }));
    writeFileSync(file, JSON.stringify({ ...own, files }));
  });
  const learnt = await looking;
  assert.deepEqual(
    learnt?.files.map((part) => part.path),
    record.files.map((part) => part.path),
  );
  assert.ok(learnt?.files.every((part) => part.digest === digest));
});

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8'));
}
