import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAddresses } from '../../../src/storage/remote/address.ts';
import { identityOf, nameOf } from '../../../src/storage/remote/identity.ts';

function address(remote: string) {
  const [one] = readAddresses({ remote }).stores.flat();
  assert.ok(one, remote);
  return one;
}

/** Each of them has other entries, or accepts other users. */
const DIFFERENT = [
  'redis://host',
  'rediss://host',
  'redis://host:6380',
  'redis://host/1',
  'redis://host?prefix=a',
  'redis://host?prefix=b',
  'redis://me:one@host',
  'redis://you:one@host',
  'redis://:one@host',
  'redis://:two@host',
  'redis://host?db=1',
  'redis-cluster://host',
  'redis-cluster://host,other',
  'redis-sentinel://host/a',
  'redis-sentinel://host/b',
  'redis-sentinel://host/a?db=1',
  'redis-sentinel://host/a?sentinel-password=one',
  'redis-sentinel://host/a?sentinel-password=two',
  'redis+unix:///a',
  'redis+unix:///b',
  'http://host/a',
  'http://host/b',
  'http://host/a?layout=bazel',
  'http://host/a?token=one',
  'http://host/a?token=two',
  's3://bucket/p',
  's3://bucket/p?endpoint=http://one',
  's3://bucket/p?endpoint=http://two',
  's3://bucket/p?region=eu-west-1',
  's3://bucket/p?profile=ci',
  'azblob://container/p?account=one',
  'azblob://container/p?account=two',
  'azblob://container/p?account=one&key=one',
  'azblob://container/p?account=one&key=two',
  'azblob://container/p?account=one&sas=one',
  'memcached://host',
];

test('stores that differ in an option, a user or a secret are different, in mark and name', () => {
  const addresses = DIFFERENT.map(address);
  assert.equal(new Set(addresses.map((one) => identityOf(one, {}))).size, DIFFERENT.length);
  assert.equal(new Set(addresses.map(nameOf)).size, DIFFERENT.length);
});

test('stores that differ only in time limits and in writing are the same', () => {
  const one = address('redis://host');
  const same = address('redis://host?timeout=1&connect-timeout=2&readonly=1&ttl=3');
  assert.equal(identityOf(same, {}), identityOf(one, {}));
  assert.equal(nameOf(same), nameOf(one));
});

test('credentials and places from the environment count for S3 and Azure', () => {
  for (const [remote, environments] of [
    ['s3://bucket', [{}, { AWS_ACCESS_KEY_ID: 'a' }, { AWS_ENDPOINT_URL: 'http://host' }]],
    ['azblob://bucket', [{}, { AZURE_STORAGE_KEY: 'a' }, { AZURE_STORAGE_ACCOUNT: 'team' }]],
  ] as const) {
    const identities = environments.map((environment) => identityOf(address(remote), environment));
    assert.equal(new Set(identities).size, 3);
  }
});

test('mark and name hold no secret', () => {
  for (const text of [
    nameOf(address('redis://me:s3cr3t@host?prefix=p')),
    nameOf(address('http://host?token=s3cr3t')),
    identityOf(address('redis://me:s3cr3t@host'), {}),
  ])
    assert.doesNotMatch(text, /s3cr3t|\bme\b/);
  assert.match(
    nameOf(address('redis://me:s3cr3t@host?prefix=p')),
    /^redis:\/\/host\?prefix=p \(credentials \w{4}\)$/,
  );
});
