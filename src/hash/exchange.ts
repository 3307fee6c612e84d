import { connectAndSend, type Listener } from '../runtime/connection.ts';

/** The result of a request. `received` may be incomplete if the other side hung up. */
export type Exchange =
  | { readonly kind: 'answered'; readonly received: Buffer }
  | { readonly kind: 'failed'; readonly because: string };

/** The answer to the longest request is shorter. */
const LONGEST_ANSWER_BYTES = 1024 * 1024;

/**
 * Sends a request to a Unix socket or a named pipe and waits for the answer, at most `timeoutMs` in all. Never rejects.
 */
export function exchange(address: string, request: Buffer, timeoutMs: number): Promise<Exchange> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    let close = () => {};
    const finish = (result: Exchange) => {
      clearTimeout(timer);
      resolve(result);
      close();
    };
    const timer = setTimeout(
      () => finish({ kind: 'failed', because: `no answer within ${timeoutMs} ms` }),
      timeoutMs,
    );
    const listener: Listener = {
      received(bytes) {
        // Bun reuses its buffer.
        chunks.push(Uint8Array.from(bytes));
        length += bytes.length;
        if (length > LONGEST_ANSWER_BYTES) finish({ kind: 'failed', because: 'the answer is too long' });
        else if (bytes.at(-1) === 0) finish({ kind: 'answered', received: Buffer.concat(chunks) });
      },
      ended: (because) =>
        finish(
          length > 0 ? { kind: 'answered', received: Buffer.concat(chunks) } : { kind: 'failed', because },
        ),
    };
    close = connectAndSend(address, request, listener);
  });
}
