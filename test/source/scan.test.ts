import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CompilerFamily, FAMILIES } from '../../src/commandline/family.ts';
import {
  type IncludeDirective,
  type SourceScan,
  scanDefinitions,
  scanSource,
} from '../../src/source/scan.ts';
import { type TextsTogether, together } from '../../src/source/together.ts';

function scan(text: string | Uint8Array, family: CompilerFamily = 'cl'): SourceScan {
  return scanSource(typeof text === 'string' ? Buffer.from(text) : text, FAMILIES[family]);
}

/** `kind form name` of each directive. */
function names(text: string | Uint8Array): string[] {
  return scan(text, 'clang-cl').includes.map(
    ({ kind, form, name }: IncludeDirective) => `${kind} ${form} ${name}`,
  );
}

const UTF8_BOM = '\ufeff';

test('every form of an include is found', () => {
  for (const line of [
    '#include "a.h"',
    '  #\tinclude\t"a.h"',
    '#include"a.h"',
    '# /* why */ include /* this */ "a.h" // and that',
    '/* first */ #include "a.h"',
    '/* one */ /* two */ # include "a.h"',
    '%:include "a.h"',
    '??=include "a.h"',
    '#inc\\\nlude "a.h"',
    '#include \\\r\n "a.h"',
    '#\\\n\\\ninclude "a.\\\nh"',
    '#import "a.h"',
    `${UTF8_BOM}#include "a.h"`,
    'int x; /* a comment\n that ends */\n#include "a.h"\r\n',
    '/* a comment\n that ends */ #include "a.h"',
    'int x; // c\r#include "a.h"\r',
    '#inc\\ \t\nlude "a.h"',
    'int x; /* a comment *\\\n/\n#include "a.h"',
  ]) {
    assert.deepEqual(names(line), ['include quote a.h'], line);
  }
  assert.deepEqual(names('#include <sys/a b.h>\n'), ['include angle sys/a b.h']);
  assert.deepEqual(names('#include_next <a.h>\n#include_next "a.h"'), [
    'includeNext angle a.h',
    'includeNext quote a.h',
  ]);
});

test('an include by a macro has no name, but is recorded', () => {
  assert.deepEqual(names('#include HEADER\n#include CONCAT(a, b)\n'), []);
  for (const keyword of ['include', 'include_next', 'import']) {
    assert.equal(scan(`#${keyword} HEADER\n`).computesInclude, true, keyword);
    assert.equal(scan(`#${keyword} <header.h>\n#define H "h"\n`).computesInclude, false, keyword);
  }
});

test('an include in an inactive branch counts, and one in a comment or string does not', () => {
  assert.deepEqual(names('#if 0\n#include "a.h"\n#endif\n/*\n#include "b.h"\n*/\n'), ['include quote a.h']);
  assert.deepEqual(names('// #include "a.h"\n"#include <b.h>"\n'), []);
  assert.deepEqual(names('// a \\\n#include "a.h"\nint x; /*\n*/ #include "c.h"\n'), []);
});

/** What stands in text that is skipped, or in a message, and hides nothing that follows. */
const SKIPPED: readonly string[] = [
  "#if 0\ndon't use /* here\n#endif",
  '#if 0\nthe 3" disk /* of old\n#endif',
  "#ifdef NEVER\n#error don't /* do this\n#endif",
  "#ifdef NEVER\n#warning can't /* do this\n#endif",
  '#error "unclosed /* here',
  "#if 0\n'\n/* a comment */\n#endif",
  "#define APOSTROPHE '",
];

for (const skipped of SKIPPED) {
  test(`a quote that is not closed ends with its line: ${JSON.stringify(skipped)}`, () => {
    const { hasTimeMacro, includes } = scan(
      `${skipped}\nconst char *t = __TIME__; /* x */\n#include "a.h"\n`,
    );
    assert.deepEqual([hasTimeMacro, includes.length], [true, 1]);
  });
}

test('a text that compilers and languages read differently is read in every reading', () => {
  for (const text of [
    // A comment to the one, a string or a line of its own to the other.
    '#warning no /* end\n#define T __TIME__\n/* c */',
    'const char *r = R"x(")x"; const char *t = __TIME__; // "',
    "int a = 1'0/*'*/; const char *t = __TIME__; /* ' */",
    '//*\n__TIME__ //*/',
    'int a; // what??/\n still a comment?\n__TI??/\nME__',
    '??=define T __TI??/\nME__',
    "char a = '??''; /*' */ f(__TIME__); /* ??'",
  ]) {
    assert.equal(scan(text, 'clang-cl').hasTimeMacro, true, text);
  }
});

test('a text that only cl may read differently is read in both readings for cl', () => {
  const half = Buffer.from('const char *s = "\x95\x5c"; const char *t = __TIME__; // "\n', 'latin1');
  const loose = '// a comment \\ \n#define T __TIME__\n';
  assert.deepEqual([scan(half).hasTimeMacro, scan(loose).hasTimeMacro], [true, true]);
  assert.deepEqual(
    [scan(half, 'clang-cl').hasTimeMacro, scan(loose, 'clang-cl').hasTimeMacro],
    [false, false],
  );
});

test('a literal __has_include is a name that is looked up', () => {
  for (const [text, expected] of [
    ['#if __has_include(<a.h>)', 'hasInclude angle a.h'],
    ['#elif defined(X) && __has_include( "a.h" )', 'hasInclude quote a.h'],
    ['#if __has_include_next(<a.h>)', 'hasIncludeNext angle a.h'],
    ['#define HAS_A __has_include(<a.h>)', 'hasInclude angle a.h'],
    ['#if defined(__has_include) && \\\n  __has_include(<a.h>)', 'hasInclude angle a.h'],
    ['/* a comment\n that ends */ #if __has_include(<a.h>)', 'hasInclude angle a.h'],
    ['#if __has_include /* so */ ( /* or so */ "a.h" )', 'hasInclude quote a.h'],
    ["#if __has_include(<it's/a.h>) // it's", "hasInclude angle it's/a.h"],
    ['#if defined(X) /* a comment\n that ends */ && __has_include(<a.h>)', 'hasInclude angle a.h'],
    [`${UTF8_BOM}#if __has_include(<a.h>)`, 'hasInclude angle a.h'],
  ] as const) {
    assert.deepEqual(names(text), [expected], text);
    assert.equal(scan(text).isVolatile, false, text);
  }
});

test('a computed __has_include makes a source volatile', () => {
  for (const text of [
    '#if __has_include(HEADER)',
    '#define HAS(x) __has_include(x)',
    '#if __has_include_next(MACRO)',
    '#define HAS __has_include\n#if HAS(<a.h>)',
    '#define HAS(x) APPLY(__has_include, x)',
    '#if APPLY(__has_include, <a.h>)',
    '#if __has_include /* a\n comment */ HEADER',
    '#define __HAS __has_\\\ninclude',
    '#define HAS __has_include(<linux/a.h>)',
  ]) {
    assert.equal(scan(text).isVolatile, true, text);
  }
});

test('asking for __has_include, or defining it if it is missing, is not a use of it', () => {
  for (const text of [
    '#ifdef __has_include\n#endif',
    '#ifndef __has_include\n# define __has_include(x) 0\n#endif',
    '#define CAN_ASK defined(__has_include)',
    '#if defined __has_include\n#if __has_include(<a.h>)\n#endif\n#endif',
  ]) {
    assert.equal(scan(text).isVolatile, false, text);
  }
});

test('a name that cannot be decoded makes its __has_include volatile', () => {
  assert.equal(scan(Buffer.from('#if __has_include("\xe4.h")\n', 'latin1')).isVolatile, true);
  assert.equal(scan(Buffer.from('#if __has_include("\xe4.h")\n', 'utf8')).isVolatile, false);
});

test('time macros make a source volatile: whole or spliced', () => {
  for (const text of [
    'char a[] = __TIME__;',
    'f(__DATE__)',
    '#define STAMP __TIMESTAMP__',
    'char a[] = __TI\\\nME__;',
    'char a[] = __DA\\\r\nTE__;',
    'char a[] = __TI\\ \t\nME__;',
    'char a[] = __TI\\\rME__;',
    'int a; // c\rconst char *t = __TIME__;',
    '#pragma message(__TIME__)',
    '_Pragma("message(__TIME__)")',
    'f("http://x", __TIME__);',
    'f(1\'0, \'"\', "http://x", __TIME__);',
    'f(R"(x " /* )", __TIME__); /* */',
    'f("/*"); g(__TIME__); f("*/");',
    'f(\u201c__TIME__\u201d);',
    'f($__TIME__);',
  ]) {
    const { isVolatile, hasTimeMacro } = scan(text, 'clang-cl');
    assert.ok(isVolatile && hasTimeMacro, text);
  }
});

/** What the texts of one compile say together. */
function say(...texts: readonly string[]): TextsTogether {
  return together(texts.map((text) => scan(text, 'clang-cl')));
}

test('pasting may form a time macro, from pieces of any text of the compile', () => {
  for (const texts of [
    ['#define X(n) __##n##__', 'const char *t = X(TIME);'],
    ['#define CAT(a, b) a##b', 'CAT(__TI, ME__)'],
    ['#define CAT(a, b) a ## b\n#define HEAD __TIM /* more */', 'CAT( HEAD , E__ )'],
    ['#define T __DA %:%: TE__'],
    ['#define P(a,b,c,d,e,f) a##b##c##d##e##f', 'P(__, T, I, M, E, __)'],
    ['#define CAT(a, b) a##b\n#define TAIL STAMP__', 'CAT(__TIME, TAIL)'],
    ['#define CAT(a, b) a\\\n##b', 'CAT(\n__DATE\n,__)'],
  ]) {
    const { mayFormTime, hasTimeMacro } = say(...texts);
    assert.deepEqual([mayFormTime, hasTimeMacro], [true, false], texts.join(' | '));
  }
});

test('pasting may form __has_include and __FILE__', () => {
  assert.equal(say('#define HAS(x) __has_##x\n#if HAS(include)("n.h")\n#endif').isVolatile, true);
  assert.equal(say('#define C(a, b) a##b', '#if C(__has_incl, ude)("n.h")\n#endif').isVolatile, true);
  assert.deepEqual(say('#define D(a, b) a##b', 'const char *f = D(__FI, LE__);').mayFormPathWords, ['file']);
});

test('ordinary pasting forms nothing that matters', () => {
  for (const texts of [
    ['#define CAT(a, b) a##b', 'int CAT(x, 1); template <class T> void f(T, int E); void g(I, M, E);'],
    ['#define ATTRIBUTE(x) __##x##__', 'int ATTRIBUTE(packed), ATTRIBUTE(unused);'],
    [
      '#define F(f) __CONCAT(__,f)\n#define __CONCAT(x,y) x ## y',
      'F(acos); struct tm TIME; int DATE(int), FILE;',
    ],
    [
      '#define HAS(x) __has_##x',
      '#if HAS(feature)\n#include <include/x.h>\n#endif\nint i, n, c, l, u, d, e;',
    ],
  ]) {
    const { isVolatile, mayFormTime, mayFormPathWords } = say(...texts);
    assert.deepEqual([isVolatile, mayFormTime, mayFormPathWords], [false, false, []], texts.join(' | '));
  }
});

test('macros of the command line are text like any other', () => {
  const define = (...definitions: readonly string[]) => scanDefinitions(definitions, FAMILIES['clang-cl']);
  assert.equal(define('HAS=__has_include').isVolatile, true);
  assert.equal(define('HAS=__has_include("n.h")').isVolatile, true);
  assert.equal(define('WHEN=__TIME__').hasTimeMacro, true);
  assert.equal(define('A', 'B=1', 'TIMEOUT=5', '__X__', '_WIN32_WINNT=0x0A00').isVolatile, false);
  assert.equal(together([define('X(n)=__##n##__'), scan('X(TIME)')]).mayFormTime, true);
  assert.equal(define('READ=".incbin \\"p.bin\\""').mayAssembleFiles, true);
  assert.equal(scanDefinitions(['WHEN#__TIME__'], FAMILIES.cl).hasTimeMacro, true);
});

/** Assembler text that may read a file, or a piece of it, wherever it stands. */
const READING = [
  'asm(".incbin \\"a.bin\\"");',
  'asm(".globl foo\\nfoo:\\n.inc" "bin \\"p.bin\\"\\n");',
  'asm("foo:\\n." "inc" "bin" " \\"p.bin\\"\\n");',
  'asm("." /* so */ "incbin \\"p.bin\\"");',
  'asm(".\\151ncbin \\"p.bin\\"");',
  'asm("\\x2eincbin \\"p.bin\\"");',
  'asm(R"(.include "x")");',
  'asm(".InClUdE \\"x\\"");',
  '#define A "foo: .inc"',
  '#define S(x) #x\nasm(S(.incbin "p.bin"));',
  '#define DIRECTIVE .incbin',
  'ASM(.inc, bin)',
  '#define DOT "."',
  'asm("." NAME " \\"p\\"");',
  'asm(".macro x a\\n.inc\\\\a\\n.endm");',
  'asm(".inc%c0 \\"p\\"" :: "i"(f));',
  'asm(".{inc|x}bin");',
  'asm((text()));',
  '__asm { .incbin "p" }',
];

for (const text of READING) {
  test(`assembler text may read a file: ${text}`, () => {
    assert.equal(scan(text, 'clang-cl').mayAssembleFiles, true);
  });
}

test('ordinary assembler text, members and messages read no file', () => {
  for (const text of [
    'asm volatile("" ::: "memory");',
    '__asm__(".globl foo\\n\\tfoo: ret\\n\\t.size foo, . - foo\\n");',
    'asm("movl %1, %0" : "=r"(a) : "r"(b));',
    'int f(void) __asm__("" "g");',
    '#define CALL(n) asm("syscall" : : "a"(n))',
    'x->incbin = 1; y.incbins(); include(x);',
    'static_assert(sizeof(T) == 4, "T must have four bytes.");',
    'log("Done.", x); puts("a.i", "file.inc");',
    'struct s a = { .i = 1, .macros = 2, .name[0] = 3 };',
    'a\n  .b()\n  .c();',
    'void f(...); template <class... T> g(T...);',
    'printf("%d.%d", a, b);',
  ]) {
    assert.equal(scan(text, 'clang-cl').mayAssembleFiles, false, text);
  }
});

test('a name that only resembles a time macro does not count', () => {
  for (const text of [
    '#define __TIME64_T_TYPE long',
    '#include <bits/time64.h>\t/* Defines __TIME*_T_TYPE macros.  */',
    '#ifndef __TIME_H__\n#define __TIME_H__\n#endif',
    'int TIME, DATE, __TIMES__, MY__DATE__, __UPDATE__;',
    'struct __TIMESTAMP_s;',
    '// built on __DATE__\n/* at\n__TIME__ */ char url[] = "http://x"; int n = 1\'000; // __TIMESTAMP__',
  ]) {
    assert.equal(scan(text).hasTimeMacro, false, text);
  }
});

test('words that put a path into an object are found, each with its kind', () => {
  for (const [kind, words] of [
    ['file', ['__FILE__', '__FILEW__', '__BASE_FILE__', '__builtin_FILE()']],
    ['type', ['__PRETTY_FUNCTION__', '__FUNCSIG__', '__LFUNCSIG__', '__FUNCDNAME__']],
    ['type', ['std::source_location', '__builtin_source_location()']],
    ['type', ['__builtin_sycl_unique_stable_name(int)', '__builtin_dump_struct(&s, printf)']],
  ] as const) {
    for (const word of words) assert.deepEqual(scan(`x = ${word};`).pathWords, [kind], word);
  }
  assert.deepEqual(scan('#pragma omp target\n').pathWords, ['offload']);
  assert.deepEqual(scan('int __FILENO__, file; char *n = __FILE_NAME__;').pathWords, []);
});

test('a text that reads or writes files that no note reports is unsupported', () => {
  for (const text of [
    '#embed "a.bin"',
    '  # embed <a.bin> limit(3)',
    '#if __has_embed("a.bin")',
    '#pragma GCC dependency "dep.txt"',
    '# pragma /* so */ clang dependency <dep.txt>',
    '_Pragma("GCC dependency \\"dep.txt\\"")',
    '__pragma(GCC dependency "dep.txt")',
    '#define DO(x) _Pragma(#x)\nDO(GCC dependency "dep.txt")',
    '#define P "GCC dependency <x>"',
    '#pragma clang module import std',
    '#include <a/*b.h>',
    '#import "a.tlb" no_namespace',
    '#import <progid>',
    `${UTF8_BOM}#import "a.tlb"`,
    '/* a comment\n that ends */ #import "a.tlb"',
    '#using <mscorlib.dll>',
    'module;',
    'export module a.b;',
    'module a:part;',
    'import std;',
    'import std [[vendor::x]];',
    'export import :part;',
    'import <vector>;',
    '  import "a.h";',
    '/* std */ import std;',
    `${UTF8_BOM}module;`,
  ]) {
    assert.notEqual(scan(text).unsupported, undefined, text);
  }
});

test("clang's #import is an include that happens once", () => {
  assert.equal(scan('#import "a.h"', 'clang-cl').unsupported, undefined);
});

test('a word that only looks like a module or an embed does not count', () => {
  for (const text of [
    'int module = 1;',
    'struct module *import;',
    'import_table(x);',
    'module_init(f);',
    'modules are;',
    '// import std;',
    ' * import std;',
    'f(import);',
    '#pragma embed',
    'exports.module = x;',
    'using namespace std;',
    '#define using other',
    'return module;',
  ]) {
    assert.equal(scan(text).unsupported, undefined, text);
  }
});

test('a macro that brings the words of a pragma together may form one', () => {
  assert.match(say('#define Q(a, b) R(a b "x")', 'Q(GCC, dependency)').unsupported ?? '', /pragma/);
  for (const [macro, use] of [
    ['#define D dependency', 'Q(GCC D "x")'],
    ['#define G GCC', 'Q(G dependency "x")'],
    ['#define G clang', 'Q(G dependency <x>)'],
    ['#define D dependency', 'Q(G\\\nCC D F)'],
    ['#define J(a, b) a##b', 'Q(GCC J(depend, ency) "x")'],
    ['#define J(a, b) a##b', 'Q(J(G, CC) dependency "x")'],
  ] as const) {
    assert.match(say(macro, use).unsupported ?? '', /pragma/, use);
  }
  assert.equal(
    say('#define PRAGMA(x) _Pragma(#x)', 'PRAGMA(GCC diagnostic push) f(dependency);').unsupported,
    undefined,
  );
});

test('a pragma that repeats text is recorded if the text may contain macros', () => {
  for (const text of ['#pragma message(NOW)', '#pragma comment(user, "at " NOW)', 'DO(message("x" NOW))']) {
    assert.equal(scan(text).repeatsText, true, text);
  }
  for (const text of [
    '#pragma comment(lib, "x")',
    '#pragma pack(push, N)',
    '#pragma message("x")',
    'f(message)',
  ]) {
    assert.equal(scan(text).repeatsText, false, text);
  }
});

test('include_alias makes a source volatile', () => {
  assert.equal(scan('#pragma include_alias("a.h", "b.h")').isVolatile, true);
  assert.equal(scan('__pragma(include_alias(<a.h>, <b.h>))').isVolatile, true);
  assert.equal(scan('#pragma once').isVolatile, false);
});

test('UTF-16 sources are read by their byte order mark, also if cut in the middle of a letter', () => {
  const text = '\ufeff#include "ä.h"\r\n#define T __TIME__\r\n';
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(text, 'utf16le').swap16();
  for (const bytes of [
    little,
    big,
    Buffer.concat([little, Buffer.of(0)]),
    Buffer.concat([big, Buffer.of(0)]),
  ]) {
    assert.deepEqual(names(bytes), ['include quote ä.h']);
    assert.equal(scan(bytes).hasTimeMacro, true);
  }
});

test('scanning does not change the bytes', () => {
  const bytes = Buffer.from('\ufeff#include "a.h"', 'utf16le').swap16();
  const before = Buffer.from(bytes);
  scan(bytes);
  assert.deepEqual(bytes, before);
});

test('lines of many comments, blanks or parentheses are scanned quickly', () => {
  for (const text of [
    `${'/* a */ '.repeat(2_000)}x\n`,
    `#${'/* a */ '.repeat(2_000)}1\n`,
    `#include ${'/* a */ '.repeat(2_000)}X\n`,
    `${' '.repeat(1_000_000)}x\n`,
    `${'/*'.repeat(200_000)}\n`,
    `#if ${'__has_include('.repeat(50_000)}\n`,
    `#if __has_include(${' '.repeat(500_000)}\n`,
    `${'module '.repeat(50_000)}\n`,
    `CAT(${'__TI '.repeat(50_000)}${' '.repeat(200_000)}x\n`,
  ]) {
    const started = performance.now();
    scan(text);
    assert.ok(
      performance.now() - started < 30_000,
      `${text.slice(0, 40)}: ${performance.now() - started} ms`,
    );
  }
});

test('the headers of the standard libraries on this machine are supported', (context) => {
  const root = '/usr/include/c++';
  if (!existsSync(root)) return context.skip('no libstdc++ here');
  const flagged: string[] = [];
  const look = (file: string) => {
    const { isVolatile, unsupported } = scan(readFileSync(file));
    if (isVolatile || unsupported) flagged.push(`${file}: ${unsupported ?? 'volatile'}`);
  };
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    // The experimental simd headers and the like are no different: all of them are looked at.
    if (entry.isFile()) look(join(entry.parentPath, entry.name));
  }
  const systemTypes = '/usr/include/x86_64-linux-gnu/bits/types.h';
  if (existsSync(systemTypes)) look(systemTypes);
  assert.deepEqual(flagged, []);
});
