import type { CompileJob } from '../commandline/compile-call.ts';
import type { HeaderTrace } from '../compiler/header-search.ts';
import { describeError } from '../diagnostics/errors.ts';
import { FileLooks } from './file-looks.ts';
import { type FileStates, fileStates, openTrace } from './file-states.ts';
import { splitOutput } from './include-notes.ts';
import { type InspectedFile, type InspectedSources, inspectHeader } from './inspect-sources.ts';
import { absolute, type Session } from './session.ts';

const LINE_FEED = 0x0a;

/**
 * Looks at the headers of a compile while the compiler still works: clang names each as it enters it. When it has ended
 * there is little left to do but to see that nothing has changed since; if anything has, all is looked at anew.
 */
export class HeaderWatch {
  readonly startedMs: number;
  readonly #session: Session;
  readonly #job: CompileJob;
  readonly #looks: FileLooks;
  readonly #files = new Map<string, Pick<InspectedFile, 'digest' | 'scan'>>();
  /** The beginning of a line. */
  #rest: Buffer = Buffer.alloc(0);
  #looking: Promise<void> = Promise.resolve();
  #trace: HeaderTrace | undefined;
  #entered: string[] = [];
  #hasFailed = false;

  /** `startedMs` is the wall clock just before the compiler is started. */
  constructor(session: Session, job: CompileJob, startedMs: number) {
    this.#session = session;
    this.#job = job;
    this.startedMs = startedMs;
    this.#looks = new FileLooks(startedMs);
  }

  /** To be told what the compiler writes to stdout, as it comes. */
  hear(bytes: Buffer): void {
    this.#looking = this.#looking.then(() => this.#lookAt(bytes));
  }

  /** To be called when the compiler has ended. */
  async end(): Promise<void> {
    await this.#looking;
    if (!this.#looks.settle()) this.#trace = undefined;
  }

  /** What the files of the compile must be for its result to hold. To be asked after the end. */
  async states(sources: InspectedSources): Promise<FileStates> {
    const files = [sources.source, ...sources.headers];
    const isSame = ({ path, digest }: InspectedFile) => (this.#files.get(path)?.digest ?? digest) === digest;
    const isBeginning = this.#entered.every((path, index) => path === sources.inclusions[index]?.path);
    if (!isBeginning || !files.every(isSame)) this.#trace = undefined;
    for (const file of files) this.#files.set(file.path, file);
    const trace = this.#trace ?? (await this.#openTrace());
    for (const inclusion of sources.inclusions.slice(this.#entered.length)) trace.enter(inclusion);
    return fileStates(this.#session, sources, trace.finish(), this.#looks);
  }

  #openTrace(): Promise<HeaderTrace> {
    this.#entered = [];
    return openTrace(this.#session, this.#job, this.#looks, (path) => this.#files.get(path)?.scan);
  }

  /** Only prepares: whatever goes wrong here goes wrong once more where it counts. */
  async #lookAt(bytes: Buffer): Promise<void> {
    if (this.#hasFailed) return;
    const session = this.#session;
    try {
      const text = Buffer.concat([this.#rest, bytes]);
      const end = text.lastIndexOf(LINE_FEED) + 1;
      this.#rest = text.subarray(end);
      const { includes } = await splitOutput(session, text.subarray(0, end));
      this.#trace ??= await this.#openTrace();
      for (const include of includes) {
        const path = absolute(session, include.path);
        if (!this.#files.has(path)) this.#files.set(path, inspectHeader(session, path, this.startedMs));
        this.#looks.look(path);
        this.#trace.enter({ path, depth: include.depth });
        this.#entered.push(path);
      }
    } catch (error) {
      this.#hasFailed = true;
      this.#trace = undefined;
      session.trace(() => `${this.#job.source}: no early look: ${describeError(error)}`);
    }
  }
}
