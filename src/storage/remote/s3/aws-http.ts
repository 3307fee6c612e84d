/**
 * Sends the requests of AWS's library to services in the network (STS, SSO) over clcache's own connections, so that its
 * time limits, its proxy rules and its limits of memory hold. The library takes such a sender as an option.
 */
import { bodyBytes } from '../http/body-bytes.ts';
import { Caller, type CallerOptions } from '../http/caller.ts';
import { exchange } from '../http/exchange.ts';

/** The largest answer, in bytes: credentials, or what is wrong. */
const LARGEST_ANSWER = 64 * 1024;

/** What the library sends, as far as it is used here. */
interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Sender {
  handle(request: Request): Promise<{
    readonly response: { statusCode: number; headers: Record<string, string>; body: Uint8Array };
  }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

/** A sender, and the end of its connections. */
export function awsSender(options: Omit<CallerOptions, 'url'>): {
  readonly sender: Sender;
  close(): void;
} {
  const callers: Caller[] = [];
  const send = async (request: Request) => {
    const url = urlOf(request);
    const caller = new Caller({ ...options, url });
    callers.push(caller);
    const { method, headers } = request;
    const body = bodyBytes(request.body);
    const sent = { method, url: url.href, headers, ...(body && { body }) };
    const answer = await exchange(caller, sent, LARGEST_ANSWER);
    const received = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return {
      response: {
        statusCode: answer.status,
        headers: Object.fromEntries(received),
        body: answer.body,
      },
    };
  };
  return {
    sender: { handle: send, updateHttpClientConfig() {}, httpHandlerConfigs: () => ({}) },
    close() {
      for (const caller of callers) caller.destroy();
    },
  };
}

function urlOf({ protocol, hostname, port, path, query = {} }: Request): URL {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
  for (const [name, value] of Object.entries(query))
    for (const one of typeof value === 'string' ? [value] : (value ?? ['']))
      url.searchParams.append(name, one);
  return url;
}
