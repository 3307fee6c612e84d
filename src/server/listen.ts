import { chmodSync, rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { UsageError } from '../diagnostics/errors.ts';
import { socketProblem } from '../hash/server-socket.ts';
import { errorCode } from '../util/busy-retry.ts';
import { tryWithLongFileLock } from '../util/file-lock.ts';
import { makeFolder } from '../util/make-folder.ts';

const IS_WINDOWS = process.platform === 'win32';
/** The errors that mean that nobody listens. */
const NOBODY: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK']);
/** A running server accepts a connection at once. */
const PROBE_MS = 1000;

/**
 * Makes a server listen at an address for this user alone: a socket with mode 0600 in a folder with mode 0700. Replaces
 * the socket that a killed server left. Throws a `UsageError` if another server is running, or if other users may
 * enter the folder.
 */
export async function listenAlone(server: Server, address: string): Promise<void> {
  // A pipe ends with its process, and Windows gives its name to one process only.
  if (IS_WINDOWS) return listenUnlessTaken(server, address);
  makeFolder(dirname(address), 0o700);
  const problem = socketProblem(address);
  if (problem !== undefined) throw new UsageError(problem);
  // Two servers that start at once must not replace each other's socket.
  const started = await tryWithLongFileLock(`${address}.lock`, () => listenUnlessTaken(server, address));
  if (!started) throw alreadyRuns(address);
}

async function listenUnlessTaken(server: Server, address: string): Promise<void> {
  if (await isAnswered(address)) throw alreadyRuns(address);
  if (!IS_WINDOWS) rmSync(address, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.on('error', (error) => {
      reject(new UsageError(`cannot listen at ${address}`, error));
    });
    server.listen(address, resolve);
  });
  if (!IS_WINDOWS) chmodSync(address, 0o600);
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const answer = (isTaken: boolean) => {
      socket.destroy();
      resolve(isTaken);
    };
    socket.once('connect', () => answer(true));
    // Every other error (a full queue, another user's pipe) comes from a running server.
    socket.once('error', (error) => answer(!NOBODY.has(errorCode(error) ?? '')));
    // A server that is too busy to answer is running as well.
    socket.setTimeout(PROBE_MS, () => answer(true));
  });
}

function alreadyRuns(address: string): UsageError {
  return new UsageError(`a hash server runs already, at ${address}`);
}
