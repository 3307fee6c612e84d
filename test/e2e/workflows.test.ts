/** The workflows of GitHub, read by GitHub's own parser, and their shell lines as far as they can run here. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { succeed } from '../helpers/cmake-builds.ts';
import { run, temporaryFolder } from '../helpers/compilers.ts';
import { parsed, stepsOf } from '../helpers/workflows.ts';

const FOLDER = join(ROOT, '.github/workflows');
const NAMES = readdirSync(FOLDER);
const skip = process.platform === 'win32' && 'gh is a script here';

/** What a workflow may do beyond reading, job by job, and the secrets that it uses, in the order of its lines. */
const MORE_RIGHTS: Readonly<Record<string, { rights: readonly string[]; secrets: readonly string[] }>> = {
  'release.yml': {
    rights: [
      ...['contents: read', 'actions: read'],
      ...['contents: read', 'id-token: write', 'attestations: write'],
      ...['contents: write', 'id-token: write'],
    ],
    secrets: ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'NPM_TOKEN'],
  },
};

/** The scripts of a workflow's steps. */
async function scriptsOf(name: string) {
  const { template } = await parsed(name, readFileSync(join(FOLDER, name), 'utf8'));
  return stepsOf(template).flatMap(({ step, shell }) =>
    'run' in step ? [{ shell, text: String(step.run) }] : [],
  );
}

for (const name of NAMES) {
  test(`GitHub's parser finds nothing wrong with ${name}`, async () => {
    const { problems, template } = await parsed(name, readFileSync(join(FOLDER, name), 'utf8'));
    assert.deepEqual(problems, []);
    assert.ok(stepsOf(template).length > 3);
  });

  test(`${name} may do what it is for and nothing else, pins each action, and ends in time`, async () => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    assert.match(text, /^permissions:\n {2}contents: read\n\n/m);
    const { rights = [], secrets = [] } = MORE_RIGHTS[name] ?? {};
    const given = [...text.matchAll(/^ {4}permissions:\n((?: {6}.*\n)+)/gm)].flatMap(([, block = '']) =>
      block.trim().split(/\s*\n\s*/),
    );
    assert.deepEqual(given, rights);
    assert.deepEqual(
      [...text.matchAll(/secrets\.(\w+)/g)].map(([, secret]) => secret),
      secrets,
    );
    assert.match(text, /^concurrency:\n/m);
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, what = '']) => what);
    assert.ok(uses.length > 0);
    for (const what of uses) assert.match(what, /^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    assert.equal([...text.matchAll(/runs-on:/g)].length, [...text.matchAll(/timeout-minutes:/g)].length);
  });

  test(`the shell lines of ${name} are words of bash`, async () => {
    const scripts = await scriptsOf(name);
    assert.ok(scripts.length > 1);
    for (const { text } of scripts.filter(({ shell }) => shell === 'bash'))
      succeed(await run('bash', ['-n', '-c', text]));
  });
}

test('the line of both test workflows that prints versions runs here', async () => {
  const [line = '', other] = await Promise.all(
    ['ci.yml', 'windows.yml'].map(async (name) => {
      const scripts = await scriptsOf(name);
      return scripts.find(({ text }) => text.includes('versions'))?.text;
    }),
  );
  assert.equal(line, other);
  const said = succeed(await run('bash', ['-e', '-c', line], { cwd: ROOT }));
  assert.match(said, /^node: v\d+/m);
  assert.match(said, /^cmake: (?:cmake version \d|not there)/m);
});

test('a release is built only of a commit on which both other workflows have passed', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const script = (await scriptsOf('release.yml')).find(({ text }) => text.includes('gh run list'));
  const asked = async (passed: Readonly<Record<string, number>>) => {
    const answers = Object.entries(passed).map(([name, count]) => `*" ${name} "*) echo ${count};;`);
    writeFileSync(join(folder, 'gh'), `#!/bin/sh\ncase "$*" in ${answers.join(' ')} esac\n`, { mode: 0o755 });
    const env = { GITHUB_SHA: 'abc', PATH: `${folder}:${process.env['PATH']}` };
    const { status, stdout } = await run('bash', ['-e', '-c', script?.text ?? ''], { env });
    return [status, String(stdout)];
  };
  assert.deepEqual(await asked({ 'ci.yml': 1, 'windows.yml': 2 }), [0, '']);
  for (const [ci, windows, missing] of [
    [0, 1, 'ci.yml'],
    [1, 0, 'windows.yml'],
  ] as const) {
    const said = `::error::${missing} has not passed on abc\n`;
    assert.deepEqual(await asked({ 'ci.yml': ci, 'windows.yml': windows }), [1, said]);
  }
});

test('the executables are published on npm before the package that names them, and only what is not there yet', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const script = (await scriptsOf('release.yml')).find(({ text }) => text.includes('npm publish'));
  const published = async (env: Readonly<Record<string, string>>) => {
    const answers =
      '*" get registry") echo https://npm.test/;; "view @clcache/win32-x64@6.7.8"*) echo $THERE;; view*) exit 1;;';
    writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho "$*" >> calls\ncase "$*" in ${answers} esac\n`, {
      mode: 0o755,
    });
    writeFileSync(join(folder, 'calls'), '');
    const all = { GITHUB_REF_NAME: 'v6.7.8', PATH: `${folder}:${process.env['PATH']}`, ...env };
    const said = succeed(
      await run('bash', ['-eo', 'pipefail', '-c', script?.text ?? ''], { cwd: folder, env: all }),
    );
    const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n');
    return { said, calls: calls.filter((line) => /^(?:publish|config set)/.test(line)) };
  };
  const token = 'config set //npm.test/:_authToken=secret';
  const publish = (name: string) => `publish dist/packages/${name}-6.7.8.tgz --provenance --access public`;
  assert.deepEqual((await published({ NPM_TOKEN: 'secret' })).calls, [
    token,
    ...['clcache-linux-x64', 'clcache-win32-x64', 'clcache'].map(publish),
  ]);
  assert.deepEqual((await published({ NPM_TOKEN: 'secret', THERE: '6.7.8' })).calls, [
    token,
    ...['clcache-linux-x64', 'clcache'].map(publish),
  ]);
  const { said, calls } = await published({ NPM_TOKEN: '' });
  assert.deepEqual([said, calls], ['::warning::no NPM_TOKEN: npm gets no packages\n', []]);
});

test('the parser finds a wrong key, a wrong expression and a missing job', async () => {
  const text = readFileSync(join(FOLDER, 'ci.yml'), 'utf8');
  for (const [right, wrong] of [
    ['timeout-minutes:', 'timeout-minute:'],
    ['github.event_name ==', 'github.event_name = '],
    ['runs-on: ', 'needs: nothing\n    runs-on: '],
  ] as const) {
    assert.ok(text.includes(right));
    assert.notDeepEqual((await parsed('ci.yml', text.replace(right, wrong))).problems, [], wrong);
  }
});
