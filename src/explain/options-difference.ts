/** How the options of two calls differ. Pure. */
import type { ManifestKeyParts } from '../cache/key.ts';
import { type PlainPath, plainPath } from './plain-path.ts';

type KeyOption = ManifestKeyParts['options'][number];

export type OptionDifference =
  | { readonly kind: 'added' | 'removed'; readonly option: string }
  | { readonly kind: 'changed'; readonly option: string; readonly before: string }
  /** The same options. In the second call `option` stands before `after`, in the first one behind it. */
  | { readonly kind: 'order'; readonly option: string; readonly after: string }
  | { readonly kind: 'output'; readonly role: string; readonly name: string; readonly before: string }
  /** The same file, of which one call has the absolute path below a base directory, and the other a relative one. */
  | {
      readonly kind: 'respelled';
      readonly text: string;
      readonly path: PlainPath;
      readonly before: PlainPath;
    }
  /** Only the folder of a relative path differs. */
  | { readonly kind: 'place' };

const OUTPUT = 'output ';
const RECORDED = 'recorded ';

/** The differences, in the order of the second call. Empty if the options are the same. */
export function optionDifferences(
  before: readonly KeyOption[],
  now: readonly KeyOption[],
): readonly OptionDifference[] {
  const [old, own] = [before.filter(isOwn), now.filter(isOwn)];
  const same = commonLength(old, own);
  const [oldRest, ownRest] = [old.slice(same), own.slice(same)];
  const removed = without(oldRest, ownRest).map(spelled);
  const added = without(ownRest, oldRest).map(spelled);
  const differences: OptionDifference[] = [];
  for (const option of added) {
    const at = partnerOf(option, removed);
    const [partner] = at < 0 ? [] : removed.splice(at, 1);
    differences.push(difference(option, partner));
  }
  for (const option of removed) differences.push({ kind: 'removed', option: option.words });
  // An output that comes or goes with an option says nothing more.
  const others = differences.filter((one) => !isOfOutput(one));
  if (others.length > 0) return others;
  if (differences.length > 0) return differences;
  return orderOf(old, own) ?? [];
}

/** True for an output that is there, or named in the key, in one of both calls. */
function isOfOutput(one: OptionDifference): boolean {
  if (one.kind === 'output') return one.name === '' || one.before === '';
  return 'option' in one && one.option.startsWith(OUTPUT);
}

/** The line that an object records says the same once more. */
function isOwn({ text }: KeyOption): boolean {
  return !text.startsWith(RECORDED);
}

interface Spelled {
  readonly text: string;
  readonly path: PlainPath;
  /** As a user would write it. */
  readonly words: string;
}

function spelled({ text, path: key }: KeyOption): Spelled {
  const path = plainPath(key);
  const name = text.startsWith(OUTPUT) && path.spelled !== '' ? `${text} ` : text;
  return { text, path, words: name + path.spelled };
}

function idOf({ text, path }: KeyOption): string {
  return `${text}\n${path}`;
}

/** How many options both lists begin with. Most lists differ late, and comparing words is faster than counting them. */
function commonLength(before: readonly KeyOption[], now: readonly KeyOption[]): number {
  const at = before.findIndex(({ text, path }, index) => {
    const other = now[index];
    return other === undefined || other.text !== text || other.path !== path;
  });
  return at < 0 ? before.length : at;
}

/** The options of a list that the other list lacks, each as often as it is missing there. */
function without(list: readonly KeyOption[], others: readonly KeyOption[]): KeyOption[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(idOf(other), (left.get(idOf(other)) ?? 0) + 1);
  return list.filter((option) => {
    const count = left.get(idOf(option)) ?? 0;
    left.set(idOf(option), count - 1);
    return count <= 0;
  });
}

/** The removed option in whose place this one came. Negative if there is none. */
function partnerOf(option: Spelled, removed: readonly Spelled[]): number {
  const sameWords = removed.findIndex(({ words }) => words === option.words);
  if (sameWords >= 0) return sameWords;
  const slot = slotOf(option);
  return removed.findIndex((other) => slotOf(other) === slot);
}

function difference(option: Spelled, partner: Spelled | undefined): OptionDifference {
  if (!partner) return { kind: 'added', option: option.words };
  const isSameFile = option.path.absolute === partner.path.absolute && option.text === partner.text;
  if (option.words === partner.words && isSameFile && option.path.key !== partner.path.key)
    return { kind: 'respelled', text: option.text, path: option.path, before: partner.path };
  if (option.words === partner.words) return { kind: 'place' };
  if (option.text.startsWith(OUTPUT)) {
    const role = option.text.slice(OUTPUT.length);
    return { kind: 'output', role, name: option.path.spelled, before: partner.path.spelled };
  }
  return { kind: 'changed', option: option.words, before: partner.words };
}

/** Options of which mostly one is given, without prefix. What they have in common is the first group. */
const SLOTS: readonly RegExp[] = [
  /^(O)[\w]*$/,
  /^(W)(?:\d|all)$/,
  /^(M)[DT]d?$/,
  /^(Z)[7idI]$/,
  /^(EH)\w*-?$/,
  /^(arch:|std:|fp:|guard:)/,
  /^(clang:-O)/,
  /^(T)[CP]$/,
];

/** Two options with one slot are two values of one thing. */
function slotOf({ text }: Spelled): string {
  const bare = text.replace(/^[-/]+/, '');
  const macro = /^[DU]([A-Za-z_]\w*)/.exec(bare)?.[1];
  if (macro !== undefined) return `macro ${macro}`;
  const short = SLOTS.map((pattern) => pattern.exec(bare)?.[1]).find((found) => found !== undefined);
  if (short !== undefined) return short;
  const [name = ''] = bare.split(/[=:]/, 1);
  return name.replace(/^((?:clang:-)?[fmW])no-/, '$1').replace(/-$/, '');
}

/** The first option that now stands where another one stood. */
function orderOf(before: readonly KeyOption[], now: readonly KeyOption[]): OptionDifference[] | undefined {
  const at = now.findIndex((option, index) => {
    const other = before[index];
    return other === undefined || idOf(option) !== idOf(other);
  });
  const [option, after] = [now[at], before[at]];
  return option && after && [{ kind: 'order', option: spelled(option).words, after: spelled(after).words }];
}
