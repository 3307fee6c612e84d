/** One project in two or three folders, called in the same way in each: what one tree leaves, the next may get. */

import { LINUX, SAME_EACH_TIME } from './command-line.ts';
import { withLineEnds } from './line-ends.ts';
import type { Random } from './random.ts';
import type { Plan, Scenario, Settings, SourceTree, Step, Words } from './scenario.ts';
import { constantPaths, mapOptions, pathlessOptions, wildOptions } from './tree-options.ts';
import { type Mood, makeProject, type Project } from './tree-project.ts';

/** Of the same length and of others, hard to spell, and one below another folder. */
const PLACES = [
  'one',
  'two',
  'tree',
  'another tree',
  'a much longer name of a folder',
  'ünï',
  'deep/er/one',
  'one-b',
  'x',
];

const MOODS: readonly Mood[] = ['pathless', 'relative', 'relative', 'mapped', 'wild', 'wild'];

export function treePlan(random: Random): Plan {
  const mood = random.pick(MOODS);
  const project = makeProject(random, mood);
  const places = random.shuffled(PLACES).slice(0, random.chance(mood === 'wild' ? 0.2 : 0.4) ? 3 : 2);
  const [first = ''] = places;
  const line = makeTreeLine(random, project, mood);
  const tree = treeOf(random, project, first);
  const base: Omit<Scenario, 'place'> = { tree, ...line };
  const scenarios = places.map((place) => ({ ...base, place }));
  return {
    settings: settingsOf(random, places, mood),
    steps: stepsOf(random, scenarios),
    looksAtClock: false,
    looksAtFileTimes: false,
  };
}

function settingsOf(random: Random, places: readonly string[], mood: Mood): Settings {
  const all = places.map((place) => `$ABOVE/${place}`);
  const each = [['$TREE'], ['$TREE'], ['$TREE'], ['$TREE'], ['$TREE/'], all, all];
  const odd = [['$TREE', '$TREE/src'], ['$ABOVE', '$TREE'], ['$ABOVE'], ['$TREE/src'], []];
  const baseDirectories = random.pick(random.chance(mood === 'wild' ? 0.35 : 0.1) ? odd : each);
  return {
    noDirect: random.chance(0.12),
    baseDirectories,
    hardLink: random.chance(0.05),
    compress: random.chance(0.05),
    settle: random.chance(0.005),
  };
}

/** The first tree fills the cache; all others are asked. Then one of them changes. */
function stepsOf(random: Random, scenarios: readonly Scenario[]): Step[] {
  const [first, ...others] = scenarios;
  if (!first) return [];
  const steps: Step[] = [{ title: 'the first tree', does: 'call', scenario: first }];
  if (random.chance(0.9)) steps[0] = { title: 'the first tree', does: 'call', fills: true, scenario: first };
  for (const other of others) {
    // The first tree has what the text of the others may name.
    steps.push({ title: `the tree ${other.place}`, does: 'call', crosses: true, scenario: other });
  }
  if (random.chance(0.15)) {
    const changed = withChange(random, first);
    const [second = first] = others;
    steps.push({ title: 'the first tree changes', does: 'arrange', scenario: changed });
    steps.push({ title: `the tree ${second.place} again`, does: 'call', scenario: second });
    if (random.chance(0.5)) steps.push({ title: 'the first tree again', does: 'call', scenario: changed });
  }
  return steps;
}

function withChange(random: Random, scenario: Scenario): Scenario {
  const { tree } = scenario;
  const [path, text] = random.pick([...tree.files]);
  const changed = text.replace(/[1-8](?=\D*$)/, (digit) => String(Number(digit) + 1));
  return { ...scenario, tree: { ...tree, files: new Map([...tree.files, [path, changed]]) } };
}

/** `$FIRST` is the first tree in all of them, as text that was copied has it. */
function treeOf(random: Random, project: Project, first: string): SourceTree {
  const files = new Map(
    [...project.files].map(([path, text]) => {
      const placed = text.replaceAll('$FIRST', `$ABOVE/${first}`);
      return [path, random.chance(0.15) ? withLineEnds(random, placed) : placed] as const;
    }),
  );
  return { files, links: new Map(), folders: ['build', 'out', 'src', 'inc'] };
}

function makeTreeLine(
  random: Random,
  project: Project,
  mood: Mood,
): Pick<Scenario, 'line' | 'workingFolder' | 'environment'> {
  const workingFolder = random.pick(['', '', '', '', 'build', 'src', 'build', '$ABOVE']);
  const up = workingFolder === '' ? '' : workingFolder === '$ABOVE' ? '$NAME/' : '../';
  const { language, isAbsolute, isLinux } = project;
  const options: Words[] = [['/c'], isLinux ? LINUX : SAME_EACH_TIME, ...project.options];
  const path = (below: string) => (isAbsolute ? `$TREE/${below}` : up + below);
  for (const words of project.folders) options.push(words.map((word) => word.replaceAll('$UP', up)));
  options.push(...optionsOfMood(random, mood, isLinux));
  if (mood === 'wild')
    for (let count = random.between(0, 2); count > 0; count--) options.push(wildOptions(random));
  for (let count = random.between(0, 2); count > 0; count--) options.push(pathlessOptions(random));
  options.push(...outputOption(random, up));
  const source = random.pick([path(project.source), path(project.source), path(`src/../${project.source}`)]);
  const dashed = source.startsWith('/') || source.startsWith('$') ? ['--', source] : [source];
  const sources = random.chance(0.05) ? [language === 'c' ? [`/Tc${source}`] : [`/Tp${source}`]] : [dashed];
  const environment = { ...project.environment, ...(random.chance(0.08) ? anyEnvironment(random) : {}) };
  return {
    line: {
      options,
      sources,
      inCL: 0,
      inResponseFile: random.chance(0.06) ? random.between(1, 5) : 0,
      inUnderscoreCL: 0,
    },
    workingFolder,
    environment,
  };
}

function optionsOfMood(random: Random, mood: Mood, isLinux: boolean): Words[] {
  switch (mood) {
    case 'relative':
      return random.chance(0.5) ? constantPaths(random, isLinux) : [];
    case 'mapped':
      return [
        ...(isLinux && random.chance(0.5) ? [['/clang:-g']] : []),
        ['/clang:-ffile-prefix-map=$TREE=.'],
      ];
    case 'pathless':
      return random.chance(0.2) ? mapOptions(random, false) : [];
    case 'wild':
      return random.chance(0.55) ? mapOptions(random, random.chance(0.3)) : [];
  }
}

/** Where the object goes must be below the tree, since only what is there is compared. */
function outputOption(random: Random, up: string): Words[] {
  return [
    random.pick<Words>([
      ['/Fo$TREE/out/'],
      [`/Fo${up}out/`],
      [`/Fo${up}out/`],
      [`/Fo${up}out/x.obj`],
      ['-o', `${up}out/x.o`],
    ]),
  ];
}

function anyEnvironment(random: Random): Record<string, string> {
  return random.pick<Record<string, string>>([
    { PWD: '$TREE' },
    { PWD: '$ABOVE' },
    { CL: '/DM=$TREE' },
    { OWN: '$TREE/inc' },
    { CCC_OVERRIDE_OPTIONS: '+-DZ=1' },
    { _CL_: '/I$TREE/inc' },
    { TMPDIR: '$TREE/out' },
    { SOURCE_DATE_EPOCH: '5' },
  ]);
}
