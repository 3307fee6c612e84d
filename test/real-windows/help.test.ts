/** The options that a compiler names itself. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ROOT } from '../../bin/dev/project.ts';
import { unknownOptions } from './help.ts';
import { keep, onEach } from './tools.ts';

const HELP = join(ROOT, 'test/fixtures/model/help.txt');

onEach('each option that cl /? lists is in the table', {}, (t, tools) => {
  const project = tools.project(t, { MODEL_HELP: HELP });
  const { stdout, stderr } = project.bare(['/?']);
  keep(tools, 'cl-help.txt', stdout);
  assert.ok(stdout.split('/').length > 40, stderr);
  // One was put there so that it is seen to be found.
  assert.deepEqual(unknownOptions(stdout), tools.isReal ? [] : ['/Q0model']);
  assert.equal(project.cached(['/?']).stdout, stdout);
});
