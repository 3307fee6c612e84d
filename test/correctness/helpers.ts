import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { glanceAtStatistics } from '../../src/statistics/statistics-file.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { cleanEnvironment, executable, findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

export interface CallOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Below the project's folder. */
  readonly cwd?: string;
  readonly input?: string;
}

export interface CallResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Of a test's context, what a project takes. */
export interface Context {
  after(body: () => void): void;
}

interface BareResult {
  readonly result: CallResult;
  readonly files: readonly Buffer[];
}

/** There need not be a clang-cl where the compiler is another one. */
function isClangClOfTests(compiler: string): boolean {
  return /clang/.test(compiler) && compiler === findClangCl().path;
}

/** A folder with sources and a cache, and a compiler that is called with and without clcache. */
export class Project {
  readonly folder: string;
  /** Arguments of every call, before its own. */
  readonly common: readonly string[];
  readonly compiler: string;
  #environment: Record<string, string | undefined>;
  /** What the compiler alone gave, by the state of everything. */
  readonly #bare = new Map<string, BareResult>();
  /** The counters after the last call, if nothing was called since. */
  #counted: Readonly<Record<string, number>> | undefined;

  constructor(t: Context, compiler = findClangCl().path, common: readonly string[] = [HOST_TARGET]) {
    this.folder = temporaryFolder(t);
    this.compiler = compiler;
    this.common = common;
    this.#environment = { CLCACHE_DIR: this.path('cache') };
    if (isClangClOfTests(compiler)) knowTheCompiler(this.path('cache'));
  }

  /** Sets variables for all calls that follow. */
  set(variables: Readonly<Record<string, string | undefined>>): void {
    this.#environment = { ...this.#environment, ...variables };
  }

  /** The value of a variable that calls have. */
  variable(name: string): string | undefined {
    return this.#environment[name];
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string | Uint8Array): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  remove(...names: readonly string[]): void {
    // The counters would be removed with the cache.
    if (names.includes('cache')) this.#counted = undefined;
    for (const name of names) rmSync(this.path(name), { recursive: true, force: true });
  }

  /** Sets a file's time, in seconds. */
  date(name: string, seconds: number): void {
    utimesSync(this.path(name), seconds, seconds);
  }

  bare(args: readonly string[], options: CallOptions = {}): CallResult {
    return this.#call(this.compiler, [...this.common, ...args], options);
  }

  cached(args: readonly string[], options: CallOptions = {}): CallResult {
    this.#counted = undefined;
    return this.#call(executable(), [this.compiler, ...this.common, ...args], options);
  }

  /** Calls clcache with own options. */
  own(args: readonly string[], options: CallOptions = {}): CallResult {
    return this.#call(executable(), args, options);
  }

  /** Calls through clcache and returns whether it was a hit, a miss or passed on. */
  served(args: readonly string[], options: CallOptions = {}): 'hit' | 'miss' | 'passed on' {
    return this.#kindOf(() => {
      const result = this.cached(args, options);
      assert.equal(result.status, 0, result.stderr + result.stdout);
    });
  }

  /** What `-s` shows, read in this process: it is asked for after each call, and a program takes 20 times as long. */
  counters(): Readonly<Record<string, number>> {
    return glanceAtStatistics(layoutOf(this.path('cache')).statistics);
  }

  /** The names of all files below a folder. */
  files(folder = '.'): string[] {
    return readdirSync(this.path(folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.startsWith('cache') && statSync(join(this.path(folder), name)).isFile())
      .sort();
  }

  /**
   * Checks that the same call without and with clcache leaves the same: streams, status, and these files. Returns what
   * the cached call was.
   */
  sameAsBare(
    args: readonly string[],
    outputs: readonly string[],
    options: CallOptions = {},
  ): 'hit' | 'miss' | 'passed on' {
    this.remove(...outputs);
    const { result, files } = this.#bareResult(args, outputs, options);
    return this.#kindOf(() => {
      assert.deepEqual(this.cached(args, options), result);
      for (const [index, name] of outputs.entries()) {
        assert.ok(this.read(name).equals(files[index] ?? Buffer.alloc(0)), `${name} is not the compiler's`);
      }
    });
  }

  /** What the compiler alone gives. It is not asked twice if everything is as it was then: for a hit after its miss. */
  #bareResult(args: readonly string[], outputs: readonly string[], options: CallOptions): BareResult {
    const isReal = isClangClOfTests(this.compiler);
    const state = isReal ? this.#state([args, outputs, options]) : undefined;
    const known = state === undefined ? undefined : this.#bare.get(state);
    if (known) return known;
    const result = this.bare(args, options);
    const bare = { result, files: outputs.map((name) => this.read(name)) };
    this.remove(...outputs);
    if (state !== undefined) this.#bare.set(state, bare);
    return bare;
  }

  /**
   * The call, and every file and link of the project but objects, with what changes when it is written. Undefined if in
   * doubt.
   */
  #state(call: unknown): string | undefined {
    const names = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    const state = [JSON.stringify([call, this.#environment])];
    for (const name of names.filter((each) => !/^cache(?:\/|$)|\.obj$/.test(each))) {
      const stat = lstatSync(this.path(name), { bigint: true, throwIfNoEntry: false });
      // A name that is not UTF-8.
      if (stat === undefined) return undefined;
      // The time of a folder changes with every output.
      const changing = stat.isDirectory() ? [] : [stat.size, stat.mtimeNs, stat.ctimeNs];
      state.push([name, stat.ino, ...changing].join(' '));
    }
    return state.join('\n');
  }

  #kindOf(call: () => void): 'hit' | 'miss' | 'passed on' {
    const before = this.#counted ?? this.counters();
    call();
    const after = this.counters();
    this.#counted = after;
    if (after['CacheHits'] !== before['CacheHits']) return 'hit';
    return after['CacheMisses'] !== before['CacheMisses'] ? 'miss' : 'passed on';
  }

  #call(program: string, args: readonly string[], { env, cwd = '.', input = '' }: CallOptions): CallResult {
    const result = spawnSync(program, args, {
      cwd: this.path(cwd),
      env: cleanEnvironment({ PWD: undefined, ...this.#environment, ...env }),
      input,
      timeout: 120_000,
    });
    if (result.error) throw result.error;
    const { status, stdout, stderr } = result;
    return { status, stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1') };
  }
}

/** A project whose compiler is a small script that behaves as cl.exe (see `scripted-cl.sh`). */
export function scriptedProject(
  t: TestContext,
  variables: Readonly<Record<string, string>> = {},
  common: readonly string[] = ['/nologo'],
): Project {
  const tools = temporaryFolder(t);
  const compiler = join(tools, 'cl.exe');
  copyFileSync(join(ROOT, 'test/correctness/scripted-cl.sh'), compiler);
  chmodSync(compiler, 0o755);
  for (const part of ['c1.dll', 'c1xx.dll', 'c2.dll', '1033/clui.dll', '1031/clui.dll']) {
    mkdirSync(dirname(join(tools, part)), { recursive: true });
    writeFileSync(join(tools, part), `${part} 1`);
  }
  const project = new Project(t, compiler, common);
  project.set({ SCRIPTED_LOG: join(tools, 'log'), ...variables });
  return project;
}

/** The arguments of each compile by the scripted compiler, one line a call. */
export function scriptedCalls(project: Project): string[] {
  try {
    const log = readFileSync(join(dirname(project.compiler), 'log'), 'utf8');
    return log.split('\n').filter((line) => line !== '' && !line.includes('clcache_probe'));
  } catch {
    return [];
  }
}

/** Lets files get a little older, because one that was just written might have changed while the compiler ran. */
export function settle(milliseconds = 20): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
