/** How `npm test` runs test files one after the other in a process. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { run, temporaryFolder } from '../helpers/compilers.ts';
import { fixtureProgram } from '../helpers/fixture-program.ts';

test('a test that never ends fails, is named, and keeps neither the next test file nor the end of its process', async (t) => {
  const folder = temporaryFolder(t);
  const write = (name: string, body: string) => {
    const path = `${folder}/${name}.mjs`;
    writeFileSync(path, `import { test } from 'node:test';\n${body}\n`);
    return pathToFileURL(path).href;
  };
  const urls = [
    write('first', "test('never ends', () => new Promise(() => setInterval(() => {}, 1000)));"),
    write('second', "test('ends', () => {});"),
  ];
  const words = [fixtureProgram('take-turns.ts'), folder, ...urls];
  // Node.js gives it to the processes of its test runner, which write for that and not for people.
  const env = { NODE_TEST_CONTEXT: undefined };
  const { status, stdout, stderr } = await run(process.execPath, words, { env });
  assert.equal(status, 1);
  assert.match(String(stdout), /not ok \d+ - never ends\b/);
  assert.match(String(stdout), /not ok \d+ - file 1\b/);
  assert.match(String(stdout), /^ *ok \d+ - ends\b/m);
  assert.match(String(stderr), /^a test left something behind, .*\bTimeout\n$/);
});
