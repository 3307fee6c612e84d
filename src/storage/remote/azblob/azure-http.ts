/**
 * Sends the requests of Microsoft's clients over clcache's own connections, so that its time limits, its proxy rules and
 * its limits of memory hold. Both clients take such a sender as an option (`httpClient`).
 */
import { Readable } from 'node:stream';
import type { DefaultAzureCredentialOptions } from '@azure/identity';
import type { IHttpClient } from '@azure/storage-blob';
import { asBuffer } from '../../../util/as-buffer.ts';
import { within } from '../../../util/time-limit.ts';
import { bodyBytes } from '../http/body-bytes.ts';
import { Caller, type CallerOptions } from '../http/caller.ts';
import { exchange } from '../http/exchange.ts';

/** The largest answer that is no blob, in bytes: a description of an error, or a token. */
const LARGEST_MESSAGE = 64 * 1024;

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** In milliseconds. 0 means no limit of its own. */
  readonly timeout: number;
}

interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

type Identity = NonNullable<DefaultAzureCredentialOptions['httpClient']>;

export class AzureHttp {
  readonly #options: Omit<CallerOptions, 'url'>;
  readonly #callers = new Map<string, Caller>();

  constructor(options: Omit<CallerOptions, 'url'>) {
    this.#options = options;
  }

  /** For `@azure/storage-blob`. */
  readonly forStorage: IHttpClient = {
    sendRequest: async (request) => {
      const answer = await this.#send({ ...request, headers: request.headers.rawHeaders() });
      const { status, body } = answer;
      const headers = request.headers.clone();
      for (const name of headers.headerNames()) headers.remove(name);
      for (const [name, value] of answer.headers) headers.set(name, value);
      return request.streamResponseStatusCodes?.has(status)
        ? { request, status, headers, readableStreamBody: Readable.from([body]) }
        : { request, status, headers, bodyAsText: body.toString() };
    },
  };

  /** For `@azure/identity`. */
  readonly forIdentity: Identity = {
    sendRequest: async (request) => {
      const { status, headers, body } = await this.#send({ ...request, headers: request.headers.toJSON() });
      return { request, status, headers: new Headers(headers), bodyAsText: body.toString() };
    },
  };

  destroy(): void {
    for (const caller of this.#callers.values()) caller.destroy();
  }

  async #send({ method, url, headers, body, timeout }: Request): Promise<Answer> {
    const sent = bodyBytes(body);
    const request = { method, url, headers, ...(sent && { body: sent }) };
    const answering = exchange(this.#callerFor(url), request, largestAnswer(headers));
    const answer = await (timeout > 0 ? within(timeout, answering, 'the answer') : answering);
    const received = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
      // Credentials go only to the host that was named, so the clients see no redirection.
      value === undefined || name === 'location' ? [] : [[name, String(value)]],
    );
    return { status: answer.status, headers: new Map(received), body: asBuffer(answer.body) };
  }

  #callerFor(url: string): Caller {
    const { origin } = new URL(url);
    const caller = this.#callers.get(origin) ?? new Caller({ ...this.#options, url: new URL(origin) });
    this.#callers.set(origin, caller);
    return caller;
  }
}

/** What `@azure/identity` needs of the headers of an answer. Their names are in small letters. */
class Headers extends Map<string, string> {
  override get(name: string): string | undefined {
    return super.get(name.toLowerCase());
  }

  override has(name: string): boolean {
    return super.has(name.toLowerCase());
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this);
  }
}

/** A request for a range has no longer answer. */
function largestAnswer(headers: Readonly<Record<string, string>>): number {
  const last = /^bytes=0-(\d+)$/.exec(headers['x-ms-range'] ?? '')?.[1];
  return last === undefined ? LARGEST_MESSAGE : Number(last) + 1;
}
