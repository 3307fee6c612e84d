import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileReadByAssembler } from '../../src/source/assembler-text.ts';

const READS: readonly string[] = [
  '.incbin "p.bin"',
  ' foo: .INCBIN "p.bin"',
  '.Include "x.inc"',
  '.macro m d\n\\d "p.bin"\n.endm\nm .incbin',
  '.macro m d\n.inc\\d "p.bin"\n.endm\nm bin',
  '.macro m d\n.inc\\d\\() "p.bin"\n.endm\nm bin',
  '.macro m d\n.\\d\\()bin "p.bin"\n.endm\nm inc',
  '.macro m a b\n\\a\\b "p.bin"\n.endm\nm .inc,bin',
  '.macro m a b\n\\a\\()\\b "p.bin"\n.endm',
  '.irpc c,abcdef\n.in\\c\\()bin "p.bin"\n.endr',
  '.altmacro\n.macro m d\n.inc&d "p.bin"\n.endm',
  '.macro m\n.inc$0 "p.bin"\n.endm',
  '.inc\\\nbin "p.bin"',
  '.macro outer x\ninner nc\\x\n.endm',
];

for (const text of READS) {
  test(`the assembler may read a file: ${JSON.stringify(text)}`, () => {
    assert.notEqual(fileReadByAssembler(text), undefined);
  });
}

const READS_NOTHING: readonly string[] = [
  '',
  '.globl foo\nfoo:\n ret\n',
  '# files are included by nobody\n',
  '.asciz "d\\n"\n.asciz "\\b\\i"',
  '.macro m op reg\n\\op \\reg, 1\n.endm\nm add, %eax',
  '.macro m name\n.globl foo_\\name\nfoo_\\name\\()_end:\n.L\\@:\n.endm',
  '.macro m size\nmov\\size $1, %eax\nmovl $0x1f, 4(%esp)\n.endm',
];

for (const text of READS_NOTHING) {
  test(`the assembler reads no file: ${JSON.stringify(text)}`, () => {
    assert.equal(fileReadByAssembler(text), undefined);
  });
}
