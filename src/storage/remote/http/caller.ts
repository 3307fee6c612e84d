/** Connections for HTTP requests that clcache makes itself, so that its time limits and its proxy rules apply. */
import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { describeError } from '../../../diagnostics/errors.ts';
import type { Environment } from '../../../util/environment.ts';
import type { PathStyle } from '../../../util/paths.ts';
import { TimeoutError } from '../../../util/time-limit.ts';
import { type Destination, dial, secure } from '../dial.ts';
import type { Beat } from '../remote.ts';
import { type HttpProxy, proxyFor } from './proxy.ts';
import { openTunnel } from './tunnel.ts';

export interface CallerOptions {
  /** Any URL of the server. */
  readonly url: URL;
  readonly connectTimeoutMs: number;
  readonly environment: Environment;
  readonly style: PathStyle;
  readonly beat: Beat;
}

/** Keeps connections to one server, directly or through a proxy. */
export class Caller extends Agent {
  readonly #options: CallerOptions;
  readonly #proxy: HttpProxy | undefined;
  readonly #used = new WeakSet<Duplex>();

  /** Throws if the environment names a proxy of an unknown kind. */
  constructor(options: CallerOptions) {
    super({ keepAlive: true });
    this.#options = options;
    this.#proxy = proxyFor(options.url, options.environment, options.style);
  }

  get beat(): Beat {
    return this.#options.beat;
  }

  /** The target of the request line, and the headers for a proxy. A proxy for plain HTTP gets the whole URL. */
  target(url: URL): { readonly path: string; readonly headers: Readonly<Record<string, string>> } {
    const isForProxy = this.#proxy !== undefined && url.protocol === 'http:';
    const authorization = isForProxy ? this.#proxy?.authorization : undefined;
    return {
      path: isForProxy ? url.href : `${url.pathname}${url.search}`,
      headers: authorization === undefined ? {} : { 'proxy-authorization': authorization },
    };
  }

  /** True if the connection has served a request before. Then the server may just have closed it. */
  hasServed(socket: Duplex): boolean {
    const had = this.#used.has(socket);
    this.#used.add(socket);
    return had;
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#open().then(
      (socket) => callback?.(null, socket),
      (error: Error) => {
        const none: unknown = undefined;
        callback?.(error, none as Duplex);
      },
    );
  }

  async #open(): Promise<Socket> {
    const { url, connectTimeoutMs, beat } = this.#options;
    const isSecure = url.protocol === 'https:';
    const server: Destination = {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || (isSecure ? 443 : 80)),
    };
    const socket = this.#proxy
      ? await dial(this.#proxy, connectTimeoutMs).catch(blameProxy)
      : await dial(server, connectTimeoutMs);
    beat();
    if (!isSecure) return socket;
    if (this.#proxy) await openTunnel(socket, server, this.#proxy.authorization);
    return secure(socket, server.host);
  }
}

/** The address in an error is that of the proxy, which is in no setting of clcache. */
function blameProxy(error: unknown): never {
  const message = `the proxy: ${describeError(error)}`;
  throw error instanceof TimeoutError ? new TimeoutError(message) : new Error(message);
}
