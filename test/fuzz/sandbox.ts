import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Scenario, Settings } from './scenario.ts';

/** All that one call left. */
export interface CallResult {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Mode and contents of every file that is no input, by path below the tree. */
  readonly outputs: ReadonlyMap<string, { readonly mode: number; readonly bytes: Buffer }>;
}

export interface Programs {
  readonly compiler: string;
  /** The program to test and the arguments before the compiler. */
  readonly product: readonly string[];
}

/** A folder with the trees and the cache of one case. */
export class Sandbox {
  readonly #folder: string;
  readonly #programs: Programs;
  readonly #cache: string;
  #written = new Map<string, string>();
  #root = '';

  /** The folder's contents are removed; what is known of the compiler stays in the cache beside it. */
  constructor(folder: string, programs: Programs) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#programs = programs;
    this.#cache = `${folder}-cache`;
    mkdirSync(this.#cache, { recursive: true });
    for (const path of readdirSync(this.#cache, { recursive: true, withFileTypes: true })) {
      const file = join(path.parentPath, path.name);
      if (path.isFile() && !file.includes('/compilers/')) unlinkSync(file);
    }
  }

  /** Writes what differs from the scenario before, so that files keep their times where nothing has changed. */
  arrange(scenario: Scenario, touched: readonly string[] = []): void {
    const root = join(this.#folder, scenario.place);
    if (root !== this.#root) {
      rmSync(root, { recursive: true, force: true });
      this.#written = new Map();
      this.#root = root;
    }
    const wanted = new Map<string, string>();
    for (const [path, text] of scenario.tree.files) {
      const kept = this.#placeholder(text);
      wanted.set(path, `f${kept}`);
    }
    for (const [path, target] of scenario.tree.links) wanted.set(path, `l${target}`);
    if (this.#written.size > 0) this.wipe();
    for (const path of this.#written.keys()) if (!wanted.has(path)) this.#remove(path);
    for (const folder of scenario.tree.folders) mkdirSync(join(root, folder), { recursive: true });
    mkdirSync(join(root, scenario.workingFolder), { recursive: true });
    for (const [path, what] of wanted) {
      const file = join(root, path);
      if (this.#written.get(path) === what && !touched.includes(path)) continue;
      mkdirSync(dirname(file), { recursive: true });
      rmSync(file, { force: true });
      if (what.startsWith('l')) symlinkSync(what.slice(1), file);
      else writeFileSync(file, what.slice(1));
    }
    this.#written = wanted;
  }

  /** A file, and the folders that were there for its sake only: `x/../y.h` is found while there is a folder `x`. */
  #remove(path: string): void {
    unlinkSync(join(this.#root, path));
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      const whole = join(this.#root, folder);
      if (readdirSync(whole).length > 0) break;
      rmdirSync(whole);
    }
  }

  /** Removes what compilers left. */
  wipe(): void {
    for (const path of this.#outputPaths()) unlinkSync(join(this.#root, path));
  }

  compile(scenario: Scenario): CallResult {
    return this.#call(scenario, this.#programs.compiler, [], {});
  }

  compileCached(scenario: Scenario, settings: Settings): CallResult {
    const [program = '', ...before] = this.#programs.product;
    return this.#call(scenario, program, [...before, this.#programs.compiler], {
      CLCACHE_DIR: this.#cache,
      ...(settings.noDirect ? { CLCACHE_NODIRECT: '1' } : {}),
      ...(settings.baseDirectory ? { CLCACHE_BASEDIR: this.#root } : {}),
      ...(settings.hardLink ? { CLCACHE_HARDLINK: '1' } : {}),
      ...(settings.compress ? { CLCACHE_COMPRESS: '1' } : {}),
    });
  }

  statistics(): Record<string, number> {
    const [program = '', ...before] = this.#programs.product;
    const { stdout } = spawnSync(program, [...before, '-s', '--json'], {
      env: { ...BASIC, CLCACHE_DIR: this.#cache },
    });
    return JSON.parse(stdout.toString('utf8'));
  }

  #call(
    scenario: Scenario,
    program: string,
    before: readonly string[],
    more: Record<string, string>,
  ): CallResult {
    const { args, environment } = this.#spell(scenario);
    const cwd = join(this.#root, scenario.workingFolder);
    const { status, stdout, stderr, error } = spawnSync(program, [...before, ...args], {
      cwd,
      env: { ...BASIC, ...environment, ...more },
      maxBuffer: 1 << 28,
      timeout: 300_000,
    });
    if (error) throw error;
    const outputs = new Map<string, { mode: number; bytes: Buffer }>();
    for (const path of this.#outputPaths()) {
      const file = join(this.#root, path);
      outputs.set(path, { mode: lstatSync(file).mode, bytes: readFileSync(file) });
    }
    return { status, stdout, stderr, outputs };
  }

  /** The call as argument vector and environment; its response file is written on the way. */
  #spell(scenario: Scenario): { args: string[]; environment: Record<string, string> } {
    const { options, sources, inCL, inResponseFile, inUnderscoreCL } = scenario.line;
    const environment: Record<string, string> = {};
    for (const [name, value] of Object.entries(scenario.environment))
      environment[name] = this.#placeholder(value);
    const all = options.map((words) => words.map((word) => this.#placeholder(word)));
    // The essential ones stay where they are read for certain.
    const first = all.splice(0, inCL).flat();
    const last = inUnderscoreCL > 0 ? all.splice(-inUnderscoreCL).flat() : [];
    const written = all.splice(0, inResponseFile);
    if (first.length > 0) environment['CL'] = joinWords([...words(environment['CL']), ...first.map(quote)]);
    if (last.length > 0) environment['_CL_'] = joinWords([...last.map(quote), ...words(environment['_CL_'])]);
    const args: string[] = [];
    if (written.length > 0) {
      const file = join(this.#folder, 'line.rsp');
      const lines = written.map((line) => line.map(quote).join(' '));
      writeFileSync(file, lines.join(lines.length % 2 ? '\n' : ' '));
      args.push(`@${file}`);
    }
    args.push(...all.flat(), ...sources.flat().map((word) => this.#placeholder(word)));
    return { args, environment };
  }

  #placeholder(text: string): string {
    return text.replaceAll('$TREE', this.#root);
  }

  #outputPaths(): string[] {
    return readdirSync(this.#root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.#root.length + 1))
      .filter((path) => !this.#written.has(path));
  }
}

const BASIC = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  TMPDIR: process.env['TMPDIR'] ?? '/tmp',
};

function words(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

function joinWords(all: readonly string[]): string {
  return all.join(' ');
}

function quote(word: string): string {
  return /[\s]/.test(word) ? `"${word}"` : word;
}
