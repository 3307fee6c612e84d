/** Opens remote stores, one row for each protocol. A protocol is loaded when a store first needs it. */
import { whileChanged } from '../../config/while-changed.ts';
import { assertNever } from '../../util/assert.ts';
import type { RemoteAddress } from './address.ts';
import type { Beat, Remote, StoreContext } from './remote.ts';

/** Connects to a store and reports its beats. Rejects if that fails. The caller limits the time. */
export type Connect = (beat: Beat) => Remote | Promise<Remote>;

/** Loads the code for a store without connecting to it: the time for loading must not count against the server. */
export async function loadRemote(address: RemoteAddress, context: StoreContext): Promise<Connect> {
  const { scheme } = address;
  switch (scheme) {
    case 'file': {
      const { openFileRemote } = await import('./file/file-remote.ts');
      return (beat) => openFileRemote(address, beat);
    }
    case 'http':
    case 'https': {
      const { openHttpRemote } = await import('./http/http-remote.ts');
      return (beat) => openHttpRemote(address, context, beat);
    }
    case 's3': {
      const { openS3Remote } = await import('./s3/s3-remote.ts');
      return (beat) => openS3Remote(address, context, beat);
    }
    case 'azblob': {
      const { unseen } = await import('./azblob/unseen.ts');
      const { openAzblobRemote } = await unseen(() => import('./azblob/azblob-remote.ts'));
      return (beat) => openAzblobRemote(address, context, beat);
    }
    case 'redis':
    case 'rediss':
    case 'redis+unix':
    case 'redis-sentinel':
    case 'rediss-sentinel':
    case 'redis-cluster':
    case 'rediss-cluster': {
      // The library reads DEBUG when it is loaded, and would write passwords to stderr.
      const { openRedisRemote } = await whileChanged(
        { DEBUG: undefined },
        () => import('./redis/redis-remote.ts'),
      );
      return (beat) => openRedisRemote({ ...address, scheme }, context, beat);
    }
    case 'memcached': {
      const { openMemcachedRemote } = await import('./memcached/memcached-remote.ts');
      return (beat) => openMemcachedRemote(address, beat);
    }
    default:
      return assertNever(scheme);
  }
}
