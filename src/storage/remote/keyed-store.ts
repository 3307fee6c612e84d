import type { GuardedRemote } from './guarded-remote.ts';
import type { RemoteKey } from './remote.ts';

/** A store as it is configured: one server, or several that divide the keys. */
export interface KeyedStore {
  readonly servers: readonly GuardedRemote[];
  /** The server that keeps a key. The other servers do not have it, and may be dead. */
  serverOf(key: RemoteKey): GuardedRemote;
}

/** `prefix` begins each key on the servers. */
export function keyedStore(
  servers: readonly [GuardedRemote, ...GuardedRemote[]],
  prefix: string,
): KeyedStore {
  return {
    servers,
    serverOf: (key) => servers[hashOf(`${prefix}${key}`) % servers.length] ?? servers[0],
  };
}

/** True if the server of an artifact in the store can take it, and has not refused it. */
export function takes(store: KeyedStore, artifact: RemoteKey): boolean {
  const owner = store.serverOf(artifact);
  return owner.canWrite && !owner.lacks(artifact);
}

/** True if this call wanted to send an artifact to its server in the store, and the server did not take it. */
export function lacks(store: KeyedStore, artifact: RemoteKey): boolean {
  return store.serverOf(artifact).lacks(artifact);
}

/** The hash of memjs, the client of earlier versions. So entries that these stored are found. */
function hashOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (31 * hash + text.charCodeAt(index)) | 0;
  return Math.abs(hash);
}
