/** How the variables of two calls differ. Pure. */
import type { MissCause } from './miss-causes.ts';
import { type PlainPath, plainPath } from './plain-path.ts';

type Variables = readonly { readonly name: string; readonly value: string }[];

/** Lists of folders, which are told apart folder by folder. */
const LISTS = /INCLUDE|PATH$|^LIB/i;

/** A path as the variable of a call had it. */
type Written = (path: PlainPath) => string;

/** The differences, in the order of the second call. */
export function variableDifferences(
  before: Variables,
  now: Variables,
  written: { readonly before: Written; readonly now: Written },
): readonly MissCause[] {
  const [old, own] = [before, now].map((list) => new Map(list.map(({ name, value }) => [name, value])));
  const names = new Set([...(own?.keys() ?? []), ...(old?.keys() ?? [])]);
  return [...names].flatMap((name) =>
    differencesOf({ name, before: old?.get(name), value: own?.get(name) }, written),
  );
}

function differencesOf(
  {
    name,
    before,
    value,
  }: { readonly name: string; readonly before: string | undefined; readonly value: string | undefined },
  written: { readonly before: Written; readonly now: Written },
): readonly MissCause[] {
  if (before === value) return [];
  if (!LISTS.test(name)) {
    return [
      {
        kind: 'variable',
        name,
        ...(value !== undefined && { value }),
        ...(before !== undefined && { before }),
      },
    ];
  }
  const [old, own] = [foldersOf(before), foldersOf(value)];
  const added = own.filter((folder) => !old.includes(folder));
  const removed = old.filter((folder) => !own.includes(folder));
  if (added.length + removed.length === 0) return [{ kind: 'folderOrder', name }];
  return [
    ...added.map(
      (folder) => ({ kind: 'folderAdded', name, folder: written.now(plainPath(folder)) }) as const,
    ),
    ...removed.map(
      (folder) => ({ kind: 'folderRemoved', name, folder: written.before(plainPath(folder)) }) as const,
    ),
  ];
}

function foldersOf(value: string | undefined): string[] {
  return (value ?? '').split(';').filter((folder) => folder !== '');
}
