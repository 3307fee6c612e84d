import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { proxyFor } from '../../../../src/storage/remote/http/proxy.ts';
import { proxySecrets } from '../../../../src/storage/remote/http/proxy-variables.ts';
import { sealEnvelope } from '../../../../src/storage/wire/envelope.ts';
import { bodyOf, guarded, KEY, LIMIT } from '../../../helpers/guarded.ts';
import { startProxy } from '../../../helpers/proxy.ts';
import { freePort, startNginx } from '../../../helpers/remote-servers.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const PROXY = { host: 'proxy', port: 3128 };

function proxyOf(url: string, environment: Record<string, string>) {
  return proxyFor(new URL(url), environment, 'posix');
}

test('the proxy is the variable of the scheme, small letters before capitals, then all_proxy', () => {
  for (const [url, environment, expected] of [
    ['http://h', { http_proxy: 'http://proxy:3128' }, PROXY],
    ['http://h', { HTTP_PROXY: 'proxy:3128' }, PROXY],
    ['http://h', { http_proxy: 'http://proxy:3128/', HTTP_PROXY: 'http://other' }, PROXY],
    ['https://h', { https_proxy: 'http://proxy:3128', http_proxy: 'http://other' }, PROXY],
    ['https://h', { http_proxy: 'http://other' }, undefined],
    ['https://h', { ALL_PROXY: 'http://proxy:3128' }, PROXY],
    ['http://h', { http_proxy: '', all_proxy: ' ' }, undefined],
    ['http://h', { http_proxy: 'http://[::1]:3128' }, { host: '::1', port: 3128 }],
    ['http://h', { http_proxy: 'http://proxy' }, { host: 'proxy', port: 80 }],
    ['http://h', {}, undefined],
  ] as const)
    assert.deepEqual(proxyOf(url, environment), expected, JSON.stringify(environment));
  assert.deepEqual(proxyFor(new URL('http://h'), { Http_Proxy: 'proxy:3128' }, 'win32'), PROXY);
});

test('user and password of a proxy are sent, and are secrets', () => {
  const environment = { http_proxy: 'http://me:w%40rd@proxy:3128', HTTPS_PROXY: 'token@proxy' };
  assert.deepEqual(proxyOf('http://h', environment), {
    ...PROXY,
    authorization: `Basic ${Buffer.from('me:w@rd').toString('base64')}`,
  });
  const secrets = proxySecrets(environment, 'posix');
  for (const secret of ['w%40rd', 'w@rd', 'token']) assert.ok(secrets.includes(secret), secret);
});

test('no_proxy excepts names with all subdomains, addresses, ranges, ports and everything', () => {
  const isDirect = (url: string, exceptions: string) =>
    proxyOf(url, { all_proxy: 'http://proxy:3128', NO_PROXY: exceptions }) === undefined;
  for (const [url, exceptions, expected] of [
    ['http://a.example.com', 'example.com', true],
    ['http://a.example.com', '.example.com', true],
    ['http://a.example.com', '*.example.com', true],
    ['http://a.EXAMPLE.com', 'other, Example.com', true],
    ['http://myexample.com', 'example.com', false],
    ['http://example.com.evil', 'example.com', false],
    ['http://h:8080', 'h:8080', true],
    ['http://h:8080', 'h:80', false],
    ['https://h', 'h:443', true],
    ['http://127.0.0.1', 'localhost 127.0.0.1', true],
    ['http://[::1]:80', '::1', true],
    ['http://[::1]:8080', '[::1]:8080', true],
    ['http://[::1]', '0:0:0:0:0:0:0:1', true],
    ['http://10.1.2.3', '10.0.0.0/8', true],
    ['http://10.1.2.3', '10.1.2.0/24,x', true],
    ['http://11.1.2.3', '10.0.0.0/8', false],
    ['http://10.1.2.3', '10.0.0.0/33', false],
    ['http://1.10.1.2', '10.1.2', false],
    ['http://[fd12::1]', 'fd00::/8', true],
    ['http://[fe12::1]', 'fd00::/8', false],
    ['http://10.0.0.0.example.com', '10.0.0.0/8', false],
    ['http://h.', 'h', true],
    ['http://169.254.169.254', '', true],
    ['http://[fe80::1]', '', true],
    ['http://anything', '*', true],
    ['http://h', '', false],
    ['http://h', ',', false],
  ] as const)
    assert.equal(isDirect(url, exceptions), expected, `${url} with ${exceptions}`);
});

test('a proxy of an unsupported kind is an error that shows nothing of it', async (t) => {
  for (const http_proxy of [
    'socks5://me:hidden@proxy:1080',
    'https://me:hidden@proxy',
    'http://me:hidden@',
    '@',
  ]) {
    const lines: string[] = [];
    const remote = guarded(temporaryFolder(t), 'http://cache.invalid?x=1', {
      lines,
      environment: { http_proxy },
    });
    assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
    assert.match(lines.join('\n'), /http_proxy .*names no http:\/\/ proxy/);
    assert.doesNotMatch(lines.join('\n'), /hid|den/);
  }
});

describe('through a proxy', () => {
  for (const [what, userInfo] of [
    ['that lets everybody in', undefined],
    ['with a password', 'me:word'],
  ] as const) {
    test(`${what} a server is reached whose name nobody else knows`, async (t) => {
      const server = await startNginx();
      const proxy = await startProxy(server.port, userInfo);
      t.after(async () => {
        await proxy.stop();
        await server.stop();
      });
      const place = `http://${userInfo === undefined ? '' : `${userInfo}@`}127.0.0.1:${proxy.port}`;
      const environment = { http_proxy: place };
      for (const url of ['http://cache.invalid/open?x=1', 's3://open?endpoint=http://cache.invalid&x=1']) {
        const remote = guarded(temporaryFolder(t), url, { environment });
        assert.equal(
          await remote.put(KEY, sealEnvelope(KEY, Buffer.from('value'), {})),
          url.startsWith('http'),
        );
        if (url.startsWith('http')) assert.equal(bodyOf(await remote.get(KEY, LIMIT)), 'value');
        remote.close();
      }
      assert.ok(proxy.asked.some((one) => one.startsWith('PUT http://cache.invalid/open/v1/o/')));
      assert.ok(proxy.asked.length >= 3, proxy.asked.join());
    });
  }

  test('that refuses the user, or is dead, no server is reached, and none is asked directly', async (t) => {
    const server = await startNginx();
    const proxy = await startProxy(server.port, 'me:word');
    t.after(async () => {
      await proxy.stop();
      await server.stop();
    });
    for (const [port, said] of [
      [proxy.port, /407/],
      [await freePort(), /the proxy: connect ECONNREFUSED/],
    ] as const) {
      const url = `http://127.0.0.1:${server.port}/open?x=1`;
      const lines: string[] = [];
      const environment = { http_proxy: `http://127.0.0.1:${port}` };
      const remote = guarded(temporaryFolder(t), url, { environment, lines });
      assert.equal(await remote.put(KEY, Buffer.from('value')), false);
      assert.equal(remote.activity.errors, 1);
      assert.match(lines.join('\n'), said);
      remote.close();
    }
    const direct = guarded(temporaryFolder(t), `http://127.0.0.1:${server.port}/open?x=1`);
    assert.equal((await direct.get(KEY, LIMIT)).kind, 'none');
    direct.close();
  });
});
