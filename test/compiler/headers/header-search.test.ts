import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, win32 } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FAMILIES } from '../../../src/commandline/family.ts';
import { HeaderTrace } from '../../../src/compiler/headers/header-search.ts';
import type { HeaderSearch } from '../../../src/compiler/headers/search-options.ts';
import { stepsOf } from '../../../src/compiler/headers/search-order.ts';
import type { Inclusion, SearchTraces } from '../../../src/compiler/headers/search-traces.ts';
import { namesIn } from '../../../src/files/folder-names.ts';
import { scanSource } from '../../../src/source/scan.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

interface Tree {
  readonly root: string;
  trace(search: {
    source?: string;
    folders: readonly string[];
    /** `depth path`, as the compiler reports them. */
    includes: readonly string[];
  }): { absent: string[]; present: string[] };
}

/** A real folder with these files. All paths in results are relative to it. */
function tree(context: TestContext, files: Readonly<Record<string, string>>): Tree {
  const root = temporaryFolder(context);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return {
    root,
    trace({ source = 'src/a.c', folders, includes }) {
      const inclusions = includes.map((line) => {
        const [depth = '', path = ''] = line.split(' ');
        return { depth: Number(depth), path: `${root}/${path}` };
      });
      const traces = traceOf(inclusions, {
        style: 'posix',
        source: `${root}/${source}`,
        folders: folders.map((folder) => `${root}/${folder}`),
        scanOf: (path) => scanSource(readFileSync(path), FAMILIES['clang-cl']),
        exists: existsSync,
        list: namesIn,
        isFolder,
      });
      return sorted(traces, (path) => path.replace(`${root}/`, ''));
    },
  };
}

/** A disk of POSIX as a pure function, with these texts by their paths, and these folders, which cannot be listed. */
function inMemory(texts: Readonly<Record<string, string>>, folders: readonly string[]) {
  return {
    style: 'posix',
    scanOf: (path: string) => scanSource(Buffer.from(texts[path] ?? ''), FAMILIES['clang-cl']),
    exists: (path: string) => path in texts || folders.includes(path),
    list: () => undefined,
    isFolder: (path: string) => folders.includes(path),
  } as const;
}

function traceOf(inclusions: readonly Inclusion[], search: HeaderSearch): SearchTraces {
  const trace = new HeaderTrace(search);
  for (const inclusion of inclusions) trace.enter(inclusion);
  return trace.finish();
}

/** Every place that must stay free, or the folder on the way to it that must stay absent, and what must stay. */
function sorted(
  traces: SearchTraces,
  name: (path: string) => string,
  { exists, rules }: { exists: (path: string) => boolean; rules: typeof posix } = {
    exists: existsSync,
    rules: posix,
  },
) {
  const absent = new Set(traces.absent);
  const files = new Set(traces.files.map((place) => rules.join(place.folder, place.name)));
  for (const search of traces.searches) {
    for (const { folder } of stepsOf(search.from, search.until)) {
      if (!exists(folder) || files.has(rules.join(folder, search.name))) continue;
      let place = folder;
      for (const step of search.name.split(/[\\/]/)) if (exists(place)) place = rules.join(place, step);
      if (!exists(place)) absent.add(place);
    }
  }
  return { absent: [...absent].map(name).sort(), present: [...traces.present].map(name).sort() };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

test('an earlier folder of the search is watched, a later one is not', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include <x.h>\n',
    'one/other.h': '',
    'two/x.h': '',
    'three/y.h': '',
  });
  assert.deepEqual(trace({ folders: ['one', 'two', 'three'], includes: ['1 two/x.h'] }), {
    absent: ['one/x.h'],
    present: [],
  });
});

test('the folder of the current file is watched for quotes, and not for angle brackets', (context) => {
  const files = { 'src/a.c': '#include "x.h"\n#include <y.h>\n', 'inc/x.h': '', 'inc/y.h': '' };
  assert.deepEqual(tree(context, files).trace({ folders: ['inc'], includes: ['1 inc/x.h', '1 inc/y.h'] }), {
    absent: ['src/x.h'],
    present: [],
  });
});

test('nothing is watched when a header is found at the first place', (context) => {
  const { trace } = tree(context, { 'src/a.c': '#include "x.h"\n', 'src/x.h': '', 'inc/z.h': '' });
  assert.deepEqual(trace({ folders: ['inc'], includes: ['1 src/x.h'] }), { absent: [], present: [] });
});

test('the folders of all includers are watched, from the innermost outwards', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include "p/p.h"\n',
    'src/p/p.h': '#include "q/q.h"\n',
    'src/p/q/q.h': '#include "x.h"\n',
    'inc/x.h': '',
  });
  const traces = trace({ folders: ['inc'], includes: ['1 src/p/p.h', '2 src/p/q/q.h', '3 inc/x.h'] });
  assert.deepEqual(traces.absent, ['src/p/q/x.h', 'src/p/x.h', 'src/x.h']);
});

test('a sibling of an includer is followed with the folders of its own includers only', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include "p/p.h"\n#include "r/r.h"\n',
    'src/p/p.h': '#include "p2.h"\n',
    'src/p/p2.h': '',
    'src/r/r.h': '#include "x.h"\n',
    'inc/x.h': '',
  });
  const includes = ['1 src/p/p.h', '2 src/p/p2.h', '1 src/r/r.h', '2 inc/x.h'];
  assert.deepEqual(trace({ folders: ['inc'], includes }).absent, ['src/r/x.h', 'src/x.h']);
});

test('a header that is skipped the second time is still searched from there', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include "x.h"\n#include "p/p.h"\n',
    'src/p/p.h': '#include "x.h"\n',
    'src/x.h': '#pragma once\n',
  });
  // The compiler reports x.h once. A new p/x.h would still be found first.
  assert.deepEqual(trace({ folders: [], includes: ['1 src/x.h', '1 src/p/p.h'] }).absent, ['src/p/x.h']);
});

test('a header that an option includes under another name is searched as the line of the source says', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include <x.h>\n',
    'one/other.h': '',
    'two/x.h': '',
    'two/deep/z.h': '',
  });
  const includes = ['1 two/deep/../x.h', '1 two/x.h'];
  assert.deepEqual(trace({ folders: ['one', 'two'], includes }), { absent: ['one/x.h'], present: [] });
});

test('include_next watches all places before the last match', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include <x.h>\n',
    'one/x.h': '#include_next <x.h>\n',
    'two/z.h': '',
    'three/x.h': '',
  });
  const traces = trace({ folders: ['one', 'two', 'three'], includes: ['1 one/x.h', '2 three/x.h'] });
  assert.deepEqual(traces.absent, ['two/x.h']);
});

test('an include by a macro is watched under every possible name', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#define H <sub/x.h>\n#include H\n',
    'one/sub/y.h': '',
    'two/sub/x.h': '',
  });
  const traces = trace({ folders: ['one', 'two'], includes: ['1 two/sub/x.h'] });
  assert.deepEqual(traces.absent, ['one/sub/x.h', 'src/sub']);
});

test('an include by a macro may have led to any header that was included, which is then not reported again', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include "one/y.h"\n#define H <x.h>\n#include H\n',
    'src/one/y.h': '#include "x.h"\n#include "lib/v.h"\n#include "lib/w.h"\n',
    'src/one/x.h': '#pragma once\n',
    'src/one/lib/v.h': '',
    'src/one/lib/w.h': '',
    'early/lib/other.h': '',
  });
  const includes = ['1 src/one/y.h', '2 src/one/x.h', '2 src/one/lib/v.h', '2 src/one/lib/w.h'];
  const { absent } = trace({ folders: ['early', 'src/one'], includes });
  const inEarly = ['early/lib/v.h', 'early/lib/w.h', 'early/x.h', 'early/y.h'];
  assert.deepEqual(absent, [...inEarly, 'src/lib', 'src/x.h', 'src/y.h']);
});

test('a file that a search passes over in two places is kept for both', () => {
  const files: Readonly<Record<string, string>> = {
    '/src/a.c': '#include <sub/x.h>\n#include <y.h>\n',
    '/inc/sub/x.h': '',
    '/inc/x.h': '',
    '/inc/y.h': '#define NAME <x.h>\n#include NAME\n',
  };
  const traces = traceOf(
    [
      { depth: 1, path: '/late/sub/x.h' },
      { depth: 1, path: '/inc/y.h' },
      { depth: 2, path: '/late/x.h' },
    ],
    {
      ...inMemory(files, ['/src', '/inc', '/inc/sub']),
      source: '/src/a.c',
      folders: ['/inc/sub', '/inc', '/late'],
    },
  );
  const places = traces.files.map(({ folder, name }) => `${folder} ${name}`);
  for (const place of ['/inc sub/x.h', '/inc/sub x.h']) assert.ok(places.includes(place), place);
});

test('a skipped header is accounted for under its reported name and under those that lines may lead to', () => {
  const files: Readonly<Record<string, string>> = {
    '/src/a.c': '#include <x.h>\n#include <sub/../y.h>\n#define NAME <x.h>\n#include NAME\n',
    '/inc/x.h': '',
    '/inc/sub/../y.h': '',
    '/inc/y.h': '',
    '/inc/link.h': '',
  };
  const trace = new HeaderTrace({
    ...inMemory(files, ['/inc', '/inc/sub']),
    source: '/src/a.c',
    folders: ['/inc'],
  });
  for (const path of ['/inc/x.h', '/inc/y.h']) trace.enter({ depth: 1, path });
  trace.finish();
  assert.equal(trace.followsMacros, true);
  assert.equal(trace.accountsFor(['/inc/x.h', '/inc/y.h', '/inc/sub/../y.h']), true);
  assert.equal(trace.accountsFor(['/inc/x.h', '/inc/link.h']), false);
  assert.equal(trace.accountsFor(['/inc/./x.h']), true);
  assert.equal(trace.accountsFor(['/inc/other/../x.h']), false, 'the folder may go');
});

test('a header that is found again through another folder holds while that path exists', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include <x.h>\n#include <deep/../x.h>\n#include <deep/../y.h>\n',
    'one/x.h': '#pragma once\n',
    'one/y.h': '',
    'one/deep/z.h': '',
  });
  const { present } = trace({ folders: ['one'], includes: ['1 one/x.h', '1 one/deep/../y.h'] });
  assert.deepEqual(present, ['one/deep/../x.h']);
});

test('a path through a missing folder to a header that was included leads nowhere, and the folder is watched', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include <x.h>\n#include <deep/../x.h>\n',
    'one/x.h': '#pragma once\n',
    'two/deep/y.h': '',
    'two/x.h': '',
  });
  const { absent, present } = trace({
    folders: ['one', 'two'],
    includes: ['1 one/x.h', '1 two/deep/../x.h'],
  });
  assert.deepEqual({ absent, present }, { absent: ['one/deep'], present: [] });
});

test('a place in a missing folder is watched by that folder, once for all names', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include <lib/x.h>\n#include <lib/y.h>\n#include <z.h>\n',
    'one/other.h': '',
    'two/lib/x.h': '',
    'two/lib/y.h': '',
    'two/z.h': '',
  });
  const includes = ['1 two/lib/x.h', '1 two/lib/y.h', '1 two/z.h'];
  assert.deepEqual(trace({ folders: ['one', 'gone', 'two'], includes }).absent, [
    'gone',
    'one/lib',
    'one/z.h',
  ]);
});

test('__has_include watches the places where it found nothing and the one where it found something', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#if __has_include(<x.h>)\n#endif\n#if __has_include("none.h")\n#endif\n',
    'one/o.h': '',
    'two/x.h': '',
    'three/x.h': '',
  });
  assert.deepEqual(trace({ folders: ['one', 'two', 'three'], includes: [] }), {
    absent: ['one/none.h', 'one/x.h', 'src/none.h', 'three/none.h', 'two/none.h'],
    present: ['two/x.h'],
  });
});

test('__has_include_next watches every place', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#if __has_include_next(<x.h>)\n#endif\n',
    'one/o.h': '',
    'two/x.h': '',
    'three/x.h': '',
  });
  assert.deepEqual(trace({ folders: ['one', 'two', 'three'], includes: [] }), {
    absent: ['one/x.h'],
    present: ['three/x.h', 'two/x.h'],
  });
});

test('an absolute name is searched in one place only', (context) => {
  const { root, trace } = tree(context, { 'src/a.c': '', 'inc/x.h': '', 'one/o.h': '' });
  const text = `#include "${root}/inc/x.h"\n#if __has_include("${root}/gone/y.h") || __has_include(<${root}/inc/x.h>)\n#endif\n`;
  writeFileSync(`${root}/src/a.c`, text);
  assert.deepEqual(trace({ folders: ['one'], includes: ['1 inc/x.h'] }), {
    absent: ['gone/y.h'],
    present: ['inc/x.h'],
  });
});

test('a new file at a watched place, or a vanished one, changes the states', (context) => {
  const { root, trace } = tree(context, {
    'src/a.c': '#include "x.h"\n#if __has_include(<y.h>)\n#endif\n',
    'inc/x.h': '',
    'inc/y.h': '',
  });
  const { absent, present } = trace({ folders: ['inc'], includes: ['1 inc/x.h'] });
  writeFileSync(`${root}/src/x.h`, '');
  rmSync(`${root}/inc/y.h`);
  assert.ok(absent.some((name) => existsSync(`${root}/${name}`)));
  assert.ok(present.some((name) => !existsSync(`${root}/${name}`)));
});

test('two headers that include each other end the search', (context) => {
  const { trace } = tree(context, {
    'src/a.c': '#include "x.h"\n',
    'src/x.h': '#include "sub/y.h"\n',
    'src/sub/y.h': '#include "../x.h"\n',
  });
  const traces = trace({ folders: ['inc'], includes: ['1 src/x.h', '2 src/sub/y.h', '3 src/sub/../x.h'] });
  assert.deepEqual(traces, { absent: [], present: ['src/sub/../sub/y.h'] });
});

/** Windows as a pure function: case ignored, both slashes, and `..` resolved before the disk is asked. */
function windowsTrace(
  files: Readonly<Record<string, string>>,
  search: Pick<HeaderSearch, 'source' | 'folders'> & { readonly includes: readonly Inclusion[] },
) {
  const fold = (path: string) => win32.normalize(path).toLowerCase();
  const texts = new Map(Object.entries(files).map(([path, text]) => [fold(path), text]));
  const known = new Set<string>();
  for (const path of texts.keys()) {
    for (let place = path; !known.has(place); place = win32.dirname(place)) known.add(place);
  }
  const exists = (path: string) => known.has(fold(path));
  const traces = traceOf(search.includes, {
    ...search,
    style: 'win32',
    scanOf: (path) => scanSource(Buffer.from(texts.get(fold(path)) ?? ''), FAMILIES.cl),
    exists,
    list: (folder) => namesBelow(known, fold(folder)),
    isFolder: (path) => exists(path) && !texts.has(fold(path)),
  });
  return sorted(traces, (path) => win32.normalize(path), { exists, rules: win32 });
}

function namesBelow(paths: Iterable<string>, folder: string): Set<string> {
  const below = folder.endsWith('\\') ? folder : `${folder}\\`;
  const inside = [...paths].filter((path) => path.startsWith(below));
  return new Set(inside.map((path) => path.slice(below.length).split('\\')[0] ?? ''));
}

test('a header that is reported by another name than the search has counts as unreported', () => {
  const files = new Set(
    ['C:\\src\\a.cpp', 'C:\\SHORT~1\\x.h', 'C:\\Short name\\x.h'].map((path) => path.toLowerCase()),
  );
  const traces = traceOf([{ depth: 1, path: 'C:\\Short name\\x.h' }], {
    style: 'win32',
    source: 'C:\\src\\a.cpp',
    folders: ['C:\\SHORT~1'],
    scanOf: (path) => scanSource(Buffer.from(path.endsWith('.cpp') ? '#include <x.h>\n' : ''), FAMILIES.cl),
    exists: (path) => files.has(path.toLowerCase()),
    list: (folder) => namesBelow(files, folder.toLowerCase()),
    isFolder: () => false,
  });
  assert.deepEqual([...traces.unreported], ['C:\\SHORT~1\\x.h']);
});

test('a header on Windows is found in any case and with any slashes', () => {
  const traces = windowsTrace(
    {
      'C:\\src\\a.cpp': '#include "Sub/X.h"\n',
      'C:\\one\\o.h': '',
      'C:\\inc\\sub\\x.h': '',
      'C:\\src\\sub\\y.h': '',
    },
    {
      source: 'C:\\src\\a.cpp',
      folders: ['C:\\one', 'C:\\inc'],
      includes: [{ depth: 1, path: 'c:\\INC\\Sub/X.h' }],
    },
  );
  assert.deepEqual(traces, { absent: ['C:\\one\\Sub', 'C:\\src\\Sub\\X.h'], present: [] });
});

test('a missing folder before .. does not matter on Windows', () => {
  const traces = windowsTrace(
    {
      'C:\\src\\a.cpp': '#include <sub/../x.h>\n',
      'C:\\one\\o.h': '',
      'C:\\inc\\sub\\y.h': '',
      'C:\\inc\\x.h': '',
    },
    {
      source: 'C:\\src\\a.cpp',
      folders: ['C:\\gone\\..\\one', 'C:\\inc'],
      includes: [{ depth: 1, path: 'C:\\inc\\sub/../x.h' }],
    },
  );
  assert.deepEqual(
    windowsTrace(
      { 'C:\\src\\a.cpp': '#include <../x.h>\n', 'C:\\inc\\o.h': '', 'C:\\x.h': '' },
      {
        source: 'C:\\src\\a.cpp',
        folders: ['C:\\sub\\gone', 'C:\\inc'],
        includes: [{ depth: 1, path: 'C:\\inc\\../x.h' }],
      },
    ).absent,
    ['C:\\sub\\x.h'],
  );
  // Windows finds C:\one\x.h by this name although there is no C:\one\sub.
  assert.deepEqual(traces.absent, ['C:\\one\\x.h']);
});

test('a drive as a search folder is searched like any other', () => {
  const traces = windowsTrace(
    { 'C:\\src\\a.cpp': '#include <x.h>\n', 'D:\\o.h': '', 'C:\\inc\\x.h': '' },
    {
      source: 'C:\\src\\a.cpp',
      folders: ['D:\\', 'C:\\inc'],
      includes: [{ depth: 1, path: 'C:\\inc\\x.h' }],
    },
  );
  assert.deepEqual(traces.absent, ['D:\\x.h']);
});
