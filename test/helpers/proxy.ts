/** A small HTTP proxy on a loopback port that forwards requests and opens tunnels. */
import { createServer, request as startRequest } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface StartedProxy {
  readonly port: number;
  /** The requests it got: `GET http://…` or `CONNECT host:port`. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Every host leads to the server at this port of the same machine. Without the right user and password it refuses. */
export async function startProxy(to: number, userInfo?: string): Promise<StartedProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const isLetIn = (authorization: string | undefined) =>
    userInfo === undefined || authorization === `Basic ${Buffer.from(userInfo).toString('base64')}`;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!isLetIn(request.headers['proxy-authorization'])) {
      response.writeHead(407).end();
      return;
    }
    const { pathname, search } = new URL(request.url ?? '');
    const { method, headers } = request;
    const passed = startRequest({ port: to, host: '127.0.0.1', path: pathname + search, method, headers });
    passed.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.writeHead(502).end());
    request.pipe(passed);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    if (!isLetIn(request.headers['proxy-authorization'])) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const far = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\nVia: test\r\n\r\n');
      socket.pipe(far).pipe(socket);
    });
    sockets.add(far);
    far.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
