/** The workflows of GitHub, read by GitHub's own parser, and their shell lines as far as they can run here. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
  type WorkflowTemplate,
} from '@actions/workflow-parser';
import { ROOT } from '../../bin/dev/project.ts';
import { succeed } from '../helpers/cmake-builds.ts';
import { run } from '../helpers/compilers.ts';

const FOLDER = join(ROOT, '.github/workflows');
const NAMES = readdirSync(FOLDER);

/** A workflow as GitHub's parser has it, and what the parser says is wrong with it. */
async function parsed(name: string, content: string) {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value === undefined) return { problems: context.errors.getErrors().map(String), template: undefined };
  const template: WorkflowTemplate = await convertWorkflowTemplate(context, value);
  return { problems: context.errors.getErrors().map(String), template };
}

/** Every step of a workflow, with the shell that runs it. */
function stepsOf(template: WorkflowTemplate | undefined) {
  const jobs = (template?.jobs ?? []).filter((job) => job.type === 'job');
  return jobs.flatMap((job) =>
    job.steps.map((step) => {
      const onWindows = String(job['runs-on']).includes('matrix.os');
      const shell = 'shell' in step && step.shell !== undefined ? String(step.shell) : undefined;
      return { step, shell: shell ?? (onWindows ? 'pwsh' : 'bash') };
    }),
  );
}

for (const name of NAMES) {
  test(`GitHub's parser finds nothing wrong with ${name}`, async () => {
    const { problems, template } = await parsed(name, readFileSync(join(FOLDER, name), 'utf8'));
    assert.deepEqual(problems, []);
    assert.ok(stepsOf(template).length > 3);
  });

  test(`${name} may read and nothing else, has no secrets, pins each action, and ends in time`, async () => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    assert.match(text, /^permissions:\n {2}contents: read\n\n/m);
    assert.equal([...text.matchAll(/permissions:/g)].length, 1);
    assert.doesNotMatch(text, /secrets\b/);
    assert.match(text, /^concurrency:\n/m);
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, what = '']) => what);
    assert.ok(uses.length > 0);
    for (const what of uses) assert.match(what, /^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    assert.equal([...text.matchAll(/runs-on:/g)].length, [...text.matchAll(/timeout-minutes:/g)].length);
  });

  test(`the shell lines of ${name} are words of bash, and what prints versions runs here`, async () => {
    const { template } = await parsed(name, readFileSync(join(FOLDER, name), 'utf8'));
    const scripts = stepsOf(template).flatMap(({ step, shell }) =>
      'run' in step ? [{ shell, text: step.run.toDisplayString() }] : [],
    );
    assert.ok(scripts.length > 1);
    for (const { text } of scripts.filter(({ shell }) => shell === 'bash'))
      succeed(await run('bash', ['-n', '-c', text]));
    const versions = scripts.find(({ text }) => text.includes('versions'));
    const said = succeed(await run('bash', ['-e', '-c', versions?.text ?? 'false'], { cwd: ROOT }));
    assert.match(said, /^node: v\d+/m);
    assert.match(said, /^cmake: (?:cmake version \d|not there)/m);
  });
}

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
