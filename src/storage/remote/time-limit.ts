/** Waiting no longer than one wants to, and longer for what moves on. */

export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** When something last moved. Whoever sees bytes of the other side says so by `beat`. */
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
  /** How long there may be no sign of life, in milliseconds. */
  readonly silenceMs: number;
  /** How long it may take in all, in milliseconds. */
  readonly totalMs: number;
  readonly pulse?: Pulse;
}

/** What takes longer than so many time-outs is sooner compiled than fetched, however steadily it comes. */
const LONGEST_TRANSFER = 6;
/** In bytes per second. What the system took from us may be on its way at this pace, without a sign of life. */
const SLOWEST_UPLOAD = 20_000;

/** The patience with a request that sends so many bytes, where a store may say nothing for `timeoutMs`. */
export function patienceFor(timeoutMs: number, bytesToSend: number): Patience {
  const onItsWayMs = (1000 * bytesToSend) / SLOWEST_UPLOAD;
  return { silenceMs: timeoutMs + onItsWayMs, totalMs: LONGEST_TRANSFER * timeoutMs + onItsWayMs };
}

/**
 * What `work` settles to, or a rejection with a `TimeoutError` when patience is over. Work of our own that blocked the
 * event loop does not count against the other side: what has arrived by then is looked at first.
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

/** As `whileAlive`, for what gives no signs of life. */
export function within<T>(milliseconds: number, work: Promise<T>, what: string): Promise<T> {
  return whileAlive({ silenceMs: milliseconds, totalMs: milliseconds }, work, what);
}
