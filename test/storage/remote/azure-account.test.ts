import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAddresses, secretsOf } from '../../../src/storage/remote/address.ts';
import {
  azureAccount,
  azureSecrets,
  connectionStringOf,
} from '../../../src/storage/remote/azblob/account.ts';
import { redactor } from '../../../src/util/redact.ts';
import { shownAddresses } from '../../../src/util/shown-address.ts';

const TOKEN = 'sv=2026-02-06&ss=b&srt=o&sp=rw&se=2026-11-26T16%3A57%3A43Z&sig=s3cr%2F3tt%3D';

function only(remote: string) {
  const { stores, problems } = readAddresses({ remote });
  const [address] = stores.flat();
  assert.deepEqual([stores.length, problems], [1, []], remote);
  assert.ok(address);
  return address;
}

const context = (environment: Record<string, string>) =>
  ({ environment, homeDirectory: '/', style: 'posix' }) as const;

const found = (remote: string, environment: Record<string, string> = {}) =>
  azureAccount(only(remote), context(environment));

test('account and proof come from the address before variables, and an identity is the last resort', () => {
  const endpoint = 'https://team.blob.core.windows.net';
  const variables = { AZURE_STORAGE_KEY: 'k', AZURE_STORAGE_SAS_TOKEN: `?${TOKEN}` };
  for (const [remote, environment, expected] of [
    ['azblob://c?account=team', {}, { endpoint, name: 'team', proof: { kind: 'identity' } }],
    [
      'azblob://c?account=team&key=a%2Bb=',
      {},
      { endpoint, name: 'team', proof: { kind: 'key', key: 'a+b=' } },
    ],
    [
      'azblob://c?account=team&sas=x',
      variables,
      { endpoint, name: 'team', proof: { kind: 'sas', token: 'x' } },
    ],
    ['azblob://c?account=team', variables, { endpoint, name: 'team', proof: { kind: 'key', key: 'k' } }],
    [
      'azblob://c',
      { AZURE_STORAGE_ACCOUNT: ' team ', AZURE_STORAGE_SAS_TOKEN: `?${TOKEN}` },
      { endpoint, name: 'team', proof: { kind: 'sas', token: TOKEN } },
    ],
    [
      'azblob://c?account=team',
      { ...variables, AZURE_STORAGE_ACCOUNT: 'other' },
      { endpoint, name: 'team', proof: { kind: 'identity' } },
    ],
    [
      'azblob://c?account=team',
      { AZURE_STORAGE_SERVICE_ENDPOINT: 'https://other', AZURE_STORAGE_ACCOUNT: 'other' },
      { endpoint, name: 'team', proof: { kind: 'identity' } },
    ],
    [
      'azblob://c?endpoint=https://team.blob.core.chinacloudapi.cn/',
      variables,
      {
        endpoint: 'https://team.blob.core.chinacloudapi.cn',
        name: undefined,
        proof: { kind: 'key', key: 'k' },
      },
    ],
  ] as const)
    assert.deepEqual(found(remote, environment), expected, remote);
});

test('a SAS token stands in an address as it is, with or without its question mark, or percent-encoded', () => {
  for (const text of [TOKEN, `?${TOKEN}`, encodeURIComponent(TOKEN), encodeURIComponent(`?${TOKEN}`)]) {
    const address = only(`azblob://c/p?account=team&sas=${text}&timeout=2&readonly=1`);
    assert.deepEqual(azureAccount(address, context({})).proof, { kind: 'sas', token: TOKEN }, text);
    assert.deepEqual([address.timeoutMs, address.readOnly], [2000, true]);
  }
});

test('a connection string counts unless the address has a proof', () => {
  const variables = context({ AZURE_STORAGE_CONNECTION_STRING: 'AccountName=a;AccountKey=k' });
  assert.equal(connectionStringOf(only('azblob://c'), variables), 'AccountName=a;AccountKey=k');
  assert.equal(connectionStringOf(only('azblob://c?key=k'), variables), undefined);
  assert.equal(connectionStringOf(only('azblob://c?sas=k'), variables), undefined);
});

test('what cannot be an account, a container or an endpoint is refused before anybody is asked', () => {
  assert.throws(() => found('azblob://c'), /no account is named: add account=NAME/);
  for (const name of ['evil.example/', 'a', 'Team', 'team@evil', 'team.', 'team:80', 'team?x']) {
    const remote = `azblob://c?account=${encodeURIComponent(name)}`;
    assert.throws(() => found(remote), /the account is not the name of one/, name);
  }
  const bad = { AZURE_STORAGE_SERVICE_ENDPOINT: 'https://me:s3cr3tt@host' };
  assert.throws(
    () => found('azblob://c', bad),
    (error) => !/s3cr3tt/.test(String(error)),
  );
  for (const place of ['', 'a/../b', 'A', '-a', 'a_b', 'host:80', '..', 'me:word@c']) {
    const { stores, problems } = readAddresses({ remote: `azblob://${place}?account=team` });
    if (place === 'a/../b') continue;
    assert.deepEqual([stores.length, problems.length], [0, 1], place);
  }
  for (const place of ['$root', 'abc', 'a-b-3']) assert.equal(only(`azblob://${place}`).place, place);
});

test('no part of a key, a token or a connection string is shown', () => {
  const connection =
    'DefaultEndpointsProtocol=https;AccountName=team;AccountKey=s3cr/K3tt==;SharedAccessSignature=sv=1&sig=s3cr%2F4tt';
  const variables = {
    AZURE_STORAGE_CONNECTION_STRING: connection,
    AZURE_STORAGE_KEY: 's3crK2tt==',
    AZURE_STORAGE_SAS_TOKEN: `?${TOKEN}`,
    AZURE_CLIENT_SECRET: 's3cr~client',
  };
  const addresses = [`azblob://c?account=t&sas=${TOKEN}`, 'azblob://c?account=t&key=s3crK5tt=='].map(only);
  const redact = redactor([...addresses.flatMap(secretsOf), ...azureSecrets(context(variables))]);
  for (const text of [
    ...Object.values(variables),
    's3cr/K3tt==',
    's3cr%2FK3tt%3D%3D',
    's3cr/4tt',
    's3cr%2F4tt',
    's3cr/3tt=',
    's3cr%2F3tt%3D',
    's3crK5tt==',
    `https://team.blob.core.windows.net/c/v1/o/1?${TOKEN}`,
  ])
    assert.doesNotMatch(redact(`cannot get ${text}: no`), /s3cr|3tt|4tt/, text);
  for (const remote of [
    `azblob://c?account=t&sas=${TOKEN}`,
    `azblob://c?account=t&sas=${encodeURIComponent(TOKEN)}`,
    'azblob://c?account=t&key=s3crK5tt==',
    `azblob://c?${TOKEN}`,
    `azblob://s3cr:3tt@c?account=t`,
  ])
    assert.doesNotMatch(shownAddresses(remote), /s3cr|3tt/, remote);
  assert.equal(shownAddresses('azblob://c/p?account=t&key=x'), 'azblob://c/p?account=t&key=***');
});
