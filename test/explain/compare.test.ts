import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ComparedCall, causesElsewhere, causesOfNewKey, compared } from '../../src/explain/compare.ts';
import { causeOfKnownKey } from '../../src/explain/known-key.ts';
import { wordsOfCauses } from '../../src/explain/words.ts';
import { type CallWords, keptCall } from './calls.ts';

/** What differs first, what differs then, and what the log says of the second call. */
const ROWS: readonly (readonly [title: string, before: CallWords, now: CallWords, words: string])[] = [
  ['an option more', {}, { options: ['/DX=1'] }, 'option /DX=1 was not there before'],
  ['an option less', { options: ['/GR-'] }, {}, 'option /GR- was there before'],
  [
    'another value of a macro',
    { options: ['/DX=1'] },
    { options: ['/DX=2'] },
    'option /DX=2 was /DX=1 before',
  ],
  ['another of two switches', { options: ['/Od'] }, { options: ['/O2'] }, 'option /O2 was /Od before'],
  ['a switch turned off', { options: ['/GR'] }, { options: ['/GR-'] }, 'option /GR- was /GR before'],
  [
    'a no- of clang',
    { options: ['-frtti'] },
    { options: ['-fno-rtti'] },
    'option -fno-rtti was -frtti before',
  ],
  [
    'a value behind :',
    { options: ['/std:c11'] },
    { options: ['/std:c17'] },
    'option /std:c17 was /std:c11 before',
  ],
  [
    'another order',
    { options: ['/O1', '/O2'] },
    { options: ['/O2', '/O1'] },
    'the order of options changed: /O2 stands before /O1 now',
  ],
  ['another search folder', { paths: [['/I', 'a']] }, { paths: [['/I', 'b']] }, 'option /Ib was /Ia before'],
  [
    'two changes',
    { options: ['/Od'] },
    { options: ['/O2', '/DNDEBUG'] },
    'option /O2 was /Od before; option /DNDEBUG was not there before',
  ],
  [
    'an option from a variable',
    {},
    { options: ['/DX=1'], line: { CL: '/DX#1' } },
    'option /DX=1 was not there before (from the variable CL)',
  ],
  [
    'a folder more in a variable',
    { variables: { INCLUDE: '/x' } },
    { variables: { INCLUDE: '/x;/y' } },
    'the variable INCLUDE has one more folder: /y',
  ],
  [
    'a folder less in a variable',
    { variables: { INCLUDE: '/x;/y' } },
    { variables: { INCLUDE: '/y' } },
    'the variable INCLUDE lacks a folder: /x',
  ],
  [
    'another order in a variable',
    { variables: { INCLUDE: '/x;/y' } },
    { variables: { INCLUDE: '/y;/x' } },
    'the folders of the variable INCLUDE stand in another order',
  ],
  [
    'another variable',
    { variables: { VSLANG: '1033' } },
    { variables: { VSLANG: '1036' } },
    'the variable VSLANG is 1036, and was 1033',
  ],
  [
    'a variable more',
    {},
    { variables: { SDKROOT: '/s' } },
    'the variable SDKROOT was not set before, and is /s',
  ],
  ['a variable less', { variables: { VSLANG: '1' } }, {}, 'the variable VSLANG is not set now, and was 1'],
  [
    'another compiler',
    {},
    { compiler: 'cl 19.44' },
    'the compiler is another one: cl 19.44, and was cl 19.43',
  ],
  [
    'another compiler of the same version',
    {},
    { compiler: 'cl 19.43 (patched)' },
    'the compiler is another one, although it also says cl 19.43',
  ],
  ['another text', {}, { contents: 'int b;' }, 'the source itself changed'],
  [
    'another file of an option',
    { inputs: { 'x.txt': '1' } },
    { inputs: { 'x.txt': '2' } },
    'x.txt, which an option names, changed',
  ],
  ['another spelling', {}, { source: './a.c' }, 'the source is spelled ./a.c, and was a.c'],
  ['notes', {}, { showIncludes: 'all' }, 'option /showIncludes was not there before'],
  ['base directories', {}, { bases: ['/p'] }, 'the base directories are others; they were none'],
  [
    'another folder',
    {},
    { folder: '/q', paths: [] },
    'it is known in another folder, /p, and no base directory covers both',
  ],
  [
    'another folder, with a base directory for each and an absolute source',
    { bases: ['/p'] },
    { folder: '/q', bases: ['/q'], source: '/q/a.c' },
    'the source is spelled /q/a.c, and was a.c',
  ],
  [
    'an absolute source below its base directory',
    { bases: ['/p'] },
    { bases: ['/p'], source: '/p/a.c' },
    'the source is spelled /p/a.c, and was a.c',
  ],
  [
    'another folder, with a base directory for each and an absolute search folder',
    { bases: ['/p'], paths: [['/I', 'inc']] },
    { folder: '/q', bases: ['/q'], paths: [['/I', '/q/inc']] },
    'option /I/q/inc was /Iinc before',
  ],
  [
    'a relative search folder in place of an absolute one',
    { bases: ['/p'], paths: [['/I', '/p/inc']] },
    { bases: ['/p'], paths: [['/I', 'inc']] },
    'option /Iinc was /I/p/inc before',
  ],
  [
    'an absolute folder in a variable in place of a relative one',
    { bases: ['/p'], variables: { INCLUDE: 'inc' } },
    { bases: ['/p'], variables: { INCLUDE: '/p/inc' } },
    'the variable INCLUDE has one more folder: /p/inc; the variable INCLUDE lacks a folder: inc',
  ],
  [
    'a listing, for which the key names the object',
    { options: ['/O2'], paths: [['output object', '']] },
    { options: ['/O2', '/Fa'], paths: [['output object', 'a.obj']] },
    'option /Fa was not there before',
  ],
  [
    'another folder below the same base directory',
    { folder: '/b/p', bases: ['/b'] },
    { folder: '/b/q', bases: ['/b'] },
    'it is known in another folder, /b/p, which is another place below the base directories',
  ],
  [
    'another folder, of which only one has a base directory',
    { bases: ['/p'] },
    { folder: '/q' },
    'it is known in another folder, /p, and no base directory covers both',
  ],
  [
    'a value that is not kept',
    { options: ['/DTOKEN=abc'] },
    { options: ['/DTOKEN=abd'] },
    'a value changed that is not kept, because it looks like a password',
  ],
];

for (const [title, before, now, words] of ROWS) {
  test(`a miss after ${title} says so`, () => {
    assert.equal(said(keptCall(now), [before]), words);
  });
}

test('a call is compared with the known one that differs least', () => {
  const known = [{ options: ['/Od', '/GR-', '/DX'] }, { options: ['/O2'] }, { options: ['/Od', '/W4'] }];
  assert.equal(said(keptCall({ options: ['/O2', '/DY'] }), known), 'option /DY was not there before');
});

for (const [title, known, now, words] of [
  [
    'that lacks one option, not with a newer one that has another',
    [{ options: ['/DAA'] }, {}],
    { options: ['/DBB'] },
    'option /DBB was not there before',
  ],
  [
    'whose INCLUDE lacks one folder, not with one that has no INCLUDE',
    [{}, { variables: { INCLUDE: '/x' } }],
    { variables: { INCLUDE: '/x;/y' } },
    'the variable INCLUDE has one more folder: /y',
  ],
  [
    'with another value of the macro, if it is newer than one without it',
    [{ options: ['/DX=1'] }, {}],
    { options: ['/DX=2'] },
    'option /DX=2 was /DX=1 before',
  ],
  [
    'with the same options and another source, not with other options',
    [{ options: ['/O2', '/W4'] }, { contents: 'int b;' }],
    {},
    'the source itself changed',
  ],
] as const) {
  test(`a call is compared with the known one ${title}`, () => {
    assert.equal(said(keptCall(now), known), words);
  });
}

/** A call that began to compile long after `keptCall()` had ended. */
function lost(text?: string) {
  return { text, began: keptCall().at + 1000 };
}

test('a call that ran at the same time and stored its result does not make the other one evicted', () => {
  const known = keptCall();
  assert.deepEqual(causeOfKnownKey(known, { text: undefined, began: known.at - 5 }), { kind: 'newKey' });
});

test('a key that is known was evicted if its result was stored, else the reason stands why it was not', () => {
  const { lookup } = keptCall();
  assert.deepEqual(causeOfKnownKey(keptCall(), lost(lookup.text)), { kind: 'evicted' });
  const verdict = { kind: 'miss', causes: [], result: 'notStored', because: 'a.h changed' } as const;
  const because = 'a.h changed';
  assert.deepEqual(causeOfKnownKey(keptCall({ verdict }), lost(lookup.text)), {
    kind: 'notStoredBefore',
    because,
  });
});

test('where text decides, a known key with another text is another text', () => {
  const call = keptCall();
  const known = { ...call, lookup: { ...call.lookup, text: 'of then' } };
  assert.deepEqual(causeOfKnownKey(known, lost('of now')), { kind: 'text' });
  assert.deepEqual(causeOfKnownKey(known, lost('of then')), { kind: 'evicted' });
  assert.deepEqual(causeOfKnownKey(call, lost('of now')), { kind: 'otherMode' });
  assert.deepEqual(causeOfKnownKey(known, lost()), { kind: 'otherMode' });
});

test('each call of a source is compared with the calls before it', () => {
  const verdict = { kind: 'miss', causes: [{ kind: 'newKey' }], result: 'stored' } as const;
  const calls = [{ options: ['/O2', '/DY'] }, { options: ['/O2'] }, {}].map((words) =>
    keptCall({ ...words, verdict }),
  );
  const said = compared(calls).map((call) =>
    call.verdict.kind === 'miss' ? call.verdict.causes[0] : undefined,
  );
  assert.deepEqual(said, [
    { kind: 'optionAdded', option: '/DY' },
    { kind: 'optionAdded', option: '/O2' },
    { kind: 'first' },
  ]);
});

test('what a store had and does not count stays beside what a comparison shows', () => {
  const refused = { kind: 'refused', because: 'http://h/x has an entry that does not count' } as const;
  const verdict = { kind: 'miss', causes: [{ kind: 'newKey' }, refused], result: 'stored' } as const;
  const said = compared([keptCall({ options: ['/O2'], verdict }), keptCall({ verdict })]).map((call) =>
    call.verdict.kind === 'miss' ? call.verdict.causes : undefined,
  );
  assert.deepEqual(said, [
    [{ kind: 'optionAdded', option: '/O2' }, refused],
    [{ kind: 'first' }, refused],
  ]);
});

test('a source is explained by calls of other folders that came before it, and by none that came later', () => {
  const call = keptCall({ at: 1000 });
  const of = (at: number) => [{ source: '/late/a.c', calls: [keptCall({ folder: '/late', at })] }];
  assert.deepEqual(causesElsewhere(call, '/p/a.c', of(999)), [{ kind: 'folder', before: '/late' }]);
  assert.equal(causesElsewhere(call, '/p/a.c', of(1001)), undefined);
  assert.equal(causesElsewhere(call, '/p/a.c', of(1000)), undefined);
});

test('without a known call nothing is known, and nothing else is claimed', () => {
  assert.deepEqual(causesOfNewKey(keptCall() as ComparedCall, []), [{ kind: 'first' }]);
});

function said(now: object, known: readonly CallWords[]): string {
  const causes = causesOfNewKey(now as ComparedCall, known.map(keptCall));
  return wordsOfCauses(causes, { style: 'posix', workingDirectory: '/p' });
}
