import type { CompilerFamily } from '../commandline/compile-call.ts';
import type { Config } from '../config/config.ts';
import type { Trace } from '../diagnostics/trace.ts';
import type { HashClient } from '../hash/client.ts';
import type { Digest } from '../hash/digest.ts';
import { FileHasher } from '../hash/file-hasher.ts';
import { hashesFile, keepHashesFile } from '../storage/local/hashes-file.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { LearntFiles } from '../storage/local/learnt-files.ts';
import type { SizeAccounts } from '../storage/store.ts';
import { KnownHeaders } from './known-headers.ts';

/** What is known of files, from this call and from earlier ones. */
export interface KnownFiles {
  readonly hasher: FileHasher;
  readonly headers: KnownHeaders;
  /** Set if hashes are kept for later calls. */
  readonly hashes?: KeptHashes;
  /** Set if the hash server is to be asked. */
  readonly hashServer?: HashClient;
}

/** The hashes that are kept beside the manifest of a key. */
export interface KeptHashes {
  /** The file that they are in, if there are any. */
  fileOf(key: Digest): string;
  /** Throws a `LockTimeoutError` and system errors. */
  keep(key: Digest, text: string): Promise<void>;
}

/** What a call of a compiler of this family knows of files when it begins. */
export async function openFiles(
  config: Pick<Config, 'cacheDirectory' | 'hashCache' | 'server' | 'serverAddress' | 'serverTimeoutMs'>,
  { family, accounts, trace }: { family: CompilerFamily; accounts: SizeAccounts; trace: Trace },
): Promise<KnownFiles> {
  const hasher = new FileHasher();
  if (!config.hashCache) return { hasher, headers: new KnownHeaders(undefined, family) };
  const layout = layoutOf(config.cacheDirectory);
  return {
    hasher,
    headers: new KnownHeaders(new LearntFiles(layout.headers, accounts), family),
    hashes: {
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
