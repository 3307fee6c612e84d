import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SEPARATOR, withoutSecrets } from '../../src/explain/without-secrets.ts';

/** Options with a value that nobody else may read, which is `hidden` in each. */
const SECRET_OPTIONS = [
  '-DDB_PASS=hidden',
  '/DSIGNING_KEY=hidden',
  '/DPRIVKEY=hidden',
  '/DKEY=hidden',
  '/DSALT=hidden',
  '/DGH=ghp_hidden',
  '/DAWS=AKIAhidden',
  '/DJWT=eyJhidden.e30.hidden',
  '/DGREETING="Bearer hidden"',
  String.raw`/DHDR=\"Authorization: Basic hidden\"`,
  '/DSAS="https://h/?sv=1&sig=hidden"',
  '/DCONN="Uid=x;Pwd=hidden"',
  '/D X=hidden',
  '/clang:-DX=hidden',
  '-Xclang -DX=hidden',
  '/DX#hidden',
  '/DF(a)=hidden',
  'password=hidden',
  '/foo:token=hidden',
  '/foo:secretapi-key=hidden',
  '/foo:my_secret_of_auth_2: hidden',
  '/foo:authortoken="hidden"',
  '/foo:xpwd=hidden',
  '"private-key" : hidden',
];

test('no value of a macro is kept that may be a secret, whatever its name is', () => {
  for (const option of SECRET_OPTIONS) {
    const texts = [option, `/O2 ${option} /W4`, ['manifest', '/O2', option, '/W4'].join(SEPARATOR)];
    for (const text of texts) {
      const safe = withoutSecrets(text);
      assert.doesNotMatch(safe, /hidden/, safe);
      assert.equal(withoutSecrets(safe), safe);
    }
  }
  assert.doesNotMatch(withoutSecrets('"/DX=one hidden" /O2'), /hidden/);
});

test('numbers, names of macros and other options are kept as they are', () => {
  for (const text of ['/DX=1', '/DX=0x12UL', '/DNDEBUG', '/DX=true', '/O2 /Iinc/-Dir /Foout/a.obj', '/DX=']) {
    assert.equal(withoutSecrets(text), text);
  }
});

for (const part of [
  'secret',
  'apikey',
  'api-key',
  'private_',
  'xpwd',
  'auth',
  '/DA(',
  '-D',
  '/D"',
  '"/DF(a)',
  'secret="',
]) {
  test(`secrets are looked for in a long text in no long time: ${part}`, () => {
    const text = ` ${part.repeat(120_000 / part.length)}`;
    const started = process.cpuUsage();
    withoutSecrets(text);
    const { user } = process.cpuUsage(started);
    // If a name were tried from each place, it would be ten seconds and more.
    assert.ok(user < 2_000_000, `${user} µs`);
  });
}

test('two values of a macro that are not kept are told apart, and its neighbours are kept', () => {
  const parts = (value: string) => ['/O2', `/DVERSION=${value}`, '', '/W4'].join(SEPARATOR);
  const [one, other] = [withoutSecrets(parts('"1.2 a"')), withoutSecrets(parts('"1.2 b"'))];
  assert.match(one, /^\/O2\x7f\/DVERSION=\*\*\*[\da-f]{3}\x7f\x7f\/W4$/);
  assert.notEqual(one, other);
});
