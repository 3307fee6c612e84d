import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preprocessorArguments } from '../../../src/commandline/meaning/preprocess.ts';
import { CL, onlyJob } from '../hosts.ts';

test('The preprocessor gets the options of the job without its outputs and include notes, warnings off', () => {
  const job = onlyJob('/c /WX /we4668 /DX /showIncludes /FA /Foout\\ /Tpa.x', CL);
  assert.deepEqual(preprocessorArguments(job, 'EP'), [
    '/WX',
    '/DX',
    '/nologo',
    '/EP',
    '/w',
    '/WX-',
    '/Tpa.x',
  ]);
  assert.ok(preprocessorArguments(job, 'E').includes('/E'));
});
