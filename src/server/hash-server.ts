import { createServer, type Socket } from 'node:net';
import { isAbsolute } from 'node:path';
import type { Digest } from '../hash/digest.ts';
import {
  type AskedFile,
  decodeRequest,
  encodeDigests,
  encodeRefusal,
  LONGEST_REQUEST_BYTES,
  MOST_FILES,
} from '../hash/protocol.ts';
import type { HashCache } from './hash-cache.ts';
import { listenAlone } from './listen.ts';

export interface HashServer {
  /** Resolves when the server has ended, by `close` or because it was idle for too long. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface HashServerOptions {
  readonly address: string;
  readonly cache: HashCache;
  /** 0 means never. */
  readonly idleTimeoutMs: number;
  readonly stalledMs?: number;
}

/** A client that neither sends nor takes anything for so long is dropped. */
const STALLED_MS = 10_000;
const MOST_CONNECTIONS = 256;
/** After this time with one request the other requests get a turn. */
const SLICE_MS = 10;

/** Starts a hash server. Rejects as `listenAlone` does. */
export async function startHashServer(options: HashServerOptions): Promise<HashServer> {
  const sockets = new Set<Socket>();
  let idle: NodeJS.Timeout | undefined;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    clearTimeout(idle);
    socket.setTimeout(options.stalledMs ?? STALLED_MS, () => socket.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) startIdleTime();
    });
    serve(socket, options.cache).catch(() => socket.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  const close = () => {
    clearTimeout(idle);
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  const startIdleTime = () => {
    if (options.idleTimeoutMs > 0 && server.listening) idle = setTimeout(close, options.idleTimeoutMs);
  };
  await listenAlone(server, options.address);
  startIdleTime();
  return { ended: new Promise((resolve) => server.once('close', resolve)), close };
}

/** Reads one request, answers it, and ends the connection, because the Python clcache's clients read until then. */
async function serve(socket: Socket, cache: HashCache): Promise<void> {
  // A client that has gone does not matter to the others.
  socket.on('error', () => {});
  const answer = await answerTo(socket, cache);
  socket.end(answer, () => socket.destroy());
}

async function answerTo(socket: Socket, cache: HashCache): Promise<Buffer> {
  const files = await requestOf(socket);
  if (!files || files.length > MOST_FILES) return encodeRefusal('the request is too long, or has no end');
  const digests: Digest[] = [];
  let resumedMs = performance.now();
  for (const { path, signature } of files) {
    if (!isAbsolute(path)) return encodeRefusal(`not an absolute path: ${path}`);
    const digest = cache.digest(path, signature);
    if (digest === undefined) return encodeRefusal(`not to be read, or not as expected: ${path}`);
    digests.push(digest);
    if (performance.now() - resumedMs < SLICE_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (socket.destroyed) break;
    resumedMs = performance.now();
  }
  return encodeDigests(digests);
}

/** The files of a request. Undefined if it is too long, or if the client hangs up before its end. */
function requestOf(socket: Socket): Promise<AskedFile[] | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LONGEST_REQUEST_BYTES) resolve(undefined);
      else if (chunk.includes(0)) resolve(decodeRequest(Buffer.concat(chunks)));
    });
    socket.once('end', () => resolve(undefined));
    socket.once('close', () => resolve(undefined));
  });
}
