import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { errorCode, isBusyError } from '../../../util/busy-retry.ts';
import { temporarySibling } from '../../../util/random-name.ts';
import type { RemoteAddress } from '../address.ts';
import { RefusedError, type Remote, shardedPath, TooLargeError } from '../remote.ts';

/**
 * A folder that several machines see, such as a network share: one file an entry, written beside and renamed into
 * place. The folder itself must be there, or a share that is not mounted would be filled locally.
 */
export async function openFileRemote(address: RemoteAddress): Promise<Remote> {
  const root = fileURLToPath(address.url);
  if (!(await stat(root)).isDirectory()) throw new Error(`${root} is no folder`);
  return {
    get: (key, maximumSize) => readBounded(`${root}/${shardedPath(key)}`, maximumSize),
    put: (key, bytes) => writeWhole(`${root}/${shardedPath(key)}`, bytes),
    close: () => {},
  };
}

async function readBounded(path: string, maximumSize: number): Promise<Uint8Array | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > maximumSize) throw new TooLargeError(`${path} has ${size} bytes`);
      return await readFile(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporarySibling(path);
  try {
    await mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    await writeFile(temporary, bytes, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    // Somebody reads the old one just now, which is as good.
    if (isBusyError(error)) return;
    throw REFUSALS.has(errorCode(error) ?? '') ? refusal(error) : error;
  }
}

/** A full disk and a folder that may only be read do not keep anybody from reading. */
const REFUSALS: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS']);

function refusal(error: unknown): RefusedError {
  return Object.assign(new RefusedError(error instanceof Error ? error.message : String(error)), {
    cause: error,
  });
}
