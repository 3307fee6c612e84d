import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CompileJob, CompilerFamily } from '../../src/commandline/compile-call.ts';
import { KnownHeaders } from '../../src/compile/known-headers.ts';
import type { Session } from '../../src/compile/session.ts';
import { openTree, pathsOfLine } from '../../src/compile/tree.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { unprofiled } from '../../src/diagnostics/profile.ts';
import { FileHasher } from '../../src/hash/file-hasher.ts';
import { callOf } from '../commandline/hosts.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { type MemoryCompiler, memoryCompiler, sleep } from './memory-compiler.ts';
import { MemoryStore } from './memory-store.ts';

/** A file that was written this shortly before a compile passes for one that changed meanwhile. In milliseconds. */
const FILE_CLOCK_MS = 10;

export interface MemoryOptions {
  readonly family?: CompilerFamily;
  /** True to make the project's folder a base directory. */
  readonly isBase?: boolean;
  readonly config?: Partial<Config>;
}

/** A folder of a few real files, and a store and a compiler made of memory: what calls in it share. */
export class MemoryProject {
  readonly folder: string;
  readonly store = new MemoryStore();
  readonly compiler: MemoryCompiler;
  /** What the trace was told by all calls. */
  readonly traced: string[] = [];
  readonly #config: Config;
  #writtenMs = 0;

  constructor(
    context: Parameters<typeof temporaryFolder>[0],
    { family, isBase = false, config }: MemoryOptions = {},
  ) {
    this.folder = temporaryFolder(context);
    this.compiler = memoryCompiler(this.folder, family);
    const read = readConfig({ env: {}, platform: 'linux', cwd: () => this.folder });
    const baseDirectories = isBase ? [this.folder] : [];
    this.#config = { ...read, cacheDirectory: join(this.folder, 'cache'), baseDirectories, ...config };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
    this.#writtenMs = performance.now();
  }

  /** What a new call of the compiler with this line has to work with. */
  session(line: string, parts: Partial<Session> = {}): Session {
    sleep(Math.max(0, this.#writtenMs + FILE_CLOCK_MS - performance.now()));
    const config = this.#config;
    const { family } = this.compiler.record;
    const host = {
      family,
      clangVersion: this.compiler.record.clangVersion,
      style: config.style,
      workingDirectory: this.folder,
      fileExists: () => true,
      folderExists: () => false,
    };
    const call = callOf(line, host);
    return {
      isDirect: config.direct,
      trace: (text) => this.traced.push(text()),
      profile: unprofiled,
      warn: (text) => this.traced.push(text),
      compiler: this.compiler,
      call,
      environmentParts: [],
      view: { arguments: [], name: '' },
      tree: openTree(config, () => pathsOfLine(call, [])),
      files: { hasher: new FileHasher(), headers: new KnownHeaders(undefined, family) },
      store: this.store,
      ...parts,
    };
  }
}

/** The only job of a call. */
export function jobOf({ call }: Session): CompileJob {
  const [job] = call.jobs;
  if (!job) throw new Error('a call without a source');
  return job;
}
