import { constants, existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { errorCode } from '../../../util/busy-retry.ts';
import { within } from '../../../util/time-limit.ts';
import type { RemoteAddress } from '../address.ts';
import { type Beat, type Remote, type RemoteKey, shardedPath, UnfitEntryError } from '../remote.ts';
import { SharedFolder } from './shared-folder.ts';

/** How many bytes are read between two beats. */
const STEP = 1024 * 1024;

/** Windows has neither flag: there, links to files need rights, and pipes do not lie in folders. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
/** The errors of opening a link and, in two forms, a socket. */
const UNFIT_CODES: ReadonlySet<string> = new Set(['ELOOP', 'EMLINK', 'ENXIO', 'EOPNOTSUPP', 'EISDIR']);

/**
 * A folder that several machines use, such as a network share. Each entry is one file, written beside its place and
 * renamed. The folder itself must exist, because a share that is not mounted would otherwise be filled locally.
 */
export async function openFileRemote(address: RemoteAddress, beat: Beat): Promise<Remote> {
  const root = fileURLToPath(address.url);
  const { isDirectory } = await within(address.connectTimeoutMs, statOf(root), 'looking at the folder');
  if (!isDirectory) throw new Error('it is not a folder');
  const shared = new SharedFolder(root, beat);
  const unwanted: { readonly part: RemoteKey; readonly artifact: RemoteKey }[] = [];
  return {
    get: (key, maximumSize) => readEntry(`${root}/${shardedPath(key)}`, maximumSize, beat),
    put: (key, bytes) => shared.write(shardedPath(key), bytes),
    remove: (key) => shared.removeOrRefuse(shardedPath(key)),
    removePart: (part, artifact) => void unwanted.push({ part, artifact }),
    hasPart: async (part) =>
      (await stat(`${root}/${shardedPath(part)}`).catch(() => undefined)) !== undefined,
    async close() {
      await shared.close();
      for (const { part, artifact } of unwanted)
        if (!existsSync(`${root}/${shardedPath(artifact)}`)) shared.remove(shardedPath(part));
    },
  };
}

async function statOf(path: string): Promise<{ readonly isDirectory: boolean }> {
  return { isDirectory: (await stat(path)).isDirectory() };
}

/** Other users may put anything into the folder: pipes, links to devices, endless files. */
async function readEntry(path: string, maximumSize: number, beat: Beat): Promise<Uint8Array | undefined> {
  const file = await openWithoutFollowing(path);
  if (!file) return undefined;
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new UnfitEntryError('it is not an ordinary file');
    if (found.size > maximumSize) throw new UnfitEntryError(`it has ${found.size} bytes`);
    const bytes = Buffer.allocUnsafe(found.size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, Math.min(STEP, bytes.length - filled), filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
      beat();
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

async function openWithoutFollowing(path: string): Promise<Awaited<ReturnType<typeof open>> | undefined> {
  try {
    return await open(path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'ENOENT') return undefined;
    if (UNFIT_CODES.has(code)) throw new UnfitEntryError('it is not an ordinary file');
    throw error;
  }
}
