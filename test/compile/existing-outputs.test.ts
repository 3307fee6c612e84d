import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  OUTPUT_SUFFIXES,
  type PossibleOutputs,
  possibleOutputs,
} from '../../src/commandline/meaning/possible-outputs.ts';
import { existingOf } from '../../src/compile/existing-outputs.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const STYLE = process.platform === 'win32' ? 'win32' : 'posix';

/** Options that neither cl nor clang-cl reads as gcc does. */
const OPTIONS =
  '-Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wstrict-prototypes -Wmissing-declarations ' +
  '-fno-strict-aliasing -fvisibility=hidden -fPIC -std=gnu11 -pthread -D_GNU_SOURCE -DHAVE_CONFIG_H -Iinclude ' +
  '-I/usr/include/glib-2.0 -MD -MF out/a.o.d -march=x86-64-v2 -fstack-protector-strong -Wp,-D_FORTIFY_SOURCE=2';

function possible(folder: string, line: string): PossibleOutputs {
  const host = {
    style: STYLE,
    workingDirectory: folder,
    fileExists: () => false,
    folderExists: () => false,
  } as const;
  return possibleOutputs(line.split(' '), host);
}

function allOf({ paths, stems, sources }: PossibleOutputs): string[] {
  const named = Array.from(stems).flatMap((stem) => OUTPUT_SUFFIXES.map((suffix) => `${stem}.${suffix}`));
  return [...paths, ...named].filter((path) => !sources.has(path));
}

/** A folder with files that the line below may write, and others. */
function folderOf(t: Parameters<typeof temporaryFolder>[0]): string {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'out'));
  mkdirSync(join(folder, 'src'));
  const written = ['out/a.o', 'out/a.o.d', 'out/a.d', 'a.dwo', 'xtra.obj', 'äx.obj', 'src/a.c'];
  for (const name of [...written, 'other.obj', 'out/other.o', 'A.SU']) writeFileSync(join(folder, name), '');
  return folder;
}

for (const [what, options] of Object.entries({ 'short line': '-Wextra', 'long line': OPTIONS })) {
  test(`of the possible outputs of a ${what} none that exists is passed over`, (t) => {
    const folder = folderOf(t);
    const names = possible(folder, `-c src/a.c -o out/a.o -Xäx ${options}`);
    const there = (paths: readonly string[]) => [...new Set(paths)].filter((path) => existsSync(path)).sort();
    assert.deepEqual(there(existingOf(names, STYLE)), there(allOf(names)));
    assert.ok(there(allOf(names)).length >= 5);
  });
}

test('of a long line for a program that nobody knows the disk is asked for a few files, not for thousands', (t) => {
  const names = possible(folderOf(t), `-c src/a.c -o out/a.o ${OPTIONS}`);
  const [all, asked] = [new Set(allOf(names)).size, existingOf(names, STYLE).length];
  assert.ok(all > 2000, `${all} are possible`);
  assert.ok(asked < 120, `${asked} of ${all} are asked for`);
});
