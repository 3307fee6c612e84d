import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findClangCl } from '../helpers/compilers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { Project, settle } from './helpers.ts';

/** A clang-cl on a machine whose processor always has the same name, and the features in the file `features`. */
function projectOnMachine(t: TestContext): { project: Project; become: (features: string) => void } {
  const tools = temporaryFolder(t);
  const compiler = join(tools, 'clang-cl');
  const script = `#!/bin/sh
for word; do
  case $word in *=native | *:native) word="/clang:-march=x86-64 $(cat ${tools}/features)" ;; esac
  all="$all $word"
done
exec ${findClangCl().path} $all
`;
  writeFileSync(compiler, script);
  chmodSync(compiler, 0o755);
  const become = (features: string) => writeFileSync(join(tools, 'features'), features);
  become('-mno-avx2');
  return { project: new Project(t, compiler), become };
}

for (const option of ['-march=native', '/tune:native', '/clang:-march=native', '/clang:-mtune=native']) {
  test(`${option} is part of the key as the compiler resolves it`, (t) => {
    const { project, become } = projectOnMachine(t);
    project.write('a.c', 'int f(int *a) { return __builtin_popcount(a[0]); }\n');
    settle();
    const args = ['/c', '/O2', option, 'a.c'];
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    become('-mpopcnt');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    become('-mno-avx2');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  });
}
