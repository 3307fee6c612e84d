import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TreeRoots } from '../../src/cache/base-directory.ts';
import type { CompileJob } from '../../src/commandline/compile-call.ts';
import type { CompilerFamily } from '../../src/commandline/family.ts';
import type { Session } from '../../src/compile/session.ts';
import { openTree, pathsOfLine } from '../../src/compile/tree.ts';
import type { View } from '../../src/compile/view.ts';
import { unprofiled } from '../../src/diagnostics/profile.ts';
import { FileMemory } from '../../src/files/file-memory.ts';
import { FolderRecords } from '../../src/files/folder-records.ts';
import { CLANG_CL, callOf } from '../commandline/hosts.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { type MemoryCompiler, memoryCompiler, sleep } from './memory-compiler.ts';
import { MemoryStore } from './memory-store.ts';

/** In milliseconds. A file that was written this shortly before a compile counts as changed meanwhile. */
const FILE_CLOCK_MS = 10;

export interface MemoryOptions {
  readonly family?: CompilerFamily;
  /** True to make the project's folder a base directory. */
  readonly isBase?: boolean;
  /** False for preprocessor mode. */
  readonly isDirect?: boolean;
}

/** A folder with a few real files, and a store and a compiler in memory, which all calls in it share. */
export class MemoryProject {
  readonly folder: string;
  readonly store = new MemoryStore();
  readonly compiler: MemoryCompiler;
  /** The log of all calls. */
  readonly traced: string[] = [];
  readonly #roots: TreeRoots;
  readonly #isDirect: boolean;
  #writtenMs = 0;

  constructor(
    context: Parameters<typeof temporaryFolder>[0],
    { family, isBase = false, isDirect = true }: MemoryOptions = {},
  ) {
    this.folder = temporaryFolder(context);
    this.compiler = memoryCompiler(this.folder, family);
    const baseDirectories = isBase ? [this.folder] : [];
    this.#roots = { style: 'posix', workingDirectory: this.folder, baseDirectories };
    this.#isDirect = isDirect;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
    this.#writtenMs = performance.now();
  }

  /** A session for a new call of the compiler with this line. */
  session(line: string, view: View = { arguments: [], name: '' }): Session {
    sleep(Math.max(0, this.#writtenMs + FILE_CLOCK_MS - performance.now()));
    const { family, clangVersion } = this.compiler.record;
    const call = callOf(line, { ...CLANG_CL, ...this.#roots, family, clangVersion, fileExists: () => true });
    return {
      request: { call, environmentParts: [], view, isDirect: this.#isDirect },
      compiler: this.compiler,
      tree: openTree(this.#roots, () => pathsOfLine('posix', call, [])),
      files: { memory: new FileMemory(new FolderRecords(undefined, family)) },
      store: this.store,
      log: {
        trace: (text) => this.traced.push(text()),
        profile: unprofiled,
        warn: (text) => this.traced.push(text),
      },
    };
  }
}

/** The only job of a call. */
export function jobOf({ request }: Session): CompileJob {
  const [job] = request.call.jobs;
  if (!job) throw new Error('a call without a source');
  return job;
}
