/**
 * Many headers in many folders: what a new, a vanished or a moved file does to the searches that found them, and what a
 * folder that comes or goes does to the names by which the compiler knows others.
 */

import { LINUX } from './command-line.ts';
import type { Random } from './random.ts';
import type { Plan, Scenario, SourceTree, Step } from './scenario.ts';

const MOST_FOLDERS = 60;
const MOST_HEADERS = 400;

interface Names {
  readonly folders: readonly string[];
  /** Names of headers, some with folders in them. */
  readonly headers: readonly string[];
  /** Searched folders that hold nothing, come and go, and are links at times. */
  readonly loose: readonly string[];
}

/** Two headers with the same text, of which the second one counts only if it is another file than the first. */
const TWINS = ['twin-a.h', 'twin-b.h'];
const TWIN_TEXT = '#pragma once\n#ifndef TWIN\n#define TWIN\nint first;\n#else\nint second;\n#endif\n';

const LOOSE = ['none', 'later', 'src/none', 'f0/none', 'f1/none'];

export function widePlan(random: Random): Plan {
  const names = anyNames(random);
  const tree = makeTree(random, names);
  const options = random
    .shuffled([...names.folders, ...names.loose])
    .map((folder) => (random.chance(0.1) || LOOSE.includes(folder) ? spelledAnyhow(random, folder) : folder))
    .map((folder) =>
      random.pick([[`/I${folder}`], [`/I${folder}`], ['/clang:-isystem', `/clang:${folder}`]]),
    );
  const line = {
    options: [LINUX, ['/c'], ...options],
    sources: [['src/main.c']],
    ...{ inCL: 0, inResponseFile: random.chance(0.5) ? options.length : 0, inUnderscoreCL: 0 },
  };
  const scenario: Scenario = { tree, line, workingFolder: '', environment: {}, place: 'tree' };
  return {
    settings: {
      noDirect: false,
      baseDirectories: random.chance(0.5) ? ['$TREE'] : [],
      hardLink: false,
      compress: false,
      settle: random.chance(0.5),
    },
    steps: stepsOf(random, scenario, names),
    looksAtClock: false,
    looksAtFileTimes: false,
  };
}

function anyNames(random: Random): Names {
  const folders = Array.from({ length: random.between(3, MOST_FOLDERS) }, (_, index) => `f${index}`);
  const count = random.between(10, random.chance(0.3) ? MOST_HEADERS : 60);
  const subfolders = ['', '', '', 'sub/', 'sub/deep/', 'x/'];
  const headers = Array.from({ length: count }, (_, index) => `${random.pick(subfolders)}h${index}.h`);
  return { folders, headers, loose: random.chance(0.5) ? random.some(LOOSE, random.between(1, 3)) : [] };
}

function spelledAnyhow(random: Random, folder: string): string {
  return random.pick([folder, `./${folder}`, `$TREE/${folder}`, `$TREE/${folder}`]);
}

function makeTree(random: Random, { folders, headers, loose }: Names): SourceTree {
  const files = new Map<string, string>();
  for (const [index, name] of headers.entries()) {
    const places = random.chance(0.1) ? random.some(folders, 2) : [random.pick(folders)];
    for (const folder of places) files.set(`${folder}/${name}`, headerText(random, index, headers));
  }
  const included = headers.filter(() => random.chance(0.5));
  const lines = included.map((name) => includeOf(random, name));
  for (const twin of random.chance(0.3) ? TWINS : []) {
    files.set(`${random.pick(folders)}/${twin}`, TWIN_TEXT);
    lines.push(`#include "${twin}"`);
  }
  files.set('src/main.c', `${lines.join('\n')}\nint last = ${random.between(1, 9)};\n`);
  const made = loose.filter(() => random.chance(0.3));
  return { files, links: new Map(), folders: [...folders, 'src', ...made] };
}

function headerText(random: Random, index: number, headers: readonly string[]): string {
  const later = headers.slice(index + 1);
  const lines = random.chance(0.8) ? ['#pragma once'] : [`#ifndef G${index}`, `#define G${index}`];
  for (const name of later.length > 0 ? random.some(later, random.between(0, 2)) : []) {
    lines.push(random.chance(0.8) ? includeOf(random, name) : asked(random, name));
  }
  if (random.chance(0.1)) lines.push(asked(random, `absent${random.between(1, 5)}.h`));
  if (random.chance(0.05))
    lines.push(`#define NAME${index} <${headers[index + 1] ?? 'stddef.h'}>`, `#include NAME${index}`);
  if (random.chance(0.05)) lines.push(`#if __has_include_next("h${index}.h")`, 'extern int next;', '#endif');
  if (random.chance(0.5)) lines.push(`const char *const file${index}_${random.between(1, 1e9)} = __FILE__;`);
  // A name of its own, because a header of this name in another folder may be included as well.
  lines.push(`static int v${index}_${random.between(1, 1e9)} = ${random.between(1, 8)};`);
  if (lines[0] !== '#pragma once') lines.push('#endif');
  return `${lines.join('\n')}\n`;
}

function includeOf(random: Random, name: string): string {
  return random.chance(0.6) ? `#include "${name}"` : `#include <${name}>`;
}

function asked(random: Random, name: string): string {
  const spelled = random.chance(0.5) ? `"${name}"` : `<${name}>`;
  return `#if __has_include(${spelled})\n#include ${spelled}\nextern int asked;\n#endif`;
}

function stepsOf(random: Random, scenario: Scenario, names: Names): Step[] {
  const steps: Step[] = ['cold', 'warm', 'warmer'].map((title) => ({ title, does: 'call', scenario }));
  let current = scenario;
  for (let count = random.between(2, 5); count > 0; count--) {
    const change = names.loose.length > 0 && random.chance(0.5) ? looseFolder : random.pick(CHANGES);
    const { title, tree } = change(random, current.tree, names);
    current = { ...current, tree };
    steps.push({ title, does: 'call', scenario: current });
    if (random.chance(0.4)) steps.push({ title: `${title}, warm`, does: 'call', scenario: current });
  }
  steps.push({ title: 'all of it undone', does: 'call', scenario });
  return steps;
}

interface Change {
  readonly title: string;
  readonly tree: SourceTree;
}

const CHANGES: readonly ((random: Random, tree: SourceTree, names: Names) => Change)[] = [
  anotherFile,
  anotherFile,
  anotherFile,
  emptyFolder,
  folderInPlace,
  linkInPlace,
  oneFile,
  vanishedFile,
  unrelatedFile,
  otherCase,
];

function withFile(tree: SourceTree, path: string, text: string): SourceTree {
  return { ...tree, files: new Map([...tree.files, [path, text]]) };
}

/** A place of a searched name: in a folder of the search, or beside the source. */
function placeOf(random: Random, { folders, headers }: Names, tree: SourceTree): string | undefined {
  const path = `${random.pick([...folders, 'src'])}/${random.pick([...headers, 'absent1.h', 'absent2.h'])}`;
  const isTaken = [...tree.files.keys(), ...tree.links.keys(), ...tree.folders].some(
    (one) => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/h`),
  );
  return isTaken ? undefined : path;
}

function anotherFile(random: Random, tree: SourceTree, names: Names): Change {
  const path = placeOf(random, names, tree);
  if (path === undefined) return unrelatedFile(random, tree, names);
  return {
    title: `new ${path}`,
    tree: withFile(tree, path, `static int first${random.between(1, 1e9)} = ${random.between(1, 8)};\n`),
  };
}

function emptyFolder(random: Random, tree: SourceTree, names: Names): Change {
  const folder = `${random.pick([...names.folders, 'src'])}/${random.pick(['sub', 'sub/deep', 'x'])}`;
  return { title: `new folder ${folder}`, tree: { ...tree, folders: [...tree.folders, folder] } };
}

/** A folder with the name of a header. */
function folderInPlace(random: Random, tree: SourceTree, names: Names): Change {
  const path = placeOf(random, names, tree);
  if (path === undefined) return unrelatedFile(random, tree, names);
  return { title: `new folder ${path}`, tree: { ...tree, folders: [...tree.folders, path] } };
}

/** A link to another header, or to nothing. */
function linkInPlace(random: Random, tree: SourceTree, names: Names): Change {
  const path = placeOf(random, names, tree);
  if (path === undefined) return unrelatedFile(random, tree, names);
  const up = '../'.repeat(path.split('/').length - 1);
  const target = `${up}${random.pick([...tree.files.keys(), 'gone.h'])}`;
  return { title: `new link ${path}`, tree: { ...tree, links: new Map([...tree.links, [path, target]]) } };
}

/** A header with the same text as another one becomes another name of it. */
function oneFile(random: Random, tree: SourceTree, names: Names): Change {
  const [target, path] = TWINS.map((twin) => [...tree.files.keys()].find((one) => one.endsWith(`/${twin}`)));
  if (path === undefined || target === undefined) return unrelatedFile(random, tree, names);
  const files = new Map(tree.files);
  files.delete(path);
  const link = random.chance(0.5) ? `=${target}` : `../${target}`;
  return {
    title: `${path} is ${target}`,
    tree: { ...tree, files, links: new Map([...tree.links, [path, link]]) },
  };
}

function vanishedFile(random: Random, tree: SourceTree): Change {
  const linked = new Set(tree.links.values());
  const headers = [...tree.files.keys()].filter(
    (path) => !path.startsWith('src/main') && !linked.has(`=${path}`),
  );
  const path = random.pick(headers);
  const files = new Map(tree.files);
  files.delete(path);
  return { title: `${path} removed`, tree: { ...tree, files } };
}

function unrelatedFile(random: Random, tree: SourceTree, { folders }: Names): Change {
  const path = `${random.pick(folders)}/unrelated${random.between(1, 99)}.h`;
  return { title: `new ${path}`, tree: withFile(tree, path, 'int unrelated;\n') };
}

/** The name of a header in capitals, which is another name here. */
function otherCase(random: Random, tree: SourceTree, { folders, headers }: Names): Change {
  const name = random.pick(headers).replace(/h(\d+\.h)$/, 'H$1');
  const path = `${random.pick(folders)}/${name}`;
  return { title: `new ${path}`, tree: withFile(tree, path, 'int capital;\n') };
}

/** A searched folder with nothing in it appears, vanishes, or leads to another one. */
function looseFolder(random: Random, tree: SourceTree, names: Names): Change {
  const folder = random.pick(names.loose);
  const links = new Map(tree.links);
  const wasThere = links.delete(folder) || tree.folders.includes(folder);
  const folders = tree.folders.filter((one) => one !== folder);
  if (random.chance(0.4)) {
    const target = `${'../'.repeat(folder.split('/').length - 1)}${random.pick(['src', 'f0', 'f1'])}`;
    links.set(folder, target);
    return { title: `${folder} leads to ${target}`, tree: { ...tree, folders, links } };
  }
  if (wasThere) return { title: `${folder} removed`, tree: { ...tree, folders, links } };
  return { title: `new folder ${folder}`, tree: { ...tree, folders: [...folders, folder], links } };
}
