import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NAMING_OPTIONS } from '../../src/storage/remote/url-options.ts';
import { shownAddresses, shownServers } from '../../src/util/shown-address.ts';

test('an address without a secret is shown as it is', () => {
  for (const text of [
    'redis://host:6379/2?ttl=60&prefix=team/&readonly=1',
    'https://[::1]:8443/some/where?timeout=2.5&connect-timeout=0.1&layout=bazel',
    's3://bucket/p?endpoint=http://minio:9000&region=eu-west-1&profile=ci',
    'file:///share/cache',
    'memcached://one:1,two:2',
    'redis://a http://b/x',
  ])
    assert.equal(shownAddresses(text), text);
  assert.equal(shownServers('one:11211, two,[::1]:5'), 'one:11211,two,[::1]:5');
  for (const name of NAMING_OPTIONS) assert.equal(shownAddresses(`http://h?${name}=x`), `http://h?${name}=x`);
  assert.deepEqual([shownAddresses(''), shownServers('')], ['', '']);
});

test('no spelling of an address shows a password or a token, right or mistyped', () => {
  const spellings: Readonly<Record<string, string>> = {
    'redis://bob:pa55word@h/0;http://h/x?token=tok777': 'redis://***@h/0 http://h/x?token=***',
    '"redis://bob:pa55word@h/0"': 'redis://***@h/0',
    'REDIS://bob:pa55word@h': 'REDIS://***@h',
    'redis://bob:pa55 word@h http://ok/x': 'redis://***@h http://ok/x',
    'redis://bob:pa55;word@h': 'redis://***@h',
    'redis://bob:pa55/word?a#b@h': 'redis://***@h',
    'redis://bob:pa55word%40h': 'redis://***',
    'redis://bob:pa55word': 'redis://***',
    'rediss//bob:pa55word@h': '***',
    'redis:/bob:pa55word@h': '***',
    'redis:\\\\bob:pa55word@h': '***',
    'bob:pa55word@h': '***',
    'bob:pa55word@h redis://ok': '*** redis://ok',
    'http://h/x?tokn=tok777&timeout=2': 'http://h/x?***&timeout=2',
    'http://h/x?access_token=tok777': 'http://h/x?***',
    'http://h/x?tok777': 'http://h/x?***',
    'http://h/x?readonly=1?token=tok777': 'http://h/x?readonly=***',
    'http://h/x?TOKEN=tok777': 'http://h/x?TOKEN=***',
    'http://h/x token=tok777': 'http://h/x ***',
    'http://h/x;token=tok777': 'http://h/x ***',
    'http://h/x&token=tok777': 'http://h/***',
    'http://h/x%3Ftoken=tok777': 'http://h/***',
    'http://h/x#tok777': 'http://h/x#***',
    'http://token=tok777': 'http://***',
    'token=tok777': '***',
    tok777: '***',
  };
  for (const [text, shown] of Object.entries(spellings)) assert.equal(shownAddresses(text), shown);
  for (const text of ['bob:mempw@127.0.0.1:1', 'one:1,bob:mempw@h', 'bob:mem,pw@h', 'bob:mempw', 'h:1 mempw'])
    assert.doesNotMatch(shownServers(text), /mem|pw|bob:/, text);
  assert.equal(shownServers('bob:mempw@127.0.0.1:1'), '***@127.0.0.1:1');
});
