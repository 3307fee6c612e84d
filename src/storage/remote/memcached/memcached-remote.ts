import { hostAndPort, type RemoteAddress } from '../address.ts';
import { dial } from '../dial.ts';
import { type Beat, RefusedError, type Remote, type RemoteKey } from '../remote.ts';
import { DEFAULT_PREFIX } from '../url-options.ts';
import { binaryProtocol } from './binary-protocol.ts';
import { Connection } from './connection.ts';
import { getInParts, putInParts } from './parts.ts';
import { textProtocol } from './text-protocol.ts';

const DEFAULT_PORT = 11_211;
/** In seconds. memcached takes a larger number for a date. */
const LONGEST_TTL = 30 * 24 * 60 * 60;
/** A key has at most 250 bytes, of which clcache uses 110. */
const LONGEST_PREFIX = 140;

/** `memcached://[user:password@]host[:port]`: one server. */
export async function openMemcachedRemote(address: RemoteAddress, beat: Beat): Promise<Remote> {
  const { user, password = '', ttlSeconds, readOnly } = address;
  const prefix = prefixOf(address);
  const socket = await dial(hostAndPort(address.place, DEFAULT_PORT), address.connectTimeoutMs);
  beat();
  const connection = new Connection(socket, beat);
  const protocol =
    user === undefined
      ? textProtocol(connection)
      : await binaryProtocol(connection, user, password).catch((error: unknown) => {
          connection.close();
          throw error;
        });
  const keyOf = (key: RemoteKey) => `${prefix}${key}`;
  const values = {
    async get(key: string, maximumSize: number) {
      const value = orThrow(await protocol.get(key, maximumSize));
      // Not waited for. A server that refuses it still serves.
      if (value && ttlSeconds > 0 && !readOnly) protocol.touch(key, expiration(ttlSeconds)).catch(() => {});
      return value;
    },
    set: async (key: string, bytes: Uint8Array) =>
      void orThrow(await protocol.set(key, bytes, expiration(ttlSeconds))),
  };

  return {
    get: (key, maximumSize) => getInParts(values, keyOf(key), maximumSize),
    put: (key, bytes) => putInParts(values, keyOf(key), bytes),
    remove: async (key) => void orThrow(await protocol.remove(keyOf(key))),
    isGone: () => connection.isGone,
    close: () => connection.close(),
  };
}

function prefixOf({ options }: RemoteAddress): string {
  const prefix = options.prefix ?? DEFAULT_PREFIX;
  if (/^[!-~]*$/.test(prefix) && prefix.length <= LONGEST_PREFIX) return prefix;
  throw new Error(
    `its prefix has a blank or another character that no key may have, or over ${LONGEST_PREFIX}`,
  );
}

function orThrow<T>(answer: T | RefusedError): T {
  if (answer instanceof RefusedError) throw answer;
  return answer;
}

function expiration(ttlSeconds: number): number {
  return ttlSeconds > LONGEST_TTL ? Math.ceil(Date.now() / 1000) + ttlSeconds : ttlSeconds;
}
