/** Lines without a meaning, whose quotes, comment marks and line ends lead astray who does not read as the compiler does. */
import type { DisguiseStyle } from './disguise.ts';
import type { Random } from './random.ts';

export function confusion(random: Random, { language, id }: DisguiseStyle): string[] {
  const junk = random.pick(JUNK);
  const lines = random.pick<() => string[]>([
    ...SKIPPED.map(([before, after]) => () => [before, junk, CLOSED, after]),
    () => [`#define NOBODY_${id} ${junk}`, CLOSED],
    () => [`#ifdef NEVER_${id}`, `#error ${junk}`, CLOSED, '#endif'],
    () => [
      `#ifdef NEVER_${id}`,
      `#pragma ${junk}`,
      CLOSED,
      `#include ${junk}`,
      CLOSED,
      `#${junk}`,
      CLOSED,
      '#endif',
    ],
    () => [`#warning ${junk.replaceAll('/*', '/ *')}`],
    () => [`#pragma nothing ${junk.replaceAll('/*', '/ *')}`],
    () => [`// ${junk}`],
    () => [`// ${junk} \\`, `and ${junk}`],
    () => [`/\\`, `/ ${junk}`],
    () => [`/\\`, `* ' " //`, `*\\`, '/'],
    () => [`/* " ' // \\`, ' /* */'],
    // The comment ends with the carriage return.
    () => [`// c\rint c_${id} = 1; // "\r`],
    () => [`int c_${id}; // it's\\\r still`],
    () => [`char c_${id} = '"'; char d_${id}[] = "/*\\"'//";`],
    () => [`char c_${id}[] = "a\\`, `" "'" "/*";`],
    () => [`int c_${id} = '\\'' + '"' + '\\\\';`],
    () => [`#define Q_${id}(x) #x`, `const char *c_${id} = Q_${id}(it /* ' */ is "//" '"');`],
    () => [`\f\v#\f define F_${id} "/*"`],
    () => [`#if 0 ? '"' : 1 /* ' */`, '#endif'],
    () => [`# /* \n */ define L_${id} // '`],
    () => [`#ifdef NEVER_${id}`, junk, CLOSED, '#else // "', `int c_${id}; /* ' */`, '#endif /* " */'],
    () => (language === 'cpp' ? [`const char *c_${id} = R"(" /* ' \\\n//)";`] : []),
    () => (language === 'cpp' ? [`const char *c_${id} = R"x()" /* ')x" "'";`] : []),
    () => (language === 'cpp' ? [`const wchar_t *c_${id} = LR"_(\\)_"; auto d_${id} = u8"/*'";`] : []),
    () => (language === 'cpp' ? [`int c_${id} = 1'000'0 + 0x1'f;`] : [`int c_${id} = 0x1e+1;`]),
    () => (language === 'cpp' ? [`#define R "x`, `const char *c_${id} = "R\\"(";`, '#undef R'] : []),
  ])();
  return lines;
}

const JUNK = [
  "don't use /* here",
  '"unclosed',
  "it's // \" '",
  'R"( " /* ',
  "'\"'\"'",
  '*/ "',
  'L"u8\' \\',
  "1'000'0 'x",
  'R"x(',
  '/* \' */ " /*',
  '<a.h> "b.h',
  '@ ` \\ $',
  '__TI',
] as const;

/** Ends a comment or raw string that began above, and is a comment where none did. */
const CLOSED = '//*/)")x"';

/** Groups that are skipped, between two lines. */
const SKIPPED: readonly (readonly [before: string, after: string])[] = [
  ['#if 0', '#endif'],
  ['#ifdef NEVER', '#endif // "'],
  ['#if 1\n#else', '#endif'],
  ['#if 0\n#if 1\n"', "#endif\n'\n#endif"],
  ['#if 0\n#elif 0 /* " */', '#else\n#endif'],
  ['#ifndef __LINE__\n#elif 0', '#endif'],
  ['%:if 0', '%:endif'],
  ['# if\\\n 0', '#en\\\ndif'],
];
