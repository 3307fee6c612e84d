/** Ways to lose a hit, and what `clcache --why` says of each. Each begins with a hit. */
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, readdirSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { allCallsIn } from '../../src/compile/why/find-calls.ts';
import { whyOf } from '../../src/compile/why/why.ts';
import { PLAIN } from '../../src/config/terminal.ts';
import { callText } from '../../src/explain/call-text.ts';
import { ModelProject } from '../helpers/model-compiler.ts';
import { type CallOptions, Project } from './helpers.ts';

/** A call in a folder of its own, with the sources below. */
interface Way {
  readonly title: string;
  /** The words of a call that is a hit when it is made again. */
  readonly line?: readonly string[];
  readonly env?: CallOptions['env'];
  /** Changes the folder. */
  readonly change?: (one: Place) => void;
  /** The words of the call that is lost, and its variables and folder, where they differ. */
  readonly again?: readonly string[];
  readonly envAgain?: (one: Place) => CallOptions['env'];
  readonly cwdAgain?: string;
  readonly says: RegExp;
  /** The name to ask for, and the file that is compiled. */
  readonly asks?: string;
}

interface Place {
  readonly project: Project;
  /** Below the project's folder. */
  readonly name: string;
  readonly write: (file: string, text: string) => void;
  readonly path: (file: string) => string;
}

const SOURCES: Readonly<Record<string, string>> = {
  'a.c': '#include "a.h"\n#include <lib.h>\nint a;\n',
  'a.h': '#include "util.h"\n',
  'util.h': 'int util;\n',
  'inc/readme': '',
  'lib/lib.h': 'int lib;\n',
  'more/readme': '',
};
const LINE = ['/c', '-Iinc', '-Ilib', 'a.c'];

const WAYS: readonly Way[] = [
  {
    title: 'an option more',
    again: ['/DX=1', ...LINE],
    says: /miss: option \/DX=1 was not there before stored/,
  },
  { title: 'an option less', line: ['/DX=1', ...LINE], again: LINE, says: /option \/DX=1 was there before/ },
  {
    title: 'another value of an option',
    line: ['/DX=1', ...LINE],
    again: ['/DX=2', ...LINE],
    says: /option \/DX=2 was \/DX=1 before/,
  },
  {
    title: 'another order of options',
    again: ['/c', '-Ilib', '-Iinc', 'a.c'],
    says: /the order of options changed: -Ilib stands before -Iinc now/,
  },
  {
    title: 'a header that changed',
    change: ({ write }) => write('a.h', '#include "util.h"\nint more;\n'),
    says: /miss: a\.h changed stored now: the same call would be a hit/,
  },
  {
    title: 'a header of a header that changed',
    change: ({ write }) => write('util.h', 'int other;\n'),
    says: /miss: util\.h changed, included by a\.h/,
  },
  {
    title: 'three headers that changed',
    change: ({ write }) => {
      for (const file of ['a.h', 'util.h', 'lib/lib.h'])
        write(file, `${SOURCES[file]}int more${file.length};\n`);
    },
    says: /miss: (?:(?:and: )?(?:a|util|lib\/lib)\.h changed(?:, included by a\.h)? ){3}stored now: [^:]* hit/,
  },
  {
    title: 'an option and a header that changed',
    change: ({ write }) => write('util.h', 'int other;\n'),
    again: ['/DX=1', ...LINE],
    says: /miss: option \/DX=1 was not there before and: util\.h changed stored/,
  },
  {
    title: 'a source and a header that changed',
    change: ({ write }) => {
      write('util.h', 'int other;\n');
      write('a.c', `${SOURCES['a.c']}int more;\n`);
    },
    says: /miss: the source itself changed and: util\.h changed stored/,
  },
  {
    title: 'more headers that changed than are named',
    change: ({ project, write, path }) => {
      const names = Array.from({ length: 20 }, (_, index) => `many${index}.h`);
      const all = (text: string) =>
        names.forEach((name, index) => {
          write(name, `int many${index}${text};\n`);
        });
      all('');
      write('a.h', names.map((name) => `#include "${name}"\n`).join(''));
      project.cached(LINE, { cwd: path('').slice(project.folder.length + 1) });
      all('b');
    },
    says: /miss: many\d+\.h changed, included by a\.h (?:and: many\d+\.h changed ){8}and: 11 more headers changed stored/,
  },
  {
    title: 'a header that would be found first',
    change: ({ write }) => write('inc/lib.h', 'int first;\n'),
    says: /inc\/lib\.h would be found first now/,
  },
  {
    title: 'a header that is gone, with another one behind it',
    change: ({ path }) => rmSync(path('lib/lib.h')),
    line: ['/c', '-Ilib', '-Imore', 'a.c'],
    says: /lib\/lib\.h is not there any more/,
  },
  {
    title: 'a folder more in INCLUDE',
    env: { INCLUDE: '/usr/share' },
    envAgain: ({ path }) => ({ INCLUDE: `/usr/share;${path('more')}` }),
    says: /the variable INCLUDE has one more folder: \S+\/more/,
  },
  {
    title: 'a variable that adds an option',
    envAgain: () => ({ CL: '/DX#1' }),
    says: /option \/DX=1 was not there before \(from the variable CL\)/,
  },
  {
    title: 'a source that was edited',
    change: ({ write }) => write('a.c', `${SOURCES['a.c']}int more;\n`),
    says: /miss: the source itself changed/,
  },
  {
    title: 'another spelling of the source',
    again: ['/c', '-Iinc', '-Ilib', './a.c'],
    says: /the source is spelled \.\/a\.c, and was a\.c/,
  },
  {
    title: 'an entry that was evicted',
    change: ({ project }) => project.remove('cache/v1/objects'),
    says: /miss: its entry was evicted to make room, or cleared/,
  },
  {
    title: 'a manifest that was evicted',
    change: ({ project }) => project.remove('cache/v1/manifests'),
    says: /miss: its entry was evicted to make room, or cleared/,
  },
  {
    title: 'a damaged entry',
    change: ({ project }) => {
      for (const entry of readdirSync(project.path('cache/v1/objects'), {
        recursive: true,
        encoding: 'utf8',
      }))
        if (entry.endsWith('artifact.json')) appendFileSync(project.path(`cache/v1/objects/${entry}`), 'x');
    },
    says: /miss: its entry was damaged: /,
  },
  {
    title: 'another folder without a base directory',
    change: ({ path }) => cpSync(path(''), path('../copy'), { recursive: true }),
    cwdAgain: 'copy',
    says: /miss: it is known in another folder, \S+, and no base directory covers both .*set CLCACHE_BASEDIR/,
  },
  {
    title: 'another folder, with an object that names its own',
    line: ['/c', '-Iinc', '-Ilib', 'a.c'],
    env: { CLCACHE_BASEDIR: 'HERE' },
    change: ({ path }) => cpSync(path(''), path('../tied'), { recursive: true }),
    cwdAgain: 'tied',
    says: /its result belongs to another folder: __FILE__ depends on names of files/,
  },
  {
    title: 'other base directories',
    envAgain: ({ path }) => ({ CLCACHE_BASEDIR: path('') }),
    says: /the base directories are others; they were none/,
  },
  {
    title: 'the time in a source',
    change: ({ write }) => write('a.c', 'const char *time = __DATE__ __TIME__;\n'),
    says: /(?:__TIME__, __DATE__ or __TIMESTAMP__ is in it|the source itself changed)/,
  },
  {
    title: 'a file that __has_include found',
    line: ['/c', 'asks.c'],
    change: ({ path }) => rmSync(path('optional.h')),
    asks: 'asks.c',
    says: /optional\.h, for which __has_include asks, is not there any more/,
  },
  {
    title: 'another text in preprocessor mode',
    env: { CLCACHE_NODIRECT: '1' },
    change: ({ write }) => write('util.h', 'int other;\n'),
    says: /miss: its preprocessed text is another one/,
  },
  {
    title: 'a listing',
    again: ['/Falisting.asm', ...LINE],
    says: /option \/Fa\S* was not there before/,
  },
  {
    title: 'a compile that fails',
    change: ({ write }) => write('a.c', '#error no\n'),
    says: /source itself changed not stored: the compile failed now: .* its result was not stored before: the compile failed/,
  },
  {
    title: 'a header that changes while the compiler runs',
    // The compiler writes over it.
    again: ['/clang:-MD', '/clang:-MFutil.h', ...LINE],
    says: /not stored: \S+util\.h changed while .* now: .* its result was not stored before: \S+util\.h changed while/,
  },
  { title: 'preprocessing alone', again: ['/E', ...LINE], says: /handed on: \/E preprocesses only/ },
  {
    title: 'a call that links',
    again: LINE.slice(1),
    says: /handed on: no \/c; \/c, and a link in a call of its own, would have it cached/,
  },
  {
    title: 'an option that is not cached',
    again: ['-fmodules', ...LINE],
    says: /handed on: -fmodules reads or writes a module cache; leaving -fmodules out would have it cached/,
  },
  {
    title: 'a response file that cannot be read',
    again: ['@nowhere.rsp', ...LINE],
    says: /handed on: response file @nowhere\.rsp cannot be read/,
  },
];

const HAS_INCLUDE = '#if __has_include("optional.h")\nint there;\n#endif\nint asked;\n';

test('each way to lose a hit has its words', async (t) => {
  const project = new Project(t);
  for (const [index, way] of WAYS.entries()) {
    await t.test(`after ${way.title}`, () => lose(placeIn(project, `way${index}`, way), way));
  }
});

const MODEL_WAYS: readonly Way[] = [
  {
    title: '/Zi with a database for several objects',
    again: ['/Zi', '/c', 'plain.c'],
    says: /handed on: \/Zi writes a shared program database; CLCACHE_Z7=1 or CLCACHE_PDB=per-object would/,
  },
  {
    title: 'a precompiled header of cl',
    again: ['/Ycpch.h', '/c', 'plain.c'],
    says: /handed on: \/Ycpch\.h makes or uses a precompiled header; CLCACHE_PCH=1 would have it cached/,
  },
  {
    title: 'both languages',
    again: ['/TC', '/TP', '/c', 'plain.c'],
    says: /handed on: both \/TC and \/TP/,
  },
  {
    title: 'an unknown option',
    again: ['-zork', '/c', 'plain.c'],
    says: /handed on: -zork is not in the table of known options; CLCACHE_SAFE_OPTIONS=-zork, if the option/,
  },
  {
    title: 'another compiler that says the same version',
    change: ({ project }) => appendFileSync(project.compiler, 'x'),
    says: /the compiler is another one, although it also says cl\b/,
  },
];

test('each way to lose a hit of cl has its words', async (t) => {
  const project = new ModelProject(t);
  for (const [index, way] of MODEL_WAYS.entries()) {
    const line = ['/c', 'plain.c'];
    await t.test(`after ${way.title}`, () =>
      lose(placeIn(project, `way${index}`, way), { line, asks: 'plain.c', ...way }),
    );
  }
});

test('a hit of an earlier state of the headers is the last that --why says, after a miss', (t) => {
  const project = new Project(t);
  project.write('a.c', '#include "a.h"\n');
  for (const [text, served] of [
    ['int one;\n', 'miss'],
    ['int other;\n', 'miss'],
    ['int one;\n', 'hit'],
  ] as const) {
    project.write('a.h', text);
    assert.equal(project.served(['/c', 'a.c']), served);
  }
  assert.match(
    said(project, '.', 'a.c'),
    /miss: a\.h changed stored [-:\d ]+ hit now: the same call would be a hit/,
  );
});

/** Ways back to what is stored. The call between is no hit, and the last one is a hit. */
const WAYS_BACK: readonly (readonly [
  title: string,
  between: { readonly file?: string; readonly text?: string; readonly words?: readonly string[] },
  says: RegExp,
])[] = [
  [
    'a source that failed and went back',
    { file: 'a.c', text: '#error no\n' },
    /miss: the source itself changed not stored: the compile failed [-:\d ]+ hit now: [^:]+ be a hit/,
  ],
  [
    'a source that was stored and went back',
    { file: 'a.c', text: 'int other;\n' },
    /miss: the source itself changed stored [-:\d ]+ hit now: the same call would be a hit/,
  ],
  [
    'a header that failed and went back',
    { file: 'a.h', text: '#error no\n' },
    /miss: a\.h changed not stored: the compile failed [-:\d ]+ hit now: the same call would be a hit/,
  ],
  [
    'an option that came and went',
    { words: ['/DX', '/c', 'a.c'] },
    /miss: nothing is known of an earlier .* stored [-:\d ]+ hit now: the same call would be a hit/,
  ],
  [
    'a response file that was not there',
    { words: ['@nowhere.rsp', '/c', 'a.c'] },
    /miss: nothing is known of an earlier .* stored [-:\d ]+ hit now: the same call would be a hit/,
  ],
];

test('after a hit that follows a call that was none, --why tells the hit last', async (t) => {
  const project = new Project(t);
  for (const [index, [title, { file = 'a.c', text, words = ['/c', 'a.c'] }, says]] of WAYS_BACK.entries()) {
    await t.test(`after ${title}`, () => {
      const cwd = `back${index}`;
      const files: Record<string, string> = { 'a.h': '', 'a.c': `#include "a.h"\nint a${index};\n` };
      for (const [name, contents] of Object.entries(files)) project.write(`${cwd}/${name}`, contents);
      assert.equal(project.served(['/c', 'a.c'], { cwd }), 'miss');
      project.write(`${cwd}/${file}`, text ?? files[file] ?? '');
      project.cached(words, { cwd });
      project.write(`${cwd}/${file}`, files[file] ?? '');
      assert.equal(project.served(['/c', 'a.c'], { cwd }), 'hit');
      assert.match(said(project, cwd, 'a.c'), says);
      assert.equal(allSaid(project, cwd, 'a.c').length, 1);
    });
  }
});

test('--why counts each call that was handed on once, whatever sources it had', (t) => {
  const project = new Project(t);
  for (const name of ['a.c', 'b.c']) project.write(name, 'int a;\n');
  const lines = [['/E', 'a.c'], ['/c', 'a.c', '@nowhere'], ['a.c', 'b.c', 'nofile.c'], ['a.c'], ['/nologo']];
  for (const line of lines) project.cached(line);
  assert.match(
    project.own(['--why']).stdout,
    /5 handed on\n[\s\S]*no record of them is kept: 1 call handed on\./,
  );
  const { build, groups } = JSON.parse(project.own(['--why', '--json']).stdout);
  assert.equal(build.handedOn, 5);
  assert.deepEqual(groups.map(({ calls, kind }: Record<string, unknown>) => `${calls} ${kind}`).sort(), [
    '1 invalidArgument',
    '1 preprocessing',
    '2 linking',
  ]);
});

test('--why takes no result that another object of the source stored for a hit', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a;\n');
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  project.remove('cache/v1/objects');
  assert.equal(project.served(['/c', '/Foother.obj', 'a.c']), 'miss');
  assert.match(
    said(project, '.', 'a.obj'),
    /^[^:]*a\.obj\)(?!.* hit now:).* now: the same call would be a hit/,
  );
  assert.equal(project.served(['/c', 'a.c']), 'hit');
  assert.match(said(project, '.', 'a.obj'), / hit now: the same call would be a hit/);
});

test('--why says that nothing is known of a file in this folder before it tells of another one', (t) => {
  const project = new Project(t);
  for (const folder of ['here', 'other']) project.write(`${folder}/a.c`, 'int a;\n');
  project.cached(['/c', 'a.c'], { cwd: 'other' });
  const told = (name: string, cwd: string) => project.own(['--why', name], { cwd }).stdout;
  const line =
    /^Nothing is known of \S*a\.c in this folder; of another file with this name is:\n\n\/\S+other\/a\.c/;
  for (const name of ['a.c', './a.c']) assert.match(told(name, 'here'), line);
  for (const [name, cwd] of [
    ['other/a.c', '.'],
    ['a.c', '.'],
    ['a.c', 'other'],
    ['../other/a.c', 'here'],
  ] as const)
    assert.match(told(name, cwd), /^\/\S+other\/a\.c/);
  const [call] = JSON.parse(project.own(['--why', 'a.c', '--json'], { cwd: 'here' }).stdout).calls;
  assert.deepEqual([call.source, call.insteadOf], [project.path('other/a.c'), project.path('here/a.c')]);
});

test('--why names a record that is broken, for a source and for the build', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a;\n');
  project.cached(['/c', 'a.c']);
  const files = readdirSync(project.path('cache/v1/reasons'), { recursive: true, encoding: 'utf8' });
  const [record = ''] = files.filter((name) => name.endsWith('.json'));
  project.write(`cache/v1/reasons/${record}`, 'clcache reasons');
  const named = new RegExp(`^clcache: records of calls cannot be read, or are broken: \\S+${record}\n`);
  const { status, stderr } = project.own(['--why', 'a.c']);
  assert.match(stderr, named);
  assert.match(stderr, /nothing is known of 'a\.c': perhaps its record is one that cannot be read;/);
  assert.equal(status, 1);
  const build = project.own(['--why']);
  assert.match(build.stderr, named);
  assert.match(build.stdout, /1 miss.*\n[\s\S]*no record of them is kept: 1 miss\./);
});

test('--why says in a line of stderr that clcache is switched off, and calls leave nothing behind', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a;\n');
  project.cached(['/c', 'a.c'], { env: { CLCACHE_DISABLE: '1' } });
  const { status, stdout, stderr } = project.own(['--why', 'a.c'], { env: { CLCACHE_DISABLE: '1' } });
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(
    stderr,
    /^clcache: CLCACHE_DISABLE is set: [^\n]+\nclcache: nothing is known of 'a\.c': [^\n]+\n$/,
  );
});

function placeIn(project: Project, name: string, { title }: Way): Place {
  const place = {
    project,
    name,
    write: (file: string, text: string) => project.write(`${name}/${file}`, text),
    path: (file: string) => project.path(`${name}/${file}`),
  };
  for (const [file, text] of Object.entries(SOURCES)) place.write(file, text);
  place.write('asks.c', HAS_INCLUDE);
  place.write('optional.h', '');
  place.write('plain.c', '#include "pch.h"\nint plain;\n');
  place.write('pch.h', '');
  // Each way has a source of its own, so that the entries of one are not those of another.
  place.write('util.h', `/* ${title} */\n`);
  place.write(
    'a.c',
    `${title.includes('names its own') ? 'const char *me = __FILE__;\n' : ''}${SOURCES['a.c']}/* ${title} */\n`,
  );
  place.write('more/lib.h', 'int behind;\n');
  return place;
}

function lose(place: Place, way: Way): void {
  const { project, name } = place;
  const { line = LINE, again = line, says, asks = 'a.c', env = {} } = way;
  const here = (cwd: string) => ({
    cwd,
    env: { ...env, ...(env['CLCACHE_BASEDIR'] === 'HERE' && { CLCACHE_BASEDIR: project.path(cwd) }) },
  });
  // An object that names its own folder is compiled by an absolute name.
  const named = (words: readonly string[], cwd: string) =>
    env['CLCACHE_BASEDIR'] === 'HERE'
      ? words.map((word) => (word === 'a.c' ? project.path(`${cwd}/a.c`) : word))
      : words;
  for (const served of ['miss', 'hit']) assert.equal(project.served(named(line, name), here(name)), served);
  way.change?.(place);
  const cwd = way.cwdAgain ?? name;
  const last = here(cwd);
  project.cached(named(again, cwd), { ...last, env: { ...last.env, ...way.envAgain?.(place) } });
  assert.match(said(project, cwd, asks), says);
}

/** What `--why` says of a source first, in one line. */
function said(project: Project, cwd: string, name: string): string {
  const [first] = allSaid(project, cwd, name);
  assert.ok(first, `nothing is known of ${name}`);
  return first;
}

function allSaid(project: Project, cwd: string, name: string): string[] {
  const asker = {
    cacheDirectory: project.path('cache'),
    style: 'posix',
    workingDirectory: project.path(cwd),
  } as const;
  const found = whyOf(name, asker, allCallsIn(asker));
  return found.map((call) => callText(call, PLAIN, 'posix').replaceAll(/\s+/g, ' '));
}
