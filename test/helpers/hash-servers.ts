/** Hash servers for tests: the built one, and some that answer wrongly. Each has its own folder for its socket. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { bundle, cleanEnvironment, executable, type RunResult } from './compilers.ts';
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

/** The two forms in which the server is shipped, as a program and the arguments before its options. */
export const SERVER_PRODUCTS: Readonly<Record<string, () => readonly string[]>> = {
  'the executable': () => [executable().replace(/clcache(\.exe)?$/, 'clcache-server$1')],
  'the npm package': () => [process.execPath, join(dirname(bundle()), '../bin/clcache-server.js')],
};

export interface RunningServer {
  readonly pid: number;
  /** Everything that it has written so far. */
  readonly output: () => string;
  readonly ended: Promise<RunResult>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the server and waits until it listens, or has ended. */
export async function startServer(
  t: TestContext,
  { env }: Place,
  args: readonly string[] = [],
  product = SERVER_PRODUCTS['the executable'] ?? (() => []),
): Promise<RunningServer> {
  const [program = '', ...first] = product();
  const child = spawn(program, [...first, ...args], { env: cleanEnvironment(env) });
  t.after(() => void child.kill('SIGKILL'));
  const written = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const ended = new Promise<RunResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      resolve({
        status: status ?? undefined,
        signal: signal ?? undefined,
        stdout: Buffer.concat(written.stdout),
        stderr: Buffer.concat(written.stderr),
      });
    });
  });
  const output = () => Buffer.concat([...written.stdout, ...written.stderr]).toString();
  const listens = new Promise<void>((resolve) => {
    child.stdout.on('data', (bytes: Buffer) => {
      written.stdout.push(bytes);
      if (output().includes('listening')) resolve();
    });
  });
  child.stderr.on('data', (bytes: Buffer) => written.stderr.push(bytes));
  await Promise.race([listens, ended]);
  return { pid: child.pid ?? 0, output, ended, kill: (signal) => void child.kill(signal) };
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
