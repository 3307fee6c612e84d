import { statSync } from 'node:fs';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { factsOf } from '../../commandline/family.ts';
import type { HeaderTrace } from '../../compiler/headers/header-search.ts';
import type { SplitOutput } from '../../compiler/headers/show-includes.ts';
import { describeError } from '../../diagnostics/errors.ts';
import { FileLooks } from '../../files/file-looks.ts';
import { systemName } from '../../util/byte-name.ts';
import type { Session } from '../session.ts';
import type { CompileBeginning } from './begin-compile.ts';
import { type FileStates, fileStates, openTrace } from './file-states.ts';
import { splitOutput } from './include-notes.ts';
import {
  type InspectedFile,
  type InspectedSources,
  inspectHeader,
  inspectSource,
} from './inspect-sources.ts';
import { type HeaderListing, listHeaders } from './list-headers.ts';

const LINE_FEED = 0x0a;

/**
 * Inspects the headers while the compiler still works: clang prints the name of each when it enters it. At the end only
 * changes since then must be checked. If there was one, all headers are inspected again.
 */
export class HeaderWatch {
  readonly #session: Omit<Session, 'store'>;
  readonly #job: CompileJob;
  readonly #looks: FileLooks;
  readonly #outputs: CompileBeginning['outputs'];
  readonly #inspected = new Map<string, InspectedFile>();
  /** The complete lines received so far, raw and split, and the beginning of the next line. */
  #heard: Buffer = Buffer.alloc(0);
  #parted: SplitOutput = { includes: [], strayNotes: 0, rest: Buffer.alloc(0) };
  #begun: Buffer = Buffer.alloc(0);
  #looking: Promise<void> = Promise.resolve();
  #trace: HeaderTrace | undefined;
  #entered: string[] = [];
  /** Names that came or went in searched folders while the compiler ran. */
  #changed: ReadonlySet<string> | 'any' = new Set();
  #hasFailed = false;
  /** Begun when a header turns out to be included by a macro. */
  #skipped: Promise<HeaderListing | undefined> | undefined;

  constructor(session: Omit<Session, 'store'>, job: CompileJob, beginning: CompileBeginning) {
    this.#session = session;
    this.#job = job;
    this.#looks = new FileLooks(beginning);
    this.#outputs = beginning.outputs;
  }

  /** Takes what the compiler writes to stdout, as it comes. */
  hear(bytes: Buffer): this {
    this.#looking = this.#looking.then(() => this.#lookAt(bytes));
    return this;
  }

  /** Call it when the compiler has ended, with its whole output. Returns the output, split. */
  async end(output: Buffer): Promise<SplitOutput> {
    await this.#looking;
    await this.#skipped;
    this.#changed = this.#looks.settle();
    const heard = this.#heard.length;
    // If the output did not fit on the disk, the compiler has run once more.
    if (!output.subarray(0, heard).equals(this.#heard)) return this.#part(output);
    return joined(this.#parted, await this.#part(output.subarray(heard)));
  }

  /** The headers as they were when the compiler entered them, or a little later. */
  get inspected(): ReadonlyMap<string, InspectedFile> {
    return this.#inspected;
  }

  /** The states of files that the result depends on. Call it after `end`. */
  async states(sources: InspectedSources): Promise<FileStates> {
    const isBeginning = this.#entered.every((path, index) => path === sources.inclusions[index]?.path);
    if (!isBeginning) this.#trace = undefined;
    for (const file of [sources.source, ...sources.headers]) {
      const before = this.#inspected.get(file.path);
      if (before === file) continue;
      if (before && before.digest !== file.digest) this.#trace = undefined;
      this.#inspected.set(file.path, file);
    }
    let trace = this.#trace ?? (await this.#openTrace());
    for (const inclusion of sources.inclusions.slice(this.#entered.length)) trace.enter(inclusion);
    let traces = trace.finish();
    if (this.#trace && trace.hasAskedFor(this.#changed)) {
      trace = await this.#openTrace();
      for (const inclusion of sources.inclusions) trace.enter(inclusion);
      traces = trace.finish();
    }
    if (this.#mayHideNames(trace) && !(await this.#accountsForSkipped(trace))) return { kind: 'undecided' };
    return fileStates(this.#session, sources, { traces, looks: this.#looks, outputs: this.#outputs });
  }

  /**
   * An include by a macro may lead to a header that was included before under another name (a link). The compiler does not
   * read it again, and does not report it. So clang is asked for a list with the headers that it skips.
   */
  #mayHideNames(trace: HeaderTrace): boolean {
    return trace.followsMacros && factsOf(this.#session.compiler.record).canListHeadersApart;
  }

  async #accountsForSkipped(trace: HeaderTrace): Promise<boolean> {
    const listing = await this.#listSkipped();
    if (listing?.status !== 0) return false;
    const { includes, strayNotes } = await this.#part(listing.notes);
    const { tree } = this.#session;
    return strayNotes === 0 && trace.accountsFor(includes.map(({ path }) => tree.absolute(path)));
  }

  #listSkipped(): Promise<HeaderListing | undefined> {
    this.#skipped ??= listHeaders(this.#session, this.#job, { showsSkipped: true });
    return this.#skipped;
  }

  #part(output: Buffer): Promise<SplitOutput> {
    return splitOutput(this.#session, output, (path) => this.#looks.look(path) !== undefined);
  }

  #openTrace(): Promise<HeaderTrace> {
    this.#entered = [];
    const scanOf = (path: string) => this.#inspected.get(path)?.scan;
    return openTrace(this.#session, this.#job, { looks: this.#looks, scanOf });
  }

  /** This only prepares. A failure here occurs again later, where it counts. */
  async #lookAt(bytes: Buffer): Promise<void> {
    if (this.#hasFailed) return;
    const session = this.#session;
    try {
      const text = Buffer.concat([this.#begun, bytes]);
      const end = text.lastIndexOf(LINE_FEED) + 1;
      this.#begun = text.subarray(end);
      const news = await this.#part(text.subarray(0, end));
      if (!this.#trace) {
        const source = inspectSource(session, this.#job);
        this.#inspected.set(source.path, source);
        this.#trace = await this.#openTrace();
      }
      for (const include of news.includes) {
        const path = session.tree.absolute(include.path);
        if (!this.#inspected.has(path)) {
          const stat = this.#looks.look(path) ?? statSync(systemName(path));
          this.#inspected.set(path, inspectHeader(session, { path, stat }));
        }
        this.#trace.enter({ path, depth: include.depth });
        this.#entered.push(path);
      }
      if (this.#mayHideNames(this.#trace)) this.#listSkipped();
      this.#heard = Buffer.concat([this.#heard, text.subarray(0, end)]);
      this.#parted = joined(this.#parted, news);
    } catch (error) {
      this.#hasFailed = true;
      this.#trace = undefined;
      session.log.trace(() => `${this.#job.source}: headers not inspected early: ${describeError(error)}`);
    }
  }
}

function joined(first: SplitOutput, second: SplitOutput): SplitOutput {
  return {
    includes: [...first.includes, ...second.includes],
    strayNotes: first.strayNotes + second.strayNotes,
    rest: Buffer.concat([first.rest, second.rest]),
  };
}
