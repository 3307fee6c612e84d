import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type JobListener, runJobs } from '../../src/compile/jobs.ts';
import type { JobOutcome } from '../../src/compile/outcome.ts';
import type { Session } from '../../src/compile/session.ts';
import type { Run } from './memory-compiler.ts';
import { type MemoryOptions, MemoryProject } from './memory-session.ts';

function projectOf(context: TestContext, sources: readonly string[], options?: MemoryOptions): MemoryProject {
  const project = new MemoryProject(context, options);
  for (const name of sources) project.write(name, `int ${name.replace('.', '_')};\n`);
  return project;
}

function run(session: Session, onFinished: JobListener['onFinished']): Promise<void> {
  return runJobs(session, { onFinished, onExplained: () => {} });
}

/** The outcomes of a call, as `kind status` for each reported source. */
async function outcomesOf(session: Session, told: string[] = []): Promise<string[]> {
  await run(session, (outcome: JobOutcome) => {
    told.push(outcome.kind === 'hit' ? 'hit' : `${outcome.kind} ${outcome.status}`);
  });
  return told;
}

function sourceOf({ args }: Run): string {
  return args.at(-1) ?? '';
}

/** A promise, and the function that resolves it. */
function gate(): [promise: Promise<undefined>, open: () => void] {
  let open = () => {};
  const promise = new Promise<undefined>((resolve) => {
    open = () => resolve(undefined);
  });
  return [promise, open];
}

/** The sources that the compiler was started on. */
function compiled({ compiler }: MemoryProject): string[] {
  return compiler.runs.map((args) => args.at(-1) ?? '');
}

test('outcomes are reported in the order of the sources, in whatever order the compilers end', async (context) => {
  const project = projectOf(context, ['a.c', 'b.c', 'c.c'], { family: 'cl' });
  const ended: string[] = [];
  const [lastHasEnded, endLast] = gate();
  project.compiler.behaviour = async (run) => {
    if (sourceOf(run) === 'a.c') await lastHasEnded;
    ended.push(sourceOf(run));
    if (sourceOf(run) === 'c.c') endLast();
    return { status: 1, stderr: Buffer.from(sourceOf(run)) };
  };
  const told: string[] = [];
  const session = project.session('/c /MP3 a.c b.c c.c');
  await run(session, ({ stderr }) => told.push(Buffer.from(stderr).toString()));
  assert.deepEqual(told, ['a.c', 'b.c', 'c.c']);
  assert.equal(ended.at(-1), 'a.c');
});

test('as many compilers run at once as the line allows', async (context) => {
  const sources = ['a.c', 'b.c', 'c.c', 'd.c', 'e.c'];
  for (const workers of [1, 2, 3]) {
    const project = projectOf(context, sources, { family: 'cl' });
    let running = 0;
    let most = 0;
    const [allRun, letGo] = gate();
    project.compiler.behaviour = async () => {
      most = Math.max(most, ++running);
      if (running === workers) letGo();
      await allRun;
      running--;
      return undefined;
    };
    await outcomesOf(project.session(`/c /MP${workers} ${sources.join(' ')}`));
    assert.equal(most, workers);
  }
});

test('clang-cl stops after the first source that fails, and cl compiles all', async (context) => {
  for (const [family, expected] of [
    ['clang-cl', ['a.c', 'b.c']],
    ['cl', ['a.c', 'b.c', 'c.c']],
  ] as const) {
    const project = projectOf(context, ['a.c', 'c.c'], { family });
    project.write('b.c', '#error\n');
    const told = await outcomesOf(project.session('/c a.c b.c c.c'));
    assert.deepEqual(compiled(project), expected);
    assert.equal(told.length, expected.length);
    assert.equal(told[1], 'compiled 1');
  }
});

test('clang-cl’s cached sources after one that fails are not served', async (context) => {
  const project = projectOf(context, ['b.c']);
  project.write('a.c', '#error\n');
  await outcomesOf(project.session('/c b.c'));
  assert.deepEqual(await outcomesOf(project.session('/c b.c')), ['hit']);
  assert.deepEqual(await outcomesOf(project.session('/c a.c b.c')), ['compiled 1']);
});

test('cl’s hits after a miss are looked up and restored while its compiler runs', async (context) => {
  const project = projectOf(context, ['a.c', 'b.c', 'c.c'], { family: 'cl' });
  await outcomesOf(project.session('/c b.c c.c'));
  const { store } = project;
  const restore = store.restoreArtifact.bind(store);
  const [bothHit, haveHit] = gate();
  let hits = 0;
  store.restoreArtifact = (...words) => {
    if (++hits === 2) haveHit();
    return restore(...words);
  };
  project.compiler.behaviour = () => bothHit;
  assert.deepEqual(await outcomesOf(project.session('/c a.c b.c c.c')), ['compiled 0', 'hit', 'hit']);
});

test('a cache that does not answer makes the compiler compile every source, and nothing is stored', async (context) => {
  const project = projectOf(context, ['a.c', 'b.c']);
  project.store.failure = new Error('the disk is gone');
  const stored: unknown[] = [];
  await run(project.session('/c a.c b.c'), (outcome) => {
    assert.equal(outcome.kind, 'compiled');
    if (outcome.kind === 'compiled') stored.push(outcome.stored);
  });
  const failed = { kind: 'cacheFailed', error: project.store.failure };
  assert.deepEqual(stored, [failed, failed]);
  assert.deepEqual(compiled(project).sort(), ['a.c', 'b.c']);
});

test('a source of a kind that is not cached is compiled with the others, and never looked up', async (context) => {
  const project = projectOf(context, ['a.c', 'b.ll']);
  for (const first of ['compiled 0', 'hit']) {
    assert.deepEqual(await outcomesOf(project.session('/c a.c b.ll')), [first, 'uncached 0']);
  }
  assert.equal(compiled(project).filter((source) => source === 'b.ll').length, 2);
});

test('a compiler that cannot be started fails the call after the others have ended, and earlier outcomes are reported', async (context) => {
  const project = projectOf(context, ['a.c', 'b.c', 'c.c', 'd.c'], { family: 'cl' });
  const [othersEnded, end] = gate();
  let ended = 0;
  project.compiler.behaviour = async (run) => {
    if (sourceOf(run) === 'b.c') {
      await othersEnded;
      throw new Error('no such program');
    }
    if (++ended === 3) end();
    return undefined;
  };
  const told: string[] = [];
  const session = project.session('/c /MP3 a.c b.c c.c d.c');
  await assert.rejects(outcomesOf(session, told), { message: 'no such program' });
  assert.deepEqual(
    compiled(project).sort(),
    ['a.c', 'b.c', 'b.c', 'c.c', 'd.c'],
    'a failed start is tried again',
  );
  assert.deepEqual(told, ['compiled 0']);
});

test('a hit after a source that was never started is reported at the end, because its object exists', async (context) => {
  const project = projectOf(context, ['b.c', 'c.c', 'd.c']);
  project.write('a.c', '#error\n');
  await outcomesOf(project.session('/c /MP2 d.c'));
  const { store } = project;
  const [isRestored, restored] = gate();
  const [isFirstTold, tellFirst] = gate();
  const restore = store.restoreArtifact.bind(store);
  store.restoreArtifact = (...words) => {
    restored();
    return restore(...words);
  };
  project.compiler.behaviour = (run) => (sourceOf(run) === 'a.c' ? isRestored : isFirstTold);
  project.compiler.runs.length = 0;
  const told: string[] = [];
  await run(project.session('/c /MP2 a.c b.c c.c d.c'), (outcome, { source }) => {
    told.push(`${source} ${outcome.kind}`);
    tellFirst();
  });
  assert.deepEqual(compiled(project).sort(), ['a.c', 'b.c']);
  assert.deepEqual(told, ['a.c compiled', 'b.c compiled', 'd.c hit']);
});

test('all lookups begin at once if another machine may answer', async (context) => {
  const project = projectOf(context, ['a.c', 'b.c', 'c.c'], { family: 'cl' });
  const { store } = project;
  let begun = 0;
  const session = project.session('/c a.c b.c c.c');
  const remote = Object.assign(store, {
    refreshManifest: async () => {
      begun++;
      await new Promise((resolve) => setTimeout(resolve, 2));
      assert.equal(begun, 3);
      return undefined;
    },
  });
  assert.deepEqual(await outcomesOf({ ...session, store: remote }), [
    'compiled 0',
    'compiled 0',
    'compiled 0',
  ]);
  assert.equal(begun, 3);
});
