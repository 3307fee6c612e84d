/** Where hash servers listen, each in a folder of its own, and servers in this process that answer wrongly. */
import { chmodSync, mkdirSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

interface TestContext {
  after(body: () => void): void;
}

/** A folder that can be given as `XDG_RUNTIME_DIR`, and where a server of that user listens. */
export interface Place {
  readonly env: { readonly XDG_RUNTIME_DIR: string };
  readonly folder: string;
  readonly address: string;
}

export function place(t: TestContext): Place {
  const runtime = temporaryFolder(t);
  const folder = join(runtime, 'clcache');
  return { env: { XDG_RUNTIME_DIR: runtime }, folder, address: join(folder, 'server.sock') };
}

export interface FakeHashServer {
  /** How many connections there were. */
  readonly asked: () => number;
  stop(): void;
}

/** Listens where a hash server would, and answers each request with `answer`. */
export async function startFakeServer(
  t: TestContext,
  { folder, address }: Place,
  answer: (socket: Socket, request: string) => void,
): Promise<FakeHashServer> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const sockets = new Set<Socket>();
  let asked = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    asked += 1;
    sockets.add(socket);
    let received = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += String(chunk);
      if (received.endsWith('\0')) answer(socket, received);
    });
  });
  await new Promise<void>((resolve) => server.listen(address, resolve));
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  t.after(stop);
  return { asked: () => asked, stop };
}

/** Sends bytes to a server, and reads until the connection ends. The server need not take all of them. */
export function say(address: string, request: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const received: Buffer[] = [];
    socket.on('error', () => {});
    socket.on('data', (bytes) => received.push(bytes));
    socket.on('close', () => resolve(Buffer.concat(received).toString()));
    socket.write(request);
  });
}
