/** The packages of npm that hold the executables, in the two places that know them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { EXECUTABLES } from '../../bin/dev/build-exe.ts';
import { PLATFORMS, scoped } from '../../bin/dev/build-npm.ts';
import { ROOT } from '../../bin/dev/project.ts';

test('npm’s command starts the executable of each package on each system that npm installs it for, and no other', () => {
  const script = readFileSync(join(ROOT, 'bin/clcache.js'), 'utf8');
  const [, table = ''] = /^const EXECUTABLES = \{\n(.*?)^\};$/ms.exec(script) ?? [];
  const started = table
    .trim()
    .split('\n')
    .map((row) => /^\s*'(\S+ \S+)': '(\S+)',$/.exec(row)?.slice(1));
  const installed = Object.entries(PLATFORMS).flatMap(([name, { system, os, cpu }]) =>
    os.flatMap((one) =>
      cpu.map((other) => [`${one} ${other}`, `${scoped(name)}/${basename(EXECUTABLES[system])}`]),
    ),
  );
  assert.deepEqual(started, installed);
});
