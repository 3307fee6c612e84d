import { foldCase, pathRules } from '../util/paths.ts';
import type { IncludeDirective, SourceScan } from './source-scan.ts';

/**
 * Where the compiler would have looked before it found each header. A file that appears in one of these places would
 * be found first, so a manifest entry holds only as long as they stay empty (ccache issue 811, sccache issue 2766).
 * Microsoft's order for `#include "x"`: the folder of the file at hand, the folders of the files that include it, from
 * the inside out, then `/I` and the like in order, then INCLUDE; for `<x>` the same without the first two
 * ("/I (Additional include directories)", "#include directive (C/C++)").
 */
export interface HeaderSearch {
  readonly style: 'win32' | 'posix';
  /** Absolute path of the source. */
  readonly source: string;
  /** Absolute search folders, in order. */
  readonly folders: readonly string[];
  /** What the compiler reported, absolute, in order, with its depth. */
  readonly includes: readonly { readonly path: string; readonly depth: number }[];
  readonly scanOf: (path: string) => SourceScan | undefined;
  readonly exists: (path: string) => boolean;
  /** Whether what is there is a folder, which no `#include` and no `__has_include` finds. */
  readonly isFolder?: (path: string) => boolean;
  /** Names that `/FI` gives, and the folder where those are looked for first. */
  readonly forced?: { readonly names: readonly string[]; readonly workingDirectory: string };
}

/** Absolute paths that must stay absent, and paths that must stay present (`__has_include` saw them). */
export interface SearchTraces {
  readonly absent: ReadonlySet<string>;
  readonly present: ReadonlySet<string>;
  /** Files that stand where a header would have been found first and was not: most belong to inactive lines. */
  readonly passedOver: ReadonlySet<string>;
  /**
   * What `#include` lines lead to that was not reported: inactive lines, or other names of a header that was included
   * already, which a compiler does not enter again.
   */
  readonly unreported: ReadonlySet<string>;
}

export function traceHeaderSearch(search: HeaderSearch): SearchTraces {
  const path = pathRules(search.style);
  const identity = (file: string) => foldCase(search.style, path.normalize(file));
  const included = new Set(search.includes.map((include) => identity(include.path)));
  const absent = new Set<string>();
  const present = new Set<string>();
  const passedOver = new Set<string>();
  const unreported = new Set<string>();
  const isThere = (file: string) => search.exists(file) && !(search.isFolder?.(file) ?? false);

  const candidate = (folder: string, name: string) =>
    path.isAbsolute(name) ? name : `${folder}${/[\\/]$/.test(folder) ? '' : path.sep}${name}`;
  /** Remembers that a name is not in a folder: by the first missing step of the way, which many names share. */
  const noteAbsence = (folder: string, name: string) => {
    // Windows undoes `..` before it looks: in `sub\..\x.h` no folder `sub` need exist.
    const way = search.style === 'win32' ? path.normalize(name) : name;
    if (path.isAbsolute(name) || (search.style === 'win32' && way.startsWith('..'))) {
      absent.add(candidate(folder, name));
      return;
    }
    let place = folder;
    for (const step of way.split(search.style === 'win32' ? /[\\/]+/ : /\/+/)) {
      if (!search.exists(place)) break;
      place = path.join(place, step) === place ? place : candidate(place, step);
    }
    if (!search.exists(place)) absent.add(place);
  };

  const follow = (directive: IncludeDirective, folders: readonly string[]): string | undefined => {
    const places = folders.map((folder) => ({ folder, file: candidate(folder, directive.name) }));
    const isIncluded = ({ file }: { file: string }) => included.has(identity(file));
    const { kind } = directive;
    if (kind === 'hasInclude' || kind === 'hasIncludeNext') {
      for (const place of places) {
        if (!isThere(place.file)) noteAbsence(place.folder, directive.name);
        else {
          present.add(place.file);
          if (kind === 'hasInclude') break;
        }
      }
      return undefined;
    }
    const last = kind === 'include' ? places.findIndex(isIncluded) : places.findLastIndex(isIncluded);
    for (const place of places.slice(0, Math.max(0, last))) {
      if (!isThere(place.file)) noteAbsence(place.folder, directive.name);
      else passedOver.add(place.file);
    }
    if (last < 0) {
      const first = places.find(({ file }) => isThere(file));
      if (first) unreported.add(first.file);
    }
    const winner = places[last];
    return winner && identity(winner.file);
  };

  const done = new Map<string, ReadonlySet<string>>();
  /** Follows every directive of a file once for each chain of folders it was included through. */
  const visit = (file: string, chain: readonly string[]): ReadonlySet<string> => {
    const name = [file, ...chain].join('\n');
    const known = done.get(name);
    if (known) return known;
    const found = new Set<string>();
    done.set(name, found);
    for (const directive of search.scanOf(file)?.includes ?? []) {
      const folders = directive.form === 'quote' ? [...chain, ...search.folders] : search.folders;
      const winner = follow(directive, folders);
      if (winner !== undefined) found.add(winner);
    }
    return found;
  };

  /** An include whose directive we could not read (a macro): every name that it may have had. */
  const guess = (child: string, chain: readonly string[]) => {
    const folders = [...chain, ...search.folders];
    for (const [index, folder] of folders.entries()) {
      const inside = path.relative(folder, child);
      if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) continue;
      for (const earlier of folders.slice(0, index)) {
        const place = candidate(earlier, inside);
        if (!isThere(place)) noteAbsence(earlier, inside);
        else passedOver.add(place);
      }
    }
  };

  const open: { file: string; chain: readonly string[] }[] = [
    { file: search.source, chain: [path.dirname(search.source)] },
  ];
  visit(search.source, [path.dirname(search.source)]);
  for (const name of search.forced?.names ?? []) {
    const { workingDirectory = '' } = search.forced ?? {};
    const places = [workingDirectory, path.dirname(search.source), ...search.folders];
    follow({ kind: 'include', form: 'quote', name }, places);
  }
  for (const include of search.includes) {
    open.length = Math.min(open.length, include.depth);
    const parent = open[open.length - 1];
    if (!parent) continue;
    if (!visit(parent.file, parent.chain).has(identity(include.path))) guess(include.path, parent.chain);
    const chain = [...new Set([path.dirname(include.path), ...parent.chain])];
    open.push({ file: include.path, chain });
    visit(include.path, chain);
  }
  for (const file of passedOver) if (!included.has(identity(file))) unreported.add(file);
  return { absent, present, passedOver, unreported };
}
