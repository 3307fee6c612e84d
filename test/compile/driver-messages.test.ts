import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutRepeatedDriverMessages } from '../../src/compile/driver-messages.ts';

const bytes = (lines: readonly string[], end: string) =>
  Buffer.from(lines.map((line) => line + end).join(''));

test('what clang-cl says of the line is said once, however it is coloured, wrapped and ended', () => {
  const own = ['a.c(1,1): warning: w', '      one;', '      ^'];
  const said: (readonly string[])[] = [
    ['clang-cl: warning: unknown argument ignored'],
    ['clang: \x1b[0;1;35mwarning: \x1b[0m\x1b[1m', '      unknown argument', '      ignored\x1b[0m'],
    ['clang-14: warning: first', 'clang-14: note: second', '      goes on'],
  ];
  for (const end of ['\n', '\r\n']) {
    for (const lines of said) {
      const first = bytes(lines, end);
      const later = { stderr: bytes([...lines, ...own], end), language: 'c' } as const;
      assert.deepEqual(withoutRepeatedDriverMessages('clang-cl', first, later), bytes(own, end));
      const other = bytes(['clang-cl: warning: another'], end);
      assert.deepEqual(withoutRepeatedDriverMessages('clang-cl', other, later), later.stderr);
    }
  }
});
