import type { CompilerFamily } from '../commandline/family.ts';
import type { Config } from '../config/config.ts';
import type { Trace } from '../diagnostics/trace.ts';
import { FileMemory } from '../files/file-memory.ts';
import { FolderRecords } from '../files/folder-records.ts';
import type { HashClient } from '../hash/client.ts';
import type { Digest } from '../hash/digest.ts';
import { hashesFile, keepHashesFile } from '../storage/local/hashes-file.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { LearntFiles } from '../storage/local/learnt-files.ts';
import type { SizeAccounts } from '../storage/store.ts';

/** What is known of files, from this call and from earlier ones. */
export interface KnownFiles {
  readonly memory: FileMemory;
  /** Set if what is learnt is kept for later calls. */
  readonly keyRecords?: KeyRecords;
  /** Set if the hash server is to be asked. */
  readonly hashServer?: HashClient;
}

/** The records of manifest keys, each beside its manifest. */
export interface KeyRecords {
  /** The file of a record, if there is one. */
  fileOf(key: Digest): string;
  /** Throws a `LockTimeoutError` and system errors. */
  keep(key: Digest, text: string): Promise<void>;
}

/** What a call of a compiler of this family knows of files when it begins. */
export async function openFiles(
  config: Pick<Config, 'cacheDirectory' | 'hashCache' | 'server' | 'serverAddress' | 'serverTimeoutMs'>,
  { family, accounts, trace }: { family: CompilerFamily; accounts: SizeAccounts; trace: Trace },
): Promise<KnownFiles> {
  if (!config.hashCache) return { memory: new FileMemory(new FolderRecords(undefined, family)) };
  const layout = layoutOf(config.cacheDirectory);
  const folders = new FolderRecords(new LearntFiles(layout.headers, accounts), family);
  return {
    memory: new FileMemory(folders),
    keyRecords: {
      fileOf: (key) => hashesFile(layout, key),
      keep: (key, text) => keepHashesFile({ layout, key, text }, accounts),
    },
    ...(config.server && { hashServer: await openHashServer(config, trace) }),
  };
}

/** Loaded only if the hash server is to be asked. */
async function openHashServer(
  { serverAddress, serverTimeoutMs }: Pick<Config, 'serverAddress' | 'serverTimeoutMs'>,
  trace: Trace,
): Promise<HashClient> {
  const { hashClient } = await import('../hash/client.ts');
  return hashClient(serverAddress, serverTimeoutMs, (line) => trace(() => line));
}
