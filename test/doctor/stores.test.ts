import assert from 'node:assert/strict';
import test from 'node:test';
import { checkStores } from '../../src/doctor/checks/stores.ts';
import type { StoreProbe } from '../../src/doctor/store-probe.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { testKey } from '../helpers/signing.ts';
import { configOf, linesOf } from './surroundings.ts';

const FINE: StoreProbe = { kind: 'answers', milliseconds: 0.42, writing: 'works', hasStrangeEntry: false };
const URL = 'redis://me:hush-hush@host:6379';

async function said(env: Readonly<Record<string, string>>, ...results: readonly StoreProbe[]) {
  const left = [...results];
  const probe = async () => left.shift() ?? FINE;
  return linesOf(await checkStores({ config: configOf(env), layout: layoutOf('/nowhere'), probe }));
}

test('each server has a line with the time of a round trip, what it does and whether entries are signed with the secret', async () => {
  assert.deepEqual(await said({}), ['good none is named: entries stay on this machine']);
  const lines = await said({
    CLCACHE_REMOTE: 'http://h/x',
    CLCACHE_MEMCACHED: 'a,b',
    CLCACHE_REMOTE_SECRET: 'x y z',
  });
  assert.deepEqual(lines, [
    'good http://h/x answers in 0.4 ms, gives and takes entries; entries are signed with the secret',
    'good memcached://a answers in 0.4 ms, gives and takes entries; entries are signed with the secret',
    'good memcached://b answers in 0.4 ms, gives and takes entries; entries are signed with the secret',
  ]);
});

test('a store that cannot be reached is bad, and stops a build that has no other place', async () => {
  const dead: StoreProbe = {
    kind: 'unreachable',
    because: 'connect ECONNREFUSED for me:hush-hush',
    isAlive: false,
  };
  const [line] = await said({ CLCACHE_REMOTE: URL }, dead);
  assert.match(
    line ?? '',
    /^bad redis:\/\/host:6379 \(credentials \w+\) cannot be reached: connect ECONNREFUSED/,
  );
  assert.doesNotMatch(line ?? '', /hush/);
  assert.match((await said({ CLCACHE_REMOTE: URL, CLCACHE_REMOTE_ONLY: '1' }, dead))[0] ?? '', /^stops /);
});

test('a store that takes nothing, is slow, or holds entries of another secret is named', async () => {
  const env = { CLCACHE_REMOTE: 'http://h/x' };
  const full = await said(env, { ...FINE, writing: { fails: 'status 403' } });
  assert.match(full[0] ?? '', /^bad .*takes nothing: status 403 => .*readonly=1/);
  assert.match((await said(env, { ...FINE, milliseconds: 200 }))[0] ?? '', /^look .*answers in 200\.0 ms/);
  assert.match((await said(env, { ...FINE, hasStrangeEntry: true }))[0] ?? '', /^look .*another secret/);
  assert.match(
    (await said(env, { ...FINE, writing: 'notTried' }))[0] ?? '',
    /^good .*readonly=1 keeps it so/,
  );
});

test('an address that cannot be read is bad, without any part of it that may be a password', async () => {
  const [line] = await said({ CLCACHE_REMOTE: 'redsi://:hush-hush@host' });
  assert.match(line ?? '', /^bad CLCACHE_REMOTE: store 1 is not used.*did you mean redis/);
  assert.doesNotMatch(line ?? '', /hush/);
});

test('who only trusts signers is told that it sends nothing, and a key that cannot be used is bad', async () => {
  const env = { CLCACHE_REMOTE: 'http://h/x' };
  const { publicText, privateText } = testKey();
  const reading = await said({ ...env, CLCACHE_REMOTE_TRUST: publicText }, { ...FINE, writing: 'notTried' });
  assert.match(
    reading[0] ?? '',
    /^good .*gives entries, and who only trusts signers sends none; entries are signed with a key$/,
  );
  assert.match(
    (await said({ ...env, CLCACHE_REMOTE_SIGN: privateText }))[0] ?? '',
    /entries are signed with a key$/,
  );
  const bad = { ...env, CLCACHE_REMOTE_TRUST: privateText };
  assert.match(
    (await said(bad))[0] ?? '',
    /^bad no store is used: CLCACHE_REMOTE_TRUST holds a private key.*make-key/,
  );
  assert.match((await said({ ...bad, CLCACHE_REMOTE_ONLY: '1' }))[0] ?? '', /^stops no store is used/);
});
