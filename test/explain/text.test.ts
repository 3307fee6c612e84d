import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLAIN } from '../../src/config/terminal.ts';
import { buildReasons } from '../../src/explain/build.ts';
import { buildText } from '../../src/explain/build-text.ts';
import { callText } from '../../src/explain/call-text.ts';
import type { Verdict } from '../../src/explain/kept-call.ts';
import { wordsOfCures } from '../../src/explain/words.ts';
import { keptCall } from './calls.ts';

const ESCAPE = '\u001b';
const COLOURED = { colours: true, signs: true };
const HEADER: Verdict = {
  kind: 'miss',
  causes: [{ kind: 'header', path: '/p/inc/util.h', includedBy: '/p/inc/a.h' }],
  result: 'stored',
};
const OTHER: Verdict = {
  ...HEADER,
  causes: [{ kind: 'header', path: '/p/inc/util.h', includedBy: '/p/b.h' }],
};
const HANDED: Verdict = {
  kind: 'handedOn',
  reason: { kind: 'externalDebugInfo', because: '/Zi writes a shared program database', option: '/Zi' },
  cures: ['CLCACHE_Z7=1', 'CLCACHE_PDB=per-object'],
};
const HERE = { style: 'posix', workingDirectory: '/p' } as const;

function build(look = PLAIN, counted = { hits: 1, misses: 2, handedOn: 1 }): string {
  const all = [
    {
      source: '/p/a.c',
      calls: [keptCall({ at: 10, verdict: HEADER }), keptCall({ at: 1, verdict: HANDED })],
    },
    { source: '/p/b.c', calls: [keptCall({ at: 11, verdict: OTHER })] },
    { source: '/p/c.c', calls: [keptCall({ at: 12, verdict: HANDED })] },
  ];
  const span = { from: 5, to: 20 };
  return buildText({ ...span, counted, ...buildReasons(all, span, HERE) }, look);
}

test('the calls of a build are grouped by reason, a header once whoever includes it, and earlier calls are left out', () => {
  const text = build();
  assert.match(text, /: 1 hit, 2 misses, 1 handed on\n/);
  assert.match(text, /Misses, because\n +2 x +0\.0 s {2}inc\/util\.h changed\n +\(\/p\/a\.c and others\)\n/);
  assert.match(
    text,
    /Handed on, because\n +1 x +0\.0 s {2}\/Zi writes a shared program database\n +-> CLCACHE_Z7=1 or/,
  );
  assert.match(text, /Headers that cost most\n +2 x +0\.0 s {2}\/p\/inc\/util\.h\n/);
  assert.match(text, /Options that cost most\n +1 x +0\.0 s {2}\/Zi\n/);
});

test('a long option is cut in the text of a call and of a build, and a path is not', () => {
  const option = `-march=native ${'-target-feature '.repeat(300)}`;
  const path = `/p/${'long'.repeat(100)}.h`;
  const causes = [
    { kind: 'optionAdded', option },
    { kind: 'headerGone', path },
  ] as const;
  const call = keptCall({ at: 10, verdict: { kind: 'miss', causes, result: 'stored' } });
  const text = callText({ source: '/p/a.c', call, now: 'unknown', advice: [] }, PLAIN, 'posix');
  assert.match(text, /option -march=native [-\s\w]+\.\.\.\s+\(\d+\s+characters\s+more\)/);
  assert.ok(text.includes('long'.repeat(100)));
  const span = { from: 5, to: 20 };
  const reasons = buildReasons([{ source: '/p/a.c', calls: [call] }], span, HERE);
  for (const one of [text, buildText({ ...span, counted: undefined, ...reasons }, PLAIN)])
    assert.ok(one.split('\n').length < 30, one);
});

test('a cure with a condition reads well in a sentence and at its end', () => {
  const conditional = ['CLCACHE_SAFE_OPTIONS=/x, if the option reads and writes no file'];
  assert.equal(wordsOfCures(conditional), `${conditional[0]}, would have it cached`);
  assert.equal(wordsOfCures(['A=1', 'B=1']), 'A=1 or B=1 would have it cached');
});

test('a build names each source of a reason once, and counts a call of several sources once', () => {
  const names = Array.from({ length: 12 }, (_, index) => `/p/${index}.c`);
  const all = names.map((source) => ({
    source,
    calls: [1, 2].map((at) => ({ ...keptCall({ at, verdict: HANDED }), call: String(at) })),
  }));
  const [group] = buildReasons(all, { from: 0, to: 20 }, HERE).groups;
  assert.deepEqual([group?.calls, group?.ms, group?.sources], [2, 20, names]);
});

test('a build says how many of its calls no record is left of', () => {
  assert.doesNotMatch(build(), /Not in these lists/);
  assert.match(
    build(PLAIN, { hits: 1, misses: 14, handedOn: 2 }),
    /: 1 hit, 14 misses, 2 handed on\n[\s\S]*\nNot in these lists, because no record of them is kept: 12 misses, 1 call handed\non\.\n/,
  );
});

test('no line is longer than 80 characters, and colours are for those who can see them', () => {
  for (const verdict of [HEADER, HANDED]) {
    const explained = {
      source: '/p/a.c',
      call: keptCall({ verdict }),
      hitAt: 2000,
      now: 'hit',
      advice: [],
    } as const;
    const [plain, coloured] = [PLAIN, COLOURED].map((look) => callText(explained, look, 'posix'));
    assert.ok(!plain?.includes(ESCAPE));
    assert.match(coloured?.replaceAll(ESCAPE, 'ESC') ?? '', /ESC\[3[13]m(?:miss|handed on)ESC\[0m/);
    for (const line of plain?.split('\n') ?? []) assert.ok(line.length <= 80, line);
  }
  assert.ok(!build().includes(ESCAPE));
  assert.ok(build(COLOURED).includes(`${ESCAPE}[1mMisses, because${ESCAPE}[0m`));
  for (const line of build().split('\n')) assert.ok(line.length <= 80, line);
});

test('names with control characters do not reach a terminal as such', () => {
  const call = keptCall({ object: '/p/\u001b[31m.obj' });
  const text = callText(
    { source: '/p/\u001b]0;x\u0007.c', call, now: 'unknown', advice: [] },
    PLAIN,
    'posix',
  );
  assert.match(text, /^[\n\x20-\x7e]+$/);
});
