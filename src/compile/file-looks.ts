import { lstatSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { signatureOf } from '../hash/hash-memory.ts';
import { isRawName, systemName } from '../util/byte-name.ts';
import { statIfThere } from '../util/file-stat.ts';
import type { CompileBeginning } from './begin-compile.ts';
import type { FileClock } from './file-clock.ts';
import type { Ways } from './ways.ts';

/**
 * What is where, each path looked at once, from the start of a compiler on. What was seen while it ran holds afterwards
 * wherever nothing has come or gone since: a folder shows that by its times, a link by what it leads to.
 */
export class FileLooks {
  readonly clock: FileClock;
  readonly #ways: Ways;
  readonly #seen = new Map<string, Stats | undefined>();
  /** By path, as they were before anything was made of them: the folders of what was looked at, and links. */
  readonly #witnesses = new Map<string, string | undefined>();
  #compilerRuns = true;

  constructor({ clock, ways }: CompileBeginning) {
    this.clock = clock;
    this.#ways = ways;
  }

  /** What the system says of an absolute path; undefined when it leads to nothing. */
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

  /** To be called when the compiler has ended: forgets what may be wrong since. Returns whether all still holds. */
  settle(): boolean {
    this.#compilerRuns = false;
    const changed = new Set<string>();
    for (const [path, signature] of this.#witnesses) {
      const stat = statIfThere(path);
      const isSame = (stat && signatureOf(stat)) === signature;
      if (!isSame || (stat && this.clock.isChangedSince(stat))) changed.add(path);
    }
    for (const path of this.#seen.keys()) {
      if (changed.has(path) || changed.has(folderOf(path))) this.#seen.delete(path);
    }
    return changed.size === 0;
  }

  #remember(folder: string): void {
    if (this.#witnesses.has(folder)) return;
    const stat = statIfThere(folder);
    this.#witnesses.set(folder, stat && signatureOf(stat));
  }
}

/** Bun's own rules for paths do not keep names that are no text. */
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
