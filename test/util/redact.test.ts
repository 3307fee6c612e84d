import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutUserInfo } from '../../src/util/redact.ts';

const ADDRESSES: readonly (readonly [text: string, shown: string])[] = [
  ['https://me:hush@host/x', 'https://***@host/x'],
  ['/DURL=redis://:hush@host:6379', '/DURL=redis://***@host:6379'],
  ['http://me:hu/sh@host', 'http://***@host'],
  ['http://first@second@host', 'http://***@host'],
  ['http://a http://me:hush@host', 'http://a http://***@host'],
  ['http://a?next=http://me:hush@host', 'http://a?next=http://***@host'],
  ['1http://me:hush@host', '1http://***@host'],
  ['://me@host', '://me@host'],
  ['https://host/path#@', 'https://host/path#@'],
  ['x@y', 'x@y'],
  ['http://host/x?token=hush&a=b', 'http://host/x?token=***&a=b'],
  ['http://host/x?a=b?my-token-key=hush;b', 'http://host/x?a=b?my-token-key=***;b'],
  ['http://host/x?keykey=hush&Authorisation=hush', 'http://host/x?keykey=***&Authorisation=***'],
  ['http://host/x?tok/secret=a&=key', 'http://host/x?tok/secret=a&=key'],
];

for (const [text, shown] of ADDRESSES) {
  test(`user and password are left out of an address, and nothing else: ${text}`, () => {
    assert.equal(withoutUserInfo(text), shown);
  });
}

for (const [title, part] of [
  ['a word', 'x'],
  ['letters and digits', 'a1'],
  ['names with dots', 'a.b-'],
  ['addresses', 'a://b/'],
  ['names of secrets', 'key'],
  ['the beginning of such a name', 'toke'],
  ['options', '?key'],
] as const) {
  test(`secrets are looked for in a long text in no long time: ${title}`, () => {
    const text = `?${part.repeat(120_000 / part.length)}`;
    const started = process.cpuUsage();
    assert.equal(withoutUserInfo(text), text);
    const { user } = process.cpuUsage(started);
    // If each letter were taken for the beginning of an address or of a name, it would be a minute.
    assert.ok(user < 2_000_000, `${user} µs`);
  });
}
