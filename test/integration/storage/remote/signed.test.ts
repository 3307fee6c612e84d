/** A shared folder in which somebody else can write, and machines that believe only what a writer signed. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { withEntryFirst } from '../../../../src/cache/manifest.ts';
import { type Digest, digestOfBytes } from '../../../../src/hash/digest.ts';
import type { StoreOptions } from '../../../../src/storage/open-store.ts';
import type { RemoteKey } from '../../../../src/storage/remote/remote.ts';
import type { RemoteActivity } from '../../../../src/storage/store.ts';
import { keyOfEnvelope, openEnvelope, sealEnvelope } from '../../../../src/storage/wire/envelope.ts';
import type { Sealing } from '../../../../src/storage/wire/sealing.ts';
import { type Context, folderOf, type Machine, machine, share } from '../../../helpers/remote-machine.ts';
import { type TestKey, testKey } from '../../../helpers/signing.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const ROOTS = { style: 'posix', workingDirectory: '/', baseDirectories: [] } as const;
const ours = testKey();
const theirs = testKey();
const WRITER = { remoteSign: [ours.privateText] };
const READER = { remoteTrust: [ours.publicText] };

type Keys = Pick<StoreOptions, 'remoteSecret' | 'remoteSign' | 'remoteTrust'>;

function keyOf(name: string): Digest {
  return digestOfBytes(Buffer.from(name));
}

/** One call that compiles and stores this object. */
async function compile(at: Machine, name: string, object = name): Promise<RemoteActivity | undefined> {
  const store = await at.open();
  const manifest = keyOf(`manifest of ${name}`);
  await store.refreshManifest?.(manifest, [{ role: 'object', path: '/a.obj' }], () => false);
  await store.putArtifact(keyOf(name), [{ role: 'object', bytes: Buffer.from(object), splices: [] }], false);
  const entry = { artifact: keyOf(name), states: [{ path: '/a.h', state: keyOf('header') }] };
  await store.updateManifest(manifest, (current) => withEntryFirst(current, entry));
  return (await store.finish?.())?.remotes[0];
}

/** What a new machine gets from the store: the object, what it refused, and what it counted. */
async function got(t: Context, remote: string, name: string, keys: Keys) {
  const here = machine(t, remote, keys);
  const store = await here.open();
  const path = `${temporaryFolder(t)}/a.obj`;
  const targets = [{ role: 'object', path }] as const;
  const found = await store.refreshManifest?.(keyOf(`manifest of ${name}`), targets, () => true);
  const restored = await store.restoreArtifact(keyOf(name), targets, ROOTS);
  const refusals = (await store.refusals?.(targets)) ?? [];
  const counts = (await store.finish?.())?.remotes[0];
  return {
    hasManifest: found !== undefined,
    object: restored.kind === 'restored' ? readFileSync(path, 'utf8') : undefined,
    refusals,
    counts,
    lines: here.lines,
  };
}

interface InStore {
  readonly path: string;
  readonly key: RemoteKey | undefined;
  readonly bytes: Buffer;
}

function entriesIn(remote: string): InStore[] {
  const folder = folderOf(remote);
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((one) => one.isFile())
    .map((one) => `${one.parentPath}/${one.name}`)
    .sort()
    .map((path) => ({ path, key: keyOfEnvelope(readFileSync(path)), bytes: readFileSync(path) }));
}

/** Puts another envelope around what is in each entry. */
function resealed({ key, bytes }: InStore, read: Sealing, write: Sealing): Buffer {
  assert.ok(key);
  const opened = openEnvelope(key, bytes, { sealing: read, maximumSize: 10_000 });
  assert.ok(opened.kind === 'opened');
  return Buffer.from(sealEnvelope(key, opened.body, write));
}

test('whoever has the public key reads what a writer signed, and sends nothing', async (t) => {
  const remote = share(t);
  assert.ok(((await compile(machine(t, remote, WRITER), 'one'))?.bytesSent ?? 0) > 0);
  const { object, counts } = await got(t, remote, 'one', READER);
  assert.deepEqual([object, counts?.hits, counts?.rejected], ['one', 1, 0]);
  const before = entriesIn(remote);
  const reader = machine(t, remote, READER);
  const sent = await compile(reader, 'two');
  assert.deepEqual([sent?.bytesSent, sent?.notSent, sent?.errors], [0, 0, 0]);
  assert.deepEqual(entriesIn(remote), before);
  assert.match(reader.lines.join('\n'), /nothing is sent .*CLCACHE_REMOTE_TRUST without CLCACHE_REMOTE_SIGN/);
});

/** What somebody who can write to the store, and has every public key, does to all that is in it. */
const ATTACKS: Readonly<Record<string, (entries: readonly InStore[]) => void>> = {
  'replaced by unsigned ones': (entries) => {
    for (const one of entries) writeFileSync(one.path, resealed(one, { trusted: [ours.signer] }, {}));
  },
  'replaced by ones with a secret': (entries) => {
    for (const one of entries)
      writeFileSync(one.path, resealed(one, { trusted: [ours.signer] }, { secret: 'guessed' }));
  },
  'signed with another key': (entries) => {
    for (const one of entries)
      writeFileSync(one.path, resealed(one, { trusted: [ours.signer] }, { signer: theirs.signer }));
  },
  'swapped, each artifact and each manifest with the next': (entries) => {
    for (const kind of ['/o/', '/m/']) {
      const same = entries.filter(({ key }) => key?.includes(kind));
      for (const [index, { path }] of same.entries())
        writeFileSync(path, same[(index + 1) % same.length]?.bytes ?? Buffer.of());
    }
  },
  'artifacts in the place of manifests and the other way round': (entries) => {
    for (const [index, { path }] of entries.entries())
      writeFileSync(path, entries[entries.length - 1 - index]?.bytes ?? Buffer.of());
  },
  'cut by a byte': (entries) => {
    for (const { path, bytes } of entries) writeFileSync(path, bytes.subarray(0, -1));
  },
  empty: (entries) => {
    for (const { path } of entries) writeFileSync(path, '');
  },
  'changed in one bit': (entries) => {
    for (const { path, bytes } of entries) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8((changed.at(-9) ?? 0) ^ 4, changed.length - 9);
      writeFileSync(path, changed);
    }
  },
  'of an older format': (entries) => {
    for (const { path, bytes } of entries) {
      const older = Buffer.from(bytes);
      older.writeUInt8(bytes.readUInt8(4) - 1, 4);
      writeFileSync(path, older);
    }
  },
};

for (const [what, attack] of Object.entries(ATTACKS)) {
  test(`entries that are ${what} are misses, are counted, and are replaced by the next writer`, async (t) => {
    const remote = share(t);
    const writer = machine(t, remote, WRITER);
    for (const name of ['one', 'two']) await compile(writer, name);
    attack(entriesIn(remote));
    for (const name of ['one', 'two']) {
      const { hasManifest, object, refusals, counts } = await got(t, remote, name, READER);
      assert.deepEqual([hasManifest, object, counts?.hits], [false, undefined, 0]);
      assert.deepEqual([counts?.rejected, counts?.errors, counts?.timeouts], [2, 0, 0]);
      assert.ok(
        refusals.length > 0 && refusals.every((line) => /has an entry that does not count: it/.test(line)),
      );
    }
    for (const name of ['one', 'two']) await compile(machine(t, remote, WRITER), name);
    for (const name of ['one', 'two']) assert.equal((await got(t, remote, name, READER)).object, name);
  });
}

test('what was stored before there were keys is a miss for readers until a writer replaces it', async (t) => {
  const remote = share(t);
  const large = 'x'.repeat(100_000);
  await compile(machine(t, remote), 'one', large);
  const before = await got(t, remote, 'one', READER);
  assert.deepEqual([before.object, before.counts?.rejected], [undefined, 2]);
  assert.match(before.refusals.join('\n'), /it is not signed with a key/);
  await compile(machine(t, remote, WRITER), 'one', large);
  assert.equal((await got(t, remote, 'one', READER)).object, large);
});

test('a key that is replaced counts until it is taken out, and what it signed is replaced then', async (t) => {
  const remote = share(t);
  const large = 'x'.repeat(100_000);
  const both = { remoteTrust: [theirs.publicText, ours.publicText] };
  const newWriter = { remoteSign: [theirs.privateText] };
  await compile(machine(t, remote, WRITER), 'one', large);
  await compile(machine(t, remote, newWriter), 'two');
  for (const [name, object] of [
    ['one', large],
    ['two', 'two'],
  ] as const)
    assert.equal((await got(t, remote, name, both)).object, object);
  const onlyNew = { remoteTrust: [theirs.publicText] };
  const { object, refusals } = await got(t, remote, 'one', onlyNew);
  assert.equal(object, undefined);
  assert.match(refusals.join('\n'), new RegExp(`another key \\(${ours.signer.id.toString('hex')}\\)`));
  // Both entries have the same length, so the length alone says nothing.
  await compile(machine(t, remote, newWriter), 'one', large);
  assert.equal((await got(t, remote, 'one', onlyNew)).object, large);
});

test('a team goes over from the secret to keys without a miss in between', async (t) => {
  const remote = share(t);
  const secret = { remoteSecret: 'between us' };
  await compile(machine(t, remote, { ...secret, ...WRITER }), 'one');
  for (const keys of [secret, { ...secret, ...READER }, READER])
    assert.equal((await got(t, remote, 'one', keys)).object, 'one');
  await compile(machine(t, remote, WRITER), 'two');
  assert.equal((await got(t, remote, 'two', { ...secret, ...READER })).object, undefined);
});

test('an entry in parts is signed by the list of them, and a changed or moved part is a miss', async (t) => {
  const remote = share(t);
  const large = Array.from({ length: 3 }, () => randomBytes(2 * 1024 * 1024).toString('hex')).join('');
  await compile(machine(t, remote, WRITER), 'large', large);
  const parts = entriesIn(remote).filter(({ path }) => path.includes('/p/'));
  assert.ok(parts.length > 2);
  assert.equal((await got(t, remote, 'large', READER)).object, large);
  const [first, second] = parts;
  assert.ok(first && second);
  writeFileSync(first.path, second.bytes);
  assert.equal((await got(t, remote, 'large', READER)).object, undefined);
  writeFileSync(first.path, first.bytes);
  const list = entriesIn(remote).find(({ key }) => key?.includes('/o/'));
  assert.ok(list);
  writeFileSync(list.path, resealed(list, { trusted: [ours.signer] }, {}));
  const { object, refusals } = await got(t, remote, 'large', READER);
  assert.equal(object, undefined);
  assert.match(refusals.join(), /not signed with a key/);
});

test('with a key that cannot be used the local folder serves, and each store counts an error that says why', async (t) => {
  const remote = share(t);
  await compile(machine(t, remote, WRITER), 'one');
  const before = entriesIn(remote);
  const cases: readonly (readonly [Keys, RegExp])[] = [
    [{ remoteSign: ['/nowhere/key'] }, /CLCACHE_REMOTE_SIGN is neither a key nor a file that can be read/],
    [{ remoteSign: [ours.privateText.slice(0, 50)] }, /CLCACHE_REMOTE_SIGN holds a key that is broken/],
    [{ ...WRITER, remoteTrust: ['ed25519-public:x'] }, /CLCACHE_REMOTE_TRUST holds something that is no key/],
    [{ remoteTrust: [ours.privateText] }, /CLCACHE_REMOTE_TRUST holds a private key/],
  ];
  for (const [keys, why] of cases) {
    const { object, counts, lines } = await got(t, remote, 'one', keys);
    assert.deepEqual([object, counts?.errors, counts?.hits], [undefined, 1, 0]);
    assert.match(lines.join('\n'), why);
    const here = machine(t, remote, keys);
    await compile(here, 'two');
    const again = await here.open();
    const restored = again.restoreArtifact(
      keyOf('two'),
      [{ role: 'object', path: `${temporaryFolder(t)}/a.obj` }],
      ROOTS,
    );
    assert.equal((await restored).kind, 'restored');
    const said = [...lines, ...here.lines].join('\n');
    for (const part of partsOf(ours)) assert.ok(!said.includes(part));
  }
  assert.deepEqual(entriesIn(remote), before);
});

/** Lines of a private key, and what is short enough to stand alone. */
function partsOf({ privateText }: TestKey): string[] {
  return privateText.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
}

test('a reader fills no earlier store, and a writer signs anew what it sends on', async (t) => {
  const [empty, filled] = [share(t), share(t)];
  await compile(machine(t, filled, WRITER), 'one');
  assert.equal((await got(t, `${empty} ${filled}`, 'one', READER)).object, 'one');
  assert.deepEqual(entriesIn(empty), []);
  const both = { remoteSign: [theirs.privateText], remoteTrust: [ours.publicText] };
  assert.equal((await got(t, `${empty} ${filled}`, 'one', both)).object, 'one');
  assert.equal((await got(t, empty, 'one', { remoteTrust: [theirs.publicText] })).object, 'one');
  assert.equal((await got(t, empty, 'one', READER)).object, undefined);
});

test('a file of a key is read anew in each call, so that a key can be changed under a running build', async (t) => {
  const remote = share(t);
  const file = `${temporaryFolder(t)}/key`;
  writeFileSync(file, ours.privateText);
  const writer = machine(t, remote, { remoteSign: [file] });
  await compile(writer, 'one');
  writeFileSync(file, theirs.privateText);
  await compile(writer, 'two');
  rmSync(file);
  assert.equal((await got(t, remote, 'one', READER)).object, 'one');
  assert.equal((await got(t, remote, 'two', { remoteTrust: [theirs.publicText] })).object, 'two');
});
