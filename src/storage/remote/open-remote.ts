/** One row a protocol; each is loaded only when a store that speaks it is asked for the first time. */
import { assertNever } from '../../util/assert.ts';
import type { RemoteAddress } from './address.ts';
import type { Beat, Remote, Surroundings } from './remote.ts';

/** Gets ready to speak to a store, and tells of its signs of life. Rejects when that fails; whoever calls bounds the time. */
export type Connect = (beat: Beat) => Remote | Promise<Remote>;

/** Loads what speaks to the store, without a word to it yet: loading takes time that no server is to blame for. */
export async function loadRemote(address: RemoteAddress, surroundings: Surroundings): Promise<Connect> {
  switch (address.scheme) {
    case 'file': {
      const { openFileRemote } = await import('./file/file-remote.ts');
      return (beat) => openFileRemote(address, beat);
    }
    case 'http':
    case 'https': {
      const { openHttpRemote } = await import('./http/http-remote.ts');
      return (beat) => openHttpRemote(address, surroundings, beat);
    }
    case 's3': {
      const { openS3Remote } = await import('./s3/s3-remote.ts');
      return (beat) => openS3Remote(address, surroundings, beat);
    }
    case 'redis':
    case 'rediss': {
      const { openRedisRemote } = await import('./redis/redis-remote.ts');
      return (beat) => openRedisRemote(address, beat);
    }
    case 'memcached': {
      const { openMemcachedRemote } = await import('./memcached/memcached-remote.ts');
      return (beat) => openMemcachedRemote(address, beat);
    }
    default:
      return assertNever(address.scheme);
  }
}
