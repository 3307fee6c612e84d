import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as startRequest,
} from 'node:http';
import { errorCode } from '../../../util/busy-retry.ts';
import { RefusedError, TooLargeError } from '../remote.ts';
import type { Caller } from './caller.ts';

/** How many bytes of an error page are read for its cause. */
const ERROR_PAGE = 4096;
const CUT_OFF = 'the answer was cut off';
/** The errors of a connection that the server had closed before it was used again. */
const STALE_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The length in the answer's head. Undefined if it is missing. */
  readonly declaredLength: number | undefined;
  /** The bytes as they came, not decompressed. Cut off for errors. */
  readonly body: Uint8Array;
}

/**
 * True if the answer to a HEAD says that the server has this many bytes. False for an error and for a server without
 * HEAD: then the entry is sent.
 */
export async function saysToHold(
  caller: Caller,
  request: Pick<HttpRequest, 'url' | 'headers'>,
  size: number,
): Promise<boolean> {
  const { status, declaredLength } = await exchange(caller, { method: 'HEAD', ...request }, 0);
  return status === 200 && declaredLength === size;
}

/**
 * One request and its whole answer, of which at most `maximumSize` bytes are read. TLS is verified. Redirections are
 * not followed, because credentials go only to the host that was named.
 */
export async function exchange(
  caller: Caller,
  request: HttpRequest,
  maximumSize: number,
): Promise<HttpAnswer> {
  const first = await attempt(caller, request, maximumSize);
  if (first !== 'stale') return first;
  const second = await attempt(caller, request, maximumSize);
  if (second !== 'stale') return second;
  throw new Error('the server closed the connection');
}

/** 'stale' if the server closed the connection before it could see the request. */
function attempt(caller: Caller, request: HttpRequest, maximumSize: number): Promise<HttpAnswer | 'stale'> {
  const { method, url, headers, body } = request;
  const target = caller.target(new URL(url));
  return new Promise((resolve, reject) => {
    let wasUsed = false;
    let isAnswered = false;
    const sent: ClientRequest = startRequest({
      agent: caller,
      method,
      path: target.path,
      headers: {
        ...headers,
        ...target.headers,
        host: new URL(url).host,
        'accept-encoding': 'identity',
        ...((body !== undefined || method === 'PUT') && { 'content-length': String(body?.length ?? 0) }),
      },
    });
    sent.once('socket', (socket) => {
      wasUsed = caller.hasServed(socket);
    });
    sent.on('error', (error) => {
      if (isAnswered) return;
      const isStale =
        wasUsed && (STALE_CODES.has(errorCode(error) ?? '') || error.message === 'socket hang up');
      if (isStale) resolve('stale');
      else reject(error);
    });
    sent.once('response', (response) => {
      isAnswered = true;
      caller.beat();
      readAnswer(caller, response, maximumSize).then(resolve, (error) => reject(named(error)));
    });
    sent.end(body);
  });
}

async function readAnswer(
  caller: Caller,
  response: IncomingMessage,
  maximumSize: number,
): Promise<HttpAnswer> {
  const status = response.statusCode ?? 0;
  const isGood = status >= 200 && status < 300;
  const limit = isGood ? maximumSize : ERROR_PAGE;
  const declared = response.headers['content-length'];
  const declaredLength = declared === undefined ? undefined : Number(declared);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    caller.beat();
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      if (isGood) throw new TooLargeError(`the answer has over ${limit} bytes`);
      break;
    }
    chunks.push(chunk);
  }
  if (!response.complete && !response.destroyed) throw new Error(CUT_OFF);
  return { status, headers: response.headers, declaredLength, body: Buffer.concat(chunks) };
}

/** Node.js and Bun say "aborted" of an answer whose rest does not come. */
function named(error: unknown): unknown {
  return error instanceof Error && error.message === 'aborted' ? new Error(CUT_OFF) : error;
}

/** The error for an unexpected answer. */
export function refusalOf(
  { method }: Pick<HttpRequest, 'method'>,
  { status, body }: Pick<HttpAnswer, 'status' | 'body'>,
): RefusedError {
  const code = /<Code>(\w+)<\/Code>/.exec(Buffer.from(body).toString('latin1'))?.[1];
  const isTooLarge = status === 413 || code === 'EntityTooLarge';
  return new RefusedError(`${method} was answered with ${status}${code ? ` ${code}` : ''}`, isTooLarge);
}
