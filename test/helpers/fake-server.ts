/** TCP servers that know just enough of a protocol to answer wrongly. */
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** How a protocol frames the answers of fake servers. `request` is what was received. */
export interface Dialect {
  /** True if `received` is a whole request that needs an answer. */
  isRequest(received: Buffer): boolean;
  value(request: Buffer, bytes: Uint8Array): Buffer;
  /** The head of a value that claims to have a tebibyte, or as much as the protocol can say. */
  hugeHead(request: Buffer): Buffer;
  refusal(request: Buffer): Buffer;
}

export const HTTP: Dialect = {
  isRequest: (received) => received.includes('\r\n\r\n'),
  value: (_request, bytes) =>
    Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`), bytes]),
  hugeHead: () => Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000\r\n'),
  refusal: () => Buffer.from('HTTP/1.1 507 Insufficient Storage\r\nContent-Length: 4\r\n\r\nfull'),
};

/** Azure's answers have a tag, without which its client takes nothing. */
export const AZURE: Dialect = {
  ...HTTP,
  value: (_request, bytes) =>
    Buffer.concat([
      Buffer.from(`HTTP/1.1 206 Partial Content\r\nETag: "1"\r\nContent-Length: ${bytes.length}\r\n\r\n`),
      bytes,
    ]),
};

export const REDIS: Dialect = {
  isRequest: (received) => /\r\n(get|set)\r\n/i.test(received.toString('latin1')),
  value: (_request, bytes) =>
    Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]),
  hugeHead: () => Buffer.from('$1000000000000\r\n'),
  refusal: () => Buffer.from("-OOM command not allowed when used memory > 'maxmemory'.\r\n"),
};

/** memcached's text protocol. */
export const MEMCACHED: Dialect = {
  isRequest: (received) => /^get .*\r\n$|^set .*\r\n.*\r\n$/s.test(received.toString('latin1')),
  value: (request, bytes) =>
    Buffer.concat([
      Buffer.from(`VALUE ${keyIn(request)} 0 ${bytes.length}\r\n`),
      bytes,
      Buffer.from('\r\nEND\r\n'),
    ]),
  hugeHead: (request) => Buffer.from(`VALUE ${keyIn(request)} 0 1000000000000\r\n`),
  refusal: () => Buffer.from('SERVER_ERROR out of memory storing object\r\n'),
};

function keyIn(request: Buffer): string {
  return request.toString('latin1').split(/[ \r]/)[1] ?? '';
}

export interface FakeServer {
  readonly port: number;
  /** How many connections sent anything. */
  readonly spokenTo: () => number;
  stop(): Promise<void>;
}

/** Answers each request of a connection with `answer`. */
export async function startFake(
  dialect: Dialect,
  answer: (socket: Socket, request: Buffer) => void,
): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  let spokenTo = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.once('data', () => {
      spokenTo += 1;
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (!dialect.isRequest(received)) return;
      const request = received;
      received = Buffer.alloc(0);
      answer(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    spokenTo: () => spokenTo,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
