/** Azurite, Microsoft's emulator of Azure's storage, on a loopback port. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { request as startPlain } from 'node:http';
import { request as startSecure } from 'node:https';
import { createInterface } from 'node:readline';
import { AccountSASPermissions, BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { AZURITE } from '../../bin/dev/azurite.ts';
import type { StartedServer } from './remote-servers.ts';

/** The reason to skip a test that starts it, or false. */
export const WITHOUT_AZURITE = !existsSync(AZURITE) && 'npm test could not install Azurite';

export const ACCOUNT = 'team';
export const ACCOUNT_KEY = Buffer.from('a key that only this machine knows').toString('base64');
/** What a machine has set that may use the store. */
export const AZURE = { AZURE_STORAGE_KEY: ACCOUNT_KEY };

const OPTIONS = ['--blobPort=0', '--inMemoryPersistence', '--silent', '--disableTelemetry'];
const HOUR_MS = 3_600_000;

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** The emulator with a container `cache`. With a certificate it speaks TLS, and takes tokens of identities. */
export async function startAzurite(certificate?: Certificate): Promise<StartedServer> {
  const secured = certificate
    ? ['--oauth=basic', `--key=${certificate.key}`, `--cert=${certificate.cert}`]
    : [];
  // It knows the newest interface that there was when it was released. The client may have a newer one.
  const words = [AZURITE, ...OPTIONS, '--skipApiVersionCheck', ...secured];
  const env = { ...process.env, AZURITE_ACCOUNTS: `${ACCOUNT}:${ACCOUNT_KEY}` };
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'], env });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const port = / listens on https?:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    await makeContainer(endpointOf(Number(port), certificate), certificate);
    child.stdout.resume();
    return { port: Number(port), stop };
  }
  throw new Error('Azurite did not start');
}

export function endpointOf(port: number, certificate?: Certificate): string {
  return `${certificate ? 'https' : 'http'}://127.0.0.1:${port}/${ACCOUNT}`;
}

/** The address of the store. It needs `AZURE`, or what `more` names (`&key=…`). */
export function azuriteUrl(port: number, more = ''): string {
  return `azblob://cache/some/prefix?endpoint=${endpointOf(port)}${more}`;
}

/** A token for an hour, with these rights (`r`, `w`, `c`), for containers and what they hold. */
export function sasToken(endpoint: string, rights: string): string {
  const service = new BlobServiceClient(endpoint, new StorageSharedKeyCredential(ACCOUNT, ACCOUNT_KEY));
  const end = new Date(Date.now() + HOUR_MS);
  return new URL(service.generateAccountSasUrl(end, AccountSASPermissions.parse(rights), 'co')).search;
}

async function makeContainer(endpoint: string, certificate: Certificate | undefined): Promise<void> {
  const url = `${endpoint}/cache${sasToken(endpoint, 'c')}&restype=container`;
  const options = { method: 'PUT', headers: { 'content-length': 0 } };
  await new Promise<void>((resolve, reject) => {
    const sent = certificate
      ? startSecure(url, { ...options, ca: readFileSync(certificate.cert) })
      : startPlain(url, options);
    sent.once('error', reject).once('response', (answer) => {
      answer.resume();
      if (answer.statusCode === 201) resolve();
      else reject(new Error(`making a container was answered with ${answer.statusCode}`));
    });
    sent.end();
  });
}
