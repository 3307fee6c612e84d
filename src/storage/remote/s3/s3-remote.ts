import { AwsV4Signer } from 'aws4fetch';
import { isEndpoint, type RemoteAddress } from '../address.ts';
import { Caller, type CallerOptions } from '../http/caller.ts';
import { exchange, type HttpAnswer, refusalOf, saysToHold } from '../http/exchange.ts';
import type { Beat, Remote, RemoteKey, StoreContext } from '../remote.ts';
import { isYes } from '../url-options.ts';
import { type AwsCredentials, awsSettings } from './credentials.ts';
import type { RoleCredentials } from './role-credentials.ts';

const DEFAULT_REGION = 'us-east-1';
const ACKNOWLEDGEMENT_LIMIT = 64 * 1024;

/**
 * `s3://bucket[/prefix]`: Amazon's service, or another one with its protocol (`endpoint=http://host:port`). Requests
 * are signed with signature version 4, unless the store is anonymous. Rejects if there are no credentials.
 */
export async function openS3Remote(
  address: RemoteAddress,
  context: StoreContext,
  beat: Beat,
): Promise<Remote> {
  const settings = awsSettings(context, address.options.profile);
  const network = { ...context, connectTimeoutMs: address.connectTimeoutMs, beat };
  const region = address.options.region ?? settings.region ?? DEFAULT_REGION;
  const credentials: RoleCredentials | undefined = isYes(address.options.anonymous)
    ? undefined
    : (settings.credentials ?? (await roleCredentials(address, network, region)));
  const base = baseUrl(address, address.options.endpoint ?? settings.endpoint, region);
  const caller = new Caller({ ...network, url: base });
  const requestFor = async <M extends string>(method: M, key: RemoteKey, body?: Uint8Array) => {
    const request = { method, url: `${base.href.replace(/\/+$/, '')}/${key}`, ...(body && { body }) };
    return { ...request, headers: credentials ? await signed(request, credentials, region) : {} };
  };
  const send = async (method: 'GET' | 'PUT' | 'DELETE', key: RemoteKey, limit: number, body?: Uint8Array) => {
    const answer = await exchange(caller, await requestFor(method, key, body), limit);
    // The role may have been taken away, or its credentials ended early.
    if (answer.status === 403 && !isMissing(answer)) credentials?.forget?.();
    return answer;
  };

  return {
    async get(key, maximumSize) {
      const answer = await send('GET', key, maximumSize);
      if (answer.status === 200) return answer.body;
      if (isMissing(answer)) return undefined;
      throw refusalOf({ method: 'GET' }, answer);
    },
    async put(key, bytes) {
      const answer = await send('PUT', key, ACKNOWLEDGEMENT_LIMIT, bytes);
      // Some services begin the answer with 200 and report a failure in its body.
      const failed = answer.status !== 200 || Buffer.from(answer.body).includes('<Error>');
      if (failed) throw refusalOf({ method: 'PUT' }, answer);
    },
    async remove(key) {
      const answer = await send('DELETE', key, ACKNOWLEDGEMENT_LIMIT);
      if (answer.status !== 204 && answer.status !== 200) throw refusalOf({ method: 'DELETE' }, answer);
    },
    holds: async (key, size) => saysToHold(caller, await requestFor('HEAD', key), size),
    close: () => caller.destroy(),
  };
}

async function roleCredentials(
  { options, timeoutMs }: RemoteAddress,
  network: StoreContext & Omit<CallerOptions, 'url'>,
  region: string,
): Promise<RoleCredentials> {
  const { findRoleCredentials } = await import('./role-credentials.ts');
  return findRoleCredentials(network, { profile: options.profile, region, timeoutMs, network });
}

/** A user who may not list a bucket gets AccessDenied for a key that does not exist. */
function isMissing({ status, body }: HttpAnswer): boolean {
  if (status === 403) return Buffer.from(body).includes('<Code>AccessDenied</Code>');
  return status === 404 && !Buffer.from(body).includes('<Code>NoSuchBucket</Code>');
}

/** The bucket is part of the host name for Amazon if TLS can verify that name. Else it is part of the path. */
function baseUrl(address: RemoteAddress, endpoint: string | undefined, region: string): URL {
  const { place: bucket, path } = address;
  if (endpoint !== undefined) {
    // The value is not shown, because it may hold a password.
    if (!isEndpoint(endpoint)) throw new Error('the endpoint is no http:// or https:// address of a host');
    return new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}${path}`);
  }
  if (bucket.includes('.')) return new URL(`https://s3.${region}.amazonaws.com/${bucket}${path}`);
  return new URL(`https://${bucket}.s3.${region}.amazonaws.com${path}`);
}

async function signed(
  request: { readonly method: string; readonly url: string; readonly body?: Uint8Array },
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  region: string,
): Promise<Readonly<Record<string, string>>> {
  const { method, url, body } = request;
  const signer = new AwsV4Signer({
    method,
    url,
    accessKeyId,
    secretAccessKey,
    region,
    service: 's3',
    ...(sessionToken !== undefined && { sessionToken }),
    // Without this header the library signs 'UNSIGNED-PAYLOAD', and over plain HTTP anybody in between could change the
    // body.
    ...(body && { headers: { 'x-amz-content-sha256': await sha256(body) } }),
  });
  const { headers } = await signer.sign();
  return Object.fromEntries(headers);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Buffer.from(digest).toString('hex');
}
