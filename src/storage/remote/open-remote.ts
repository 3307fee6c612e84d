/** One row a protocol; each is loaded only when a store that speaks it is asked for the first time. */
import { assertNever } from '../../util/assert.ts';
import type { RemoteAddress } from './address.ts';
import type { Remote, Surroundings } from './remote.ts';

/** Connects to a store. Rejects when that fails; whoever calls bounds the time. */
export type Connect = () => Remote | Promise<Remote>;

/** Loads what speaks to the store, without a word to it yet: loading takes time that no server is to blame for. */
export async function loadRemote(address: RemoteAddress, surroundings: Surroundings): Promise<Connect> {
  switch (address.scheme) {
    case 'file': {
      const { openFileRemote } = await import('./file/file-remote.ts');
      return () => openFileRemote(address);
    }
    case 'http':
    case 'https': {
      const { openHttpRemote } = await import('./http/http-remote.ts');
      return () => openHttpRemote(address);
    }
    case 's3': {
      const { openS3Remote } = await import('./s3/s3-remote.ts');
      return () => openS3Remote(address, surroundings);
    }
    case 'redis':
    case 'rediss': {
      const { openRedisRemote } = await import('./redis/redis-remote.ts');
      return () => openRedisRemote(address);
    }
    case 'memcached': {
      const { openMemcachedRemote } = await import('./memcached/memcached-remote.ts');
      return () => openMemcachedRemote(address);
    }
    default:
      return assertNever(address.scheme);
  }
}
