import { lstatSync, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isRawName, systemName } from '../util/byte-name.ts';
import { statIfThere } from '../util/file-stat.ts';
import type { FileClock } from './file-clock.ts';
import { type FolderNames, foldName, namesIn } from './folder-names.ts';
import { settledSignatureOf, signatureOf } from './signature.ts';
import type { Ways } from './ways.ts';

/**
 * Memoised `stat` from the moment the compiler starts. After the compile a result still holds where no entry has been
 * added or removed since: a folder shows that by its times, a link by its target.
 */
export class FileLooks {
  readonly clock: FileClock;
  readonly #ways: Ways;
  readonly #seen = new Map<string, Stats | undefined>();
  readonly #listed = new Map<string, FolderNames>();
  /** By path: the folders of the files, and links, as they were before anything was done with them. */
  readonly #witnesses = new Map<string, string | undefined>();
  /** Known when the compiler has ended: the signatures of folders that have not changed since they were looked into. */
  readonly #settled = new Map<string, string>();
  #compilerRuns = true;

  constructor({ clock, ways }: { readonly clock: FileClock; readonly ways: Ways }) {
    this.clock = clock;
    this.#ways = ways;
  }

  /** The `stat` of an absolute path. Undefined if it leads to nothing. */
  look(path: string): Stats | undefined {
    if (this.#seen.has(path)) return this.#seen.get(path);
    const folder = folderOf(path);
    if (this.#compilerRuns) this.#remember(folder);
    this.#ways.note(folder);
    let stat = lstatIfThere(path);
    if (stat?.isSymbolicLink()) {
      this.#ways.note(path);
      stat = statIfThere(path);
      if (this.#compilerRuns) this.#witnesses.set(path, stat && signatureOf(stat));
    }
    this.#seen.set(path, stat);
    return stat;
  }

  /** The names in a folder. */
  list(folder: string): FolderNames {
    if (this.#listed.has(folder)) return this.#listed.get(folder);
    if (this.#compilerRuns) this.#remember(folder);
    this.#ways.note(folder);
    const names = namesIn(folder);
    this.#listed.set(folder, names);
    return names;
  }

  /** By folder: a signature for which everything that was seen in it holds. */
  get settled(): ReadonlyMap<string, string> {
    return this.#settled;
  }

  /**
   * Call it when the compiler has ended. Forgets what may have changed since. Returns the names, as lists of folders hold
   * them, of which an earlier answer may be wrong now: those that came and went in folders that have changed.
   */
  settle(): ReadonlySet<string> | 'any' {
    this.#compilerRuns = false;
    const changed = new Set<string>();
    for (const [path, signature] of this.#witnesses) {
      const stat = statIfThere(path);
      const isSame = (stat && signatureOf(stat)) === signature;
      const settled = stat && settledSignatureOf(stat);
      if (!isSame || (stat && this.clock.isChangedSince(stat))) changed.add(path);
      else if (settled !== undefined) this.#settled.set(path, settled);
    }
    const names = new Set<string>();
    if (changed.size === 0) return names;
    let isClear = true;
    for (const path of changed) isClear &&= this.#noteNewNames(path, names);
    for (const [path, stat] of [...this.#seen]) {
      if (!changed.has(path) && !changed.has(folderOf(path))) continue;
      this.#seen.delete(path);
      const now = this.look(path);
      if ((now && signatureOf(now)) !== (stat && signatureOf(stat))) names.add(foldName(basename(path)));
    }
    return isClear ? names : 'any';
  }

  /** Notes what differs in the list of a folder. Returns false if that does not tell what has changed. */
  #noteNewNames(path: string, names: Set<string>): boolean {
    const before = this.#listed.get(path);
    if (!this.#listed.delete(path)) return !lstatIfThere(path)?.isSymbolicLink();
    const after = this.list(path);
    if (!before || !after) return false;
    for (const name of before) if (!after.has(name)) names.add(name);
    for (const name of after) if (!before.has(name)) names.add(name);
    return true;
  }

  #remember(folder: string): void {
    if (this.#witnesses.has(folder)) return;
    const stat = statIfThere(folder);
    this.#witnesses.set(folder, stat && signatureOf(stat));
  }
}

/** Bun's own path rules do not keep names that are not UTF-8. */
function folderOf(path: string): string {
  return isRawName(path) ? path.slice(0, path.lastIndexOf('/')) || '/' : dirname(path);
}

function lstatIfThere(path: string): Stats | undefined {
  try {
    return lstatSync(systemName(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
