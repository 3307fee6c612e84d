import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { compilerAtHand } from '../../../src/compiler/at-hand.ts';
import { type CompilerResult, runCompiler } from '../../../src/compiler/run/run.ts';
import { readTextIfThere } from '../../../src/util/file-stat.ts';
import { memoryCompiler } from '../../compile/memory-compiler.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** Windows has its own tests, with the bridge. */
const NEEDS_SHELL = process.platform === 'win32' ? 'needs a shell' : false;

interface Run {
  readonly result: CompilerResult;
  readonly heard: readonly string[];
  readonly tookMs: number;
}

/** Runs a shell script as a compiler, with a folder of its own for temporary files. */
async function runScript(t: TestContext, script: string, temporary?: string): Promise<Run> {
  const folder = temporaryFolder(t);
  const compiler = join(folder, 'cl');
  writeFileSync(compiler, `#!/bin/sh\n${script}\n`);
  chmodSync(compiler, 0o755);
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary ?? folder;
  t.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  const heard: string[] = [];
  const startedMs = Date.now();
  const call = { compiler, arguments: [], workingDirectory: folder, environment: process.env };
  const result = await runCompiler(call, (bytes) => heard.push(bytes.toString()));
  const tookMs = Date.now() - startedMs;
  assert.deepEqual(readdirSync(folder), ['cl'], 'nothing is left in the folder for temporary files');
  return { result, heard, tookMs };
}

test('both streams and the status are returned unchanged, also megabytes', {
  skip: NEEDS_SHELL,
}, async (t) => {
  const script = 'head -c 5000000 /dev/zero; printf "a\\r\\n\\377" >&2; exit 7';
  const { result } = await runScript(t, script);
  assert.equal(result.status, 7);
  assert.equal(result.stdout.length, 5_000_000);
  assert.deepEqual(result.stderr, Buffer.from('a\r\n\xff', 'latin1'));
});

test('the compiler’s output is received while it runs', { skip: NEEDS_SHELL }, async (t) => {
  const { result, heard } = await runScript(t, 'printf one; sleep 0.3; printf two; sleep 0.3; printf three');
  assert.deepEqual(heard.slice(0, 2), ['one', 'two']);
  assert.equal(result.stdout.toString(), 'onetwothree');
});

test('a program that outlives the compiler and holds its streams open delays nobody', {
  skip: NEEDS_SHELL,
}, async (t) => {
  const { result, tookMs } = await runScript(t, 'sleep 90 & printf done');
  assert.equal(result.stdout.toString(), 'done');
  assert.ok(tookMs < 60_000, `it took ${tookMs} ms`);
});

test('nothing is lost without a folder for temporary files', { skip: NEEDS_SHELL }, async (t) => {
  const missing = '/no/such/folder';
  assert.ok(!existsSync(missing));
  const { result } = await runScript(t, 'printf out; printf err >&2; exit 3', missing);
  assert.deepEqual([result.status, String(result.stdout), String(result.stderr)], [3, 'out', 'err']);
});

test('a program that takes longer than it may is ended with what it started, whatever signals it ignores', {
  skip: NEEDS_SHELL,
}, async (t) => {
  const folder = temporaryFolder(t);
  const compiler = join(folder, 'cl');
  // It writes the number of its child when both are there.
  const script = `trap '' TERM INT HUP\nsleep 1000 &\necho $! > '${folder}/half'\nmv '${folder}/half' '${folder}/child'\nwait`;
  writeFileSync(compiler, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const call = { compiler, arguments: [], workingDirectory: folder, environment: process.env };
  await assert.rejects(
    runCompiler({ ...call, hasNoInput: true, longestMs: 2000 }),
    /the compiler did not answer within 2 s/,
  );
  const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
  // One that has ended may stay in the list until somebody asks for its status.
  const isThere = () => /^State:\t[^ZX]/m.test(readTextIfThere(`/proc/${child}/status`) ?? '');
  for (let round = 0; isThere() && round < 3000; round += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(isThere(), false, 'its child is ended as well');
});

test('a compiler that did not answer a question is not asked another one in the same call', {
  skip: NEEDS_SHELL,
}, async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'cl');
  const script = `echo "$1" >> '${folder}/asked'\n[ "$1" != -v ] || sleep 1000\n`;
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const compiler = compilerAtHand({ ...memoryCompiler(folder), path, environment: process.env }, 1000);
  for (const word of ['-v', '-###']) {
    await assert.rejects(compiler.run([word], { isQuestion: true }), /did not answer within 1 s/);
  }
  assert.equal((await compiler.run(['/c'])).status, 0);
  assert.equal(readFileSync(join(folder, 'asked'), 'utf8'), '-v\n/c\n');
});
