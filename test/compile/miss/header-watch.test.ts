import assert from 'node:assert/strict';
import { linkSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { unpackSearches } from '../../../src/cache/packed-searches.ts';
import { beginCompile, type CompileBeginning } from '../../../src/compile/miss/begin-compile.ts';
import type { FileStates } from '../../../src/compile/miss/file-states.ts';
import { HeaderWatch } from '../../../src/compile/miss/header-watch.ts';
import { inspectSources } from '../../../src/compile/miss/inspect-sources.ts';
import type { Session } from '../../../src/compile/session.ts';
import { stepsOf } from '../../../src/compiler/headers/search-order.ts';
import type { SplitOutput } from '../../../src/compiler/headers/show-includes.ts';
import { jobOf, MemoryProject } from '../memory-session.ts';

const NOTES = 'Note: including file: a.h\nNote: including file:  sub/b.h\nNote: including file:  c.h\n';

interface Watched {
  readonly project: MemoryProject;
  readonly session: Session;
  readonly beginning: CompileBeginning;
  readonly watch: HeaderWatch;
}

/** A compile that has begun, of a source whose only header includes two others. */
function begun(context: TestContext): Watched {
  const project = new MemoryProject(context);
  project.write('a.c', '#include "a.h"\n');
  project.write('a.h', '#include "sub/b.h"\n#include "c.h"\n');
  project.write('sub/b.h', '// b.h\n');
  project.write('c.h', '// c.h\n');
  const session = project.session('/c a.c');
  const beginning = beginCompile(session, jobOf(session));
  return { project, session, beginning, watch: new HeaderWatch(session, jobOf(session), beginning) };
}

/** What the files must be, when the compiler has ended with this output. */
async function statesOf({ session, beginning, watch }: Watched, output: SplitOutput): Promise<FileStates> {
  beginning.clock.setBy([], undefined);
  const inspected = { output, clock: beginning.clock, earlier: watch.inspected };
  return watch.states(inspectSources(session, jobOf(session), inspected));
}

function namesOf({ includes }: SplitOutput): string[] {
  return includes.map(({ depth, path }) => `${depth} ${path}`);
}

test('include notes in pieces are split like those in one piece', async (context) => {
  const whole = `a.c\n${NOTES}rest`;
  for (const size of [1, 7, 30, whole.length]) {
    const { watch } = begun(context);
    for (let at = 0; at < whole.length; at += size) watch.hear(Buffer.from(whole.slice(at, at + size)));
    const output = await watch.end(Buffer.from(whole));
    assert.deepEqual(namesOf(output), ['1 a.h', '2 sub/b.h', '2 c.h']);
    assert.equal(String(output.rest), 'a.c\nrest');
    assert.equal(output.strayNotes, 0);
  }
});

test('output that was not received while the compiler ran is split at its end', async (context) => {
  const { watch } = begun(context);
  watch.hear(Buffer.from(NOTES.slice(0, 40)));
  assert.deepEqual(namesOf(await watch.end(Buffer.from(NOTES))), ['1 a.h', '2 sub/b.h', '2 c.h']);
});

test('output that differs from what was received is split as a whole', async (context) => {
  const { watch } = begun(context);
  watch.hear(Buffer.from(NOTES));
  const output = await watch.end(Buffer.from('Note: including file: c.h\n'));
  assert.deepEqual(namesOf(output), ['1 c.h']);
});

test('headers are inspected while the compiler runs, as soon as their lines are complete', async (context) => {
  const { watch, project } = begun(context);
  for (let at = 0; at < 60; at += 7) watch.hear(Buffer.from(NOTES.slice(at, Math.min(60, at + 7))));
  await watch.end(Buffer.from(NOTES));
  const names = ['a.c', 'a.h', 'sub/b.h'];
  assert.deepEqual(
    [...watch.inspected.keys()],
    names.map((name) => project.path(name)),
  );
});

test('the states of a compile do not depend on when its headers were received', async (context) => {
  const found: unknown[] = [];
  for (const heard of ['', NOTES.slice(0, 30), NOTES]) {
    const watched = begun(context);
    watched.watch.hear(Buffer.from(heard));
    const states = await statesOf(watched, await watched.watch.end(Buffer.from(NOTES)));
    assert.ok(states.kind === 'states');
    const { folder } = watched.project;
    found.push(states.states.map(({ path, state }) => [path.replace(folder, '.'), state]));
  }
  assert.deepEqual(found[0], found[1]);
  assert.deepEqual(found[0], found[2]);
  const [paths, states] = [0, 1].map((index) => (found[0] as string[][]).map((one) => one[index]));
  assert.deepEqual(paths?.slice(0, 3), ['./a.h', './sub/b.h', './c.h']);
  assert.ok(states?.slice(0, 3).every((state) => state?.length === 40));
});

test('a place that was searched before a header must stay empty', async (context) => {
  const watched = begun(context);
  watched.project.write('sub/b.h', '#include "c.h"\n');
  const notes = 'Note: including file: a.h\nNote: including file:  sub/b.h\nNote: including file:   c.h\n';
  watched.watch.hear(Buffer.from(notes));
  const states = await statesOf(watched, await watched.watch.end(Buffer.from(notes)));
  assert.ok(states.kind === 'states');
  const { searches } = unpackSearches(states.searches);
  const places = searches.map(({ name, from, until }) => [
    name,
    ...Array.from(stepsOf(from, until), ({ folder }) => folder),
  ]);
  // Searched as the compiler does it, and without the folders of including files, which decides on a warning.
  const place = ['c.h', watched.project.path('sub')];
  assert.deepEqual(places, [place, place]);
});

test('a file that appears in such a place after it was checked is noticed', async (context) => {
  const watched = begun(context);
  const { project, watch } = watched;
  project.write('a.c', '#include "a.h"\n#include "d.h"\n');
  project.write('a.h', '#include "sub/b.h"\n');
  project.write('sub/b.h', '#include "c.h"\n');
  project.write('d.h', '');
  const paths = [' a.h', '  sub/b.h', '   c.h', ' d.h'];
  const notes = Buffer.from(paths.map((path) => `Note: including file:${path}\n`).join(''));
  watch.hear(notes);
  while (!watch.inspected.has(project.path('d.h'))) await new Promise((resolve) => setImmediate(resolve));
  project.write('sub/c.h', '// found first\n');
  const states = await statesOf(watched, await watch.end(notes));
  assert.equal(states.kind, 'changed');
});

test('a header that is gone when its note arrives removes nothing from the output', async (context) => {
  const { watch, project } = begun(context);
  rmSync(project.path('c.h'));
  watch.hear(Buffer.from(NOTES));
  const output = await watch.end(Buffer.from(NOTES));
  assert.deepEqual(namesOf(output), ['1 a.h', '2 sub/b.h']);
  assert.equal(output.strayNotes, 1);
});

test('a header with two names means that the files do not decide', async (context) => {
  const watched = begun(context);
  const { project } = watched;
  rmSync(project.path('c.h'));
  linkSync(project.path('sub/b.h'), project.path('c.h'));
  const notes = NOTES.split('\n').slice(0, 2).join('\n');
  const states = await statesOf(watched, await watched.watch.end(Buffer.from(`${notes}\n`)));
  assert.equal(states.kind, 'undecided');
});

test('a file that the compiler writes beside its source does not make the headers be searched again', async (context) => {
  const watched = begun(context);
  const { project, watch } = watched;
  const scanned: string[] = [];
  const { inspected } = watch;
  context.mock.method(inspected, 'get', (path: string) => {
    scanned.push(path);
    return Map.prototype.get.call(inspected, path);
  });
  watch.hear(Buffer.from(NOTES));
  while (!inspected.has(project.path('c.h'))) await new Promise((resolve) => setImmediate(resolve));
  const before = scanned.length;
  project.write('a.obj', 'an object');
  const output = await watch.end(Buffer.from(NOTES));
  assert.equal((await statesOf(watched, output)).kind, 'states');
  const after = scanned.length - before;
  project.write('sub/b.h', '// another\n');
  assert.ok(after <= 2 * 4, `${after} texts were looked at again`);
});
