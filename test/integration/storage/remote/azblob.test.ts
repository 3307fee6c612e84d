/** What proves to Azure who asks, and what its answers mean. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sealEnvelope } from '../../../../src/storage/wire/envelope.ts';
import { startAzureWithIdentity } from '../../../helpers/azure-identity.ts';
import {
  ACCOUNT,
  ACCOUNT_KEY,
  AZURE,
  azuriteUrl,
  endpointOf,
  sasToken,
  startAzurite,
  WITHOUT_AZURITE,
} from '../../../helpers/azurite.ts';
import { run } from '../../../helpers/compilers.ts';
import { HTTP, startFake } from '../../../helpers/fake-server.ts';
import { fixtureProgram } from '../../../helpers/fixture-program.ts';
import { bodyOf, guarded, KEY, LIMIT, OTHER } from '../../../helpers/guarded.ts';
import type { StartedServer } from '../../../helpers/remote-servers.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const ENTRY = sealEnvelope(KEY, Buffer.from('value'), {});
const skip = WITHOUT_AZURITE;

describe('a container in Azure', { skip }, () => {
  let server: StartedServer;
  let endpoint: string;
  before(async () => {
    server = await startAzurite();
    endpoint = endpointOf(server.port);
  });
  after(() => server?.stop());

  test('is reached with a key, a SAS token or a connection string, in the address or in variables', async (t) => {
    const token = sasToken(endpoint, 'rwc');
    const connection = [
      `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${ACCOUNT_KEY};BlobEndpoint=${endpoint};`,
      `BlobEndpoint=${endpoint};SharedAccessSignature=${token.slice(1)}`,
    ];
    const whole = azuriteUrl(server.port);
    const bare = 'azblob://cache/some/prefix';
    const writer = guarded(temporaryFolder(t), whole, { environment: AZURE });
    assert.equal(await writer.put(KEY, ENTRY), true);
    writer.close();
    for (const [url, environment] of [
      [`${whole}&key=${ACCOUNT_KEY}`, {}],
      [`${whole}&key=${encodeURIComponent(ACCOUNT_KEY)}&account=${ACCOUNT}`, {}],
      [`${whole}&sas=${encodeURIComponent(token)}`, {}],
      [`${whole}&sas=${token}`, {}],
      [`${whole}&sas=${token.slice(1)}&timeout=20`, { AZURE_STORAGE_KEY: 'bm8=' }],
      [whole, { AZURE_STORAGE_SAS_TOKEN: token }],
      [whole, { AZURE_STORAGE_CONNECTION_STRING: connection[0] }],
      [bare, { AZURE_STORAGE_CONNECTION_STRING: connection[0] }],
      [bare, { AZURE_STORAGE_CONNECTION_STRING: connection[1], AZURE_STORAGE_KEY: 'bm8=' }],
      [`${bare}?account=${ACCOUNT}`, { AZURE_STORAGE_CONNECTION_STRING: connection[0] }],
      [bare, { AZURE_STORAGE_SERVICE_ENDPOINT: `${endpoint}/`, ...AZURE }],
    ] as const) {
      const lines: string[] = [];
      const remote = guarded(temporaryFolder(t), url, { environment, lines });
      assert.equal(bodyOf(await remote.get(KEY, LIMIT)), 'value', `${url}\n${lines.join('\n')}`);
      remote.close();
    }
  });

  test('that does not exist, and a proof that does not hold, take the store out, and say why', async (t) => {
    for (const [url, environment, said] of [
      [azuriteUrl(server.port).replace('cache', 'other'), AZURE, /404 ContainerNotFound/],
      [azuriteUrl(server.port), { AZURE_STORAGE_KEY: 'd3Jvbmc=' }, /403 Auth\w+/],
      [azuriteUrl(server.port), { AZURE_STORAGE_CONNECTION_STRING: 'wrong' }, /connection string/i],
      [azuriteUrl(server.port), {}, /Bearer token .* non-TLS/],
    ] as const) {
      const lines: string[] = [];
      const remote = guarded(temporaryFolder(t), url, { environment, lines });
      assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
      assert.match(lines.join('\n'), said);
      assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
    }
  });

  test('whose SAS token may only read is read, and not written to', async (t) => {
    const writer = guarded(temporaryFolder(t), azuriteUrl(server.port), { environment: AZURE });
    await writer.put(KEY, ENTRY);
    writer.close();
    const url = azuriteUrl(server.port, `&sas=${sasToken(endpoint, 'r')}`);
    const remote = guarded(temporaryFolder(t), url);
    assert.equal(await remote.put(OTHER, ENTRY), false);
    assert.equal(bodyOf(await remote.get(KEY, LIMIT)), 'value');
    assert.deepEqual([remote.canRead, remote.canWrite], [true, false]);
    remote.close();
  });
});

test('a container is reached by a managed identity, over TLS with a verified certificate', {
  skip,
}, async (t) => {
  const server = await startAzureWithIdentity();
  t.after(() => server.stop());
  const trip = (more: object) =>
    run(
      process.execPath,
      [fixtureProgram('remote-round-trip.ts'), server.variables['CLCACHE_REMOTE'] ?? ''],
      {
        env: { ...server.variables, ...more },
      },
    );
  const { stdout, stderr } = await trip({});
  assert.deepEqual([String(stdout).trim(), String(stderr)], ['a value', '']);
  assert.match(server.asked.join('\n'), /^of this machine \/token\?.*storage\.azure\.com/);
  const stranger = await trip({ NODE_EXTRA_CA_CERTS: undefined });
  assert.match(String(stranger.stdout), /SELF_SIGNED|certificate/i);
  const nobody = await trip({ IDENTITY_ENDPOINT: undefined, IDENTITY_HEADER: undefined, PATH: '' });
  assert.match(String(nobody.stdout), /no key, SAS token or identity of Azure was found/);
});

test('a blob that is archived is a miss, and does not take the store out', async (t) => {
  const server = await startFake(HTTP, (socket) => {
    socket.write('HTTP/1.1 409 Conflict\r\nx-ms-error-code: BlobArchived\r\nContent-Length: 0\r\n\r\n');
  });
  t.after(server.stop);
  const remote = guarded(temporaryFolder(t), azuriteUrl(server.port, '&x=1'), { environment: AZURE });
  assert.equal((await remote.get(KEY, LIMIT)).kind, 'rejected');
  assert.equal(await remote.put(KEY, ENTRY), false);
  assert.deepEqual([remote.canRead, remote.canWrite, remote.activity.errors], [true, true, 0]);
  remote.close();
});

test('the key of one account is not sent to another, and a redirection is not followed', async (t) => {
  const asked: string[] = [];
  const server = await startFake(HTTP, (socket, request) => {
    asked.push(request.toString('latin1'));
    socket.write(
      `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${server.port}/elsewhere\r\nContent-Length: 0\r\n\r\n`,
    );
  });
  t.after(server.stop);
  const elsewhere = { ...AZURE, AZURE_STORAGE_ACCOUNT: 'another' };
  const remote = guarded(temporaryFolder(t), azuriteUrl(server.port, '&account=team&x=1'), {
    environment: elsewhere,
  });
  assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
  assert.deepEqual(asked, []);
  const same = guarded(temporaryFolder(t), azuriteUrl(server.port, '&x=1'), { environment: AZURE });
  assert.equal((await same.get(KEY, LIMIT)).kind, 'unanswered');
  assert.equal(asked.length, 1);
});
