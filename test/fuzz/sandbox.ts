import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { glanceAtStatistics } from '../../src/statistics/statistics-file.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { spell } from './call-words.ts';
import { contentsOf, dateOf, placed, workingFolderOf } from './placed.ts';
import type { Scenario, Settings, Step } from './scenario.ts';
import { editingCommands, quoted } from './shell.ts';

/** All that one call left. */
export interface CallResult {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Mode and contents of every file that is no input, by path below the tree. */
  readonly outputs: ReadonlyMap<string, { readonly mode: number; readonly bytes: Buffer }>;
}

type Streams = Omit<CallResult, 'outputs'>;

export interface Programs {
  readonly compiler: string;
  /** The program to test and the arguments before the compiler. */
  readonly product: readonly string[];
}

/** Longest that a call may take, in milliseconds. */
const LIMIT = 300_000;

/** A folder with the trees and the cache of one case. */
export class Sandbox {
  readonly #folder: string;
  readonly #programs: Programs;
  readonly #cache: string;
  readonly #editing: string;
  /** What was written, by root. */
  readonly #trees = new Map<string, Map<string, string>>();
  /** The folders of each tree that were made by themselves. */
  readonly #folders = new Map<string, readonly string[]>();
  /** What was written outside of the trees, which all of them share. */
  readonly #outside = new Map<string, string>();

  /** The folder's contents are removed; what is known of the compiler stays in the cache beside it. */
  constructor(folder: string, programs: Programs) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#programs = programs;
    this.#cache = `${folder}-cache`;
    this.#editing = `${folder}-tools/clang-cl`;
    mkdirSync(this.#cache, { recursive: true });
    for (const path of readdirSync(this.#cache, { recursive: true, withFileTypes: true })) {
      const file = join(path.parentPath, path.name);
      if (path.isFile() && !file.includes('/compilers/')) unlinkSync(file);
    }
  }

  /** Writes what differs from the scenario before, so that files keep their times where nothing has changed. */
  arrange(scenario: Scenario, touched: readonly string[] = [], isDated = false): void {
    const root = this.#root(scenario);
    const written = this.#trees.get(root) ?? new Map<string, string>();
    const wanted = contentsOf(scenario, this.#folder);
    if (written.size > 0) this.wipe(scenario);
    for (const path of written.keys()) if (!wanted.has(path)) this.#remove(root, path);
    const { folders } = scenario.tree;
    for (const folder of this.#folders.get(root) ?? []) {
      if (!folders.includes(folder)) removeIfEmpty(join(root, folder));
    }
    this.#folders.set(root, folders);
    for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
    mkdirSync(workingFolderOf(scenario, this.#folder), { recursive: true });
    for (const [path, what] of wanted) {
      const known = isAbsolute(path) ? this.#outside : written;
      // A file that is written anew is no longer the one of its hard link.
      if (known.get(path) === what && !touched.includes(path) && !what.startsWith('h')) continue;
      const file = isAbsolute(path) ? path : join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      rmSync(file, { force: true });
      if (what.startsWith('l')) symlinkSync(what.slice(1), file);
      else if (what.startsWith('h')) linkSync(join(root, what.slice(1)), file);
      else writeFileSync(file, what.slice(1));
      if (isDated && what.startsWith('f') && !touched.includes(path)) {
        utimesSync(file, dateOf(what), dateOf(what));
      }
      known.set(path, what);
    }
    this.#trees.set(root, wanted);
  }

  /** Removes what compilers left. */
  wipe(scenario: Scenario): void {
    const root = this.#root(scenario);
    for (const path of this.#outputPaths(root)) unlinkSync(join(root, path));
  }

  /** Outputs of earlier calls whose names end so. */
  kept(scenario: Scenario, endings: readonly string[]): Map<string, Buffer> {
    const root = this.#root(scenario);
    const paths = endings.length > 0 && existsSync(root) ? this.#outputPaths(root) : [];
    const kept = paths.filter((path) => endings.some((ending) => path.endsWith(ending)));
    return new Map(kept.map((path) => [path, readFileSync(join(root, path))]));
  }

  /** Removes what compilers left but the kept outputs, which become what they were. */
  wipeBut(scenario: Scenario, kept: ReadonlyMap<string, Buffer>): void {
    this.wipe(scenario);
    for (const [path, bytes] of kept) writeFileSync(join(this.#root(scenario), path), bytes);
  }

  async compile(scenario: Scenario): Promise<CallResult> {
    const streams = await this.#call(scenario, [this.#programs.compiler], {});
    return { ...streams, outputs: this.#outputs(scenario) };
  }

  async compileCached(scenario: Scenario, settings: Settings): Promise<CallResult> {
    const streams = await this.#cached(scenario, settings, this.#programs.compiler);
    return { ...streams, outputs: this.#outputs(scenario) };
  }

  /** Two calls that begin at the same moment; in one tree both find the outputs as the second has left them. */
  async compileTogether(one: Scenario, other: Scenario, settings: Settings): Promise<CallResult[]> {
    const both = [one, other];
    const results = await Promise.all(
      both.map((each) => this.#cached(each, settings, this.#programs.compiler)),
    );
    return results.map((result, index) => ({ ...result, outputs: this.#outputs(both[index] ?? one) }));
  }

  /** As `compileCached`, with a compiler that makes the files those of `next` before or after it does its work. */
  async compileWhileEdited(
    { scenario, next, when, swaps }: Step & { does: 'edit' },
    settings: Settings,
  ): Promise<CallResult> {
    const root = this.#root(scenario);
    const wanted = contentsOf(next, this.#folder);
    mkdirSync(dirname(this.#editing), { recursive: true });
    writeFileSync(this.#editing, editingCompiler(this.#programs.compiler));
    chmodSync(this.#editing, 0o755);
    const commands = editingCommands(contentsOf(scenario, this.#folder), { root, contents: wanted }, swaps);
    writeFileSync(`${this.#editing}.${when}`, commands.join('\n'));
    const streams = await this.#cached(scenario, settings, this.#editing);
    this.#trees.set(root, wanted);
    // A hit starts no compiler.
    rmSync(`${this.#editing}.${when}`, { force: true });
    return { ...streams, outputs: this.#outputs(scenario) };
  }

  /** Counters of all calls of this case, as `clcache -s` adds them up. */
  statistics(): Readonly<Record<string, number>> {
    return glanceAtStatistics(layoutOf(this.#cache).statistics);
  }

  #cached(scenario: Scenario, settings: Settings, compiler: string): Promise<Streams> {
    const variables = {
      CLCACHE_DIR: this.#cache,
      ...cacheVariables(settings, (text) => placed(scenario, text, this.#folder)),
    };
    return this.#call(scenario, [...this.#programs.product, compiler], variables);
  }

  #call(
    scenario: Scenario,
    program: readonly string[],
    more: Readonly<Record<string, string>>,
  ): Promise<Streams> {
    const { args, environment, responseFile } = spell(scenario, (text) =>
      placed(scenario, text, this.#folder),
    );
    const file = join(this.#folder, `${scenario.place.replaceAll('/', '-')}.rsp`);
    if (responseFile !== undefined) writeFileSync(file, responseFile);
    const [start = '', ...words] = [...program, ...(responseFile === undefined ? [] : [`@${file}`]), ...args];
    return new Promise((resolve, reject) => {
      const child = spawn(start, words, {
        cwd: workingFolderOf(scenario, this.#folder),
        env: { ...BASIC, ...environment, ...more },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: LIMIT,
      });
      const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
      child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
      child.on('error', reject);
      child.on('close', (status) =>
        resolve({ status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }),
      );
    });
  }

  /** A file, and the folders that were there for its sake only: `x/../y.h` is found while there is a folder `x`. */
  #remove(root: string, path: string): void {
    if (isAbsolute(path)) {
      rmSync(path, { force: true });
      this.#outside.delete(path);
      return;
    }
    unlinkSync(join(root, path));
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      const whole = join(root, folder);
      if (readdirSync(whole).length > 0) break;
      rmdirSync(whole);
    }
  }

  #root({ place }: Scenario): string {
    return join(this.#folder, place);
  }

  #outputs(scenario: Scenario): CallResult['outputs'] {
    const root = this.#root(scenario);
    return new Map(
      this.#outputPaths(root).map((path) => {
        const file = join(root, path);
        return [path, { mode: lstatSync(file).mode, bytes: readFileSync(file) }] as const;
      }),
    );
  }

  #outputPaths(root: string): string[] {
    const written = this.#trees.get(root);
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .filter((path) => !written?.has(path));
  }
}

/** Variables that set clcache up. */
export function cacheVariables(
  settings: Settings,
  placeholder: (text: string) => string,
): Record<string, string> {
  const { noDirect, baseDirectories, hardLink, compress } = settings;
  return {
    ...(noDirect ? { CLCACHE_NODIRECT: '1' } : {}),
    ...(baseDirectories.length > 0
      ? { CLCACHE_BASEDIR: baseDirectories.map((folder) => placeholder(folder)).join(';') }
      : {}),
    ...(hardLink ? { CLCACHE_HARDLINK: '1' } : {}),
    ...(compress ? { CLCACHE_COMPRESS: '1' } : {}),
  };
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** A script in the place of the compiler that runs `<itself>.before` and `<itself>.after`, each once. */
export function editingCompiler(compiler: string): string {
  return `#!/bin/sh
edit() { if [ -f "$0.$1" ]; then mv "$0.$1" "$0.done"; sh "$0.done"; fi; }
case " $* " in *' /c '*) ;; *) exec ${quoted(compiler)} "$@" ;; esac
edit before
${quoted(compiler)} "$@"
status=$?
edit after
exit $status
`;
}

const BASIC = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  TMPDIR: process.env['TMPDIR'] ?? '/tmp',
};
