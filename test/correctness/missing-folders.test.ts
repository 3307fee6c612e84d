import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findClangCl } from '../helpers/compilers.ts';
import { Project, settle } from './helpers.ts';

/** Folders that clang-cl searches by itself, which appear before the one in which the header was found. */
const ROWS = {
  'the DIA SDK of /winsysroot': {
    options: ['/winsysroot', 'w'],
    found: 'w/VC/Tools/MSVC/14.30.1/include',
    appears: 'w/DIA SDK/include',
  },
  'a folder of the Windows SDK of /winsysroot': {
    options: ['/winsysroot', 'w'],
    found: 'w/Windows Kits/10/Include/10.0.1.0/winrt',
    appears: 'w/Windows Kits/10/Include/10.0.1.0/um',
  },
  'a folder of /winsdkdir': {
    options: ['/vctoolsdir', 'vc', '/winsdkdir', 'sdk'],
    found: 'sdk/Include/10.0.1.0/winrt',
    appears: 'sdk/Include/10.0.1.0/um',
  },
  'the folder of -resource-dir': {
    options: ['-resource-dir', 'r', '/imsvclater'],
    found: 'later',
    appears: 'r/include',
  },
} as const;

for (const [title, { options, found, appears }] of Object.entries(ROWS)) {
  test(`a hit becomes a miss when ${title} appears with the header`, (t) => {
    const project = new Project(t, findClangCl().path, ['--target=x86_64-pc-windows-msvc']);
    project.write(`${found}/x.h`, 'int old;\n');
    project.write('vc/include/unrelated.h', '');
    project.write('a.c', '#include <x.h>\n');
    project.write('b.c', '#include <x.h>\nint b;\n');
    settle();
    const args = ['/c', '/Brepro', ...options, 'a.c'];
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    project.write(`${appears}/x.h`, 'int fresh;\n');
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    // What the compiler said of its folders before is out of date for other sources, too.
    const others = ['/c', '/Brepro', ...options, 'b.c'];
    assert.equal(project.sameAsBare(others, ['b.obj']), 'miss');
    project.write(`${appears}/x.h`, 'int fresher;\n');
    settle();
    assert.equal(project.sameAsBare(others, ['b.obj']), 'miss');
    project.remove(`${appears}/x.h`);
    project.sameAsBare(args, ['a.obj']);
  });
}
