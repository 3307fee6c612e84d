import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TreeRoots } from '../../src/cache/base-directory.ts';
import { mentionsTree } from '../../src/cache/tree-binding.ts';
import { type CutText, cutTree, decodeSplices, joinTree, type Splice } from '../../src/cache/tree-text.ts';

function posix(...baseDirectories: string[]): TreeRoots {
  return { style: 'posix', workingDirectory: '/elsewhere', baseDirectories };
}

function windows(...baseDirectories: string[]): TreeRoots {
  return { style: 'win32', workingDirectory: 'Z:\\elsewhere', baseDirectories };
}

const cut = (roots: TreeRoots, text: string): CutText => cutTree(roots, Buffer.from(text));
const join = (roots: TreeRoots, text: CutText): string | undefined => {
  const joined = joinTree(roots, text);
  return joined && Buffer.from(joined).toString('utf8');
};
/** The text as it is in another tree. */
const moved = (from: TreeRoots, to: TreeRoots, text: string) => join(to, cut(from, text));
const isCut = (roots: TreeRoots, text: string) => cut(roots, text).splices.length > 0;

const ON_WINDOWS = windows('C:\\My Tree');
const MOVED_WINDOWS = windows('D:\\Other #1');

for (const [form, text, elsewhere] of [
  ['plain', 'C:\\My Tree\\a.h', 'D:\\Other #1\\a.h'],
  ['slashes', '"C:/My Tree/a.h"', '"D:/Other #1/a.h"'],
  ['escaped', '"C:\\\\My Tree\\\\a.h"', '"D:\\\\Other #1\\\\a.h"'],
  ['make', 'C:\\My\\ Tree\\a.h', 'D:\\Other\\ \\#1\\a.h'],
  ['makeSlashes', 'C:/My\\ Tree/a.h', 'D:/Other\\ \\#1/a.h'],
  ['lower', 'c:\\my tree\\a.h', 'd:\\other #1\\a.h'],
  ['lowerEscaped', '"c:\\\\my tree\\\\a.h"', '"d:\\\\other #1\\\\a.h"'],
] as const) {
  test(`a Windows path that is spelled '${form}' is cut, and spelled so in another tree`, () => {
    const stored = cut(ON_WINDOWS, `x ${text}\r\n`);
    assert.deepEqual(
      stored.splices.map((splice) => splice.form),
      [form],
    );
    assert.equal(join(ON_WINDOWS, stored), `x ${text}\r\n`);
    assert.equal(join(MOVED_WINDOWS, stored), `x ${elsewhere}\r\n`);
  });
}

test('a POSIX path is cut in its plain form and in that of a make rule', () => {
  const [from, to] = [posix('/my tree'), posix('/b$c')];
  assert.equal(moved(from, to, '/my tree/a.c:1: error\n'), '/b$c/a.c:1: error\n');
  assert.equal(moved(from, to, 'a.o: \\\n  /my\\ tree/a.c \\\n'), 'a.o: \\\n  /b$$c/a.c \\\n');
});

test('case tells two trees apart on POSIX', () => {
  assert.ok(!isCut(posix('/Tree'), '/tree/a.h'));
});

test('a Windows path in mixed case is cut, and restored unchanged in the same tree', () => {
  const roots = windows('C:\\Tree');
  for (const text of ['c:\\Tree\\a.h', 'C:\\TREE\\a.h', 'c:/tReE/a.h', '"C:\\\\TREE\\\\a.h"']) {
    assert.ok(isCut(roots, text), text);
    assert.equal(moved(roots, roots, text), text);
    assert.equal(moved(roots, windows('c:\\tree'), text), text);
    assert.match(moved(roots, windows('D:\\New'), text) ?? '', /^"?D:[\\/]+New[\\/]+a\.h"?$/);
  }
});

test('a base directory in lower case is cut like any other', () => {
  const roots = windows('c:\\tree');
  assert.equal(moved(roots, windows('D:\\New'), 'c:\\tree\\a.h'), 'D:\\New\\a.h');
  assert.equal(moved(roots, windows('D:\\New'), 'c:/tree/a.h'), 'D:/New/a.h');
});

test('a folder whose name only begins or ends like the tree is left alone', () => {
  for (const text of [
    '/tree2/a.h',
    '/tree.old/a.h',
    '/tree-1/a.h',
    '/tree+x/a.h',
    '/tree~/a.h',
    '/treeé/a.h',
    '/tree (copy)/a.h',
    '/tree\\ (copy)/a.h',
    '/other/tree/a.h',
    '/other//tree/a.h',
    '/a.b/tree/a.h',
    '/my (x86)/tree/a.h',
    '/über/tree/a.h',
    '/à/tree/a.h',
    'x/tree/a.h',
  ])
    assert.ok(!isCut(posix('/tree'), text), text);
  for (const text of [
    'C:\\Tree2\\a.h',
    'C:\\Tree - Copy\\a.h',
    'C:\\Tree\\ x\\a.h',
    'C:\\Tree(2)\\a.h',
    'XC:\\Tree\\a.h',
  ])
    assert.ok(!isCut(windows('C:\\Tree'), text), text);
});

test('a path of the tree is found wherever a text may begin or end a path', () => {
  for (const text of [
    '/tree',
    '/tree/a.h',
    'In file included from /tree/a.h:1:\n',
    '"/tree/a.h"',
    "'/tree'",
    '(/tree)',
    '</tree/a.h>',
    'a.o:/tree/a.h',
    '-fmap=/tree/a.h',
    'PATH=/bin:/tree/bin:/x',
    '/tree\n',
    '\t/tree\r\n',
  ])
    assert.ok(isCut(posix('/tree'), text), text);
  for (const text of [
    '\\\\?\\C:\\Tree\\a.h',
    'file:///C:/Tree/a.h',
    'C:\\Tree:',
    '/IC:\\Tree'.slice(2),
    '"C:\\Tree"',
  ])
    assert.ok(isCut(windows('C:\\Tree'), text), text);
});

test('a path that is left in a text in doubt is found by the search for mentions of the tree', () => {
  const roots = posix('/tree');
  for (const text of ['/tree (copy)/a.h', '/other/tree/a.h', '/tree is a folder'])
    assert.ok(mentionsTree(roots, cut(roots, text).bytes), text);
  assert.ok(!mentionsTree(roots, cut(roots, 'x /tree/a.h\n').bytes));
});

test('every occurrence is cut, and no byte beside them changes', () => {
  const stored = cut(posix('/tree'), 'A /tree/a.h B /tree/b.h C\n');
  assert.equal(Buffer.from(stored.bytes).toString(), 'A /a.h B /b.h C\n');
  assert.deepEqual(stored.splices, [
    { at: 2, base: 0, form: 'plain' },
    { at: 9, base: 0, form: 'plain' },
  ]);
});

test('the innermost base directory wins, whatever its number', () => {
  const text = '/tree/a.h /tree/sub/b.h\n';
  for (const [from, to] of [
    [posix('/tree', '/tree/sub'), posix('/one', '/two')],
    [posix('/tree/sub', '/tree'), posix('/two', '/one')],
  ] as const)
    assert.equal(moved(from, to, text), '/one/a.h /two/b.h\n');
});

test('bytes outside of UTF-8 are kept', () => {
  const head = Buffer.from([0xff, 0x80, 0x00, 0xe4, 0x20]);
  const bytes = Buffer.concat([head, Buffer.from('/tree/a.h'), Buffer.from([0xc3, 0x0a])]);
  const stored = cutTree(posix('/tree'), bytes);
  assert.equal(stored.splices.length, 1);
  assert.deepEqual(joinTree(posix('/tree'), stored), bytes);
});

test('a base directory outside ASCII is cut in its UTF-8 form', () => {
  assert.equal(moved(posix('/bäume'), posix('/trees'), 'x /bäume/a.h'), 'x /trees/a.h');
  assert.equal(moved(posix('/trees'), posix('/bäume'), 'x /trees/a.h'), 'x /bäume/a.h');
  assert.equal(moved(windows('C:\\Bäume'), windows('C:\\Bäume'), 'c:\\bäume\\a.h'), 'c:\\bäume\\a.h');
});

test('a text whose bytes differ from the tree by one bit is not taken for the tree on Windows', () => {
  // 0xC3 and 0xE3 are a pair of upper and lower case in Latin-1.
  const bytes = Buffer.concat([Buffer.from('C:\\'), Buffer.from([0xe3, 0xa4]), Buffer.from('\\a.h')]);
  assert.equal(cutTree(windows('C:\\ä'), bytes).splices.length, 0);
});

test('text without the tree, or without base directories, is unchanged', () => {
  const bytes = Buffer.from('nothing to see\n');
  assert.deepEqual(cutTree(posix('/tree'), bytes), { bytes, splices: [] });
  assert.deepEqual(cutTree(posix(), Buffer.from('/tree/a.h')).splices, []);
  assert.equal(cutTree(posix('/tree'), new Uint8Array()).bytes.length, 0);
});

test('a text cannot be joined if one of its base directories is not set', () => {
  assert.equal(joinTree(posix(), cut(posix('/tree'), '/tree/a.h')), undefined);
  assert.equal(joinTree(posix('/x'), cut(posix('/y', '/tree'), '/tree/a.h')), undefined);
});

test('splices that do not fit their text are refused', () => {
  const bytes = Buffer.from('abc');
  const plain = (at: number): Splice => ({ at, base: 0, form: 'plain' });
  assert.equal(joinTree(posix('/t'), { bytes, splices: [plain(4)] }), undefined);
  assert.equal(joinTree(posix('/t'), { bytes, splices: [plain(2), plain(1)] }), undefined);
  assert.equal(joinTree(posix('/t'), { bytes, splices: [plain(-1)] }), undefined);
});

test('splices are decoded from JSON as they were encoded, and nothing else is', () => {
  const { splices } = cut(windows('C:\\Tree'), 'C:\\TREE\\a.h C:\\Tree\\b.h');
  assert.equal(splices.length, 2);
  assert.deepEqual(decodeSplices(JSON.parse(JSON.stringify(splices))), splices);
  assert.deepEqual(decodeSplices(undefined), []);
  for (const json of [null, {}, [null], [1], [{}], [{ at: 1, base: 0, form: 'plain', spelled: 5 }]])
    assert.equal(decodeSplices(json), undefined);
});

/** A small random generator with a seed, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.trunc((state / 2_147_483_648) * below);
  };
}

const PIECES: Readonly<Record<TreeRoots['style'], readonly string[]>> = {
  posix: [
    '/',
    '/tree',
    '/tree/sub',
    '/my tree',
    '/my\\ tree',
    '2',
    ' ',
    '\n',
    '"',
    ':',
    'a.h',
    '\\',
    'tree',
    '/TREE',
    'é',
    '\xff',
  ],
  win32: [
    ...[
      '\\',
      '/',
      'C:\\Tree',
      'c:\\tree',
      'C:\\TREE',
      'c:\\Tree',
      'C:/Tree',
      'C:\\\\Tree',
      'c:\\\\tree',
      'C:\\Tree\\Sub',
    ],
    ...['D:\\My X', 'D:\\My\\ X', 'd:/mY\\ x', ' ', '\r\n', '"', ':', 'a.h', '2', 'x', '#', 'é', '\xff'],
  ],
};

for (const style of ['posix', 'win32'] as const) {
  const roots =
    style === 'posix'
      ? posix('/tree', '/tree/sub', '/my tree')
      : windows('C:\\Tree', 'C:\\Tree\\Sub', 'D:\\My X');
  test(`any text is restored in its own tree byte for byte (${style})`, () => {
    const next = random(42);
    for (let round = 0; round < 3000; round++) {
      const pieces = Array.from({ length: next(12) }, () => PIECES[style][next(PIECES[style].length)] ?? '');
      const bytes = Buffer.from(pieces.join(''), round % 2 ? 'utf8' : 'latin1');
      const stored = cutTree(roots, bytes);
      const joined = joinTree(roots, stored);
      assert.deepEqual(joined && Buffer.from(joined), bytes, JSON.stringify(pieces.join('')));
      assert.deepEqual(decodeSplices(JSON.parse(JSON.stringify(stored.splices))), stored.splices);
    }
  });
}

test('lines that name files of a tree name the same files of another tree', () => {
  const next = random(7);
  const directories = ['/tree', '/tree/sub', '/tree2', '/my tree', '/usr/tree', '/t#1'];
  const elsewhere = ['/x', '/y z', '/tree2', '/m', '/usr/tree', '/s$'];
  const mine = (list: readonly string[]) => posix(...[0, 1, 3, 5].map((index) => list[index] ?? ''));
  const forMake = (path: string) => path.replace(/[ #]/g, '\\$&').replaceAll('$', '$$$$');
  const templates: readonly ((directory: string) => string)[] = [
    (directory) => `${directory}/a.h:1:2: error: no\n`,
    (directory) => `In file included from ${directory}/b.h:3:\n`,
    (directory) => `Note: including file:  ${directory}/c.h\n`,
    (directory) => `{"path":"${directory}/d.h"}\n`,
    (directory) => `found in '${directory}'\n`,
  ];
  for (let round = 0; round < 1000; round++) {
    const lines = Array.from({ length: 5 }, () => ({
      number: next(directories.length),
      template: templates[next(templates.length)] ?? forMake,
    }));
    const write = (list: readonly string[]) =>
      lines.map(({ number, template }) => template(list[number] ?? '')).join('');
    assert.equal(moved(mine(directories), mine(elsewhere), write(directories)), write(elsewhere));
  }
});

test('a folder in a make rule is restored with the escapes that its own name needs', () => {
  const here = { style: 'posix', workingDirectory: '/plain', baseDirectories: ['/plain'] } as const;
  const there = {
    style: 'posix',
    workingDirectory: '/with blank',
    baseDirectories: ['/with blank'],
  } as const;
  const cut = cutTree(here, Buffer.from('a.obj: /plain/a.c\n'), 'make');
  assert.equal(Buffer.from(joinTree(there, cut) ?? []).toString(), 'a.obj: /with\\ blank/a.c\n');
});

test('a path after a colour sequence is found, and one after a letter is not', () => {
  const trees = [posix('/tree'), posix('/another/tree')] as const;
  const coloured = '\x1b[0m\x1b[1m/tree/a.c(1,2): \x1b[0m\x1b[0;1;35mwarning: ';
  assert.equal(moved(...trees, coloured), coloured.replace('/tree', '/another/tree'));
  assert.ok(!isCut(trees[0], 'from/tree/a.c'));
});
