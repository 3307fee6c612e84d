import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CompilerFamily } from '../../src/commandline/family.ts';
import type { Answers } from '../../src/compiler/answers/remembered-answer.ts';
import { type CompilerAtHand, compilerAtHand, type RunOptions } from '../../src/compiler/at-hand.ts';
import type { KnownCompiler } from '../../src/compiler/identity/compiler-record.ts';
import type { CompilerResult } from '../../src/compiler/run/run.ts';
import { knownNow } from '../../src/util/later.ts';

/** One start of the compiler. */
export interface Run {
  readonly args: readonly string[];
  readonly hear: RunOptions['hear'];
}

/** What a test makes of a run. An object it returns replaces the memory compiler's own result. */
export type Behaviour = (run: Run) => Promise<Partial<CompilerResult> | undefined>;

export interface MemoryCompiler extends CompilerAtHand {
  /** The arguments of every run, except questions. */
  readonly runs: string[][];
  /** Called before each run that is not a question. */
  behaviour: Behaviour;
  /** What it prints for `-v`. */
  searchLists: (args: readonly string[]) => string | Promise<string>;
  /** Whether it is still the same after a compile. */
  isStillSame: () => Promise<boolean>;
}

/**
 * A compiler that is a function: its object is the text of the source with everything it includes, its preprocessed
 * text is the same with line markers, and it understands `#include "name"` and `#error`. It starts no process.
 */
export function memoryCompiler(folder: string, family: CompilerFamily = 'clang-cl'): MemoryCompiler {
  const parts = {
    path: join(folder, 'bin', family),
    record: recordOf(family),
    identity: knownNow(`identity of ${family}`),
    workingDirectory: folder,
    environment: {},
    answers: memoryAnswers(),
  };
  const compiler: MemoryCompiler = {
    ...compilerAtHand(parts),
    runs: [],
    behaviour: async () => undefined,
    searchLists,
    isStillSame: async () => true,
    async run(args, { hear, workingDirectory } = {}) {
      if (args.includes('-v')) return resultOf({ stderr: Buffer.from(await compiler.searchLists(args)) });
      if (workingDirectory !== undefined) return resultOf({ stdout: Buffer.from(PROBED_NOTES) });
      compiler.runs.push([...args]);
      const result = await compiler.behaviour({ args, hear });
      return resultOf(result ?? compile(folder, args));
    },
  };
  return compiler;
}

/** Answers that are kept as long as the returned object lives. */
export function memoryAnswers(): Answers {
  const answers = new Map<string, unknown>();
  return {
    read: (name) => answers.get(name),
    keep: async (name, answer) => void answers.set(name, answer),
    lockOf: (name) => name,
  };
}

/** The result of a successful run without output, with these parts replaced. */
export function resultOf(parts: Partial<CompilerResult>): CompilerResult {
  return { status: 0, signal: undefined, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), ...parts };
}

/** What the memory compiler does with a line by itself. */
export function compile(folder: string, args: readonly string[]): Partial<CompilerResult> {
  const source = args.findLast((word) => /\.\w+$/.test(word) && !/^[-/]/.test(word)) ?? '';
  const included = includesOf(folder, source, 1);
  const text = [source, ...included.map(({ path }) => path)]
    .map((path) => `# 1 "${path}"\n${readFileSync(resolve(folder, path), 'latin1')}`)
    .join('');
  const notes = included.map(({ path, depth }) => `Note: including file:${' '.repeat(depth)}${path}\n`);
  const shown = Buffer.from(args.includes('/showIncludes') ? notes.join('') : '', 'latin1');
  if (/^#error/m.test(text)) return { status: 1, stdout: shown, stderr: Buffer.from('error: #error\n') };
  if (args.includes('-Eonly')) return { stdout: shown };
  if (args.includes('/E')) return { stdout: Buffer.from(text, 'latin1') };
  writeLater(resolve(folder, source.replace(/\.\w+$/, '.obj')), `object of ${text}`);
  return { stdout: shown };
}

/**
 * Writes a file whose time on the clock of its file system, which is some milliseconds late, is not before this call.
 */
function writeLater(path: string, text: string): void {
  const startMs = Date.now();
  do writeFileSync(path, text, 'latin1');
  while (statSync(path).ctimeMs < startMs && sleep(1));
}

/** Waits for this time. Returns true. */
export function sleep(ms: number): true {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return true;
}

function includesOf(folder: string, file: string, depth: number): { path: string; depth: number }[] {
  const text = readFileSync(resolve(folder, file), 'latin1');
  return Array.from(text.matchAll(/^#include "(.*)"/gm), ([, name = '']) => name)
    .filter((name) => existsSync(resolve(folder, name)))
    .flatMap((path) => [{ path, depth }, ...includesOf(folder, path, depth + 1)]);
}

function recordOf(family: CompilerFamily): KnownCompiler {
  return {
    format: 1,
    family,
    ...(family === 'clang-cl' && { clangVersion: 14 }),
    versionText: `a ${family} made of memory`,
    files: [],
    folders: [],
    absent: [],
  };
}

/** What clang's `-v` prints for folders of `/I`, each in one word with its option or behind it. */
function searchLists(args: readonly string[]): string {
  const folders = args.flatMap((word, index) => {
    const [, value] = /^[-/]I(.*)$/.exec(word) ?? [];
    return value === '' ? (args[index + 1] ?? []) : (value ?? []);
  });
  const lines = folders.map((folder) => ` ${folder}\n`).join('');
  return `#include "..." search starts here:\n#include <...> search starts here:\n${lines}End of search list.\n`;
}

const PROBED_NOTES = 'Note: including file: clcache_probe.h\n';
