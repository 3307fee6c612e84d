import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { preprocessorArguments } from '../../../src/commandline/meaning/preprocess.ts';
import { onlyJob } from '../../commandline/hosts.ts';
import { clangClWorkspace, findClangCl } from './real-clang-cl.ts';

let workspace: ReturnType<typeof clangClWorkspace>;
before(() => {
  workspace = clangClWorkspace();
});
after(() => workspace?.remove());

for (const line of [
  '/c /O2 /DX /Isrc /showIncludes /WX /W4 src/a.c',
  '/c /FA /Faout/ /Foout/x.obj /clang:-MD /clang:-MFout/x.d /clang:-MTt src/a.c',
  '/c --coverage -ftime-trace /clang:-gsplit-dwarf /clang:-g src/a.c',
  '/c -Xclang -dependency-file -Xclang out/x.d -Xclang -MT -Xclang t -Xclang -sys-header-deps src/a.c',
  '/c /clang:--serialize-diagnostics /clang:out/x.dia /clang:-fstack-usage -- src/a.c',
  '/c -fprofile-instr-generate -fcoverage-mapping /Tp src/d.inl',
]) {
  test(`clang-cl prints preprocessed text and writes nothing for ${line}`, () => {
    const { root, host, run } = workspace;
    const args = preprocessorArguments(onlyJob(line, host), 'E');
    const { status, stderr, written } = run(args);
    assert.equal(status, 0, stderr);
    assert.deepEqual(written, []);
    const { stdout } = spawnSync(findClangCl().path, args, { cwd: root, encoding: 'utf8' });
    assert.match(stdout, /int f\(int x\)/);
    assert.match(stdout, /^# ?(?:line )?1 /m);
    assert.doesNotMatch(stderr, /including file/);
  });
}
