/** One row a protocol; each is loaded only when a store that speaks it is asked for the first time. */
import { assertNever } from '../../util/assert.ts';
import type { Environment } from '../../util/environment.ts';
import type { PathStyle } from '../../util/paths.ts';
import type { RemoteAddress } from './address.ts';
import type { Remote } from './remote.ts';

/** What credentials are read from, beside the address. */
export interface Surroundings {
  readonly environment: Environment;
  readonly homeDirectory: string;
  readonly style: PathStyle;
}

/** Connects to the store. Rejects when that fails; whoever calls bounds the time. */
export async function openRemote(address: RemoteAddress, surroundings: Surroundings): Promise<Remote> {
  switch (address.scheme) {
    case 'file':
      return (await import('./file/file-remote.ts')).openFileRemote(address);
    case 'http':
    case 'https':
      return (await import('./http/http-remote.ts')).openHttpRemote(address);
    case 's3':
      return (await import('./s3/s3-remote.ts')).openS3Remote(address, surroundings);
    case 'redis':
    case 'rediss':
      return (await import('./redis/redis-remote.ts')).openRedisRemote(address);
    case 'memcached':
      return (await import('./memcached/memcached-remote.ts')).openMemcachedRemote(address);
    default:
      return assertNever(address.scheme);
  }
}
