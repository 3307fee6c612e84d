/** Servers must prove who they are. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { selfSigned } from '../../../helpers/certificate.ts';
import { run } from '../../../helpers/compilers.ts';
import { fixtureProgram } from '../../../helpers/fixture-program.ts';
import { startProxy } from '../../../helpers/proxy.ts';
import { startRedisWithTls } from '../../../helpers/remote-servers.ts';
import { startRelay } from '../../../helpers/slow-network.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

async function roundTrip(
  url: string,
  authority?: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ said: string; complained: string }> {
  const env = { ...more, NODE_EXTRA_CA_CERTS: authority, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  const { stdout, stderr } = await run(process.execPath, [fixtureProgram('remote-round-trip.ts'), url], {
    env,
  });
  return { said: stdout.toString().trim(), complained: stderr.toString() };
}

async function isVerified(url: string, authority: string): Promise<void> {
  const stranger = await roundTrip(url);
  assert.match(
    stranger.said,
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|Error: .*certificate)/i,
    url,
  );
  assert.deepEqual(await roundTrip(url, authority), { said: 'a value', complained: '' }, url);
}

test('https and s3 verify the certificate', async (t) => {
  const { key, cert } = selfSigned(temporaryFolder(t));
  const values = new Map<string, Buffer>();
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      if (request.method === 'PUT') values.set(path, Buffer.concat(chunks));
      response.end(request.method === 'GET' ? values.get(path) : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  await isVerified(`https://127.0.0.1:${port}/cache`, cert);
  await isVerified(`s3://bucket?endpoint=https://localhost:${port}`, cert);

  // Through a proxy, too, the server must prove who it is.
  const proxy = await startProxy(port, 'me:word');
  t.after(() => proxy.stop());
  const variables = {
    https_proxy: `http://me:word@127.0.0.1:${proxy.port}`,
    http_proxy: 'http://127.0.0.1:1',
  };
  const url = `https://localhost:${port}/cache`;
  assert.deepEqual(await roundTrip(url, cert, variables), { said: 'a value', complained: '' });
  assert.deepEqual(proxy.asked, [`CONNECT localhost:${port}`]);
  assert.match((await roundTrip(url, undefined, variables)).said, /SELF_SIGNED|certificate/i);
  const asStranger = { https_proxy: `http://127.0.0.1:${proxy.port}` };
  assert.match((await roundTrip(url, cert, asStranger)).said, /the proxy answered with 407/);
});

test('rediss verifies the certificate', async (t) => {
  const { key, cert } = selfSigned(temporaryFolder(t));
  const server = await startRedisWithTls(key, cert);
  t.after(() => server.stop());
  await isVerified(`rediss://127.0.0.1:${server.port}`, cert);
  await isVerified(`rediss://localhost:${server.port}`, cert);
});

test('servers that a sentinel or a cluster names must prove who they are as well', async (t) => {
  const { key, cert } = selfSigned(temporaryFolder(t));
  const master = await startRedisWithTls(key, cert, '--cluster-enabled', 'yes', '--tls-cluster', 'yes');
  t.after(() => master.stop());
  // A cluster of one server, which has all slots.
  const server = connectTls({ host: '127.0.0.1', port: master.port, ca: readFileSync(cert) });
  server.write('CLUSTER ADDSLOTSRANGE 0 16383\r\n');
  // A server that has just got them serves after two seconds.
  for (let said = ''; !said.includes('cluster_state:ok'); said = String((await once(server, 'data'))[0]))
    server.write('CLUSTER INFO\r\n');
  server.destroy();
  await isVerified(`rediss-cluster://127.0.0.1:${master.port}`, cert);

  const sentinel = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {
      const port = String(master.port);
      socket.write(`*2\r\n$9\r\n127.0.0.1\r\n$${port.length}\r\n${port}\r\n`);
    });
  });
  await new Promise<void>((resolve) => sentinel.listen(0, '127.0.0.1', resolve));
  t.after(() => sentinel.close());
  await isVerified(`rediss-sentinel://127.0.0.1:${(sentinel.address() as AddressInfo).port}/name`, cert);
});

test('TLS, a password and a database do not count in the limit for connecting', async (t) => {
  const { key, cert } = selfSigned(temporaryFolder(t));
  const server = await startRedisWithTls(key, cert, '--requirepass', 'word');
  const relay = await startRelay(server.port, { delayMs: 55 });
  t.after(async () => {
    await relay.stop();
    await server.stop();
  });
  // Each of the three steps takes this long.
  const url = `rediss://:word@127.0.0.1:${relay.port}/1?connect-timeout=0.1&timeout=5`;
  assert.deepEqual(await roundTrip(url, cert), { said: 'a value', complained: '' });
});
