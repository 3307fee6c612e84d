import type { NamedFolders } from './folder-aliases.ts';

/**
 * The searches for headers of one compile. "It looked for this name in these folders, in this order, up to here." Each is
 * one small fact, however many folders it went through.
 */

/** A folder in an order of search, and what is searched after it. Orders that end alike share their end. */
export interface SearchStep {
  readonly folder: string;
  readonly next: SearchStep | undefined;
}

/** A name that was looked for from `from` on, and not in `until` and behind it (in all the rest if it is undefined). */
export interface NameSearch {
  readonly name: string;
  readonly from: SearchStep;
  readonly until: SearchStep | undefined;
}

/** A name in a folder. */
export interface NamedPlace {
  readonly folder: string;
  readonly name: string;
}

/**
 * Equal for the same name in the same folder. One file can be in two places: `b/x.h` in `/a` is `x.h` in `/a/b`. A search
 * that goes through one of them need not go through the other.
 */
export function placeKey(folder: string, name: string): string {
  return `${folder}\n${name}`;
}

/** A folder that searches looked into: `below` a folder of their order ('' for that folder), where names lead. */
export interface WatchedFolder {
  readonly folder: string;
  readonly below: string;
}

/** The folders by which a compiler named the headers, and headers that could be one. See `aliasesOf`. */
export interface FolderNaming extends NamedFolders {
  /** Which of them were the same folder or file. */
  readonly aliases: readonly string[];
}

/**
 * All searches of a compile. They hold while no file is in a place that a search went through, except those in
 * `passedOver`, which were there and were not taken.
 */
export interface Searches {
  readonly searches: readonly NameSearch[];
  readonly passedOver: readonly NamedPlace[];
  /** Every existing folder that decides. While none of them changes, the searches hold. */
  readonly watched: readonly WatchedFolder[];
  readonly naming: FolderNaming;
}
