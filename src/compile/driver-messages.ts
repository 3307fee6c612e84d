import { FAMILIES } from '../commandline/family.ts';
import { describeError } from '../diagnostics/errors.ts';
import { argumentsOf } from './rest-of-call.ts';
import type { Session } from './session.ts';

const COLOUR = '(?:\\x1b\\[[\\d;]*m)*';
/**
 * The messages of clang's driver before any source is compiled, also errors of options. The program's name in them may be
 * coloured. Lines after the first are indented if a message does not fit the width.
 */
const CLANG_MESSAGE = `${COLOUR}[^\\s:()]+: ${COLOUR}(?:warning|note|error): [^\\n]*\\n(?: {6}[^\\n]*\\n)*`;
const NEXT_MESSAGE = new RegExp(CLANG_MESSAGE, 'y');
const ANY_MESSAGE = new RegExp(`^${CLANG_MESSAGE}`, 'gm');
/** The source does not use an option. Of the whole call this may not be true. */
const UNUSED = /argument\s+unused\s+during\s+compilation/;
/** With `-###`, the first command that the driver would start. */
const FIRST_COMMAND = /^ ?"/m;

/**
 * A compiler speaks of options once in a call, before it compiles any source (cl's banner, warnings of clang's driver).
 * Started for each source, it does so for each, and of an option that one source does not use it says so although
 * another one does. This shows for a call of several sources what the compiler would say for all of them.
 */
export class DriverMessages {
  readonly #session: Pick<Session, 'compiler' | 'request' | 'log'>;
  readonly #isAllOfStderr: boolean;
  /** What was shown. For clang this is what it says of the whole call, as soon as that was asked. */
  #shown: ReadonlySet<string> | undefined;
  #isAnswered = false;

  constructor(session: Pick<Session, 'compiler' | 'request' | 'log'>) {
    this.#session = session;
    this.#isAllOfStderr = FAMILIES[session.compiler.record.family].keepsStderrForDriver;
  }

  /** What to show of a source's stderr. Call it in the order of the sources. */
  async shownOf(stderr: Uint8Array): Promise<Uint8Array> {
    const own = this.#isAllOfStderr ? linesOf(stderr) : leadingMessages(stderr);
    if (own.length === 0) return stderr;
    const length = own.reduce((sum, message) => sum + message.length, 0);
    if (this.#isAllOfStderr) {
      const known = this.#shown ?? new Set();
      this.#shown ??= new Set(own);
      return Buffer.from(own.filter((line) => !known.has(line)).join(''), 'latin1');
    }
    const news = await this.ofTheCall();
    const others = own.filter(
      (message) => !this.#isAnswered || !(this.#shown?.has(message) || UNUSED.test(message)),
    );
    return Buffer.concat([news, Buffer.from(others.join(''), 'latin1'), stderr.subarray(length)]);
  }

  /**
   * What clang's driver says of all sources, in the first call, and nothing after that. Call it as well for sources that
   * were not compiled because one before them failed.
   */
  async ofTheCall(): Promise<Uint8Array> {
    if (this.#shown) return new Uint8Array();
    const { compiler, request, log } = this.#session;
    try {
      const args = argumentsOf(request.call.jobs);
      const { stderr } = await compiler.run(['-###', ...request.view.arguments, ...args], {
        isQuestion: true,
      });
      const messages = plannedMessages(stderr);
      this.#shown = new Set(messages);
      this.#isAnswered = true;
      return Buffer.from(messages.join(''), 'latin1');
    } catch (error) {
      this.#shown = new Set();
      log.trace(() => `warnings about options are shown for each source: ${describeError(error)}`);
      return new Uint8Array();
    }
  }
}

/** What clang's driver says in the text that it prints for `-###`. */
export function plannedMessages(stderr: Uint8Array): string[] {
  const [said = ''] = Buffer.from(stderr).toString('latin1').split(FIRST_COMMAND, 1);
  return Array.from(said.matchAll(ANY_MESSAGE), ([message]) => message);
}

function linesOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** The messages of clang's driver with which a text begins. */
export function leadingMessages(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  const messages: string[] = [];
  for (let end = 0; ; end = NEXT_MESSAGE.lastIndex) {
    NEXT_MESSAGE.lastIndex = end;
    const [message] = NEXT_MESSAGE.exec(text) ?? [];
    if (message === undefined) return messages;
    messages.push(message);
  }
}
