/** CI and developers' machines that share a store in which others can write, with the built programs. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readKeys } from '../../src/storage/wire/signing-keys.ts';
import { bundle, run } from '../helpers/compilers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { type Machine, machine } from './machine.ts';

/** The program as it is run by Node.js. */
function onNode(one: Machine, ...argv: readonly string[]) {
  const { checkout: cwd, environment: env } = one;
  return run(process.execPath, [bundle(), ...argv], { cwd, env });
}

/** Everything that a machine keeps, as one text. */
function allIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
    .join('\n');
}

test('what CI signs is read with the public key by both forms of the program, and what others put there is not', async (t) => {
  const [keys, share] = [temporaryFolder(t), temporaryFolder(t)];
  const store = { CLCACHE_REMOTE: pathToFileURL(share).href };
  const made = await machine(t, {}).own('--make-key', `${keys}/ci`);
  const [, trust = ''] = /CLCACHE_REMOTE_TRUST=(\S+)/.exec(made.stdout.toString()) ?? [];
  const key = readFileSync(`${keys}/ci`, 'utf8');
  const secret = key.trim();
  assert.ok(secret.length > 50);

  const outsider = machine(t, store);
  await outsider.compile('one', 'two');
  const reader = machine(t, { ...store, CLCACHE_REMOTE_TRUST: trust });
  await reader.compile('one');
  assert.equal((await reader.statistics()).CacheHits, 0);
  const why = (await reader.own('--why', 'src/one.cpp')).stdout.toString();
  assert.match(why.replaceAll(/\s+/g, ' '), /has an entry that does not count: it is not signed with a key/);
  const [counts] = Object.values(await reader.remotes());
  assert.ok((counts?.rejected ?? 0) > 0);
  assert.match(String(counts?.lastError), /not signed with a key/);
  assert.equal(counts?.sendsNothing, true);
  assert.match(
    String((await reader.own('-s')).stdout),
    /nothing is sent {12}: CLCACHE_REMOTE_TRUST alone only reads\n/,
  );

  // The key itself, as a CI service puts a secret into a variable, and a file of it.
  const [pair] = readKeys(key);
  assert.ok(pair?.kind === 'private');
  const privatePem = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const publicPem = String(pair.publicKey.export({ type: 'spki', format: 'pem' }));
  const ci = machine(t, { ...store, CLCACHE_REMOTE_SIGN: privatePem, CLCACHE_LOG: '1' });
  const compiled = await ci.compile('one');
  assert.equal(compiled.status, 0, compiled.stderr.toString());
  const other = machine(t, { ...store, CLCACHE_REMOTE_SIGN: `${keys}/ci` });
  await onNode(other, ...other.commandLine('two'));
  assert.equal((await other.statistics()).CacheMisses, 1);

  const [onBun, byNode] = [publicPem, `${keys}/ci.pub`].map((public_) =>
    machine(t, { ...store, CLCACHE_REMOTE_TRUST: public_ }),
  );
  assert.ok(onBun && byNode);
  await onBun.compile('one', 'two');
  // Node.js 20 cannot read the compression of the executable.
  await onNode(byNode, ...byNode.commandLine('two'));
  assert.deepEqual([(await onBun.statistics()).CacheHits, (await byNode.statistics()).CacheHits], [2, 1]);
  assert.deepEqual([onBun.object('one'), byNode.object('two')], [ci.object('one'), other.object('two')]);

  // What the key signs can be seen anywhere, and the key nowhere.
  const shown = await Promise.all(['-s', '--config', '--doctor', '--why'].map((option) => ci.own(option)));
  const said = [compiled, ...shown].map(({ stdout, stderr }) => `${stdout}${stderr}`).join('\n');
  const parts = [secret.slice(-40, -20), secret.slice(-20), ...privatePem.split('\n').slice(1, 2)];
  for (const text of [said, allIn(join(ci.checkout, '..')), allIn(share)])
    for (const part of parts) assert.ok(part.length >= 20 && !text.includes(part));
});

test('a key that cannot be used fails no build, is named by -s, and stops --export and --import in one line', async (t) => {
  const share = temporaryFolder(t);
  const here = machine(t, {
    CLCACHE_REMOTE: pathToFileURL(share).href,
    CLCACHE_REMOTE_SIGN:
      '-----BEGIN PRIVATE KEY-----\nc2VjcmV0IHNlY3JldCBzZWNyZXQ=\n-----END PRIVATE KEY-----',
  });
  for (const expected of ['CacheMisses', 'CacheHits'] as const) {
    assert.equal((await here.compile('one')).status, 0);
    assert.equal((await here.statistics())[expected], 1);
  }
  assert.deepEqual(readdirSync(share), []);
  const shown = await here.own('-s');
  assert.match(shown.stdout.toString(), /CLCACHE_REMOTE_SIGN holds a key that is broken, or not of Ed25519/);
  assert.match(shown.stderr.toString(), /no shared store is used: CLCACHE_REMOTE_SIGN holds a key/);
  const [counts] = Object.values(await here.remotes());
  assert.equal(counts?.errors, 1);
  const file = `${temporaryFolder(t)}/archive`;
  writeFileSync(file, '');
  for (const option of ['--export', '--import']) {
    const { status, stderr } = await here.own(option, file);
    assert.equal(status, 1);
    assert.match(
      stderr.toString(),
      /^clcache: nothing was (?:ex|im)ported: CLCACHE_REMOTE_SIGN holds a key[^\n]*\n$/,
    );
    assert.doesNotMatch(stderr.toString(), /c2Vj/);
  }
});

test('an archive of CI is imported with the public key, and no other one', async (t) => {
  const folder = temporaryFolder(t);
  await machine(t, {}).own('--make-key', `${folder}/ci`);
  const trusting = { CLCACHE_REMOTE_TRUST: `${folder}/ci.pub` };
  for (const [name, keys, status] of [
    ['signed', { CLCACHE_REMOTE_SIGN: `${folder}/ci` }, 0],
    ['unsigned', {}, 1],
  ] as const) {
    const ci = machine(t, keys);
    await ci.compile('one');
    assert.equal((await ci.own('--export', `${folder}/${name}`)).status, 0);
    const reader = machine(t, trusting);
    const imported = await reader.own('--import', `${folder}/${name}`);
    assert.equal(imported.status, status, imported.stderr.toString());
    await reader.compile('one');
    assert.equal((await reader.statistics()).CacheHits, 1 - status);
  }
  const refused = await machine(t, trusting).own('--export', `${folder}/third`);
  assert.match(
    refused.stderr.toString(),
    /^clcache: nothing was exported: CLCACHE_REMOTE_TRUST is set, and no CLCACHE_REMOTE_SIGN to sign with\n$/,
  );
});
