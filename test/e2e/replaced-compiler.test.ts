/** A compiler that somebody replaces between clcache's question and the compile. */
import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, copyFileSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import { linkC, WITHOUT_C_COMPILER } from '../helpers/c-programs.ts';
import { executable, findClangCl, HOST_TARGET, run } from '../helpers/compilers.ts';
import { type Workspace, workspace } from './workspace.ts';

const skip = WITHOUT_C_COMPILER;

/** Two spellings: the text of the wrapper names the program, or only running it shows which one it starts. */
const WRAPPERS = {
  'names its program': 'exec "$(dirname "$0")/real" "$@"',
  'hides its program': 'exec "$(dirname "$0")"/rea[l] "$@"',
} as const;

/** A clang-cl of a version. At the start that a file asks for, another one takes its place while it still answers. */
const PROGRAM = `
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int count, char **words) {
  FILE *starts = fopen(FOLDER "/starts", "a");
  fprintf(starts, ".");
  long number = ftell(starts);
  fclose(starts);
  int at = 0;
  FILE *wanted = fopen(FOLDER "/replace-at", "r");
  if (fscanf(wanted, "%d", &at) == 1 && at == number) rename(FOLDER "/bin/next", FOLDER "/bin/real");
  char **line = calloc(count + 2, sizeof *line);
  line[0] = "clang-cl";
  line[1] = VERSION;
  for (int each = 1; each < count; each++) line[each + 1] = words[each];
  execv(CLANG, line);
  return 9;
}
`;

/** `bin/clang-cl`, a wrapper of `bin/real`, which is one of two versions. */
function install(space: Workspace, wrapper: string) {
  space.write('bin/clang-cl', `#!/bin/sh\n${wrapper}\n`);
  chmodSync(space.path('bin/clang-cl'), 0o755);
  for (const version of [1, 2]) {
    const names = { FOLDER: space.folder, CLANG: findClangCl().path, VERSION: `-DVERSION=${version}` };
    const options = Object.entries(names).map(([name, value]) => `-D${name}="${value}"`);
    linkC(PROGRAM, space.path(`bin/${version}`), options);
  }
  const use = (version: number, place = 'real') => {
    copyFileSync(space.path(`bin/${version}`), space.path('bin/new'));
    renameSync(space.path('bin/new'), space.path(`bin/${place}`));
  };
  /** Compiles, and says which version made the object. */
  const compile = async (source: string, replaceAt = 0) => {
    space.write('starts', '');
    space.write('replace-at', String(replaceAt));
    const args = [space.path('bin/clang-cl'), HOST_TARGET, '/nologo', '/c', source, '/Foout.o'];
    const options = { cwd: space.folder, env: { CLCACHE_DIR: space.cache } };
    const { status, stderr } = await run(executable(), args, options);
    assert.equal(status, 0, stderr.toString());
    return /version [12]/.exec(space.read('out.o').toString('latin1'))?.[0];
  };
  return { use, compile };
}

for (const [name, wrapper] of Object.entries(WRAPPERS)) {
  test(`Of a script that ${name}, no object of one version is served for the other, whenever it was replaced`, {
    skip,
  }, async (context) => {
    const space = workspace(context, { isBlank: true });
    const { use, compile } = install(space, wrapper);
    // A wrapper that was met before is asked less.
    for (const [kind, numbers] of [
      ['new', [2, 3, 4]],
      ['known', [1]],
    ] as const) {
      for (const start of numbers) {
        const variable = `of_${kind}_${start}`;
        const source = `${variable}.c`;
        space.write(
          source,
          `#define TEXT_(x) "version " #x\n#define TEXT(x) TEXT_(x)\nchar ${variable}[] = TEXT(VERSION);\n`,
        );
        use(1);
        if (kind === 'new') appendFileSync(space.path('bin/clang-cl'), `# ${start}\n`);
        else {
          space.write('other.c', `int other_${start};\n`);
          await compile('other.c');
        }
        use(2, 'next');
        await compile(source, start);
        const starts = space.read('starts').length;
        use(2);
        const second = await compile(source);
        use(1);
        const first = await compile(source);
        const when = `${kind}, replaced at start ${start} of ${starts}`;
        assert.deepEqual([first, second], ['version 1', 'version 2'], when);
      }
    }
  });
}
