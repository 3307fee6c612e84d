/** A real browser without a window, steered through a pipe by its developer tools' protocol. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { TestContext } from 'node:test';
import { findOnPath } from '../../bin/dev/find-compiler.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Browser {
  /** Sends a command to the one page, and returns its result. Rejects if the browser refuses it or has ended. */
  send(method: string, params?: Json): Promise<Json>;
  /** Waits for an event of the page that comes after this call. */
  next(method: string): Promise<Json>;
  /** All events of the page so far. */
  readonly events: readonly { readonly method: string; readonly params: Json }[];
}

/** Debian's browser, or another build of it. */
export function findBrowser(): string | undefined {
  return findOnPath(['chromium', 'chromium-browser', 'google-chrome']);
}

const ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--remote-debugging-pipe'],
  ...['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...['--disable-extensions', '--disable-breakpad', '--disable-dev-shm-usage'],
];

/** Starts a browser for one test, and ends it after the test. */
export async function startBrowser(t: TestContext, program: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'clcache-browser-'));
  const child = spawn(program, [...ARGUMENTS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const connection = new Connection(child);
  t.after(async () => {
    connection.send('Browser.close').catch(() => {});
    await ended;
    // Its helper processes may end, and write, a little later.
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  const { targetInfos } = await connection.send('Target.getTargets');
  const page = (targetInfos as readonly { readonly type: string; readonly targetId: string }[]).find(
    ({ type }) => type === 'page',
  );
  const { sessionId } = await connection.send('Target.attachToTarget', {
    targetId: page?.targetId,
    flatten: true,
  });
  return {
    send: (method, params) => connection.send(method, params, String(sessionId)),
    next: (method) => connection.next(method),
    events: connection.events,
  };
}

/** Messages are JSON, each ended by a byte of zero. */
class Connection {
  readonly events: { readonly method: string; readonly params: Json }[] = [];
  readonly #input: Writable;
  readonly #answers = new Map<number, { resolve: (result: Json) => void; reject: (error: Error) => void }>();
  readonly #waiting: { readonly method: string; readonly resolve: (params: Json) => void }[] = [];
  #last = 0;
  #rest = '';

  constructor(child: ChildProcess) {
    this.#input = child.stdio[3] as Writable;
    const output = child.stdio[4] as Readable;
    output.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#input.on('error', () => {});
    child.on('close', (status) => {
      for (const { reject } of this.#answers.values()) reject(new Error(`the browser ended: ${status}`));
    });
  }

  send(method: string, params: Json = {}, sessionId?: string): Promise<Json> {
    this.#last += 1;
    const id = this.#last;
    this.#input.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    return new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
  }

  next(method: string): Promise<Json> {
    return new Promise((resolve) => this.#waiting.push({ method, resolve }));
  }

  #read(text: string): void {
    const messages = (this.#rest + text).split('\0');
    this.#rest = messages.pop() ?? '';
    for (const message of messages) this.#take(JSON.parse(message));
  }

  #take({ id, method, params, result, error }: Message): void {
    if (id !== undefined) {
      const answer = this.#answers.get(id);
      this.#answers.delete(id);
      if (error) answer?.reject(new Error(error.message));
      else answer?.resolve(result ?? {});
      return;
    }
    if (method === undefined) return;
    this.events.push({ method, params: params ?? {} });
    for (const index of this.#waiting.keys()) {
      if (this.#waiting[index]?.method !== method) continue;
      this.#waiting.splice(index, 1)[0]?.resolve(params ?? {});
      return;
    }
  }
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Json;
  readonly result?: Json;
  readonly error?: { readonly message: string };
}
