import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsText } from '../../src/compile/lookup.ts';
import { jobOf, MemoryProject } from './memory-session.ts';

for (const { line, direct, isByText } of [
  { line: '/c a.c', direct: true, isByText: false },
  { line: '/c a.c', direct: false, isByText: true },
  { line: '/c /showIncludes a.c', direct: true, isByText: false },
  { line: '/c /showIncludes:user a.c', direct: true, isByText: true },
  { line: '/c a.S', direct: false, isByText: true },
  { line: '/c a.i', direct: false, isByText: false },
  { line: '/c a.s', direct: false, isByText: false },
]) {
  const mode = direct ? 'direct mode' : 'preprocessor mode';
  test(`in ${mode} ${line} is looked up by ${isByText ? 'its preprocessed text' : 'its files'}`, (context) => {
    const session = new MemoryProject(context, { config: { direct } }).session(line);
    assert.equal(needsText(session, jobOf(session)), isByText);
  });
}
