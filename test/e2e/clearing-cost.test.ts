/** What emptying the cache costs and can be counted: system calls. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { executable, run, temporaryFolder } from '../helpers/compilers.ts';

const ENTRIES = 400;
const SECTIONS = ['0a', 'a0'];
/** For one: it goes out of its place, its folder is opened, listed in two calls and removed with two files. */
const CALLS_FOR_AN_ENTRY = 9;
const OTHER_CALLS_AT_MOST = 1500;

test('Emptying a cache looks at no file of an entry, and makes few system calls besides removing it', {
  skip: process.platform !== 'linux' && 'strace is a program of Linux',
}, async (context) => {
  const folder = temporaryFolder(context);
  const layout = layoutOf(join(folder, 'cache'));
  for (let index = 0; index < ENTRIES; index++) {
    const section = SECTIONS[index % SECTIONS.length] ?? '';
    const key = `${section}${String(index).padStart(38, '0')}`;
    for (const path of [
      `${layout.objects}/${section}/${key}/object`,
      `${layout.objects}/${section}/${key}/artifact.json`,
      `${layout.manifests}/${section}/${key}.json`,
    ]) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, '{}');
    }
  }
  const output = join(folder, 'strace.txt');
  const words = ['-f', '-o', output, '-e', 'trace=%file,getdents64,close', executable(), '-C'];
  const { status, stderr } = await run('strace', words, {
    cwd: folder,
    env: { CLCACHE_DIR: layout.cacheDirectory },
  });
  assert.equal(status, 0, stderr.toString());
  const calls = readFileSync(output, 'utf8')
    .split('\n')
    .filter((line) => /^\d+ +\w+\(/.test(line));
  const looks = calls.filter((call) => /stat.*(?:artifact\.json|\/object)"/.test(call));
  assert.deepEqual(looks, []);
  const most = ENTRIES * CALLS_FOR_AN_ENTRY + OTHER_CALLS_AT_MOST;
  context.diagnostic(`${calls.length} calls for ${ENTRIES} entries, ${most} allowed`);
  assert.ok(calls.length <= most, `${calls.length} calls`);
  for (const section of SECTIONS) assert.ok(existsSync(`${layout.objects}/${section}`));
});
