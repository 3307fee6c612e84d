import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { decodeName, systemName } from '../util/byte-name.ts';
import { type PathStyle, pathRules } from '../util/paths.ts';
import type { FileClock } from './file-clock.ts';

/** A folder or a link at one moment. */
interface Step {
  readonly device: bigint;
  readonly inode: bigint;
  readonly changedMs: number;
  readonly entriesChangedMs: number;
  /** The target, if it is a link. */
  readonly target: string | undefined;
}

interface NotedStep {
  /** Undefined if there was nothing. */
  readonly seen: Step | undefined;
  readonly parent: string | undefined;
  /** True if it was seen before the compiler started. */
  readonly isEarly: boolean;
}

/** By how much the two times of a folder may differ that one new entry sets. */
const APART_MS = { posix: 0, win32: 20 } as const;
/** Linux follows as many links. */
const MOST_LINKS = 40;

/**
 * The paths to what a compiler reads: every folder and every link on them. Even if a file is old and unchanged, the
 * compiler may have seen another one, if a folder was renamed or a link was changed meanwhile.
 *
 * What was seen before must still be the same afterwards. A path that became known while the compiler ran, or that was
 * changed and changed back, is checked by change times: renaming a folder changes the folder and its parent. Nothing
 * else does both at once, except making files in both, after which the modification time equals the change time.
 */
export class Ways {
  readonly #style: PathStyle;
  readonly #steps = new Map<string, NotedStep>();
  readonly #walked = new Set<string>();
  #hasBegun = false;
  #mounts: string | undefined;

  constructor(style: PathStyle) {
    this.#style = style;
  }

  /** Call it just before the compile begins, when the known paths were noted. */
  begin(): void {
    this.#hasBegun = true;
    this.#mounts = readMounts();
  }

  /** Notes the current path to an absolute path, with what it leads to. */
  note(path: string): void {
    if (this.#walked.has(path)) return;
    this.#walked.add(path);
    const rules = pathRules(this.#style);
    const { root } = rules.parse(path);
    const separator = this.#style === 'win32' ? /[\\/]+/ : /\/+/;
    const names = path.slice(root.length).split(separator);
    // Joined by hand, because Bun's own path rules do not keep names that are not UTF-8.
    const join = (folder: string, name: string) =>
      `${folder}${folder.endsWith(rules.sep) ? '' : rules.sep}${name}`;
    const folders = [root];
    let links = 0;
    this.#noteStep(root, undefined);
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        if (folders.length > 1) folders.pop();
        continue;
      }
      const folder = folders.at(-1) ?? root;
      const at = join(folder, name);
      const step = this.#noteStep(at, folder);
      if (!step) return;
      if (step.target === undefined) {
        folders.push(at);
        continue;
      }
      if (++links > MOST_LINKS) return;
      const target = rules.parse(step.target);
      if (target.root !== '') folders.splice(0, folders.length, rules.resolve(folder, target.root));
      names.unshift(...step.target.slice(target.root.length).split(separator));
    }
  }

  /**
   * Why the compiler may have followed another path than the current one. Undefined if none has changed since it began.
   */
  problem(clock: FileClock): string | undefined {
    const now = new Map(Array.from(this.#steps.keys(), (path) => [path, look(path)]));
    for (const [path, { seen, parent, isEarly }] of this.#steps) {
      const step = now.get(path);
      const above = parent === undefined ? undefined : now.get(parent);
      const noted = parent === undefined ? undefined : this.#steps.get(parent)?.seen;
      const isSince = (one: Step | undefined) =>
        one !== undefined && clock.isSince(Number(one.device), one.changedMs);
      const isTrusted = isEarly || !isSince(seen) || !isSince(noted);
      if (!isSame(seen, step)) return `${path} became another one`;
      if (!step || !isSince(step)) continue;
      if (step.target !== undefined) return `the link ${path} changed`;
      const hasNewEntries = step.entriesChangedMs >= step.changedMs - APART_MS[this.#style];
      if (isSince(above) && !(isTrusted && hasNewEntries)) return `${path} may have been moved`;
    }
    return this.#mounts === undefined ? undefined : this.#changedMount(this.#mounts, readMounts() ?? '');
  }

  #noteStep(path: string, parent: string | undefined): Step | undefined {
    let step = this.#steps.get(path);
    if (!step) {
      step = { seen: look(path), parent, isEarly: !this.#hasBegun };
      this.#steps.set(path, step);
    }
    return step.seen;
  }

  #changedMount(before: string, after: string): string | undefined {
    if (before === after) return undefined;
    const [old, young] = [new Set(before.split('\n')), new Set(after.split('\n'))];
    const changed = [...old].filter((line) => !young.has(line));
    changed.push(...[...young].filter((line) => !old.has(line)));
    const points = changed.flatMap((line) => line.split(' ')[4] ?? []).map(unescapeMount);
    const onTheWay = points.find((point) => this.#steps.has(point));
    return onTheWay === undefined ? undefined : `something was mounted at ${onTheWay}`;
  }
}

function isSame(before: Step | undefined, after: Step | undefined): boolean {
  return (
    before?.device === after?.device && before?.inode === after?.inode && before?.target === after?.target
  );
}

function look(path: string): Step | undefined {
  try {
    const name = systemName(path);
    const stat = lstatSync(name, { bigint: true, throwIfNoEntry: false });
    if (!stat) return undefined;
    return {
      device: stat.dev,
      inode: stat.ino,
      changedMs: Number(stat.ctimeNs) / 1e6,
      entriesChangedMs: Number(stat.mtimeNs) / 1e6,
      target: stat.isSymbolicLink() ? decodeName(readlinkSync(name, 'buffer')) : undefined,
    };
  } catch {
    return undefined;
  }
}

/** The mounts of this process on Linux, one a line. Undefined on other systems. */
function readMounts(): string | undefined {
  try {
    return readFileSync('/proc/self/mountinfo', 'latin1');
  } catch {
    return undefined;
  }
}

/** Blanks and the like are octal there ("proc_pid_mountinfo(5)"). */
function unescapeMount(text: string): string {
  const bytes = text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
