/** What is shown of stores contains no part of a password, however it was written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../../../src/hash/digest.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { readAddresses } from '../../../src/storage/remote/address.ts';
import { nameOf } from '../../../src/storage/remote/identity.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** Each contains a password of `s3cr` and `3tt` with a text between them that should have been percent-encoded. */
const BETWEEN = [
  '@',
  '/',
  '#',
  '?',
  ';',
  ' ',
  ':',
  '%',
  '%zz',
  '&',
  '\\',
  '//',
  '@/',
  '#@',
  '?a=1&',
  '+',
  '\t',
  '://',
];
/** Options of Azure that are secrets. */
const OF_AZURE = ['key=', 'sas=', 'sas=sv=1&sig='];
const SCHEMES = [
  'azblob',
  'redis',
  'rediss',
  'redis+unix',
  'redis-sentinel',
  'redis-cluster',
  'http',
  'https',
  'memcached',
  's3',
  'redsi',
  'gopher',
  'file',
];

function malformed(): string[] {
  const ofAzure = OF_AZURE.flatMap((option) =>
    BETWEEN.map((between) => `azblob://c?endpoint=http://127.0.0.1:1/t&${option}s3cr${between}3tt`),
  );
  const ofAll = SCHEMES.flatMap((scheme) =>
    BETWEEN.flatMap((between) => [
      `${scheme}://:s3cr${between}3tt@127.0.0.1:1/x`,
      `${scheme}://me:s3cr${between}3tt@127.0.0.1:1`,
      `${scheme}://s3cr${between}3tt@127.0.0.1:1/x?timeout=0.2`,
      `${scheme}://127.0.0.1:1/?token=s3cr${between}3tt`,
      `${scheme}:/me:s3cr${between}3tt@127.0.0.1:1`,
      `s3://bucket?endpoint=${scheme}://me:s3cr${between}3tt@127.0.0.1:1`,
    ]),
  );
  return [...ofAzure, ...ofAll];
}

test('no part of a malformed password is shown, in problems or in the names of stores', () => {
  for (const remote of malformed()) {
    const { stores, problems } = readAddresses({ remote });
    for (const shown of problems) assert.doesNotMatch(shown, /s3cr|3tt/, remote);
    // If such a text is taken for a store, its secrets are known as secrets.
    for (const address of stores.flat()) {
      if (address.scheme === 'file') continue;
      assert.doesNotMatch(nameOf(address), /s3cr|3tt/, remote);
    }
  }
});

test('no part of a malformed password is in the log of a call', async (t) => {
  const lines: string[] = [];
  const cacheDirectory = temporaryFolder(t);
  for (const remote of malformed()) {
    if (!/^(?:azblob|redis|http|s3|memcached):/.test(remote)) continue;
    const store = await openStore(
      {
        cacheDirectory,
        lockTimeoutMs: 1000,
        hardLink: false,
        compress: false,
        remote,
        remoteOnly: false,
        uploadLimitMs: 1000,
        reshare: false,
        environment: { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 's3cr3tt' },
        homeDirectory: cacheDirectory,
        style: 'posix',
      },
      (line) => lines.push(line()),
    );
    const key = 'a'.repeat(40) as Digest;
    await store.refreshManifest?.(key, [], () => false);
    await store.finish?.();
  }
  assert.ok(lines.length > 0);
  for (const line of lines) assert.doesNotMatch(line, /s3cr|3tt/);
});

test('a wrong scheme, option or number is named, with what was meant', () => {
  for (const [remote, said] of [
    ['redsi://host', /redsi:\/\/.*did you mean redis:\/\/\?/],
    ['memcache://host', /did you mean memcached:\/\/\?/],
    ['HTPS://host', /did you mean https:\/\/\?/],
    ['redis:/host', /did you mean redis:\/\/\?/],
    ['gopher://host', /none of azblob:\/\/, file:\/\//],
    ['http://host?tokne=1', /http:\/\/host.*did you mean token\?/],
    ['http://host?ttl=1', /it takes readonly, timeout/],
    ['http://host?timeout=soon', /timeout is not a number of seconds/],
    ['redis://host:0', /no redis:\/\/ address of a host, which may have a port below 65536$/],
    ['redis://host:99999', /no redis:\/\/ address of a host, which/],
    ['redis://me@host:99999', /no redis:\/\/ address of a host: .*percent-encoded$/],
    ['http://host?token=a#b', /percent-encoded$/],
    ['file://C:/share', /file:\/\/ address of a folder: .*file:\/\/\/C:\/FOLDER/],
    ['file://\\\\server\\share', /file:\/\/SERVER\/SHARE$/],
    ['azblob://My_Container', /a container, whose name has small letters, digits and hyphens/],
    ['s3://', /a bucket: s3:\/\/BUCKET\/PREFIX$/],
    ['redis+unix://run/redis.sock', /three slashes before its path: redis\+unix:\/\/\/FOLDER\/SOCKET$/],
    ['s3://bucket?endpoint=host:80', /endpoint that is no http/],
  ] as const) {
    const { problems } = readAddresses({ remote });
    assert.match(problems.join('\n'), said, remote);
    assert.match(problems.join('\n'), /CLCACHE_REMOTE: store 1/);
  }
});
