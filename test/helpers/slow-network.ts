/** A relay before a server on the same machine that behaves like a slow network. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Network {
  /** How long a packet takes each way, in milliseconds. */
  readonly delayMs?: number;
  /** In bytes per second, each way. */
  readonly rate?: number;
}

export interface Relay {
  readonly port: number;
  stop(): Promise<void>;
}

/** In milliseconds. */
const STEP = 50;

export async function startRelay(to: number, network: Network): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    pass(near, far, network);
    pass(far, near, network);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(from: Socket, to: Socket, { delayMs = 0, rate = Number.POSITIVE_INFINITY }: Network): void {
  /** When the last byte that came was forwarded. */
  let busyUntil = 0;
  /** What is on its way. Timers that end at about the same time do not always run in their order, so each does the next. */
  const steps: (() => void)[] = [];
  const nextStep = () => steps.shift()?.();
  const wait = (until: number, act: () => void) => setTimeout(act, Math.max(0, until - performance.now()));
  const later = (at: number, step: () => void) => {
    steps.push(step);
    wait(at, nextStep);
  };
  from.on('data', (chunk: Buffer) => {
    // Forwarding is delayed, and so is the sender.
    const length = Math.max(1, Math.min(chunk.length, Math.floor((rate * STEP) / 1000)));
    for (let at = 0; at < chunk.length; at += length) {
      const part = chunk.subarray(at, at + length);
      busyUntil = Math.max(busyUntil, performance.now()) + (1000 * part.length) / rate;
      later(busyUntil + delayMs, () => to.write(part));
    }
    if (busyUntil > performance.now() + STEP) {
      from.pause();
      wait(busyUntil, () => from.resume());
    }
  });
  from.on('end', () => later(Math.max(busyUntil, performance.now()) + delayMs, () => to.end()));
  from.on('close', () => later(Math.max(busyUntil, performance.now()) + delayMs, () => to.destroy()));
}
