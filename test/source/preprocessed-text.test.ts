import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayShowTime } from '../../src/source/preprocessed-text.ts';

const shows = (text: string) => mayShowTime(Buffer.from(text));

for (const text of [
  '"12:34:56"',
  'const char *t = "12:34:56";',
  'L"12:34:56"',
  'u8"Nov 25 2026"',
  '"Nov  5 2026"',
  '"Wed Nov 25 12:34:56 2026"',
  '"Thu Nov  5 00:00:00 2026"',
  // Made a string once and twice.
  '"\\"12:34:56\\""',
  '"\\"\\\\\\"Nov 25 2026\\\\\\"\\""',
  '"\\"Wed Nov 25 12:34:56 2026\\""',
  'a("1:2"); b("x:y:z"); c("23:59:60")',
]) {
  test(`the text ${text} may show the time`, () => assert.ok(shows(text)));
}

for (const text of [
  '',
  '12:34:56',
  '"2026-06-03 19:12:13 d6e03d8c"',
  '"at 12:34:56"',
  '"12:34:56 CET"',
  '"12:34"',
  '"1:34:56"',
  '"ab:cd:ef"',
  '"Nov 25"',
  '"on Nov 25 2026"',
  '"Nov 25 2026, 12:34:56"',
  '"Wed Nov 25 12:34:56 2026 UTC"',
  'Nov 25 2026',
]) {
  test(`the text ${text || 'without a word'} shows no time macro, whose string is nothing but the time`, () =>
    assert.ok(!shows(text)));
}
