/** A store as a call of the compiler opens it, with short time limits. */
import assert from 'node:assert/strict';
import { readAddresses } from '../../src/storage/remote/address.ts';
import { GuardedRemote } from '../../src/storage/remote/guarded-remote.ts';
import { healthOf } from '../../src/storage/remote/health.ts';
import { identityOf, nameOf } from '../../src/storage/remote/identity.ts';
import { loadRemote } from '../../src/storage/remote/open-remote.ts';
import type { Found } from '../../src/storage/remote/read-value.ts';
import type { RemoteKey } from '../../src/storage/remote/remote.ts';
import type { Environment } from '../../src/util/environment.ts';

export const KEY: RemoteKey = `v1/o/${'0'.repeat(40)}`;
export const OTHER: RemoteKey = `v1/o/${'1'.repeat(40)}`;
/** In bytes. */
export const LIMIT = 1024 * 1024;

const AWS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

/** In a URL `x=1` means time limits of 0.4 s without progress, and 0.3 s for a connection. */
export function guarded(
  cacheDirectory: string,
  url: string,
  more: { readonly lines?: string[]; readonly environment?: Environment } = {},
): GuardedRemote {
  const environment = { ...AWS, ...more.environment };
  const [address] = readAddresses({
    remote: url.replace('x=1', 'timeout=0.4&connect-timeout=0.3'),
  }).stores.flat();
  assert.ok(address);
  const name = nameOf(address);
  return new GuardedRemote({
    address,
    name,
    load: () => loadRemote(address, { environment, homeDirectory: cacheDirectory, style: 'posix' }),
    sealing: {},
    health: healthOf(cacheDirectory, { identity: identityOf(address, environment), name }),
    redact: (line) => line,
    trace: (line) => more.lines?.push(line()),
  });
}

/** The body of the entry, or the reason why there is none. */
export function bodyOf(found: Found): string {
  return found.kind === 'found' ? Buffer.from(found.body).toString() : found.kind;
}
