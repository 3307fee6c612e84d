/** The README's workflow for GitHub's cache: read by GitHub's parser, and its shell lines run with a model of that cache. */
import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { executable, run } from '../helpers/compilers.ts';
import { blocksBelow } from '../helpers/readme.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { parsed, stepsOf } from '../helpers/workflows.ts';
import { type Machine, machine } from './machine.ts';

const [WORKFLOW = ''] = blocksBelow("GitHub's cache", 'yaml');

test('GitHub’s parser finds nothing wrong with the README’s workflow, and would find something', async () => {
  assert.deepEqual((await parsed('readme.yml', WORKFLOW)).problems, []);
  for (const [right, wrong] of [
    ['steps.archive.outputs', 'stesp.archive.outputs'],
    ['runner.os', 'runer.os'],
    ['continue-on-error', 'continue-on-errors'],
  ] as const) {
    assert.ok(WORKFLOW.includes(right), right);
    const { problems } = await parsed('readme.yml', WORKFLOW.replace(right, wrong));
    assert.notDeepEqual(problems, [], wrong);
  }
});

test('what is saved is what is restored: the same path, and a key that the next run finds by its beginning', () => {
  const values = (name: string) =>
    [...WORKFLOW.matchAll(new RegExp(`^ +${name}: (.*)$`, 'gm'))].map(([, value = '']) => value);
  const [restored, saved] = values('key');
  assert.equal(restored, saved);
  assert.ok(saved?.startsWith(values('restore-keys')[0] ?? '?'));
  // A key is never written twice, not even if a run is repeated.
  assert.match(saved ?? '', /github\.run_id.*github\.run_attempt/);
  assert.deepEqual(new Set(values('path')), new Set(['clcache.archive']));
});

/** The archives that runs saved, the newest last. */
interface Saved {
  readonly files: string[];
}

/**
 * One run of the workflow in a fresh runner, in which the build compiles these sources: with CMake it is tested elsewhere.
 * Returns what the steps said.
 */
async function runWorkflow(on: Machine, saved: Saved, sources: readonly string[]): Promise<string> {
  const { checkout: cwd, environment } = on;
  const bin = join(cwd, '..', 'bin');
  const github = join(cwd, '..', 'github-env');
  writeFileSync(github, '');
  symlinkSync(join(executable(), '..'), bin);
  const steps = stepsOf((await parsed('readme.yml', WORKFLOW)).template);
  const said: string[] = [];
  let isMatched = false;
  for (const { step } of steps) {
    const condition = String(step.if ?? '');
    if (condition.includes('cache-matched-key') && !isMatched) continue;
    const uses = 'uses' in step ? String(step.uses) : '';
    const [newest] = saved.files.slice(-1);
    if (uses.startsWith('actions/cache/restore@') && newest !== undefined) {
      copyFileSync(newest, join(cwd, 'clcache.archive'));
      isMatched = true;
    }
    if (uses.startsWith('actions/cache/save@')) {
      const file = join(cwd, '..', 'saved');
      copyFileSync(join(cwd, 'clcache.archive'), file);
      saved.files.push(file);
    }
    if (!('run' in step) || String(step.run).startsWith('npm install')) continue;
    const known = readFileSync(github, 'utf8')
      .split('\n')
      .filter((line) => line.includes('='));
    const env = {
      ...environment,
      ...Object.fromEntries(known.map((line) => line.split(/=(.*)/s).slice(0, 2))),
      GITHUB_ENV: github,
      PATH: `${bin}:${process.env['PATH']}`,
    };
    const script = String(step.run)
      .replaceAll(/^ *cmake -S .*$/gm, 'test -f "$module"')
      .replaceAll(/^ *cmake --build .*$/gm, '');
    const { status, stdout, stderr } = await run(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
      { cwd, env },
    );
    said.push(`${stdout}${stderr}`);
    assert.ok(status === 0 || step['continue-on-error'], `${script}: ${stderr}`);
    if (script !== String(step.run)) await on.compile(...sources);
  }
  return said.join('\n');
}

test('the first run imports nothing, a later one hits on another runner, and archives hold what their build used', async (t) => {
  const saved: Saved = { files: [] };
  const [first, second, third] = [machine(t, {}), machine(t, {}), machine(t, {})];
  assert.match(await runWorkflow(first, saved, ['one', 'two']), /Exported 2 entries and 2 manifests/);
  assert.ok(!existsSync(join(second.checkout, 'clcache.archive')));

  const said = await runWorkflow(second, saved, ['one']);
  assert.match(said, /Imported 2 entries and 2 manifests/);
  const { CacheHits, CacheMisses } = await second.statistics();
  assert.deepEqual([CacheHits, CacheMisses, second.object('one')], [1, 0, first.object('one')]);
  assert.match(said, /Exported 1 entries and 1 manifests/);

  // An archive that is of no use, as after an update, fails its step and not the build.
  writeFileSync(saved.files[1] ?? '', 'another format');
  appendFileSync(saved.files[1] ?? '', Buffer.alloc(100));
  assert.match(await runWorkflow(third, saved, ['one']), /is not an archive of clcache/);
  assert.equal((await third.statistics()).CacheMisses, 1);
  assert.equal(saved.files.length, 3);
});

test('an archive that one run signed is imported by the next, which trusts its key', async (t) => {
  const keys = temporaryFolder(t);
  await machine(t, {}).own('--make-key', `${keys}/ci`);
  const saved: Saved = { files: [] };
  const ci = { CLCACHE_REMOTE_SIGN: `${keys}/ci` };
  await runWorkflow(machine(t, ci), saved, ['one']);
  const reader = machine(t, { ...ci, CLCACHE_REMOTE_TRUST: `${keys}/ci.pub` });
  await runWorkflow(reader, saved, ['one']);
  assert.equal((await reader.statistics()).CacheHits, 1);
});
