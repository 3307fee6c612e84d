/** The built hash servers. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { bundle, cleanEnvironment, executable, type RunResult } from './compilers.ts';
import type { Place } from './hash-sockets.ts';

interface TestContext {
  after(body: () => void): void;
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
