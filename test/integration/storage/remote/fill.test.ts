/** Entries that a store lacks and another one, or the local folder, has. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { type ManifestEntry, withEntryFirst } from '../../../../src/cache/manifest.ts';
import { type Digest, digestOfBytes } from '../../../../src/hash/digest.ts';
import { entryFolder, layoutOf } from '../../../../src/storage/local/layout.ts';
import { forgetTroubles } from '../../../../src/storage/remote/health.ts';
import type { Store, StoreReport } from '../../../../src/storage/store.ts';
import { type Context, folderOf, type Machine, machine, share } from '../../../helpers/remote-machine.ts';
import { freePort } from '../../../helpers/remote-servers.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const ROOTS = { style: 'posix', workingDirectory: '/', baseDirectories: [] } as const;
const MANIFEST = digestOfBytes(Buffer.from('manifest'));
const ARTIFACT = digestOfBytes(Buffer.from('artifact'));
const ENTRY: ManifestEntry = {
  artifact: ARTIFACT,
  states: [{ path: '/a.h', state: digestOfBytes(Buffer.from('header')) }],
};
const OBJECT = Buffer.from('the contents of an object');

async function compile(on: Machine, bytes: Uint8Array = OBJECT): Promise<StoreReport | undefined> {
  const store = await on.open();
  await store.putArtifact(ARTIFACT, [{ role: 'object', bytes, splices: [] }], false);
  await store.updateManifest(MANIFEST, (manifest) => withEntryFirst(manifest, ENTRY));
  return store.finish?.();
}

/** What a call does: the manifest, the stores' manifests if the entry is not in it, and the artifact. */
async function serve(
  t: Context,
  store: Store,
): Promise<{ readonly object: Buffer | undefined; readonly report: StoreReport | undefined }> {
  const targets = [{ role: 'object', path: `${temporaryFolder(t)}/a.obj` }] as const;
  const has = ({ entries }: { readonly entries: readonly { readonly artifact: Digest }[] }) =>
    entries.some(({ artifact }) => artifact === ARTIFACT);
  const read = await store.readManifest(MANIFEST);
  const isKnown =
    (read.kind === 'read' && has(read.manifest)) ||
    (await store.refreshManifest?.(MANIFEST, targets, has)) !== undefined;
  if (isKnown) await store.restoreArtifact(ARTIFACT, targets, ROOTS);
  const object = existsSync(targets[0].path) ? readFileSync(targets[0].path) : undefined;
  return { object, report: await store.finish?.() };
}

function sentBy(report: StoreReport | undefined): number[] {
  return (report?.remotes ?? []).map(({ bytesSent }) => bytesSent);
}

/** True if a machine that knows this store alone is served by it. */
async function serves(t: Context, store: string): Promise<boolean> {
  const { object } = await serve(t, await machine(t, store).open());
  return object !== undefined;
}

test('an earlier store gets what a later one served, and the later one nothing', async (t) => {
  const [first, second, third] = [share(t), share(t), share(t)];
  await compile(machine(t, second));
  const { object, report } = await serve(t, await machine(t, `${first} ${second} ${third}`).open());
  assert.deepEqual(object, OBJECT);
  const [toFirst = 0, toSecond, toThird] = sentBy(report);
  assert.ok(toFirst > OBJECT.length);
  assert.deepEqual([toSecond, toThird, readdirSync(folderOf(third))], [0, 0, []]);
  assert.equal(await serves(t, first), true);
  // The next machine has all from the first store, and sends nothing.
  const next = await serve(t, await machine(t, `${first} ${second}`).open());
  assert.deepEqual([next.object, sentBy(next.report)], [OBJECT, [0, 0]]);
});

test('an earlier store gets a large artifact in parts', async (t) => {
  const [first, second] = [share(t), share(t)];
  const bytes = randomBytes(9_000_000);
  await compile(machine(t, second), bytes);
  await serve(t, await machine(t, `${first} ${second}`).open());
  const { object } = await serve(t, await machine(t, first).open());
  assert.ok(object && bytes.equals(object));
});

test('an earlier store that has only the artifact gets the entry, and one that has only the entry the artifact', async (t) => {
  for (const [lost, kept] of [
    ['m', 'o'],
    ['o', 'm'],
  ] as const) {
    const [first, second] = [share(t), share(t)];
    await compile(machine(t, `${first} ${second}`));
    const folder = `${folderOf(first)}/v1`;
    rmSync(`${folder}/${lost}`, { recursive: true });
    const { object } = await serve(t, await machine(t, `${first} ${second}`).open());
    assert.deepEqual(object, OBJECT);
    assert.deepEqual(readdirSync(folder).sort(), [kept, lost].sort());
    assert.equal(await serves(t, first), true);
  }
});

test('an artifact that only the local folder lost is sent nowhere', async (t) => {
  const [first, second] = [share(t), share(t)];
  const here = machine(t, `${first} ${second}`);
  await compile(here);
  rmSync(entryFolder(layoutOf(here.cacheDirectory), ARTIFACT), { recursive: true });
  const { object, report } = await serve(t, await here.open());
  assert.deepEqual([object, sentBy(report)], [OBJECT, [0, 0]]);
});

test('an earlier store that is read-only, dead or not taking in time gets nothing, and the call is served', async (t) => {
  const second = share(t);
  await compile(machine(t, second));
  const readOnly = share(t);
  const dead = `http://127.0.0.1:${await freePort()}`;
  const late = share(t);
  for (const [first, uploadLimitMs, notSent] of [
    [`${readOnly}?readonly=1`, 60_000, 0],
    [dead, 60_000, 0],
    [late, 0, 1],
  ] as const) {
    const { object, report } = await serve(
      t,
      await machine(t, `${first} ${second}`, { uploadLimitMs }).open(),
    );
    assert.deepEqual(object, OBJECT);
    assert.deepEqual([sentBy(report), report?.remotes[0]?.notSent], [[0, 0], notSent], first);
  }
  for (const store of [readOnly, late]) assert.equal(await serves(t, store), false);
});

test('a new store is filled from local hits if that is asked for, and asked once a day', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  await compile(machine(t, undefined, { cacheDirectory }));
  const [first, second] = [share(t), share(t)];
  const silent = await serve(t, await machine(t, first, { cacheDirectory }).open());
  assert.deepEqual([silent.object, silent.report?.remotes], [OBJECT, []]);

  const once = await serve(t, await machine(t, first, { cacheDirectory, reshare: true }).open());
  assert.ok((sentBy(once.report)[0] ?? 0) > OBJECT.length);
  assert.equal(await serves(t, first), true);
  // Now no store is opened, until there is another one.
  const again = await serve(t, await machine(t, first, { cacheDirectory, reshare: true }).open());
  assert.deepEqual([again.object, again.report?.remotes], [OBJECT, []]);
  const both = `${first} ${second}`;
  const more = await serve(t, await machine(t, both, { cacheDirectory, reshare: true }).open());
  assert.equal(sentBy(more.report)[0], 0);
  assert.equal(await serves(t, second), true);

  // The next day each store is asked again, and one that lost its entries gets them.
  rmSync(`${folderOf(first)}/v1`, { recursive: true });
  const [name = ''] = readdirSync(layoutOf(cacheDirectory).offers);
  const file = `${layoutOf(cacheDirectory).offers}/${name}`;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replaceAll(/:(\d+)/g, (_, day) => `:${Number(day) - 1}`),
  );
  await serve(t, await machine(t, both, { cacheDirectory, reshare: true }).open());
  assert.equal(await serves(t, first), true);
});

test('a local hit is not offered to a store that is dead or read-only, and is when it is back', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  await compile(machine(t, undefined, { cacheDirectory }));
  const store = share(t);
  const reshare = { cacheDirectory, reshare: true };
  const readOnly = await serve(t, await machine(t, `${store}?readonly=1`, reshare).open());
  assert.deepEqual([readOnly.object, readOnly.report?.remotes], [OBJECT, []]);
  rmSync(folderOf(store), { recursive: true });
  const dead = await serve(t, await machine(t, store, reshare).open());
  assert.deepEqual([dead.object, dead.report?.remotes[0]?.errors], [OBJECT, 1]);
  mkdirSync(folderOf(store));
  forgetTroubles(cacheDirectory);
  const back = await serve(t, await machine(t, store, reshare).open());
  assert.ok((sentBy(back.report)[0] ?? 0) > OBJECT.length);
});

test('what a hit offers is what broken notes of earlier offers do not say', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  await compile(machine(t, undefined, { cacheDirectory }));
  const store = share(t);
  const file = `${layoutOf(cacheDirectory).offers}/${ARTIFACT.slice(0, 2)}.json`;
  await serve(t, await machine(t, store, { cacheDirectory, reshare: true }).open());
  for (const text of ['', '[]', '{"x":3}', '{', 'null', '\0'.repeat(2_000_000)]) {
    rmSync(`${folderOf(store)}/v1`, { recursive: true });
    writeFileSync(file, text);
    await serve(t, await machine(t, store, { cacheDirectory, reshare: true }).open());
    assert.equal(await serves(t, store), true, text.slice(0, 9));
  }
});
