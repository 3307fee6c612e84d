import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modeOf } from '../../src/compile/mode.ts';
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
