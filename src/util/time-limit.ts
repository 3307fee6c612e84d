/** Time limits that are longer for work that makes progress. */

export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** The time of the last progress. `beat` is called for every sign of the other side. */
export class Pulse {
  #last = performance.now();

  readonly beat = (): void => {
    this.#last = performance.now();
  };

  get last(): number {
    return this.#last;
  }
}

export interface Patience {
  /** How long there may be no progress, in milliseconds. */
  readonly silenceMs: number;
  /** How long it may take in all, in milliseconds. */
  readonly totalMs: number;
  readonly pulse?: Pulse;
}

/** A transfer of more time-outs takes longer than a compile, however steady it is. */
const LONGEST_TRANSFER = 6;
/** In bytes per second. The system may take that long to send what it has accepted, without a sign of progress. */
const SLOWEST_UPLOAD = 20_000;

/** The limits for a request that sends this many bytes to a store that may be silent for `timeoutMs`. */
export function patienceFor(timeoutMs: number, bytesToSend: number): Patience {
  const onItsWayMs = (1000 * bytesToSend) / SLOWEST_UPLOAD;
  return { silenceMs: timeoutMs + onItsWayMs, totalMs: LONGEST_TRANSFER * timeoutMs + onItsWayMs };
}

/**
 * The result of `work`, or a rejection with a `TimeoutError` when a limit is reached. Work of this process that blocked
 * the event loop does not count: what has arrived by then is handled first.
 */
export function whileAlive<T>(patience: Patience, work: Promise<T>, what: string): Promise<T> {
  const { silenceMs, totalMs, pulse } = patience;
  const start = performance.now();
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    let isSettled = false;
    const leftMs = () => {
      const now = performance.now();
      const sinceSign = now - Math.max(start, pulse?.last ?? start);
      return Math.min(silenceMs - sinceSign, start + totalMs - now);
    };
    const giveUp = () => {
      const took = Math.round(performance.now() - start);
      const isSilent = pulse !== undefined && took < totalMs;
      reject(
        new TimeoutError(
          isSilent ? `silence for ${Math.round(silenceMs)} ms` : `${what} took over ${took} ms`,
        ),
      );
    };
    const arm = () => {
      timer = setTimeout(look, Math.max(0, Math.ceil(leftMs())));
    };
    const look = () =>
      setImmediate(() =>
        setImmediate(() => {
          if (isSettled) return;
          if (leftMs() > 0) arm();
          else giveUp();
        }),
      );
    arm();
    work.then(resolve, reject).finally(() => {
      isSettled = true;
      clearTimeout(timer);
    });
  });
}

/** As `whileAlive`, for work without signs of progress. */
export function within<T>(milliseconds: number, work: Promise<T>, what: string): Promise<T> {
  return whileAlive({ silenceMs: milliseconds, totalMs: milliseconds }, work, what);
}
