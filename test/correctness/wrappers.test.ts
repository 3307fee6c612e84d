/** Scripts that start a compiler: the result is always the object of the compiler that they start now. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { executable, findClangCl } from '../helpers/compilers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { Project, settle } from './helpers.ts';

const REAL = findClangCl().path;

type Which = 'one' | 'two';

/** Two folders with a clang-cl each, which make different objects, and a program `clang-cl` that starts one of them. */
class Wrapped {
  readonly folder: string;
  readonly project: Project;

  constructor(t: TestContext, script: (folder: string) => string) {
    this.folder = temporaryFolder(t);
    for (const name of ['one', 'two']) {
      this.program(`${name}/bin/clang-cl`, `exec '${REAL}' -DCOMPILER=${name} "$@"`);
      this.write(`${name}/options`, `-DCOMPILER=${name}`);
    }
    this.program('clang-cl', script(this.folder));
    this.project = new Project(t, join(this.folder, 'clang-cl'));
    this.project.write('a.c', 'int COMPILER;\n');
    settle();
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  program(name: string, text: string): void {
    chmodSync(this.write(name, text.startsWith('#!') ? text : `#!/bin/sh\n${text}\n`), 0o755);
  }

  /** Puts a file of one of the two somewhere else. */
  use(which: Which, from: string, to: string): undefined {
    mkdirSync(dirname(join(this.folder, to)), { recursive: true });
    copyFileSync(join(this.folder, which, from), join(this.folder, to));
  }
}

/** What a call through clcache was. Its object must be that of one of the two compilers. */
function served({ project }: Wrapped, which: string, env: Readonly<Record<string, string>> = {}): string {
  const how = project.served(['/c', 'a.c'], { env });
  assert.ok(project.read('a.obj').includes(which), `not the object of ${which}`);
  return how;
}

test('a script that starts the compiler of a variable never gives a hit for the compiler of another value', (t) => {
  const wrapped = new Wrapped(t, () => 'exec "$LLVM_HOME/bin/clang-cl" "$@"');
  for (const [name, expected] of [
    ['one', 'miss'],
    ['two', 'miss'],
    ['one', 'hit'],
    ['two', 'hit'],
  ] as const) {
    assert.equal(served(wrapped, name, { LLVM_HOME: join(wrapped.folder, name) }), expected, name);
  }
});

test('a script that starts the target of a link is another compiler if the target changes', (t) => {
  const wrapped = new Wrapped(t, (own) => `exec ${own}/now/bin/clang-cl "$@"`);
  const { folder } = wrapped;
  for (const [name, expected] of [
    ['one', 'miss'],
    ['two', 'miss'],
    ['one', 'hit'],
  ] as const) {
    symlinkSync(name, join(folder, 'next'));
    renameSync(join(folder, 'next'), join(folder, 'now'));
    assert.equal(served(wrapped, name), expected, name);
  }
});

test('a compiler that a script changes while it runs stores nothing', (t) => {
  const { project, folder } = new Wrapped(
    t,
    (own) => `'${own}/one/bin/clang-cl' "$@" && case $* in *a.c) eval "$AFTERWARDS" ;; esac`,
  );
  const env = { AFTERWARDS: `echo '# patched' >> '${folder}/one/bin/clang-cl'` };
  assert.equal(project.served(['/c', 'a.c'], { env }), 'miss');
  assert.equal(project.counters()['NotStored'], 1);
});

interface Choice {
  /** The text of the script, in a folder of its own. */
  readonly script: (folder: string) => string;
  readonly choose: (wrapped: Wrapped, which: 'one' | 'two') => Readonly<Record<string, string>> | undefined;
}

/** Replaces the compiler that the script finds by the other one. */
const update = (wrapped: Wrapped, which: Which) => wrapped.use(which, 'bin/clang-cl', 'now/bin/clang-cl');

interface Choice {
  /** The text of the script, which lies in that folder. */
  readonly script: (folder: string) => string;
  /** Makes it start the one or the other, by files, or by the returned variables. */
  readonly choose: (wrapped: Wrapped, which: Which) => Readonly<Record<string, string>> | undefined;
}

/** What the choice of a script may depend on if its text does not show the name. */
const CHOICES: Readonly<Record<string, Choice>> = {
  'a file that is there or not': {
    script: (own) => `n=two; [ -f ${own}/flag ] && n=one\nexec ${own}/$n/bin/clang-cl "$@"`,
    choose(wrapped, which) {
      if (which === 'two') rmSync(join(wrapped.folder, 'flag'));
      else wrapped.write('flag', '');
      return undefined;
    },
  },
  'a file of options': {
    script: (own) => `exec '${REAL}' @${own}/options "$@"`,
    choose: (wrapped, which) => wrapped.use(which, 'options', 'options'),
  },
  'a program that looks along a PATH': {
    script: (own) => `exec env PATH=${own}/now/bin:/usr/bin:/bin clang-cl "$@"`,
    choose: update,
  },
  'a pattern': { script: (own) => `exec ${own}/no?/bin/clang-cl "$@"`, choose: update },
  'a folder that it enters': {
    script: (own) => `o=$PWD; cd ${own}/now; c=$PWD/bin/clang-cl; cd "$o"; exec $c "$@"`,
    choose: update,
  },
  'a part of a variable': {
    script: (own) => `x=${own}/now/bin/clang-cl.old\nexec "\${x%.old}" "$@"`,
    choose: update,
  },
  'the home folder': {
    script: () => 'exec ~/bin/clang-cl "$@"',
    choose: ({ folder }, which) => ({ HOME: join(folder, which) }),
  },
  'the folder for temporary files': {
    script: () => 'exec "$TMPDIR/bin/clang-cl" "$@"',
    choose: ({ folder }, which) => ({ TMPDIR: join(folder, which) }),
  },
  'a variable that is spelled as ours are': {
    script: () => 'exec "$CLCACHE_REAL/bin/clang-cl" "$@"',
    choose: ({ folder }, which) => ({ CLCACHE_REAL: join(folder, which) }),
  },
  'options in a variable': {
    script: () => `CL=-DCOMPILER=$WHICH exec '${REAL}' "$@"`,
    choose: (_, which) => ({ WHICH: which }),
  },
  'how it was called': {
    script: (own) => `exec "$(dirname "$0")/clang-cl-now" "$@" # ${own}`,
    choose(wrapped, which) {
      const { folder } = wrapped;
      mkdirSync(join(folder, 'script'), { recursive: true });
      if (!existsSync(join(folder, 'script/clang-cl'))) {
        renameSync(join(folder, 'clang-cl'), join(folder, 'script/clang-cl'));
        symlinkSync('script/clang-cl', join(folder, 'clang-cl'));
      }
      wrapped.use(which, 'bin/clang-cl', 'clang-cl-now');
      return undefined;
    },
  },
  'what no shell reads': {
    script: (own) =>
      `#!/usr/bin/env node\nconst c = '${own}/no' + 'w/bin/clang-cl';\nconst { spawnSync } = require('child_process');\nprocess.exit(spawnSync(c, process.argv.slice(2), { stdio: 'inherit' }).status);\n`,
    choose: update,
  },
};

/** The compiler of each call, and what the call is. */
const UPDATED = [
  ['one', 'miss'],
  ['one', 'hit'],
  ['two', 'miss'],
] as const;

for (const [what, { script, choose }] of Object.entries(CHOICES)) {
  test(`a script whose choice depends on ${what} never gives a hit for the compiler before`, (t) => {
    const wrapped = new Wrapped(t, script);
    for (const [which, expected] of UPDATED) {
      assert.equal(served(wrapped, which, choose(wrapped, which)), expected, which);
    }
  });
}

const VERSION_BY_ITSELF = `[ "$1" != --version ] || exec '${REAL}' --version`;

/** Ways in which a script may call a clcache for everything but its version. */
const CACHES: Readonly<Record<string, Choice>> = {
  'by the name of a compiler': {
    script: (own) => `${VERSION_BY_ITSELF}\nPATH=${own}/now/bin:$PATH exec '${executable()}' clang-cl "$@"`,
    choose: update,
  },
  'that stands under the name of the compiler': {
    script: (own) => `${VERSION_BY_ITSELF}\nPATH=${own}/link:${own}/now/bin:$PATH exec clang-cl "$@"`,
    choose(wrapped, which) {
      mkdirSync(join(wrapped.folder, 'link'), { recursive: true });
      rmSync(join(wrapped.folder, 'link/clang-cl'), { force: true });
      symlinkSync(executable(), join(wrapped.folder, 'link/clang-cl'));
      return update(wrapped, which);
    },
  },
  'for which CLCACHE_CL says what to call': {
    script: () => `${VERSION_BY_ITSELF}\nexec '${executable()}' "$@"`,
    choose: ({ folder }, which) => ({ CLCACHE_CL: join(folder, which, 'bin/clang-cl') }),
  },
  'by another script, for an older name on PATH': {
    script: (own) => `${VERSION_BY_ITSELF}\nexec ${own}/compile "$@"`,
    choose(wrapped, which) {
      wrapped.program('compile', `PATH=${wrapped.folder}/now/bin:$PATH exec '${executable()}' clang-cl "$@"`);
      return update(wrapped, which);
    },
  },
};

for (const [how, { script, choose }] of Object.entries(CACHES)) {
  test(`a script that calls a clcache ${how} leaves the caching to it, and no hit is stale`, (t) => {
    const wrapped = new Wrapped(t, script);
    for (const [which, expected] of UPDATED) {
      assert.equal(served(wrapped, which, choose(wrapped, which)), expected, which);
    }
  });
}

test('an option that a script adds before it calls a clcache is not lost if another compiler has its name', (t) => {
  const wrapped = new Wrapped(t, () => `exec '${executable()}' '${REAL}' -DCOMPILER=added "$@"`);
  const PATH = `${wrapped.folder}/one/bin:${process.env['PATH']}`;
  assert.equal(served(wrapped, 'added', { PATH }), 'miss');
});
