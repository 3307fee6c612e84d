import { anyVariable, LINUX, SAME_EACH_TIME, searchOption } from './command-line.ts';
import { DISGUISED_FILES } from './disguise.ts';
import { anyOption } from './option-groups.ts';
import type { Random } from './random.ts';
import type { Scenario, SourceTree, Words } from './scenario.ts';
import {
  anotherHeader,
  folderOf,
  HEADER_FOLDERS,
  HEADER_NAMES,
  joined,
  OPTIONAL_NAMES,
} from './source-tree.ts';

export interface Change {
  /** Says what was changed. */
  readonly title: string;
  readonly scenario: Scenario;
  /** Files that are written again with the content that they have. */
  readonly touched?: readonly string[];
}

/** One random change of what decides a compile. */
export function makeChange(random: Random, scenario: Scenario): Change {
  const isDisguised = scenario.tree.files.has(DISGUISED_FILES.data);
  return random.pick(isDisguised && random.chance(0.6) ? TELLING : CHANGES)(random, scenario);
}

type MakeChange = (random: Random, scenario: Scenario) => Change;

const CHANGES: readonly MakeChange[] = [
  changeNumber,
  changeNumber,
  moveLines,
  moveLines,
  changeOption,
  changeOption,
  changeOption,
  reorderOptions,
  changeEnvironment,
  changeEnvironment,
  shadow,
  shadow,
  shadow,
  shadow,
  addOptional,
  remove,
  remove,
  moveTree,
  moveTree,
  touch,
  swapHeaders,
  replaceByLink,
  changeWorkingFolder,
];

/** What shows whether disguised words were seen. */
const TELLING: readonly MakeChange[] = [
  changeData,
  changeData,
  touch,
  touch,
  addOptional,
  addOptional,
  moveTree,
  dropOptional,
];

function withTree(scenario: Scenario, change: Partial<SourceTree>): Scenario {
  return { ...scenario, tree: { ...scenario.tree, ...change } };
}

function withFile(scenario: Scenario, path: string, text: string): Scenario {
  return withTree(scenario, { files: new Map([...scenario.tree.files, [path, text]]) });
}

function anyFile(random: Random, { tree }: Scenario): [path: string, text: string] {
  return random.pick([...tree.files]);
}

/** Same length, so that size does not give it away. */
function changeNumber(random: Random, scenario: Scenario): Change {
  const [path, text] = anyFile(random, scenario);
  const changed = text.replace(/[1-8](?=\D*$)/, (digit) => String(Number(digit) + 1));
  return { title: `a number in ${path}`, scenario: withFile(scenario, path, changed) };
}

function moveLines(random: Random, scenario: Scenario): Change {
  const [path, text] = anyFile(random, scenario);
  const added = random.pick(['\n', '// a comment\n', '/* two\n   lines */\n']);
  return { title: `lines before those of ${path}`, scenario: withFile(scenario, path, added + text) };
}

function changeOption(random: Random, scenario: Scenario): Change {
  const { line, workingFolder } = scenario;
  const up = workingFolder === '' ? '' : '../';
  const options = [...line.options];
  const at = random.between(0, options.length);
  const added = random.chance(0.25)
    ? searchOption(random, up + random.pick(HEADER_FOLDERS))
    : anyOption(random, up);
  if (random.chance(0.7)) {
    options.splice(at, 0, added);
    return {
      title: `option ${added.join(' ')} added`,
      scenario: { ...scenario, line: { ...line, options } },
    };
  }
  const [gone = []] = options.splice(Math.min(at, options.length - 1), 1);
  if (isSame(gone, SAME_EACH_TIME)) return changeOption(random, scenario);
  if (isSame(gone, LINUX)) options.push(SAME_EACH_TIME);
  return { title: `option ${gone.join(' ')} removed`, scenario: { ...scenario, line: { ...line, options } } };
}

const isSame = (one: Words, other: Words): boolean => one.join(' ') === other.join(' ');

function reorderOptions(random: Random, scenario: Scenario): Change {
  const options = random.shuffled(scenario.line.options);
  return {
    title: 'options in another order',
    scenario: { ...scenario, line: { ...scenario.line, options } },
  };
}

function changeEnvironment(random: Random, scenario: Scenario): Change {
  const variable = anyVariable(random);
  const environment = { ...scenario.environment, ...variable };
  return { title: `environment ${JSON.stringify(variable)}`, scenario: { ...scenario, environment } };
}

/** A header of a known name in a folder where there was none. */
function shadow(random: Random, scenario: Scenario): Change {
  // As the tree names them, however the line spells them.
  const isSource = (path: string) => /(?:main|second|third)\.\w+$/.test(path);
  const sourceFolders = [...scenario.tree.files.keys()].filter(isSource).map(folderOf);
  const name = random.pick([...HEADER_NAMES, 'pre.h', 'limits.h', 'stddef.h']);
  const folder = random.pick([...HEADER_FOLDERS, ...sourceFolders, scenario.workingFolder, 'src', 'inc0']);
  const path = joined(folder, name);
  const text = name === 'pre.h' ? '#define FORCED 777\n' : anotherHeader(random, name);
  return { title: `new file ${path}`, scenario: withFile(scenario, path, text) };
}

function addOptional(random: Random, scenario: Scenario): Change {
  const path = joined(
    random.pick([...HEADER_FOLDERS, 'src', scenario.workingFolder]),
    random.pick(OPTIONAL_NAMES),
  );
  return {
    title: `new file ${path}`,
    scenario: withFile(scenario, path, `#define NEW ${random.between(1, 99)}\n`),
  };
}

function remove(random: Random, scenario: Scenario): Change {
  const files = new Map(scenario.tree.files);
  const path = random.pick([...files.keys()].filter((one) => !one.includes('main')));
  files.delete(path);
  return { title: `${path} removed`, scenario: withTree(scenario, { files }) };
}

/** What the assembler reads, or a file whose time a pragma asks for. */
function changeData(random: Random, scenario: Scenario): Change {
  const path = DISGUISED_FILES.data;
  return {
    title: `other bytes in ${path}`,
    scenario: withFile(scenario, path, `${random.between(100, 999)}`),
  };
}

function dropOptional(random: Random, scenario: Scenario): Change {
  const isOptional = (path: string) => OPTIONAL_NAMES.some((name) => path.endsWith(name));
  const there = [...scenario.tree.files.keys()].filter(isOptional);
  if (there.length === 0) return addOptional(random, scenario);
  const files = new Map(scenario.tree.files);
  const path = random.pick(there);
  files.delete(path);
  return { title: `${path} removed`, scenario: withTree(scenario, { files }) };
}

function moveTree(random: Random, scenario: Scenario): Change {
  const place = random.pick(['other', 'a much longer name of a folder than it was', 'tree2', 't']);
  return { title: `the same tree in ${place}`, scenario: { ...scenario, place } };
}

function touch(random: Random, scenario: Scenario): Change {
  const touched = [...scenario.tree.files.keys()].filter(() => random.chance(0.5));
  return { title: 'files written again', scenario, touched };
}

function swapHeaders(random: Random, scenario: Scenario): Change {
  const [first, firstText] = anyFile(random, scenario);
  const [second, secondText] = anyFile(random, scenario);
  const files = new Map([...scenario.tree.files, [first, secondText], [second, firstText]] as const);
  return { title: `${first} and ${second} swapped`, scenario: withTree(scenario, { files }) };
}

function replaceByLink(random: Random, scenario: Scenario): Change {
  const files = new Map(scenario.tree.files);
  const headers = [...files.keys()].filter((path) => /^(?:inc|sys)/.test(path));
  const path = random.pick(headers);
  const target = random.pick(headers);
  if (path === target) return replaceByLink(random, scenario);
  files.delete(path);
  const back = '../'.repeat(path.split('/').length - 1);
  const links = new Map([...scenario.tree.links, [path, back + target]] as const);
  return { title: `${path} is a link to ${target}`, scenario: withTree(scenario, { files, links }) };
}

function changeWorkingFolder(random: Random, scenario: Scenario): Change {
  const others = scenario.workingFolder === '' ? ['inc0', 'out'] : ['build', 'out', 'src'];
  const workingFolder = random.pick(others.filter((folder) => folder !== scenario.workingFolder));
  return { title: `started in ${workingFolder}`, scenario: { ...scenario, workingFolder } };
}
