import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compared } from '../../src/explain/compare.ts';
import {
  callNamed,
  decodeKeptCalls,
  type KeptCall,
  MAXIMUM_KEPT_SIZE,
  nameOfCall,
  withCall,
} from '../../src/explain/kept-call.ts';
import { keptCall } from './calls.ts';

const SOURCE = '/p/a.c';

/** The text after these calls. */
function textOf(...calls: readonly KeptCall[]): string {
  return calls.reduce<string | undefined>((text, call) => withCall(text, SOURCE, call), undefined) ?? '';
}

function timesIn(text: string): readonly number[] | undefined {
  return decodeKeptCalls(text)?.calls.map(({ at }) => at);
}

test('kept calls are read as they were written, the newest first', () => {
  const [one, two] = [keptCall({ at: 1 }), keptCall({ at: 2, options: ['/O2'] })];
  assert.deepEqual(decodeKeptCalls(textOf(one, two)), { source: SOURCE, calls: [two, one] });
});

test('a call replaces the one for the same object with the same key, and only some are kept', () => {
  assert.deepEqual(timesIn(textOf(keptCall({ at: 1 }), keptCall({ at: 2 }))), [2]);
  const many = Array.from({ length: 20 }, (_, at) => keptCall({ at, options: [`/DX=${at}`] }));
  assert.deepEqual(
    timesIn(textOf(...many)),
    Array.from({ length: 16 }, (_, index) => 19 - index),
  );
});

test('how many calls made room is kept, and the oldest one left is not said to be the first', () => {
  const verdict = { kind: 'miss', causes: [{ kind: 'newKey' }], result: 'stored' } as const;
  const calls = Array.from({ length: 20 }, (_, at) => keptCall({ at, options: [`/DX=${at}`], verdict }));
  const oldest = (some: readonly KeptCall[]) => {
    const kept = decodeKeptCalls(textOf(...some));
    const last = compared(kept?.calls ?? [], kept).at(-1);
    return [kept?.forgotten, last?.verdict.kind === 'miss' && last.verdict.causes[0]?.kind];
  };
  assert.deepEqual(oldest(calls), [4, 'forgotten']);
  assert.deepEqual(oldest(calls.slice(0, 16)), [undefined, 'first']);
});

test('calls that were handed on for different reasons are kept apart', () => {
  const because = ['/E preprocesses only', 'no /c', '/E preprocesses only'];
  const calls = because.map((words, at) => {
    const { lookup: _, ...call } = keptCall({ at, object: '' });
    const reason = { kind: 'preprocessing', because: words } as const;
    return { ...call, verdict: { kind: 'handedOn', reason, cures: [] } as const };
  });
  assert.deepEqual(timesIn(textOf(...calls)), [2, 1]);
});

test('calls with long lines are kept within the limit of a file, at last without their parts', () => {
  const long = (length: number) => keptCall({ options: [`/D${'X'.repeat(length)}`] });
  const some = textOf(long(20_000), long(20_001));
  assert.ok(Buffer.byteLength(some) <= MAXIMUM_KEPT_SIZE);
  assert.equal(timesIn(some)?.length, 1);
  const [only] = decodeKeptCalls(textOf(long(60_000)))?.calls ?? [];
  assert.equal(only?.lookup?.parts, '');
});

test('a record of another format, or none at all, is begun anew', () => {
  const [one, two] = [keptCall({ at: 1 }), keptCall({ at: 2, options: ['/O2'] })];
  for (const before of [textOf(one).replace('reasons', 'reason'), '', 'x\n'])
    assert.deepEqual(timesIn(withCall(before, SOURCE, two)), [2], before);
});

test('a call is found by its name', () => {
  const call = keptCall({ options: ['/O2'] });
  const text = textOf(keptCall(), call);
  assert.deepEqual(callNamed(text, nameOfCall(call)), call);
  assert.equal(callNamed(text, nameOfCall(keptCall({ options: ['/O1'] }))), undefined);
  assert.equal(callNamed(undefined, nameOfCall(call)), undefined);
});

const SECRETS: readonly (readonly [title: string, call: KeptCall])[] = [
  ['a macro', keptCall({ options: ['/DAPI_TOKEN=hush'] })],
  ['a macro with #', keptCall({ options: ['/Ddb_password#hush'] })],
  ['a macro with a text', keptCall({ options: [String.raw`/DSECRET=\"hush hush\"`] })],
  ['a URL', keptCall({ options: ['/DURL=https://me:hush@host/x'] })],
  ['a variable by its name', keptCall({ variables: { MY_SECRET: 'hush' } })],
  ['the variable CL', keptCall({ line: { CL: '/DPASSWD=hush /O2' } })],
  [
    'a reason',
    keptCall({
      verdict: { kind: 'miss', causes: [], result: 'notStored', because: 'GET http://u:hush@h/ failed' },
    }),
  ],
  [
    'an option that is handed on',
    keptCall({
      verdict: {
        kind: 'handedOn',
        reason: { kind: 'unsupportedOption', because: '-fapi-key=hush is unknown', option: '-fapi_key=hush' },
        cures: [],
      },
    }),
  ],
];

for (const [title, call] of SECRETS) {
  test(`what looks like a password in ${title} is not kept`, () => {
    const text = textOf(call);
    assert.doesNotMatch(text, /hush/);
    assert.match(text, /\*\*\*/);
    assert.equal(timesIn(text)?.length, 1);
  });
}

test('words that only begin like a secret are kept', () => {
  const words = { options: ['/author=Ann', '/DPASS=2'], variables: { PWD: '/home/me' } };
  const text = textOf(keptCall(words));
  assert.match(text, /author=Ann/);
  assert.match(text, /PASS=2/);
  assert.match(text, /home.me/);
});

test('a line that was not written here is no call, whatever it holds, and the others stay', () => {
  const good = keptCall();
  const broken: readonly unknown[] = [
    null,
    [],
    {},
    { ...good, folder: 7 },
    { ...good, verdict: { kind: 'miss', result: 'stored', causes: ['x'] } },
    { ...good, verdict: { kind: 'handedOn', reason: null, cures: [] } },
    { ...good, lookup: { parts: [1] } },
    { ...good, compiler: null },
    { ...good, at: -1e308 },
    { ...good, ms: 1e17 },
  ];
  const text = textOf(good);
  for (const json of broken) assert.deepEqual(timesIn(`${text}name ${JSON.stringify(json)}\n`), [good.at]);
  for (const cut of [text.slice(0, -1), text.slice(9), '', '{}'])
    assert.equal(decodeKeptCalls(cut), undefined, cut);
});
