import type { Trace } from '../diagnostics/trace.ts';
import type { Digest } from '../hash/digest.ts';
import { LocalStore, type LocalStoreOptions } from './local/local-store.ts';
import type { RemoteLevelOptions } from './remote/remote-level.ts';
import { noAccounts, type SizeAccounts, type Store, unshared } from './store.ts';

/** The part of the configuration that decides where entries are kept. */
export interface StoreOptions extends LocalStoreOptions, Omit<RemoteLevelOptions, 'trace'> {
  /** True if nothing is kept in the cache folder after this call. */
  readonly remoteOnly: boolean;
  /** How long a call may send to remote stores after its result was delivered, in milliseconds. */
  readonly uploadLimitMs: number;
  /** True if entries that the local folder serves are offered to remote stores. */
  readonly reshare: boolean;
}

/** True if there is a remote store. */
export function hasRemotes(options: Pick<StoreOptions, 'remote' | 'memcached'>): boolean {
  return options.remote !== undefined || options.memcached !== undefined;
}

/**
 * The store that the configuration asks for: the local folder, with remote stores behind it if any is named. Their code
 * is loaded when the local folder has no answer. `accounts` is informed of how much the local folder grows.
 */
export async function openStore(
  options: StoreOptions,
  trace: Trace,
  accounts: SizeAccounts = noAccounts(options.lockTimeoutMs),
): Promise<Store> {
  if (!hasRemotes(options)) return new LocalStore(options, accounts);
  const { TieredStore } = await import('./tiered-store.ts');
  const transient = options.remoteOnly ? await openTransientFolder(options.cacheDirectory) : undefined;
  const folder = transient?.folder ?? options.cacheDirectory;
  return new TieredStore({
    trace,
    // What is removed after the call is neither compressed nor counted, and no other process knows it.
    local: new LocalStore(
      { ...options, cacheDirectory: folder, compress: options.compress && !transient },
      transient ? unshared : accounts,
    ),
    folder,
    openRemotes: async () => {
      const { RemoteLevel } = await import('./remote/remote-level.ts');
      return new RemoteLevel({ ...options, trace });
    },
    isTransient: transient !== undefined,
    uploadLimitMs: options.uploadLimitMs,
    ...(options.reshare && {
      openOffers: async (artifacts: Iterable<Digest>) => {
        const { offersOf } = await import('./remote/offers.ts');
        return offersOf(artifacts, options);
      },
    }),
    ...(transient && { dispose: transient.remove }),
  });
}

/** The store for what no other machine may have. */
export function openLocalStore(options: LocalStoreOptions, accounts: SizeAccounts): Store {
  return new LocalStore(options, accounts);
}

async function openTransientFolder(cacheDirectory: string): Promise<{ folder: string; remove: () => void }> {
  const { makeTransientFolder } = await import('./remote/transient-folder.ts');
  return makeTransientFolder(cacheDirectory);
}
