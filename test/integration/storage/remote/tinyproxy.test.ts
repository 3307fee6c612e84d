/** Stores behind a company's proxy: a real proxy program between clcache and real servers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { sealEnvelope } from '../../../../src/storage/wire/envelope.ts';
import { AZURE, azuriteUrl, endpointOf, startAzurite, WITHOUT_AZURITE } from '../../../helpers/azurite.ts';
import { selfSigned } from '../../../helpers/certificate.ts';
import { run } from '../../../helpers/compilers.ts';
import { fixtureProgram } from '../../../helpers/fixture-program.ts';
import { bodyOf, guarded, KEY, LIMIT } from '../../../helpers/guarded.ts';
import { freePort, type StartedServer, startNginx, startS3 } from '../../../helpers/remote-servers.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { type StartedProxyProgram, startTinyproxy } from '../../../helpers/tinyproxy.ts';

const ENTRY = sealEnvelope(KEY, Buffer.alloc(100_000, 'value'), {});
const PATIENT = 'connect-timeout=10&timeout=30';
const CREDENTIALS = { ...AZURE, AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

interface Behind {
  readonly start: () => Promise<StartedServer>;
  readonly url: (port: number) => string;
  readonly skip?: string | false;
}

const STORES: Readonly<Record<string, Behind>> = {
  http: { start: startNginx, url: (port) => `http://127.0.0.1:${port}/open?${PATIENT}` },
  s3: { start: startS3, url: (port) => `s3://bucket?endpoint=http://127.0.0.1:${port}&${PATIENT}` },
  azblob: {
    start: () => startAzurite(),
    url: (port) => azuriteUrl(port, `&${PATIENT}`),
    skip: WITHOUT_AZURITE,
  },
};

for (const [name, { start, url, skip = false }] of Object.entries(STORES)) {
  describe(`${name} behind a proxy with a password`, { skip }, () => {
    let server: StartedServer;
    let proxy: StartedProxyProgram;
    before(async () => {
      proxy = await startTinyproxy('me:word');
      server = await start();
    });
    after(async () => {
      await proxy?.stop();
      await server?.stop();
    });
    const at = (userInfo: string, form = 'http://') => `${form}${userInfo}127.0.0.1:${proxy.port}`;

    test('takes and gives entries through it, whatever variable names it and in which form', async (t) => {
      for (const variables of [
        { http_proxy: at('me:word@') },
        { HTTP_PROXY: `${at('me:word@')}/` },
        { ALL_PROXY: at('me:word@', ''), https_proxy: 'http://127.0.0.1:1' },
      ]) {
        const environment = { ...CREDENTIALS, ...variables };
        const remote = guarded(temporaryFolder(t), url(server.port), { environment });
        const askedBefore = proxy.asked().length;
        assert.equal(await remote.putUnlessThere(KEY, ENTRY), true);
        assert.equal(bodyOf(await remote.get(KEY, LIMIT)).length, 100_000);
        const asked = proxy.asked().slice(askedBefore);
        assert.ok(asked.length >= 2, asked.join('\n'));
        for (const line of asked)
          assert.match(line, new RegExp(`^(GET|HEAD|PUT) http://127.0.0.1:${server.port}/`));
        assert.deepEqual([remote.activity.errors, remote.activity.timeouts], [0, 0]);
        remote.close();
      }
    });

    test('is reached without it where NO_PROXY excepts the host, also by a range or with a port', async (t) => {
      for (const NO_PROXY of ['127.0.0.1', `other,127.0.0.1:${server.port}`, '10.0.0.0/8 127.0.0.0/8', '*']) {
        const environment = { ...CREDENTIALS, http_proxy: at(''), NO_PROXY };
        const remote = guarded(temporaryFolder(t), url(server.port), { environment });
        const askedBefore = proxy.asked().length;
        assert.equal(await remote.put(KEY, ENTRY), true, NO_PROXY);
        assert.equal(proxy.asked().length, askedBefore, NO_PROXY);
        remote.close();
      }
    });

    test('is out after one failure if the proxy refuses, or is dead, and is not reached past it', async (t) => {
      for (const http_proxy of [at('me:wrong@'), at(''), `http://127.0.0.1:${await freePort()}`]) {
        const NO_PROXY = `127.0.0.1:${await freePort()},.example.com`;
        const environment = { ...CREDENTIALS, http_proxy, NO_PROXY };
        const lines: string[] = [];
        const remote = guarded(temporaryFolder(t), url(server.port), { environment, lines });
        assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
        assert.equal(await remote.put(KEY, ENTRY), false);
        assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
        assert.match(lines.join('\n'), /407|401|ECONNREFUSED/);
        assert.doesNotMatch(lines.join('\n'), /wrong/);
      }
    });
  });
}

describe('over TLS', () => {
  test('https and azblob go through a tunnel of the proxy, and the server behind it proves who it is', {
    skip: WITHOUT_AZURITE,
  }, async (t) => {
    const certificate = selfSigned(temporaryFolder(t));
    const values = new Map<string, Buffer>();
    const [key, cert] = [readFileSync(certificate.key), readFileSync(certificate.cert)];
    const plain = createServer({ key, cert }, async (request, response) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
      if (request.method === 'PUT') values.set(request.url ?? '', Buffer.concat(chunks));
      response.end(request.method === 'GET' ? values.get(request.url ?? '') : undefined);
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const azurite = await startAzurite(certificate);
    const [open, closed] = [
      await startTinyproxy('me:word'),
      await startTinyproxy(undefined, ['ConnectPort 1']),
    ];
    t.after(async () => {
      plain.closeAllConnections();
      plain.close();
      for (const one of [azurite, open, closed]) await one.stop();
    });
    const plainPort = (plain.address() as AddressInfo).port;
    const azureUrl = `azblob://cache?endpoint=${endpointOf(azurite.port, certificate)}&${PATIENT}`;
    for (const [url, port] of [
      [`https://127.0.0.1:${plainPort}/cache?${PATIENT}`, plainPort],
      [azureUrl, azurite.port],
    ] as const) {
      const trip = async (https_proxy: string, authority: string | undefined = certificate.cert) => {
        const env = { ...AZURE, https_proxy, NODE_EXTRA_CA_CERTS: authority };
        const words = [fixtureProgram('remote-round-trip.ts'), url];
        const { stdout, stderr } = await run(process.execPath, words, { env });
        return `${stdout}${stderr}`.trim();
      };
      // Without http:// it is what curl takes, too. Azure's own client would fail.
      for (const form of ['http://', ''])
        assert.equal(await trip(`${form}me:word@127.0.0.1:${open.port}`), 'a value', url);
      assert.ok(open.asked().includes(`CONNECT 127.0.0.1:${port} HTTP/1.1`), open.asked().join('\n'));
      assert.match(await trip(`http://me:word@127.0.0.1:${open.port}`, ''), /SELF_SIGNED|certificate/i);
      assert.match(await trip(`http://127.0.0.1:${open.port}`), /the proxy answered with 40[17]/);
      assert.match(await trip(`http://127.0.0.1:${closed.port}`), /the proxy answered with 403/);
    }
  });
});
