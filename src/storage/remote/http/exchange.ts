import { RefusedError, TooLargeError } from '../remote.ts';

/** As much of an error page as is read for its cause. */
const ERROR_PAGE = 4096;

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'MKCOL';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  /** Empty for errors that have none that can be read. */
  readonly body: Uint8Array;
}

/**
 * True if the answer to a HEAD says that there is something of so many bytes. All else, an error or a server that knows
 * no HEAD, is false: what is not known to be there is sent.
 */
export async function saysToHold(
  request: Pick<HttpRequest, 'url' | 'headers'>,
  size: number,
  signal: AbortSignal,
): Promise<boolean> {
  const response = await send({ method: 'HEAD', ...request }, signal);
  return response.status === 200 && response.headers.get('content-length') === String(size);
}

/**
 * One request and its whole answer, of which no more than `maximumSize` bytes are taken. TLS is verified, nothing is
 * decompressed on the way, and redirections are answers like others: credentials go to nobody but the host named.
 */
export async function exchange(
  request: HttpRequest,
  maximumSize: number,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const response = await send(request, signal);
  const limit = response.ok ? maximumSize : ERROR_PAGE;
  const declared = Number(response.headers.get('content-length') ?? 0);
  if (response.ok && declared > limit) {
    await response.body?.cancel();
    throw new TooLargeError(`the answer has ${declared} bytes`);
  }
  const bytes = await readBounded(response, limit);
  if (bytes !== undefined) return { status: response.status, body: bytes };
  if (response.ok) throw new TooLargeError(`the answer has over ${limit} bytes`);
  return { status: response.status, body: new Uint8Array() };
}

function send({ method, url, headers, body }: HttpRequest, signal: AbortSignal): Promise<Response> {
  return fetch(url, {
    method,
    headers: { ...headers, 'accept-encoding': 'identity' },
    redirect: 'manual',
    signal,
    ...(body && { body: body as Uint8Array<ArrayBuffer> }),
  });
}

/** The error for an answer that is none of those expected. */
export function refusalOf(
  { method }: Pick<HttpRequest, 'method'>,
  { status, body }: HttpAnswer,
): RefusedError {
  const cause = /<Code>(\w+)<\/Code>/.exec(Buffer.from(body).toString('latin1'))?.[1];
  return new RefusedError(`${method} was answered with ${status}${cause ? ` ${cause}` : ''}`, status === 413);
}

/** The whole body; undefined if it is larger than allowed. */
async function readBounded(response: Response, maximumSize: number): Promise<Uint8Array | undefined> {
  if (!response.body) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks, size);
    size += value.length;
    if (size > maximumSize) {
      await reader.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(value);
  }
}
