import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type IncludeDirective, type SourceScan, scanSource } from '../../src/compiler/source-scan.ts';

function scan(text: string | Uint8Array, importReadsTypeLibraries = true): SourceScan {
  return scanSource(typeof text === 'string' ? Buffer.from(text) : text, { importReadsTypeLibraries });
}

/** `kind form name` of each directive. */
function names(text: string | Uint8Array): string[] {
  return scan(text, false).includes.map(
    ({ kind, form, name }: IncludeDirective) => `${kind} ${form} ${name}`,
  );
}

const UTF8_BOM = '\ufeff';

test('every way to write an include is seen', () => {
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
  ]) {
    assert.deepEqual(names(line), ['include quote a.h'], line);
  }
  assert.deepEqual(names('#include <sys/a b.h>\n'), ['include angle sys/a b.h']);
  assert.deepEqual(names('#include_next <a.h>\n#include_next "a.h"'), [
    'includeNext angle a.h',
    'includeNext quote a.h',
  ]);
});

test('an include by a macro names nothing, and is known to be there', () => {
  assert.deepEqual(names('#include HEADER\n#include CONCAT(a, b)\n'), []);
  for (const keyword of ['include', 'include_next', 'import']) {
    assert.equal(scan(`#${keyword} HEADER\n`).computesInclude, true, keyword);
    assert.equal(scan(`#${keyword} <header.h>\n#define H "h"\n`).computesInclude, false, keyword);
  }
});

test('an include in a comment or an inactive branch counts, since it only adds a name to look at', () => {
  assert.deepEqual(names('#if 0\n#include "a.h"\n#endif\n/*\n#include "b.h"\n*/\n'), [
    'include quote a.h',
    'include quote b.h',
  ]);
  assert.deepEqual(names('// #include "a.h"\n"#include <b.h>"\n'), []);
});

test('a literal __has_include is a name that is looked up', () => {
  for (const [text, expected] of [
    ['#if __has_include(<a.h>)', 'hasInclude angle a.h'],
    ['#elif defined(X) && __has_include( "a.h" )', 'hasInclude quote a.h'],
    ['#if __has_include_next(<a.h>)', 'hasIncludeNext angle a.h'],
    ['#define HAS_A __has_include(<a.h>)', 'hasInclude angle a.h'],
    ['#if defined(__has_include) && \\\n  __has_include(<a.h>)', 'hasInclude angle a.h'],
    ['int x; /* a comment\n that ends */ #if __has_include(<a.h>)', 'hasInclude angle a.h'],
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
  ]) {
    assert.equal(scan(text).isVolatile, true, text);
  }
});

test('asking for __has_include, or replacing it where it is missing, is not a use of it', () => {
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

test('time macros make a source volatile: whole, spliced, glued', () => {
  for (const text of [
    'char a[] = __TIME__;',
    'f(__DATE__)',
    '#define STAMP __TIMESTAMP__',
    'char a[] = __TI\\\nME__;',
    'char a[] = __DA\\\r\nTE__;',
    'CAT(__TI, ME__)',
    '#define T __DA ## TE__',
    '#define HEAD __TIME\n#define TAIL __\n',
    'CAT(__T, IME__)',
    'CAT( __D , ATE__ )',
    'CAT(__TIME,STAMP__)',
    '#define HEAD __TIM /* more */\n',
    '#define HEAD __DATE_\r\n',
    '#define TAIL STAMP__',
    'f("http://x", __TIME__);',
    'f(1\'0, \'"\', "http://x", __TIME__);',
    'f(R"(x " /* )", __TIME__); /* */',
    'f("/*"); g(__TIME__); f("*/");',
  ]) {
    const { isVolatile, hasTimeMacro } = scan(text);
    assert.ok(isVolatile && hasTimeMacro, text);
  }
});

test('names that only resemble a time macro are nothing special', () => {
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

test('words by which a path gets into an object unseen are told, each by its kind', () => {
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

test('what reads or writes files that no note reports is unsupported', () => {
  for (const text of [
    '#embed "a.bin"',
    '  # embed <a.bin> limit(3)',
    '#if __has_embed("a.bin")',
    'asm(".incbin \\"a.bin\\"");',
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
  assert.equal(scan('#import "a.h"', false).unsupported, undefined);
});

test('words that only look like modules or embeds are fine', () => {
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

test('include_alias makes a source volatile', () => {
  assert.equal(scan('#pragma include_alias("a.h", "b.h")').isVolatile, true);
  assert.equal(scan('#pragma once').isVolatile, false);
});

test('UTF-16 sources are read by their byte order mark, also when cut in the middle of a letter', () => {
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

test('scanning leaves the bytes as they are', () => {
  const bytes = Buffer.from('\ufeff#include "a.h"', 'utf16le').swap16();
  const before = Buffer.from(bytes);
  scan(bytes);
  assert.deepEqual(bytes, before);
});

test('lines of many comments, blanks or parentheses are scanned in a moment', () => {
  for (const text of [
    `${'/* a */ '.repeat(200)}x\n`,
    `#${'/* a */ '.repeat(200)}1\n`,
    `#include ${'/* a */ '.repeat(200)}X\n`,
    `${' '.repeat(100_000)}x\n`,
    `${'/*'.repeat(20_000)}\n`,
    `#if ${'__has_include('.repeat(5_000)}\n`,
    `#if __has_include(${' '.repeat(50_000)}\n`,
    `${'module '.repeat(5_000)}\n`,
    `CAT(${'__TI '.repeat(5_000)}${' '.repeat(20_000)}x\n`,
  ]) {
    const started = performance.now();
    scan(text);
    assert.ok(performance.now() - started < 300, `${text.slice(0, 40)}: ${performance.now() - started} ms`);
  }
});

test('the headers of the standard libraries on this machine raise no alarm', (context) => {
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
