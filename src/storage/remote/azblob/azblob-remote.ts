import {
  AnonymousCredential,
  BlobServiceClient,
  type ContainerClient,
  RestError,
  type StoragePipelineOptions,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { asBuffer } from '../../../util/as-buffer.ts';
import type { RemoteAddress } from '../address.ts';
import {
  type Beat,
  RefusedError,
  type Remote,
  type RemoteKey,
  type StoreContext,
  TooLargeError,
  UnfitEntryError,
} from '../remote.ts';
import { percentDecoded } from '../url-options.ts';
import { type AzureAccount, azureAccount, connectionStringOf } from './account.ts';
import { AzureHttp } from './azure-http.ts';
import { unseen } from './unseen.ts';

/** Answers that say something of one blob only: it is archived, leased, or must not change. */
const ABOUT_ONE_BLOB: ReadonlySet<number> = new Set([409, 412, 413]);

/** `azblob://container[/prefix]`: Azure's Blob Storage, through Microsoft's client. */
export async function openAzblobRemote(
  address: RemoteAddress,
  context: StoreContext,
  beat: Beat,
): Promise<Remote> {
  const { environment, style } = context;
  const http = new AzureHttp({ environment, style, connectTimeoutMs: address.connectTimeoutMs, beat });
  const container = await unseen(() => containerOf(address, context, http));
  const prefix = percentDecoded(address.path).replace(/^\/+|\/+$/g, '');
  const blobOf = (key: RemoteKey) => container.getBlockBlobClient(prefix === '' ? key : `${prefix}/${key}`);

  return {
    async get(key, maximumSize) {
      try {
        // One byte more shows that there is more. Whoever sends more than was asked for is cut off.
        const answer = await blobOf(key).download(0, maximumSize + 1, { maxRetryRequests: 0 });
        const value = await bytesOf(answer.readableStreamBody);
        if (value.length > maximumSize) throw new TooLargeError(`the answer has over ${maximumSize} bytes`);
        return value;
      } catch (error) {
        const { status, code } = refusalIn(error);
        if (status === 404 && code !== 'ContainerNotFound') return undefined;
        // Nothing has no first byte.
        if (status === 416) return Buffer.of();
        if (status === 409) throw new UnfitEntryError(`it cannot be read: ${code}`, { cause: error });
        throw asRefusal('GET', error);
      }
    },
    async put(key, bytes) {
      try {
        // The client signs the length of a `Buffer` only.
        await blobOf(key).upload(asBuffer(bytes), bytes.length);
      } catch (error) {
        throw asRefusal('PUT', error);
      }
    },
    async holds(key, size) {
      try {
        return (await blobOf(key).getProperties()).contentLength === size;
      } catch (error) {
        if (refusalIn(error).status !== undefined) return false;
        throw error;
      }
    },
    async remove(key) {
      try {
        await blobOf(key).deleteIfExists();
      } catch (error) {
        throw asRefusal('DELETE', error);
      }
    },
    close: () => http.destroy(),
  };
}

async function containerOf(
  address: RemoteAddress,
  context: StoreContext,
  http: AzureHttp,
): Promise<ContainerClient> {
  // clcache has its own rule for trying again, and its time limits.
  const options = { httpClient: http.forStorage, retryOptions: { maxTries: 1 } };
  const text = connectionStringOf(address, context);
  const named = text === undefined ? undefined : readConnectionString(text, options);
  if (named && isWanted(named, address)) return named.getContainerClient(address.place);
  const account = azureAccount(address, context);
  const token = account.proof.kind === 'sas' ? `?${account.proof.token}` : '';
  const credential = await credentialOf(account, context, http);
  const service = new BlobServiceClient(`${account.endpoint}${token}`, credential, options);
  return service.getContainerClient(address.place);
}

/** Throws without a part of the text, because it holds a secret. */
function readConnectionString(text: string, options: StoragePipelineOptions): BlobServiceClient {
  try {
    return BlobServiceClient.fromConnectionString(text, options);
  } catch {
    throw new Error('AZURE_STORAGE_CONNECTION_STRING is no connection string of an account');
  }
}

/** True if the address names no other account than the connection string. */
function isWanted({ accountName, url }: BlobServiceClient, { options }: RemoteAddress): boolean {
  const withoutToken = url.replace(/\/*(?:\?.*)?$/s, '');
  const { account = accountName, endpoint = withoutToken } = options;
  return account === accountName && withoutToken === endpoint.replace(/\/+$/, '');
}

async function credentialOf({ endpoint, name, proof }: AzureAccount, context: StoreContext, http: AzureHttp) {
  if (proof.kind === 'sas') return new AnonymousCredential();
  if (proof.kind === 'key') {
    return new StorageSharedKeyCredential(name ?? new BlobServiceClient(endpoint).accountName, proof.key);
  }
  const { azureIdentity } = await import('./azure-identity.ts');
  return azureIdentity(http, context);
}

async function bytesOf(stream: NodeJS.ReadableStream | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? []) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  const [only] = chunks;
  return chunks.length === 1 && only ? asBuffer(only) : Buffer.concat(chunks);
}

/** Status and code of an answer that is an error. Both are undefined if there was no answer. */
function refusalIn(error: unknown): { readonly status?: number; readonly code?: string } {
  if (!(error instanceof RestError) || error.statusCode === undefined) return {};
  const code = error.response?.headers.get('x-ms-error-code');
  return { status: error.statusCode, ...(code !== undefined && /^\w+$/.test(code) && { code }) };
}

/** Without the message of the client, which may hold the URL with the token. */
function asRefusal(method: string, error: unknown): unknown {
  const { status, code } = refusalIn(error);
  if (status === undefined) return error;
  const isAboutValue = method === 'PUT' && ABOUT_ONE_BLOB.has(status);
  return new RefusedError(`${method} was answered with ${status}${code ? ` ${code}` : ''}`, isAboutValue);
}
