import { mentionsTree } from '../../../cache/tree-binding.ts';
import { factsOf } from '../../../commandline/family.ts';
import { folderSeparator, pathRules } from '../../../util/paths.ts';
import type { Channel, SharingFacts } from './facts.ts';
import { treeOf } from './tree-path.ts';

/** A way by which a path of this tree reaches the compiler in this call, and what opened it. */
export interface OpenChannel {
  readonly channel: Channel;
  readonly by: string;
  /** The path as it is spelled there. */
  readonly path: string;
}

/** Options whose value is a path, and where the compiler uses that path. */
const ROLES: readonly { readonly word: RegExp; readonly opens: readonly Channel[] }[] = [
  {
    word: /^(?:I|AI|iquote|isystem|idirafter|imsvc|external:I|internal-isystem|internal-externc-isystem)$/,
    opens: ['fileNames'],
  },
  { word: /^(?:FI|-?include|-?imacros)$/, opens: ['fileNames'] },
  { word: /^(?:resource-dir=?|winsysroot|vctoolsdir|winsdkdir|diasdkdir)$/, opens: ['fileNames'] },
  { word: /^(?:output \w+|F[adeimopr]:?|object-file-name=)$/i, opens: ['outputNames'] },
  // `maps.ts` knows what these do to paths.
  { word: /-prefix-map=$|^pathmap:$|^d1trimfile:$|-compilation-dir=?$/, opens: [] },
  // Files whose contents are in the key, and whose name reaches no output.
  {
    word: /^(?:f(?:no-)?(?:sanitize|profile|xray)[\w-]*=|fplugin=|fpass-plugin=|load|sourcelink:?)$/,
    opens: [],
  },
];

/** The open channels. Or an option or variable with a path of the tree whose use is unknown. */
export function openChannels(facts: SharingFacts): readonly OpenChannel[] | { readonly unknown: string } {
  const { roots } = facts;
  const open: OpenChannel[] = [{ channel: 'workingFolder', by: 'always', path: workingFolder(facts) }];
  if (roots.baseDirectories.length === 0) return open;
  const add = (path: string, by: string, channels: readonly Channel[]) => {
    if (treeOf(roots, path) === undefined) return;
    for (const channel of [...channels, 'commandLine' as const]) open.push({ channel, by, path });
  };
  add(facts.source, 'the source', ['fileNames']);
  for (const { text, path } of facts.options) {
    if (mentions(facts, text)) return { unknown: text };
    if (path === undefined || !namesTree(facts, path)) continue;
    const role = ROLES.find(({ word }) => word.test(wordOf(text)));
    if (!role || treeOf(roots, path) === undefined) return { unknown: `${text} ${path}` };
    add(path, `${text} ${path}`, role.opens);
  }
  for (const { name, value, isFolderList } of facts.variables) {
    if (!isFolderList && mentions(facts, value)) return { unknown: name };
    if (!isFolderList) continue;
    const separator = folderSeparator(roots.style);
    for (const folder of value.split(separator)) add(folder, `${name} ${folder}`, ['fileNames']);
  }
  for (const path of new Set(facts.inclusions.map((inclusion) => inclusion.path))) {
    if (treeOf(roots, path) !== undefined) open.push({ channel: 'fileNames', by: path, path });
  }
  if (factsOf(facts).mayMakeNamesAbsolute) {
    const by = `${facts.family} makes names absolute`;
    open.push({ channel: 'fileNames', by, path: workingFolder(facts) });
    open.push({ channel: 'outputNames', by, path: workingFolder(facts) });
  }
  return open;
}

/** Whether a path lies in the tree, or a text that is not a plain path contains one in the tree. */
function namesTree(facts: SharingFacts, path: string): boolean {
  if (pathRules(facts.roots.style).isAbsolute(path)) return treeOf(facts.roots, path) !== undefined;
  return mentions(facts, path);
}

/** clang takes `PWD` for the working folder if it names that folder. */
export function workingFolder({ roots, variables }: SharingFacts): string {
  return variables.find(({ name }) => name === 'PWD')?.value ?? roots.workingDirectory;
}

/** The option without its slash or hyphen, and without the words that hand it on: `fsanitize=undefined`. */
export function wordOf(text: string): string {
  return text.replace(/^(?:[-/]clang:|-Xclang[ =])?[-/]/, '').trim();
}

/** Whether a text contains a base directory in any form. */
export function mentions({ roots }: Pick<SharingFacts, 'roots'>, text: string | Uint8Array): boolean {
  const [first] = roots.baseDirectories;
  if (first === undefined) return false;
  return mentionsTree({ ...roots, workingDirectory: first }, Buffer.from(text));
}
