import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { lookUp } from '../../../src/compile/hit/lookup.ts';
import {
  compileAndStore,
  compileOnly,
  compileUncached,
} from '../../../src/compile/miss/compile-and-store.ts';
import type { CompiledOutcome, HitOutcome } from '../../../src/compile/outcome.ts';
import { foundLater } from '../../../src/util/later.ts';
import { compile, type Run } from '../memory-compiler.ts';
import { jobOf, type MemoryOptions, MemoryProject } from '../memory-session.ts';

/** A source with one header, in a project where nothing is stored yet. */
function newProject(context: TestContext, options?: MemoryOptions): MemoryProject {
  const project = new MemoryProject(context, options);
  project.write('a.c', '#include "a.h"\nint a;\n');
  project.write('a.h', '// a.h\n');
  return project;
}

async function compileMiss(project: MemoryProject, line = '/c a.c'): Promise<CompiledOutcome | HitOutcome> {
  const session = project.session(line);
  const lookup = await lookUp(session, jobOf(session));
  assert.ok(lookup.kind === 'miss', lookup.kind);
  return compileAndStore(session, jobOf(session), lookup);
}

/** `stored`, or the reason why a miss was not stored. */
async function fateOf(project: MemoryProject, line?: string): Promise<string> {
  const outcome = await compileMiss(project, line);
  if (outcome.kind === 'hit') return 'hit';
  return outcome.stored.kind === 'notStored' ? outcome.stored.because : outcome.stored.kind;
}

/** Runs the compiler, and `happens` while it runs. */
function meanwhile(project: MemoryProject, happens: (run: Run) => void): void {
  project.compiler.behaviour = async (run) => {
    const result = compile(project.folder, run.args);
    happens(run);
    return result;
  };
}

async function isHit(project: MemoryProject, line = '/c a.c'): Promise<boolean> {
  const session = project.session(line);
  return (await lookUp(session, jobOf(session))).kind === 'hit';
}

test('a miss is stored with its object and streams, and the next lookup is a hit with the same', async (context) => {
  const project = newProject(context);
  project.compiler.behaviour = async ({ args }) => ({
    ...compile(project.folder, args),
    stderr: Buffer.from('a warning\n'),
  });
  const outcome = await compileMiss(project);
  assert.ok(outcome.kind === 'compiled');
  assert.ok(outcome.stored.kind === 'stored', JSON.stringify(outcome.stored));
  assert.equal(outcome.stored.growth.entries, 1);
  const object = readFileSync(project.path('a.obj'));
  rmSync(project.path('a.obj'));
  const session = project.session('/c a.c');
  const hit = await lookUp(session, jobOf(session));
  assert.ok(hit.kind === 'hit');
  assert.deepEqual(
    { stdout: String(Buffer.from(hit.stdout)), stderr: String(Buffer.from(hit.stderr)) },
    { stdout: '', stderr: 'a warning\n' },
  );
  assert.deepEqual(readFileSync(project.path('a.obj')), object);
});

test('include notes are shown if the user asked for them, and hidden if clcache did, on a hit and on a miss', async (context) => {
  const project = newProject(context);
  const notes = 'Note: including file: a.h\n';
  for (const [line, expected] of [
    ['/c a.c', ''],
    ['/c /showIncludes a.c', notes],
  ] as const) {
    const outcome = await compileMiss(project, line);
    assert.equal(Buffer.from(outcome.stdout).toString(), expected);
    assert.ok(project.compiler.runs.at(-1)?.includes('/showIncludes'));
    const session = project.session(line);
    const hit = await lookUp(session, jobOf(session));
    assert.ok(hit.kind === 'hit');
    assert.equal(Buffer.from(hit.stdout).toString(), expected);
  }
});

test('a compile that fails has the compiler’s status and streams, and is not stored', async (context) => {
  const project = newProject(context);
  project.compiler.behaviour = async () => ({ status: 2, stderr: Buffer.from('error\n') });
  const outcome = await compileMiss(project);
  assert.ok(outcome.kind === 'compiled');
  assert.deepEqual(
    [outcome.status, String(outcome.stderr), outcome.stored.kind],
    [2, 'error\n', 'compileFailed'],
  );
  assert.equal(project.store.artifacts.size, 0);
});

test('a file that changed while the compiler ran keeps the result from being stored', async (context) => {
  for (const [name, because] of [
    ['a.c', /a\.c changed while the compiler ran/],
    ['a.h', /a\.h changed while the compiler ran/],
  ] as const) {
    const project = newProject(context);
    meanwhile(project, () => writeFileSync(project.path(name), 'int other;\n'));
    assert.match(await fateOf(project), because);
    assert.equal(project.store.artifacts.size, 0);
  }
});

test('a header that appears before the one that was read keeps the result from being stored', async (context) => {
  const project = newProject(context);
  project.write('sub/b.h', '// b.h\n');
  project.write('a.c', '#include "sub/b.h"\n');
  project.write('sub/b.h', '#include "a.h"\n');
  meanwhile(project, () => project.write('sub/a.h', '// found first\n'));
  assert.match(await fateOf(project), /sub.*(?:appeared|moved|changed|became)/);
});

test('a folder of headers that was replaced while the compiler ran keeps the result from being stored', async (context) => {
  const project = newProject(context);
  for (const folder of ['one', 'two']) project.write(`${folder}/a.h`, `// ${folder}\n`);
  project.write('a.c', '#include "inc/a.h"\n');
  symlinkSync('one', project.path('inc'));
  meanwhile(project, () => {
    rmSync(project.path('inc'));
    symlinkSync('two', project.path('inc'));
  });
  assert.match(await fateOf(project, '/c /Iinc a.c'), /inc became another one while the compiler ran/);
});

test('a result is served only while the places before its headers stay empty', async (context) => {
  const project = newProject(context);
  project.write('a.c', '#include "sub/b.h"\n');
  project.write('sub/b.h', '#include "a.h"\n');
  assert.equal(await fateOf(project), 'stored');
  assert.equal(await isHit(project), true);
  project.write('sub/a.h', '// found first\n');
  assert.equal(await isHit(project), false);
});

test('an output that is missing or empty keeps the result from being stored', async (context) => {
  const project = newProject(context);
  project.compiler.behaviour = async () => ({});
  assert.match(await fateOf(project), /did not write .*a\.obj/);
  meanwhile(project, () => writeFileSync(project.path('a.obj'), ''));
  assert.match(await fateOf(project), /a\.obj is empty/);
});

test('an include note of a missing file keeps the result from being stored', async (context) => {
  const project = newProject(context);
  project.compiler.behaviour = async ({ args }) => ({
    ...compile(project.folder, args),
    stdout: Buffer.from('Note: including file: nowhere.h\n'),
  });
  assert.match(await fateOf(project), /names no file/);
});

test('a cl that reports no header of a source with includes keeps the result from being stored', async (context) => {
  const project = newProject(context, { family: 'cl' });
  project.compiler.behaviour = async ({ args }) => {
    compile(project.folder, args);
    return { stdout: Buffer.from('a.c\r\n') };
  };
  assert.match(await fateOf(project), /reported no header/);
});

test('a source with a time macro is looked up by its preprocessed text afterwards', async (context) => {
  const project = newProject(context);
  project.write('a.c', 'const char *t = __TIME__;\n');
  assert.equal(await fateOf(project), 'stored');
  const [manifest] = project.store.manifests.values();
  assert.equal(manifest?.entries[0]?.volatile, true);
  assert.equal(await isHit(project), true);
  assert.ok(project.compiler.runs.at(-1)?.includes('/E'), 'its text was asked for');
});

test('a time macro whose text changed meanwhile keeps the result from being stored', async (context) => {
  const project = newProject(context);
  project.write('a.c', 'const char *t = __TIME__;\n');
  let second = 0;
  project.compiler.behaviour = async ({ args }) =>
    args.includes('/E') ? { stdout: Buffer.from(`const char *t = "12:00:0${second++}";\n`) } : undefined;
  assert.match(await fateOf(project), /went on/);
});

test('a damaged artifact is replaced by the result of its miss, and served afterwards', async (context) => {
  const project = newProject(context);
  await compileMiss(project);
  project.store.damage();
  const outcome = await compileMiss(project);
  assert.ok(outcome.kind === 'compiled');
  assert.equal(outcome.damaged, 1);
  assert.equal(await isHit(project), true);
});

test('a store that fails leaves the compiler’s answer unchanged, and reports the failure', async (context) => {
  const project = newProject(context);
  meanwhile(project, () => {
    project.store.failure = new Error('full');
  });
  const outcome = await compileMiss(project);
  assert.ok(outcome.kind === 'compiled');
  assert.equal(outcome.status, 0);
  assert.deepEqual(outcome.stored, { kind: 'cacheFailed', error: project.store.failure });
});

test('a compiler that cannot be started rejects', async (context) => {
  const project = newProject(context);
  project.compiler.behaviour = async () => {
    throw new Error('no such program');
  };
  await assert.rejects(compileMiss(project), { message: 'no such program' });
});

test('a source that is not cached is compiled with its own arguments, and nothing is stored', async (context) => {
  const project = newProject(context);
  const session = project.session('/c a.c');
  const job = jobOf(session);
  const uncached = await compileUncached(session, job);
  assert.deepEqual([uncached.kind, uncached.status], ['uncached', 0]);
  const missed = {
    kind: 'miss',
    because: { kind: 'cacheFailed', because: 'no' },
    keys: undefined,
    text: undefined,
  } as const;
  const failure = new Error('no');
  const only = await compileOnly(session, job, { ...missed, damaged: new Set(), failure });
  assert.deepEqual(only.stored, { kind: 'cacheFailed', error: failure });
  assert.deepEqual(project.compiler.runs, [[...job.compilerArguments], [...job.compilerArguments]]);
  assert.equal(project.store.artifacts.size, 0);
});

/** A line whose object records its options, so that none may be added. */
const RECORDED = '/c --target=x86_64-pc-windows-msvc /Z7 a.c';

test('headers of an object that records its options are listed by a run of their own', async (context) => {
  const project = newProject(context);
  assert.equal(await fateOf(project, RECORDED), 'stored');
  const compiles = project.compiler.runs.filter((args) => !args.includes('-Eonly'));
  assert.deepEqual([project.compiler.runs.length, compiles.length], [2, 1]);
  assert.equal(compiles[0]?.includes('/showIncludes'), false);
  assert.equal(await isHit(project, RECORDED), true);
  project.write('a.h', '// changed\n');
  assert.equal(await isHit(project, RECORDED), false);
});

test('a result whose headers could not be listed is not stored, and the compiler’s answer stands', async (context) => {
  for (const list of [
    async () => ({ status: 1 }),
    async () => {
      throw new Error('no such program');
    },
  ]) {
    const project = newProject(context);
    project.compiler.behaviour = async ({ args }) => (args.includes('-Eonly') ? list() : undefined);
    const outcome = await compileMiss(project, RECORDED);
    assert.ok(outcome.kind === 'compiled');
    assert.equal(outcome.status, 0);
    assert.deepEqual(outcome.stored, { kind: 'notStored', because: 'the headers could not be listed' });
  }
});

test('a part of the compiler or a file of an option that changes meanwhile keeps the result out of the cache', async (context) => {
  for (const [name, because] of [
    ['c1.dll', /c1\.dll, a part of the compiler, changed/],
    ['list.txt', /list\.txt changed while the compiler ran/],
  ] as const) {
    const project = newProject(context);
    for (const file of ['c1.dll', 'list.txt']) project.write(file, 'before');
    const session = project.session('/c a.c');
    const { size, mtimeMs, ctimeMs, ino: inode } = statSync(project.path('c1.dll'));
    const part = { path: project.path('c1.dll'), size, mtimeMs, ctimeMs, inode };
    const record = { ...session.compiler.record, files: [part] };
    const call = { ...session.request.call, inputFiles: ['list.txt'] };
    const changed = {
      ...session,
      compiler: { ...session.compiler, record },
      request: { ...session.request, call },
    };
    const lookup = await lookUp(changed, jobOf(changed));
    assert.ok(lookup.kind === 'miss');
    meanwhile(project, () => writeFileSync(project.path(name), 'after'));
    const outcome = await compileAndStore(changed, jobOf(changed), lookup);
    assert.ok(outcome.kind === 'compiled' && outcome.stored.kind === 'notStored');
    assert.match(outcome.stored.because, because);
  }
});

test('a compiler that was not met before compiles before its files are hashed, and its result is found by their digest', async (context) => {
  const project = newProject(context);
  const session = project.session('/c a.c');
  const events: string[] = [];
  const identity = foundLater(async () => {
    events.push('hashed');
    await new Promise((resolve) => setImmediate(resolve));
    return project.compiler.identity.get();
  });
  meanwhile(project, () => events.push('compiled'));
  const first = { ...session, compiler: { ...session.compiler, identity } };
  const lookup = await lookUp(first, jobOf(first));
  assert.ok(lookup.kind === 'miss');
  assert.deepEqual(events, []);
  const outcome = await compileAndStore(first, jobOf(first), lookup);
  assert.ok(outcome.kind === 'compiled' && outcome.stored.kind === 'stored');
  assert.deepEqual(events, ['compiled', 'hashed']);
  assert.equal(await isHit(project), true);
});

test('a compiler that cannot be hashed gives its result, which is not stored', async (context) => {
  const project = newProject(context);
  const session = project.session('/c a.c');
  const identity = foundLater(() => Promise.reject(new Error('it is gone')));
  const first = { ...session, compiler: { ...session.compiler, identity } };
  const lookup = await lookUp(first, jobOf(first));
  assert.ok(lookup.kind === 'miss');
  const outcome = await compileAndStore(first, jobOf(first), lookup);
  assert.ok(outcome.kind === 'compiled' && outcome.stored.kind === 'cacheFailed');
  assert.equal(outcome.status, 0);
});

test('a source with a pragma that reads a file is not stored', async (context) => {
  const project = newProject(context);
  project.write('a.c', '#pragma GCC dependency "a.h"\nint a;\n');
  assert.match(await fateOf(project), /a pragma that reads a file/);
});

test('a listing repeats comments, so it is not stored by a text that has none', async (context) => {
  const project = newProject(context, { isDirect: false });
  meanwhile(project, () => writeFileSync(project.path('a.asm'), '; a comment'));
  assert.match(await fateOf(project, '/c /FA a.c'), /a listing repeats comments/);
});

test('a result is not stored if clang does not say where it searches, and is stored when it says so', async (context) => {
  const project = newProject(context);
  project.write('inc/b.h', '');
  const { compiler } = project;
  const { searchLists } = compiler;
  const silent = () => Promise.reject(new Error('no answer in time'));
  // A list without a folder of the line is another one than that of the compile.
  for (const answer of [silent, () => 'no list', () => searchLists([])]) {
    compiler.searchLists = answer;
    const outcome = await compileMiss(project, '/c /Iinc a.c');
    assert.ok(outcome.kind === 'compiled');
    assert.deepEqual([outcome.status, outcome.stored.kind], [0, 'cacheFailed']);
  }
  compiler.searchLists = searchLists;
  assert.equal(await fateOf(project, '/c /Iinc a.c'), 'stored');
});

test('a folder of the line may be in clang’s list under another name, or not be there at all', async (context) => {
  const project = newProject(context);
  project.write('inc/b.h', '');
  symlinkSync('inc', project.path('link'));
  const { searchLists } = project.compiler;
  // clang names a folder once.
  project.compiler.searchLists = () => searchLists(['/Iinc']);
  assert.equal(await fateOf(project, '/c /Iinc /Ilink /Inone /I./inc/. a.c'), 'stored');
});

test('a result is not stored if the compiler is another one after the compile', async (context) => {
  const project = newProject(context);
  project.compiler.isStillSame = async () => false;
  assert.match(await fateOf(project), /the compiler, or what it starts or loads, changed/);
  project.compiler.isStillSame = async () => true;
  assert.equal(await fateOf(project), 'stored');
});
