import { folderAbove, type PathStyle } from '../util/paths.ts';

/** The folders and headers of a compile that may be one under several names. Absolute paths, or portable ones. */
export interface NamedFolders {
  /** Those that options and variables name, in their order, whether they exist or not. */
  readonly searched: readonly string[];
  /** The working folder, and those that hold the source and the headers. */
  readonly holding: readonly string[];
  /** Of the source and the headers, those with the same contents as another one: one file may have both names. */
  readonly twins: readonly string[];
}

/** What identifies a folder or file, however a path leads to it. Undefined if there is nothing. */
export type IdentityOf = (path: string) => string | undefined;

/**
 * Which of the folders are the same one: for each `holding` folder the numbers of the `searched` folders that lead to it,
 * `3^` if it is the folder above a searched one that does not exist, and `=0` if it is an earlier `holding` folder. Then
 * for each `searched` folder all of that but its own number. So one that appears by itself changes nothing. At last for each
 * of the `twins` the number of an earlier one that is the same file.
 *
 * clang keeps one entry for a folder, under the first name by which it was asked for (`FileManager::getDirectoryRef`). In
 * place of a searched folder that does not exist it asks for the one above, since there could be a header map
 * (`InitHeaderSearch::AddUnmappedPath`). So a folder that comes or goes, or a link that leads elsewhere, changes the
 * names of headers in another folder, which are in `__FILE__`, notes, warnings and debug information. And of two searched
 * folders that are one, the second is not searched (`RemoveDuplicates`), which `#include_next` shows. A header is one entry
 * under all of its names, too: with `#pragma once` it is read under the first one only.
 */
export function aliasesOf(
  { searched, holding, twins }: NamedFolders,
  style: PathStyle,
  identityOf: IdentityOf,
): string[] {
  const names = new Map<string, string[]>();
  const namesOf = (identity: string | undefined) => names.get(identity ?? '') ?? [];
  const add = (identity: string, name: string) => {
    const known = names.get(identity);
    if (known) known.push(name);
    else names.set(identity, [name]);
  };
  const identities = searched.map(identityOf);
  for (const [number, own] of identities.entries()) {
    const asked = own ?? identityOf(folderAbove(style, searched[number] ?? ''));
    if (asked !== undefined) add(asked, own === undefined ? `${number}^` : `${number}`);
  }
  const ofHolding = holding.map((folder, number) => {
    const identity = identityOf(folder);
    const aliases = namesOf(identity).join(',');
    if (identity !== undefined) add(identity, `=${number}`);
    return aliases;
  });
  const ofSearched = identities.map((identity, number) =>
    namesOf(identity)
      .filter((name) => name !== `${number}`)
      .join(','),
  );
  const files = new Map<string | undefined, number>();
  const ofTwins = twins.map((path, number) => {
    const identity = identityOf(path);
    const first = files.get(identity);
    if (first === undefined) files.set(identity, number);
    return first === undefined ? '' : `${first}`;
  });
  return [...ofHolding, ...ofSearched, ...ofTwins];
}
