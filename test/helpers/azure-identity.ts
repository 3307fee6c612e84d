/** Azurite with TLS, and what gives a managed identity its tokens, as Azure's App Service has it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpointOf, startAzurite } from './azurite.ts';
import { selfSigned } from './certificate.ts';
import type { StartedServer } from './remote-servers.ts';

const HOUR_S = 3600;
const AUDIENCE = 'https://storage.azure.com';

export interface WithIdentity extends StartedServer {
  /** What a machine with this identity has set. */
  readonly variables: Readonly<Record<string, string>>;
  /** How often somebody who knew the header has asked for a token, and for what. */
  readonly asked: readonly string[];
}

export async function startAzureWithIdentity(): Promise<WithIdentity> {
  const folder = mkdtempSync(join(tmpdir(), 'clcache-azure-'));
  const certificate = selfSigned(folder);
  const storage = await startAzurite(certificate);
  const asked: string[] = [];
  const identities = createServer((request, response) => {
    asked.push(`${request.headers['x-identity-header']} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(newToken()));
  });
  await new Promise<void>((resolve) => identities.listen(0, '127.0.0.1', resolve));
  const { port } = identities.address() as AddressInfo;
  return {
    port: storage.port,
    asked,
    variables: {
      CLCACHE_REMOTE: `azblob://cache?endpoint=${endpointOf(storage.port, certificate)}&connect-timeout=10&timeout=30`,
      NODE_EXTRA_CA_CERTS: certificate.cert,
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/token`,
      IDENTITY_HEADER: 'of this machine',
      // The libraries would write tokens to stderr.
      AZURE_LOG_LEVEL: 'verbose',
      DEBUG: '*',
    },
    async stop() {
      identities.closeAllConnections();
      identities.close();
      await storage.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The answer to a question for a token. Azurite checks what it says, and no signature. */
function newToken(): object {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: AUDIENCE,
    iss: 'https://sts.windows.net/team/',
    iat: now,
    nbf: now,
    exp: now + HOUR_S,
  };
  const parts = [{ alg: 'none', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return {
    access_token: `${parts.join('.')}.`,
    expires_on: String(now + HOUR_S),
    resource: AUDIENCE,
    token_type: 'Bearer',
  };
}
