/** Precompiled headers of clang-cl: made, used, out of date, gone, made again, and found again. */
import { LINUX, SAME_EACH_TIME } from './command-line.ts';
import type { Random } from './random.ts';
import type { Plan, Scenario, SourceTree, Step, Words } from './scenario.ts';

/** How one is made and used. */
interface Way {
  readonly make: (pch: string) => readonly Words[];
  readonly madeFrom: string;
  readonly use: (pch: string) => readonly Words[];
  /** True if the sources do not include the header. */
  readonly isForced: boolean;
}

const WAYS: readonly Way[] = [
  {
    make: (pch) => [['/Ycpch.h'], [`/Fp${pch}`]],
    madeFrom: 'src/all.cpp',
    use: (pch) => [['/Yupch.h'], [`/Fp${pch}`]],
    isForced: false,
  },
  {
    make: (pch) => [['/FIpch.h'], ['/Ycpch.h'], [`/Fp${pch}`]],
    madeFrom: 'src/all.cpp',
    use: (pch) => [['/FIpch.h'], ['/Yupch.h'], [`/Fp${pch}`]],
    isForced: true,
  },
  {
    make: (pch) => [['-Xclang', '-emit-pch'], ['/TP'], [`/Fo${pch}`]],
    madeFrom: 'inc/pch.h',
    use: (pch) => [['-Xclang', '-include-pch', '-Xclang', pch]],
    isForced: true,
  },
];

const TIMELESS: Words = ['-Xclang', '-fno-pch-timestamp'];
const NAMES = ['x.pch', 'out/y.pch'];
const USERS = ['src/a.cpp', 'src/b.cpp'];
const HEADERS = ['inc/pch.h', 'inc/inner.h', 'late/late.h', 'inc/own.h'];
/** What only users may add, and what both have to agree about or are warned of. */
const OWN_OPTIONS: readonly Words[] = [
  ['/W4'],
  ['/DOWN=1'],
  ['/DX=2'],
  ['/O2'],
  ['/Iearly'],
  ['/EHsc'],
  ['/Y-'],
];

interface Case {
  readonly random: Random;
  readonly way: Way;
  /** Options of all calls. */
  readonly common: readonly Words[];
}

export function precompiledPlan(random: Random): Plan {
  const way = random.pick(WAYS);
  const target = random.pick([
    [LINUX],
    [LINUX],
    [LINUX, ['/clang:-g']],
    [SAME_EACH_TIME],
    [SAME_EACH_TIME, ['/Z7']],
  ]);
  const folders = [['/Iearly'], ['/Iinc'], ['/Ilate']];
  const timeless = random.chance(0.5) ? [TIMELESS] : [];
  const some = random.some<Words>([['/DX=1'], ['/O1'], ['/showIncludes']], random.between(0, 2));
  const one: Case = { random, way, common: [['/c'], ...target, ...folders, ...timeless, ...some] };
  return {
    settings: {
      noDirect: random.chance(0.05),
      baseDirectories: random.chance(0.5) ? ['$TREE'] : [],
      hardLink: random.chance(0.1),
      compress: random.chance(0.1),
      settle: random.chance(0.02),
    },
    steps: stepsOf(one),
    looksAtClock: false,
    // A precompiled header is refused when files have other times than it says, and it is left by an earlier call.
    looksAtFileTimes: true,
    keeps: ['.pch'],
    datesFiles: random.chance(0.8),
  };
}

function stepsOf(one: Case): Step[] {
  const { random } = one;
  const first = firstTree(one);
  let name = NAMES[0] ?? '';
  const steps = [make(one, first, name), use(one, first, name), use(one, first, name)];
  let tree = first;
  for (let count = random.between(2, 5); count > 0; count--) {
    const event = random.pick(EVENTS);
    if (random.chance(0.2)) name = random.pick(NAMES);
    const { title, next, ...what } = event(one, tree);
    tree = next ?? tree;
    const calls = random.pick([[use], [make, use], [use, make, use], [make, use, use]]);
    const made = calls.map((call) => call(one, tree, name));
    steps.push(
      ...made.map((step, index) => ({
        ...step,
        title: `${step.title} after ${title}`,
        ...(index === 0 && what),
      })),
    );
  }
  // As at the beginning, where everything was made before.
  return [...steps, ...[make, use].map((call) => call(one, first, NAMES[0] ?? ''))];
}

function make({ random, way, common }: Case, tree: SourceTree, pch: string): Step {
  const extra = random.chance(0.1) ? [random.pick(OWN_OPTIONS)] : [];
  const options = [...common, ...extra, ...way.make(pch)];
  return { title: `${pch} made`, does: 'call', scenario: scenario(tree, options, [way.madeFrom]) };
}

function use({ random, way, common }: Case, tree: SourceTree, pch: string): Step {
  const extra = random.chance(0.2) ? [random.pick(OWN_OPTIONS)] : [];
  const sources = random.chance(0.2) ? USERS : [random.pick(USERS)];
  const options = [...common, ...extra, ...way.use(pch)];
  return {
    title: `${pch} used by ${sources.join(', ')}`,
    does: 'call',
    scenario: scenario(tree, options, sources),
  };
}

function scenario(tree: SourceTree, options: readonly Words[], sources: readonly string[]): Scenario {
  const line = {
    options,
    sources: sources.map((name) => [name]),
    inCL: 0,
    inResponseFile: 0,
    inUnderscoreCL: 0,
  };
  return { tree, line, workingFolder: '', environment: {}, place: 'tree' };
}

function firstTree({ random, way }: Case): SourceTree {
  const texts = [...HEADERS, ...USERS, 'src/all.cpp'].map(
    (path) => [path, textOf(random, path, way)] as const,
  );
  return { files: new Map(texts), links: new Map(), folders: ['early', 'out'] };
}

const INCLUDED: Readonly<Record<string, readonly string[]>> = {
  'inc/pch.h': ['"inner.h"', '<late.h>', '<stddef.h>'],
  'late/late.h': ['"inner.h"'],
};

function textOf(random: Random, path: string, { isForced }: Way): string {
  const name = path.replace(/\W/g, '_');
  const value = random.between(1, 4);
  const includes = INCLUDED[path] ?? [];
  if (path.endsWith('.h')) {
    const piece = random.pick(PIECES)(name);
    return [
      '#pragma once',
      ...includes.map((one) => `#include ${one}`),
      `#define V_${name} ${value}`,
      piece,
      '',
    ].join('\n');
  }
  const own =
    path === 'src/all.cpp'
      ? []
      : ['#include "own.h"', `int ${name}(void) { return V_inc_own_h + V_inc_pch_h + ${value}; }`];
  return [...(isForced ? [] : ['#include "pch.h"']), ...own, ''].join('\n');
}

/** What a header may hold. */
const PIECES: readonly ((name: string) => string)[] = [
  (name) => `inline int f_${name}(int n) { return n + V_${name}; }`,
  (name) => `template <class T> struct S_${name} { T value = V_${name}; };`,
  (name) => `#if __has_include(<maybe.h>)\nstatic const int m_${name} = 1;\n#endif`,
  (name) => `static const char *const file_${name} = __FILE__;`,
  (name) => `enum { count_${name} = __COUNTER__ };`,
  (name) => `#ifdef X\nstatic const int x_${name} = X;\n#endif`,
  (name) => `#pragma message("read ${name}")`,
];

interface Event {
  readonly title: string;
  readonly next?: SourceTree;
  readonly touched?: readonly string[];
  readonly removes?: readonly string[];
}

const EVENTS: readonly ((one: Case, tree: SourceTree) => Event)[] = [
  (one, tree) => edited(one, tree, one.random.pick(HEADERS)),
  (one, tree) => edited(one, tree, one.random.pick(HEADERS)),
  (one, tree) => edited(one, tree, one.random.pick([...USERS, 'src/all.cpp'])),
  ({ random }) => {
    const touched = random.some([...HEADERS, 'src/all.cpp'], random.between(1, 2));
    return { title: `${touched.join(', ')} written again`, touched };
  },
  () => ({ title: 'nothing' }),
  ({ random }) => {
    const removes = random.some(NAMES, random.between(1, 2));
    return { title: `${removes.join(', ')} removed`, removes };
  },
  ({ random }, tree) => {
    const path = `early/${random.pick(['late.h', 'own.h', 'maybe.h', 'inner.h', 'pch.h'])}`;
    const files = new Map([...tree.files, [path, tree.files.get(`inc/${path.slice(6)}`) ?? '\n'] as const]);
    return { title: `new ${path}`, next: { ...tree, files } };
  },
  ({ random }, tree) => {
    const path = random.pick(HEADERS);
    const files = new Map(tree.files);
    files.delete(path);
    return { title: `${path} removed`, next: { ...tree, files } };
  },
];

function edited({ random, way }: Case, tree: SourceTree, path: string): Event {
  const files = new Map([...tree.files, [path, textOf(random, path, way)] as const]);
  return { title: `${path} changed`, next: { ...tree, files } };
}
