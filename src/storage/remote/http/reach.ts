import { connect } from 'node:net';

/**
 * Resolves when something takes a connection there, and closes it again. `fetch` does not say when it has connected,
 * and waits ten seconds for it: one connection more per call is the price of knowing within 0.3 seconds.
 */
export function reach(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    // Whoever waits has a time limit; a host that never answers must not keep the process.
    socket.unref();
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
