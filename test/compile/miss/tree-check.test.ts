import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { cutTree } from '../../../src/cache/tree-text.ts';
import { inspectSources } from '../../../src/compile/miss/inspect-sources.ts';
import { reachOf } from '../../../src/compile/miss/tree-check.ts';
import { FileClock, startNow } from '../../../src/files/file-clock.ts';
import type { PathWord } from '../../../src/source/words.ts';
import type { NewArtifactFile } from '../../../src/storage/store.ts';
import { jobOf, type MemoryOptions, MemoryProject } from '../memory-session.ts';

/** A compile of `a.c` and its results. `TREE` in any text is replaced by the folder of the project. */
interface Compiled {
  readonly source?: string;
  readonly header?: string;
  readonly object?: string | Buffer;
  readonly stderr?: string;
  readonly line?: string;
  readonly view?: string;
  readonly textWords?: readonly PathWord[];
  readonly options?: MemoryOptions;
}

/** Why another tree must not get the result of this compile. Undefined if it may. */
async function boundOf(context: TestContext, compiled: Compiled): Promise<string | undefined> {
  const project = new MemoryProject(context, { isBase: true, ...compiled.options });
  const { source = 'int a;\n', header, object = 'object', line = '/c a.c' } = compiled;
  const named = (text: string) => text.replaceAll('TREE', project.folder);
  project.write('a.c', named(source));
  if (header !== undefined) project.write('inc/a.h', named(header));
  writeFileSync(project.path('a.obj'), typeof object === 'string' ? named(object) : object);
  const { view: name = '', stderr, textWords = [] } = compiled;
  const session = project.session(named(line), { arguments: [], name });
  const includes = header === undefined ? [] : [{ path: 'inc/a.h', depth: 1 }];
  const output = { includes, strayNotes: 0, rest: Buffer.alloc(0) };
  const files: NewArtifactFile[] = [{ role: 'object', path: project.path('a.obj') }];
  if (stderr !== undefined) {
    files.push({ role: 'stderr', ...cutTree(session.tree.roots, Buffer.from(named(stderr))) });
  }
  const inspected = { output, clock: new FileClock(startNow()) };
  const sources = inspectSources(session, jobOf(session), inspected);
  const reach = await reachOf(session, { job: jobOf(session), sources, files, output, textWords });
  return reach.kind === 'nobody'
    ? `nobody: ${reach.because}`
    : reach.kind === 'tree'
      ? reach.because
      : undefined;
}

test('a result that names no folder of the tree is shared', async (context) => {
  assert.equal(await boundOf(context, {}), undefined);
  assert.equal(await boundOf(context, { source: '#include "inc/a.h"\n', header: 'int h;\n' }), undefined);
});

test('an object with code that OpenMP may run elsewhere is for nobody', async (context) => {
  const source = '#pragma omp target\n';
  assert.match((await boundOf(context, { source, line: '/c /openmp a.c' })) ?? '', /^nobody: /);
  assert.match(
    (await boundOf(context, { line: '/c /openmp a.c', textWords: ['offload'] })) ?? '',
    /^nobody: /,
  );
  assert.equal(await boundOf(context, { source }), undefined);
});

test('an object that holds the folder of the tree in any form is bound to it', async (context) => {
  for (const object of ['TREE', 'x\0TREE/a.c\0y']) {
    assert.match((await boundOf(context, { object })) ?? '', /a folder of the tree is in the object/);
  }
});

test('the folder of the tree is found where two pieces of a large object meet', async (context) => {
  for (const before of [65_536, 65_530, 1_048_576, 1_048_570]) {
    const object = `${'x'.repeat(before - 9)}TREE`;
    assert.match((await boundOf(context, { object })) ?? '', /in the object/, String(before));
  }
});

test('a path word binds a result if the source has an absolute name', async (context) => {
  const line = '/c TREE/a.c';
  assert.equal(await boundOf(context, { line }), undefined);
  const inSource = { line, source: 'const char *f = __FILE__;\n' };
  assert.match((await boundOf(context, inSource)) ?? '', /__FILE__/);
  const inDefinition = { line: '/DNAME=__FILE__ /c TREE/a.c' };
  assert.match((await boundOf(context, inDefinition)) ?? '', /__FILE__/);
  assert.match((await boundOf(context, { line, textWords: ['file'] })) ?? '', /__FILE__/);
});

test('a name with a hash binds a result of an absolute source, by the rules of its compiler', async (context) => {
  const line = '/c TREE/a.c';
  for (const { family, object, isBound } of [
    { family: 'clang-cl', object: '?A0x1234', isBound: true },
    { family: 'clang-cl', object: '<lambda_1>', isBound: false },
    { family: 'cl', object: '<lambda_1>', isBound: true },
  ] as const) {
    const because = await boundOf(context, { line: `/Z7 ${line}`, object, options: { family } });
    if (isBound) assert.ok(because, `${family} ${object}`);
    const target = '--target=x86_64-pc-windows-msvc';
    if (family === 'cl') continue;
    const found = await boundOf(context, { line: `${target} ${line}`, object, options: { family } });
    assert.equal(/hash in a name/.test(found ?? ''), isBound, `${family} ${object}`);
  }
});

test('an include line that names the tree binds a result', async (context) => {
  const source = '#include "TREE/inc/a.h"\n';
  assert.match((await boundOf(context, { source, header: '' })) ?? '', /spells a path of the tree/);
});

test('messages with a path of the tree are shared, unless a source spells it or they are wrapped', async (context) => {
  const stderr = 'TREE/a.c:1: warning\n';
  assert.equal(await boundOf(context, { stderr }), undefined);
  assert.match((await boundOf(context, { stderr, view: '/clang:-fmessage-length=80' })) ?? '', /wrapped/);
  assert.match((await boundOf(context, { stderr, source: '// TREE\n' })) ?? '', /a\.c spells a path/);
  const inHeader = { stderr, source: '#include "inc/a.h"\n', header: '// TREE\n' };
  assert.match((await boundOf(context, inHeader)) ?? '', /a\.h spells a path/);
  assert.equal(await boundOf(context, { source: '// TREE\n', stderr: 'a.c:1: warning\n' }), undefined);
});

test('only the working folder counts without base directories', async (context) => {
  const options = { isBase: false };
  assert.equal(
    await boundOf(context, { line: '/c TREE/a.c', source: 'char *f = __FILE__;\n', options }),
    undefined,
  );
  assert.match((await boundOf(context, { object: 'TREE', options })) ?? '', /in the object/);
});
