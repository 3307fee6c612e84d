/** How the variables of two calls differ. Pure. */
import type { MissCause } from './miss-causes.ts';
import { plainPath } from './plain-path.ts';

type Variables = readonly { readonly name: string; readonly value: string }[];

/** Lists of folders, which are told apart folder by folder. */
const LISTS = /INCLUDE|PATH$|^LIB/i;

/** The differences, in the order of the second call. */
export function variableDifferences(before: Variables, now: Variables): readonly MissCause[] {
  const [old, own] = [before, now].map((list) => new Map(list.map(({ name, value }) => [name, value])));
  const names = new Set([...(own?.keys() ?? []), ...(old?.keys() ?? [])]);
  return [...names].flatMap((name) => differencesOf(name, old?.get(name), own?.get(name)));
}

function differencesOf(
  name: string,
  before: string | undefined,
  value: string | undefined,
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
  const spelled = (folder: string) => plainPath(folder).spelled;
  return [
    ...added.map((folder) => ({ kind: 'folderAdded', name, folder: spelled(folder) }) as const),
    ...removed.map((folder) => ({ kind: 'folderRemoved', name, folder: spelled(folder) }) as const),
  ];
}

function foldersOf(value: string | undefined): string[] {
  return (value ?? '').split(';').filter((folder) => folder !== '');
}
