import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginCompile } from '../../src/compile/miss/begin-compile.ts';
import { inspectSources } from '../../src/compile/miss/inspect-sources.ts';
import { modeOf } from '../../src/compile/mode.ts';
import { FileClock, startNow } from '../../src/files/file-clock.ts';
import { decodeName } from '../../src/util/byte-name.ts';
import { jobOf, MemoryProject } from './memory-session.ts';

for (const { line, isDirect, isByText } of [
  { line: '/c a.c', isDirect: true, isByText: false },
  { line: '/c a.c', isDirect: false, isByText: true },
  { line: '/c /showIncludes a.c', isDirect: true, isByText: false },
  { line: '/c /showIncludes:user a.c', isDirect: true, isByText: true },
  { line: '/c a.S', isDirect: false, isByText: true },
  { line: '/c a.i', isDirect: false, isByText: false },
  { line: '/c a.s', isDirect: false, isByText: false },
]) {
  const mode = isDirect ? 'direct mode' : 'preprocessor mode';
  test(`in ${mode} ${line} is looked up by ${isByText ? 'its preprocessed text' : 'its files'}`, (context) => {
    const session = new MemoryProject(context, { isDirect }).session(line);
    assert.equal(modeOf(session, jobOf(session)), isByText ? 'text' : 'files');
  });
}

test('what is found in a compile turns the mode from files to text', (context) => {
  const project = new MemoryProject(context);
  project.write('a.c', 'int a;\n');
  const session = project.session('/c a.c');
  const job = jobOf(session);
  const output = { includes: [] };
  const sources = inspectSources(session, job, { output, clock: new FileClock(startNow()) });
  const { source, together } = sources;
  const text = { key: source.digest, output: Buffer.alloc(0), beginning: beginCompile(session, job) };
  assert.equal(modeOf(session, job, { sources }), 'files');
  for (const found of [
    { text },
    { showsTime: true },
    { sources: { ...sources, together: { ...together, isVolatile: true } } },
    {
      sources: {
        ...sources,
        headers: [{ ...source, path: decodeName(Buffer.from('/caf\xe9.h', 'latin1')) }],
      },
    },
  ]) {
    assert.equal(modeOf(session, job, found), 'text');
  }
});
