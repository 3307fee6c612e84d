import { DISGUISED_FILES, type Disguised, disguised } from './disguise.ts';
import { withLineEnds } from './line-ends.ts';
import type { Random } from './random.ts';
import type { SourceTree, Words } from './scenario.ts';

/** Folders that options may search; the last two are hard to spell. */
export const HEADER_FOLDERS = ['inc0', 'inc1', 'inc2', 'sys', 'inc0/deep', 'inc one', 'inc-ü'] as const;
/** Has every header, so that most includes find one. */
export const LAST_FOLDER = 'last';
/** Each may include those behind it only, so that nothing goes round in circles. */
export const HEADER_NAMES = ['a.h', 'b.h', 'deep/c.h', 'd.hpp', 'cfg', 'e.h'] as const;
/** Looked for with `__has_include`, and there or not. */
export const OPTIONAL_NAMES = ['opt.h', 'deep/opt2.h', 'cfg'] as const;
/** Beside the source. */
const ODD_HEADER = 'odd.h';
export const SOURCE_FOLDERS = ['src', 'src/sub', ''] as const;

export interface GeneratedTree {
  readonly tree: SourceTree;
  /** Below the tree. */
  readonly sources: readonly string[];
  readonly language: 'c' | 'cpp';
  /** What the texts need of the command line. */
  readonly options: readonly Words[];
  readonly looksAtClock: boolean;
  readonly looksAtFileTimes: boolean;
}

export function makeTree(random: Random): GeneratedTree {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  const language = random.chance(0.35) ? 'c' : 'cpp';
  const hidden = new Map<string, Disguised[]>();
  const style: Style = { random, language, hidden };

  for (const [index, name] of HEADER_NAMES.entries()) {
    for (const folder of random.some(HEADER_FOLDERS, random.between(1, 3))) {
      files.set(`${folder}/${name}`, headerText(style, index, folder));
    }
  }
  for (const [index, name] of HEADER_NAMES.entries()) {
    files.set(`${LAST_FOLDER}/${name}`, headerText(style, index, LAST_FOLDER));
  }
  const sources: string[] = [];
  for (const stem of ['main', 'second', 'third'].slice(0, random.chance(0.15) ? random.between(2, 3) : 1)) {
    const source = joined(random.pick(SOURCE_FOLDERS), `${stem}.${suffix(style)}`);
    sources.push(source);
    files.set(source, sourceText(style, stem));
  }
  const sourceFolder = folderOf(sources[0] ?? '');
  if (random.chance(0.35))
    files.set(joined(sourceFolder, random.pick(['a.h', 'b.h', 'e.h'])), headerText(style, 1, 'own'));
  for (const name of OPTIONAL_NAMES) {
    if (!random.chance(0.4)) continue;
    const path = joined(random.pick([...HEADER_FOLDERS, sourceFolder]), name);
    if (!files.has(path)) files.set(path, `#define HAS_${macroName(name)} ${random.between(1, 99)}\n`);
  }
  files.set(random.pick(['pre.h', 'inc0/pre.h', joined(sourceFolder, 'pre.h')]), forcedText(random));
  const disguises = [...hidden.values()].flat();
  if (disguises.length > 0) {
    files.set(DISGUISED_FILES.data, `${random.between(100, 999)}`);
    files.set(DISGUISED_FILES.dependency, 'x\n');
    if (hidden.has('header')) files.set(joined(sourceFolder, ODD_HEADER), oddHeader(style));
  }
  if (random.chance(0.12)) linkHeader(random, files, links);
  const folders = ['build', 'out', 'src', 'src/sub', ...HEADER_FOLDERS.filter(() => random.chance(0.8))];
  return {
    tree: { files, links, folders },
    sources,
    language,
    options: disguises.flatMap(({ options }) => options),
    looksAtClock: disguises.some(({ looksAtClock }) => looksAtClock),
    looksAtFileTimes: disguises.some(({ looksAtFileTimes }) => looksAtFileTimes),
  };
}

export function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** Text that could stand in for a header of this name in any folder. */
export function anotherHeader(random: Random, name: string): string {
  const index = Math.max(0, (HEADER_NAMES as readonly string[]).indexOf(name));
  return headerText({ random, language: 'c', hidden: new Map() }, index, `new${random.between(1, 999)}`);
}

interface Style {
  readonly random: Random;
  readonly language: 'c' | 'cpp';
  /** What was put into the sources, by stem, and into the header of that name. */
  readonly hidden: Map<string, Disguised[]>;
}

function suffix({ random, language }: Style): string {
  return language === 'c' ? 'c' : random.pick(['cpp', 'cpp', 'cc', 'cxx']);
}

function macroName(name: string): string {
  return name.replace(/\W/g, '_').toUpperCase();
}

function headerText(style: Style, index: number, folder: string): string {
  const { random } = style;
  const name = HEADER_NAMES[index] ?? 'a.h';
  const macro = macroName(name);
  const guard = `${macro}_${random.chance(0.5) ? macroName(folder) : 'ANY'}_`;
  const kind = random.pick(['guard', 'guard', 'once', 'none']);
  const lines: string[] = [];
  if (random.chance(0.3))
    lines.push(`// ${folder}/${name}`, ...(random.chance(0.3) ? ['/* more', '*/'] : []));
  if (kind === 'guard') lines.push(`#ifndef ${guard}`, `#define ${guard}`);
  if (kind === 'once') lines.push('#pragma once');
  for (const later of HEADER_NAMES.slice(index + 1))
    if (random.chance(0.25)) lines.push(...include(random, later));
  if (random.chance(0.12)) {
    lines.push(`#if __has_include_next(<${name}>)`, `#include_next <${name}>`, '#endif');
  }
  if (random.chance(0.2)) lines.push(...optionalInclude(random));
  lines.push(`#undef V_${macro}`, `#define V_${macro} ${random.between(1, 999)}`);
  if (kind !== 'none')
    lines.push(...random.some(declarations(style, macro, `${macro}_${macroName(folder)}`), 2));
  if (random.chance(0.04)) lines.push('#pragma GCC system_header');
  if (random.chance(0.06)) lines.push(`#pragma message("seen ${folder}/${name}")`);
  if (random.chance(0.05)) lines.push(`#warning "old ${name}"`);
  if (kind === 'guard') lines.push('#endif');
  return ended(random, lines);
}

function declarations({ random }: Style, macro: string, own: string): string[] {
  return [
    `static int f_${own}(int x) { return x * ${random.between(2, 50)}; }`,
    `static const char *file_${own} = __FILE__;`,
    `enum { line_${own} = __LINE__ };`,
    `static int unused_${own};`,
    `extern int e_${own}[${random.between(1, 9)}];`,
    `struct s_${own} { int first; char second[${random.between(1, 64)}]; };`,
    `#define SUM_${macro}(x) ((x) + V_${macro} + __LINE__)`,
  ];
}

function include(random: Random, name: string): string[] {
  const spelled = random.pick([name, name, name, `./${name}`, `deep/../${name}`]);
  if (random.chance(0.1))
    return [`#define NAME_OF ${quoted(random, name)}`, '#include NAME_OF', '#undef NAME_OF'];
  const line = `#${random.chance(0.1) ? ' ' : ''}include ${quoted(random, spelled)}`;
  return random.chance(0.75) ? [line] : [`#if __has_include(${quoted(random, name)})`, line, '#endif'];
}

function optionalInclude(random: Random): string[] {
  const name = quoted(random, random.pick(OPTIONAL_NAMES));
  const body = random.chance(0.6) ? `#include ${name}` : '#define SEEN_OPTIONAL 1';
  return [`${random.chance(0.1) ? '/* \n */ ' : ''}#if __has_include(${name})`, body, '#endif'];
}

function quoted(random: Random, name: string): string {
  return random.chance(0.6) ? `"${name}"` : `<${name}>`;
}

function sourceText(style: Style, stem: string): string {
  const { random, language } = style;
  const lines: string[] = [];
  if (random.chance(0.3)) lines.push('/* A source', '   of several lines. */');
  if (random.chance(0.06)) lines.push(`#include <${random.pick(['stddef.h', 'limits.h', 'stdint.h'])}>`);
  for (const name of HEADER_NAMES) if (random.chance(0.5)) lines.push(...include(random, name));
  if (random.chance(0.5)) lines.push(...optionalInclude(random));
  if (stem === 'main' && random.chance(0.15)) {
    hide(style, 'header', 1);
    lines.push(`#include "${ODD_HEADER}"`);
  }
  for (const name of HEADER_NAMES) {
    const macro = macroName(name);
    lines.push(
      `#ifdef V_${macro}`,
      `int v_${stem}_${macro} = V_${macro} + ${random.between(0, 9)};`,
      '#endif',
    );
    lines.push(`#ifdef SUM_${macro}`, `int sum_${stem}_${macro} = SUM_${macro}(1);`, '#endif');
  }
  for (const name of [
    ...OPTIONAL_NAMES.map((one) => `HAS_${macroName(one)}`),
    'SEEN_OPTIONAL',
    'X',
    'Y',
    'FORCED',
  ]) {
    lines.push(`#ifdef ${name}`, `int has_${stem}_${name} = 1 + ${name} + 0;`, '#endif');
  }
  lines.push('#ifdef __OPTIMIZE__', `int optimized_${stem};`, '#endif');
  lines.push(
    ...random.some(
      [
        `const char *file_${stem} = __FILE__;`,
        `int line_${stem} = __LINE__;`,
        `int count_${stem}(int n) { int s = 0; for (int i = 0; i < n; i++) s += i * ${random.between(2, 9)}; return s; }`,
        `int unused_argument_${stem}(int n) { int m; return ${random.between(1, 9)}; }`,
        `int no_return_${stem}(int n) { if (n) return 1; }`,
        `static int hidden_${stem}(int n) { return n ? hidden_${stem}(n - 1) : 0; }`,
        `const char *name_${stem}(void) { return __func__; }`,
        `#line 77 "other.y"\nint numbered_${stem} = __LINE__;`,
        `#define LONG_${stem} 1 + \\\n  2\nint long_${stem} = LONG_${stem};`,
        '#define TWICE 1\n#define TWICE 2',
        `int 	tabbed_${stem} = ${random.between(1, 9)} /* c */ ;`,
      ],
      random.between(3, 7),
    ),
  );
  if (random.chance(0.35)) lines.push(...hide(style, stem, random.between(1, 2)));
  if (language === 'cpp') {
    lines.push(
      ...random.some(
        [
          `namespace { int secret(int n) { return n + __LINE__; } }\nint use_${stem}(int n) { return secret(n); }`,
          `template <int N> struct T { static int get() { return N; } };\nint t_${stem}() { return T<${random.between(1, 99)}>::get(); }`,
          `struct V { virtual ~V(); virtual int f(); };\nint V::f() { return ${random.between(1, 9)}; }`,
          `inline int in_${stem} = __builtin_LINE();`,
          `auto lambda_${stem} = [](int n) { return n * ${random.between(2, 99)}; };`,
        ],
        random.between(0, 3),
      ),
    );
  }
  if (random.chance(0.02)) lines.push('this is no program');
  return ended(random, lines);
}

function forcedText(random: Random): string {
  return `#pragma once\n#define FORCED ${random.between(1, 99)}\n`;
}

/** Lines with what matters and does not show it. */
function hide({ random, language, hidden }: Style, place: string, count: number): string[] {
  const made = Array.from({ length: count }, (_, index) =>
    disguised(random, { language, id: `${place}${index}` }),
  );
  hidden.set(place, made);
  return made.flatMap(({ lines }) => lines);
}

function oddHeader({ random, hidden }: Style): string {
  const lines = hidden.get('header')?.flatMap((one) => one.lines) ?? [];
  return ended(random, ['#pragma once', ...lines]);
}

function ended(random: Random, lines: readonly string[]): string {
  const text = lines.join('\n') + (random.chance(0.05) ? '' : '\n');
  return (random.chance(0.02) ? '\ufeff' : '') + withLineEnds(random, text);
}

/** Moves a header elsewhere and leaves a link in its place. */
function linkHeader(random: Random, files: Map<string, string>, links: Map<string, string>): void {
  const header = random.pick(
    [...files.keys()].filter((path) => path.startsWith('inc') || path.startsWith('sys')),
  );
  const text = files.get(header) ?? '';
  const target = `real/${header.replaceAll('/', '_')}`;
  files.delete(header);
  files.set(target, text);
  links.set(header, '../'.repeat(header.split('/').length - 1) + target);
}
