import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type Lookup, lookUp, type Miss } from '../../../src/compile/hit/lookup.ts';
import { compileAndStore } from '../../../src/compile/miss/compile-and-store.ts';
import type { Session } from '../../../src/compile/session.ts';
import { knownNow } from '../../../src/util/later.ts';
import { jobOf, type MemoryOptions, MemoryProject } from '../memory-session.ts';

const LINE = '/c a.c';

/** A project whose only source was compiled once, with two headers. */
async function storedProject(context: TestContext, options?: MemoryOptions): Promise<MemoryProject> {
  const project = new MemoryProject(context, options);
  project.write('a.c', '#include "a.h"\n#include "b.h"\nint a;\n');
  for (const name of ['a.h', 'b.h']) project.write(name, `// ${name}\n`);
  await compileOnce(project.session(LINE));
  assert.equal(project.store.artifacts.size, 1);
  return project;
}

async function compileOnce(session: Session): Promise<void> {
  const lookup = await lookUp(session, jobOf(session));
  assert.ok(lookup.kind === 'miss');
  const outcome = await compileAndStore(session, jobOf(session), lookup);
  assert.ok(outcome.kind === 'compiled' && outcome.stored.kind === 'stored', JSON.stringify(outcome));
}

function lookUpAgain(project: MemoryProject, line = LINE, parts: Partial<Session> = {}): Promise<Lookup> {
  const session = { ...project.session(line), ...parts };
  return lookUp(session, jobOf(session));
}

async function missOf(project: MemoryProject, line = LINE): Promise<Miss> {
  const lookup = await lookUpAgain(project, line);
  assert.ok(lookup.kind === 'miss', lookup.kind);
  return lookup;
}

test('a result that was stored is a hit that writes the object and starts no compiler', async (context) => {
  const project = await storedProject(context);
  const object = readFileSync(project.path('a.obj'));
  rmSync(project.path('a.obj'));
  project.compiler.runs.length = 0;
  assert.equal((await lookUpAgain(project)).kind, 'hit');
  assert.deepEqual(readFileSync(project.path('a.obj')), object);
  assert.deepEqual(project.compiler.runs, []);
});

test('another source, option or compiler is a miss with an unknown key', async (context) => {
  const project = await storedProject(context);
  assert.deepEqual((await missOf(project, '/c /O2 a.c')).because, { kind: 'newKey' });
  const { compiler } = project;
  const other = await lookUpAgain(project, LINE, {
    compiler: { ...compiler, identity: knownNow('another') },
  });
  assert.ok(other.kind === 'miss' && other.because.kind === 'newKey');
  project.write('a.c', 'int other;\n');
  assert.deepEqual((await missOf(project)).because, { kind: 'newKey' });
});

test('a header that changed or vanished makes a miss, and one that is restored a hit again', async (context) => {
  const project = await storedProject(context);
  const path = project.path('b.h');
  project.write('b.h', '// changed\n');
  assert.deepEqual((await missOf(project)).because, { kind: 'header', path });
  rmSync(path);
  assert.deepEqual((await missOf(project)).because, { kind: 'headerGone', path });
  project.write('b.h', '// b.h\n');
  assert.equal((await lookUpAgain(project)).kind, 'hit');
});

test('an evicted result is a miss for that reason, and replaces nothing', async (context) => {
  const project = await storedProject(context);
  project.store.artifacts.clear();
  const { because, damaged } = await missOf(project);
  assert.deepEqual({ because, damaged: damaged.size }, { because: { kind: 'evicted' }, damaged: 0 });
});

test('a result that does not verify is a miss that names the artifact to replace', async (context) => {
  const project = await storedProject(context);
  project.store.damage();
  const { damaged } = await missOf(project);
  assert.deepEqual([...damaged], [...project.store.artifacts.keys()]);
});

test('of several entries the valid one is served, and comes first afterwards', async (context) => {
  const project = await storedProject(context);
  project.write('b.h', '// changed\n');
  await compileOnce(project.session(LINE));
  const [manifest] = project.store.manifests.values();
  project.write('b.h', '// b.h\n');
  assert.equal((await lookUpAgain(project)).kind, 'hit');
  const [after] = project.store.manifests.values();
  assert.deepEqual(after?.entries, manifest?.entries.toReversed());
});

test('an entry of another tree or another view is skipped', async (context) => {
  for (const [part, kind] of [
    [{ binding: 'of another' }, 'otherTree'],
    [{ view: 'in colours' }, 'otherTerminal'],
  ] as const) {
    const project = await storedProject(context);
    for (const [key, { entries }] of project.store.manifests) {
      const changed = entries.map((entry) => ({ ...entry, ...part }));
      project.store.manifests.set(key, { entries: changed as typeof entries });
    }
    assert.deepEqual((await missOf(project)).because, { kind });
  }
});

test('a source that is missing, or an output that is not an ordinary file, is a miss without a key', async (context) => {
  const project = await storedProject(context);
  assert.equal((await missOf(project, '/c missing.c')).keys, undefined);
  rmSync(project.path('a.obj'));
  project.write('a.obj/file', '');
  assert.equal((await missOf(project)).keys, undefined);
  assert.ok(existsSync(project.path('a.obj/file')));
});

test('a broken manifest is a miss, and the user gets the name of the file', async (context) => {
  const project = await storedProject(context);
  project.store.readManifest = async () => ({ kind: 'broken', file: 'manifest.json' });
  assert.deepEqual((await missOf(project)).because, { kind: 'brokenManifest' });
  assert.ok(project.traced.includes('manifest.json was broken'));
});

test('an entry that the folder lacks is requested from further levels', async (context) => {
  const project = await storedProject(context);
  const known = [...project.store.manifests];
  project.store.manifests.clear();
  const asked: string[] = [];
  const store = Object.assign(project.store, {
    refreshManifest: async (
      key: string,
      _: unknown,
      suffices: (manifest: (typeof known)[0][1]) => boolean,
    ) => {
      asked.push(key);
      const manifest = known.find(([other]) => other === key)?.[1];
      return manifest && suffices(manifest) ? manifest : undefined;
    },
  });
  assert.equal((await lookUpAgain(project, LINE, { store })).kind, 'hit');
  assert.deepEqual(
    asked,
    known.map(([key]) => key),
  );
});

test('in preprocessor mode an equal text is a hit, another one a miss that keeps the text', async (context) => {
  const project = await storedProject(context, { isDirect: false });
  assert.equal((await lookUpAgain(project)).kind, 'hit');
  project.write('b.h', '// changed\n');
  const { text } = await missOf(project);
  assert.match(String(text?.output), /changed/);
});

test('in preprocessor mode a preprocessor that fails is the answer', async (context) => {
  const project = await storedProject(context, { isDirect: false });
  project.write('a.c', '#error\n');
  const lookup = await lookUpAgain(project);
  assert.ok(lookup.kind === 'preprocessorFailed');
  assert.equal(lookup.status, 1);
  assert.match(Buffer.from(lookup.stderr).toString(), /^error: #error\nclcache: preprocessor failed\n$/);
});
