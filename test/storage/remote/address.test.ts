import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { hostAndPort, readAddresses, secretsOf } from '../../../src/storage/remote/address.ts';
import { shardedPath } from '../../../src/storage/remote/remote.ts';
import { awsSettings } from '../../../src/storage/remote/s3/credentials.ts';
import { redactor } from '../../../src/util/redact.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

function only(remote: string) {
  const { stores, problems } = readAddresses({ remote });
  const [address] = stores.flat();
  assert.deepEqual([stores.length, problems], [1, []]);
  assert.ok(address);
  return address;
}

test('a URL is split, and its options are read', () => {
  const address = only(
    'https://me:pa%24s@cache.example:8443/some/where?readonly=1&timeout=2.5&connect-timeout=0.1&token=a%26b',
  );
  assert.deepEqual(address, {
    scheme: 'https',
    url: 'https://cache.example:8443/some/where',
    place: 'cache.example:8443',
    path: '/some/where',
    user: 'me',
    password: 'pa$s',
    readOnly: true,
    connectTimeoutMs: 100,
    timeoutMs: 2500,
    ttlSeconds: 0,
    options: { readonly: '1', timeout: '2.5', 'connect-timeout': '0.1', token: 'a&b' },
  });
});

test('stores are separated by blanks or semicolons, and memcached comes last', () => {
  const { stores } = readAddresses({
    remote: ' redis://a/2?ttl=60 ; file:///share/cache\n s3://bucket/p',
    memcached: 'one:11211, two',
  });
  assert.deepEqual(
    stores.map((servers) => servers.map(({ url }) => url)),
    [
      ['redis://a/2'],
      ['file:///share/cache'],
      ['s3://bucket/p'],
      ['memcached://one:11211', 'memcached://two'],
    ],
  );
  const [first] = stores.flat();
  assert.deepEqual([first?.ttlSeconds, first?.timeoutMs, first?.connectTimeoutMs], [60, 5000, 300]);
});

test('servers of Redis that know of each other are one store, and a store names what it needs', () => {
  const { url, place, path, password, options } = only(
    'redis-sentinel://:pa%40s@a:1,[::1]:2,c/main?db=2&sentinel-user=me&sentinel-password=w%26d',
  );
  assert.deepEqual([url, place, path], ['redis-sentinel://a:1,[::1]:2,c/main', 'a:1,[::1]:2,c', '/main']);
  assert.deepEqual([password, options.db, options['sentinel-password']], ['pa@s', '2', 'w&d']);
  assert.equal(only('rediss-cluster://a,b:7001').place, 'a,b:7001');
  assert.deepEqual(
    ['redis+unix:///run/r.sock?db=1', 'redis+unix://:word@localhost/run/r.sock'].map((one) => only(one).path),
    ['/run/r.sock', '/run/r.sock'],
  );
  for (const [remote, said] of [
    ['redis-sentinel://a,b', /names no master after its hosts \(redis-sentinel:\/\/HOST:26379\/NAME\)/],
    ['rediss-sentinel://a/', /names no master/],
    ['redis+unix://', /names no socket/],
    ['redis+unix://host/run/r.sock', /no redis\+unix:\/\/ address/],
    ['redis+unix:/run/r.sock', /did you mean redis\+unix:\/\/\?/],
    ['redis+cluster://a', /did you mean redis-cluster:\/\/\?/],
    ['redis-cluster://a,b:x', /no redis-cluster:\/\/ address/],
    ['redis-cluster://a,', /no redis-cluster:\/\/ address/],
    ['redis-cluster://a?db=1', /an unknown option is ignored/],
    ['redis://a,b', /no redis:\/\/ address/],
  ] as const)
    assert.match(readAddresses({ remote }).problems.join(), said, remote);
});

test('a presigned URL is no store, and says what can be one; without credentials a bucket is only read', () => {
  for (const remote of [
    's3://bucket/p?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA&X-Amz-Signature=abc777',
    'https://bucket.s3.amazonaws.com/p?x-amz-signature=abc777',
  ]) {
    const { stores, problems } = readAddresses({ remote });
    assert.deepEqual(stores, []);
    assert.match(
      problems.join(),
      /is presigned, which is for one object: use temporary credentials, or query=/,
    );
    assert.doesNotMatch(problems.join(), /abc777|AKIA/);
  }
  assert.equal(only('s3://bucket?anonymous=1').readOnly, true);
  assert.equal(only('s3://bucket?anonymous=1&readonly=0').readOnly, false);
  assert.equal(only('s3://bucket?anonymous=0').readOnly, false);
  assert.ok(
    secretsOf(only('https://cdn/x?query=Policy%3Dp%26Signature%3Ds')).includes('Policy=p&Signature=s'),
  );
});

test('a part that is not understood is a problem, and the rest is used', () => {
  const { stores, problems } = readAddresses({
    remote: 'ftp://x nonsense http://?a=1 http://ok?ttl=3&timeout=soon',
  });
  assert.deepEqual(
    stores.flat().map(({ url, timeoutMs }) => [url, timeoutMs]),
    [['http://ok', 5000]],
  );
  assert.equal(problems.length, 5);
});

test('host and port are found, also of IPv6 addresses', () => {
  assert.deepEqual(hostAndPort('a.b:12', 1), { host: 'a.b', port: 12 });
  assert.deepEqual(hostAndPort('a.b', 1), { host: 'a.b', port: 1 });
  assert.deepEqual(hostAndPort('[::1]:12', 1), { host: '::1', port: 12 });
  assert.deepEqual(hostAndPort('[::1]', 1), { host: '::1', port: 1 });
});

test('no secret is shown, in any spelling', () => {
  const remote =
    'redis://:p%40ss%2Fw@h http://u:pw%2Fx@h?token=t%20k https://token-user@h http://h?token=zzz+1 redis-sentinel://h/n?sentinel-password=y%2Fyy';
  const { stores, problems } = readAddresses({
    remote: `${remote} ftp://me:unknown@h?token=other redis://:raw/word@h`,
  });
  const redact = redactor([...stores.flat().flatMap(secretsOf), 'the signing secret']);
  const shown = redact(
    [remote, ...problems, 'AUTH p@ss/w', 'Basic dTpwdy94', 'Bearer t k', 'pw/x', 'the signing secret'].join(
      '\n',
    ),
  );
  for (const secret of [
    'pw',
    'p@ss',
    'p%40',
    't k',
    't%20k',
    'zzz',
    'y%2Fyy',
    'token-user',
    'unknown',
    'other',
    'signing',
    'dTpw',
  ])
    assert.ok(!shown.includes(secret), `${secret} in ${shown}`);
  assert.match(shown, /http:\/\/\*\*\*@h/);
});

test('a problem with an address does not repeat a token whose `?` is missing or mistyped', () => {
  for (const path of ['x&token=tok777', 'x&access_token=tok777', 'x&tokn=tok777', 'x&api-key=tok777']) {
    const { problems } = readAddresses({ remote: `http://h/${path}?timeout=soon&tokn=tok777` });
    assert.equal(problems.length, 2);
    assert.doesNotMatch(problems.join(), /tok777/);
  }
});

test('keys are spread over folders', () => {
  assert.equal(shardedPath(`v1/o/abcdef${'0'.repeat(34)}`), `v1/o/ab/abcdef${'0'.repeat(34)}`);
});

test('credentials are found where AWS tools find them', (t) => {
  const homeDirectory = temporaryFolder(t);
  const settings = (environment: Record<string, string>, profile?: string) =>
    awsSettings({ environment, homeDirectory, style: 'posix' }, profile);
  assert.deepEqual(settings({}), {});
  mkdirSync(`${homeDirectory}/.aws`);
  writeFileSync(
    `${homeDirectory}/.aws/credentials`,
    '# mine\n[default]\naws_access_key_id = one\naws_secret_access_key=a/b+c=\n\n[ci]\r\naws_access_key_id=two\naws_secret_access_key=s2\naws_session_token=t2\n',
  );
  writeFileSync(
    `${homeDirectory}/.aws/config`,
    '[default]\nregion = eu-west-1\ns3 =\n  region = nested\n[profile ci]\nregion=us-west-2\nendpoint_url = http://127.0.0.1:9\n',
  );
  const one = { accessKeyId: 'one', secretAccessKey: 'a/b+c=' };
  assert.deepEqual(settings({}), { credentials: one, region: 'eu-west-1' });
  const ci = {
    credentials: { accessKeyId: 'two', secretAccessKey: 's2', sessionToken: 't2' },
    region: 'us-west-2',
    endpoint: 'http://127.0.0.1:9',
  };
  assert.deepEqual(settings({ AWS_PROFILE: 'ci' }), ci);
  const variables = { AWS_ACCESS_KEY_ID: 'v', AWS_SECRET_ACCESS_KEY: 'w', AWS_REGION: 'r' };
  const own = { accessKeyId: 'v', secretAccessKey: 'w' };
  assert.deepEqual(settings(variables), { credentials: own, region: 'r' });
  assert.deepEqual(settings(variables, 'ci'), { ...ci, region: 'r' });
  // A profile with a role is for AWS's library, whatever keys it has.
  for (const line of ['role_arn = arn:aws:iam::1:role/r', 'credential_process = p', 'sso_session = s']) {
    appendFileSync(`${homeDirectory}/.aws/config`, `[profile ${line[0]}]\n${line}\n`);
    appendFileSync(
      `${homeDirectory}/.aws/credentials`,
      `[${line[0]}]\naws_access_key_id=k\naws_secret_access_key=s\n`,
    );
    assert.deepEqual(settings({}, line[0]), {});
  }
});
