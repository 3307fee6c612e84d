/** A machine with a cache folder and remote stores, as a call of the compiler opens them, and a shared folder. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openStore, type StoreOptions } from '../../src/storage/open-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface Context {
  after(body: () => void): void;
}

export interface Machine {
  readonly cacheDirectory: string;
  /** The log so far. */
  readonly lines: readonly string[];
  /** Opens the stores as one call does. */
  open(): Promise<Store>;
}

/** Longer than any test takes, for limits that must not end a wait. */
export const AMPLE_MS = 60_000;

/** `remote` as in CLCACHE_REMOTE; undefined for the cache folder alone. */
export function machine(
  t: Context,
  remote: string | undefined,
  more: Partial<Omit<StoreOptions, 'remote'>> = {},
): Machine {
  const cacheDirectory = more.cacheDirectory ?? temporaryFolder(t);
  const lines: string[] = [];
  const options: StoreOptions = {
    cacheDirectory,
    lockTimeoutMs: AMPLE_MS,
    hardLink: false,
    compress: false,
    ...(remote !== undefined && { remote }),
    remoteOnly: false,
    uploadLimitMs: AMPLE_MS,
    reshare: false,
    environment: {},
    homeDirectory: cacheDirectory,
    style: 'posix',
    ...more,
  };
  return { cacheDirectory, lines, open: () => openStore(options, (line) => lines.push(line())) };
}

/** The URL of a folder that several machines use. */
export function share(t: Context): string {
  const folder = `${temporaryFolder(t)}/share`;
  mkdirSync(folder);
  return pathToFileURL(folder).href;
}

export function folderOf(share: string): string {
  return fileURLToPath(share);
}
