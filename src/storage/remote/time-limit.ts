/** Waiting no longer than one wants to. */

export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * What `work` settles to, or a rejection with a `TimeoutError` after so many milliseconds. Work of our own that blocked
 * the event loop does not count against the other side: what has arrived by then is looked at first.
 */
export function within<T>(milliseconds: number, work: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      setImmediate(() =>
        setImmediate(() => reject(new TimeoutError(`${what} took over ${milliseconds} ms`))),
      );
    }, milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
