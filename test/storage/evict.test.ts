import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { sizeAccounts } from '../../src/statistics/size-accounts.ts';
import { readStatistics } from '../../src/statistics/statistics-file.ts';
import { clean, clear } from '../../src/storage/local/evict.ts';
import { ItemRemover } from '../../src/storage/local/item-remover.ts';
import { entryFolder, layoutOf } from '../../src/storage/local/layout.ts';
import { removeItems } from '../../src/storage/local/remove.ts';
import { surveySection } from '../../src/storage/local/survey.ts';
import { noAccounts } from '../../src/storage/store.ts';
import { tryWithLongFileLock } from '../../src/util/file-lock.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { keyOf, putEntry, putManifest, setAge } from './cache-items.ts';

const HOUR_MS = 3_600_000;

test('nothing is evicted below the limit, and the size is measured', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  putEntry(cacheDirectory, 'aa1', 600, 1000);
  putManifest(cacheDirectory, 'aa1', 300, 1000);
  const result = await clean({ cacheDirectory, maximumSize: 901, timeoutMs: 1000 });
  const size = { entries: 1, bytes: 900 };
  assert.deepEqual(result, { kind: 'done', before: size, after: size });
});

test('the least recently used items are evicted at the limit, down to 90 %', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  // The age decides, not name, section or order of writing.
  const ages = [5, 9, 1, 7, 3, 8, 2, 6, 4, 0];
  const folders = ages.map((age, index) => putEntry(cacheDirectory, keyOf(index), 100, age * 60_000));
  const result = await clean({ cacheDirectory, maximumSize: 600, timeoutMs: 1000 });
  assert.deepEqual(result, {
    kind: 'done',
    before: { entries: 10, bytes: 1000 },
    after: { entries: 5, bytes: 500 },
  });
  assert.deepEqual(
    folders.map((folder) => existsSync(folder)),
    ages.map((age) => age < 5),
  );
});

test('manifests may take a tenth, entries the rest', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const manifests = [4, 3, 2, 1].map((age, index) =>
    putManifest(cacheDirectory, keyOf(index), 40, age * 1000),
  );
  const entries = [4, 3, 2, 1].map((age, index) => putEntry(cacheDirectory, keyOf(index), 250, age * 1000));
  const result = await clean({ cacheDirectory, maximumSize: 1000, timeoutMs: 1000 });
  assert.deepEqual(
    manifests.map((file) => existsSync(file)),
    [false, false, true, true],
  );
  assert.deepEqual(
    entries.map((folder) => existsSync(folder)),
    [false, true, true, true],
  );
  assert.deepEqual(result, {
    kind: 'done',
    before: { entries: 4, bytes: 1160 },
    after: { entries: 3, bytes: 830 },
  });
});

test('a limit below every item leaves nothing', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  putEntry(cacheDirectory, 'aa1', 600, 1000);
  putManifest(cacheDirectory, 'aa1', 300, 1000);
  const result = await clean({ cacheDirectory, maximumSize: 1, timeoutMs: 1000 });
  assert.deepEqual(result, {
    kind: 'done',
    before: { entries: 1, bytes: 900 },
    after: { entries: 0, bytes: 0 },
  });
});

test('an entry without its artifact is evicted first', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const whole = putEntry(cacheDirectory, 'aa1', 500, HOUR_MS);
  const damaged = entryFolder(layoutOf(cacheDirectory), 'bb2');
  mkdirSync(damaged, { recursive: true });
  writeFileSync(`${damaged}/object`, 'o'.repeat(500));
  await clean({ cacheDirectory, maximumSize: 1000, timeoutMs: 1000 });
  assert.deepEqual([existsSync(whole), existsSync(damaged)], [true, false]);
});

test('files of killed processes are removed after an hour, and not before', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const { objects, manifests, statistics } = layoutOf(cacheDirectory);
  putEntry(cacheDirectory, 'aa1', 100, 0);
  putManifest(cacheDirectory, 'aa1', 100, 0);
  mkdirSync(`${statistics.folder}/1`, { recursive: true });
  const left = (age: number, name: string): string[] => {
    const files = [`${manifests}/aa/x.json.${name}`, `${statistics.folder}/1/counters.json.${name}`];
    for (const file of files) writeFileSync(file, '');
    const folders = [
      `${objects}/aa/aa2.${name}-x.tmp`,
      `${objects}/aa/.lock`,
      `${manifests}/aa/.lock.takeover`,
    ];
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    writeFileSync(`${folders[0]}/object`, '');
    const all = [...files, ...folders];
    for (const path of all) setAge(path, age);
    return all;
  };
  const old = left(HOUR_MS * 1.1, '123');
  await clean({ cacheDirectory, maximumSize: 1e9, timeoutMs: 1000 });
  assert.deepEqual(old.filter(existsSync), []);
  const young = left(HOUR_MS * 0.9, '456');
  await clean({ cacheDirectory, maximumSize: 1e9, timeoutMs: 1000 });
  assert.deepEqual(young.filter(existsSync), young);
});

for (const [name, begin] of [
  ['a cleaning', (cacheDirectory: string) => clean({ cacheDirectory, maximumSize: 1e9, timeoutMs: 1000 })],
  ['clearing', (cacheDirectory: string) => clear({ cacheDirectory, timeoutMs: 1000 })],
] as const) {
  test(`${name} removes at once what one that was killed had moved out of the cache`, async (t) => {
    const cacheDirectory = temporaryFolder(t);
    putEntry(cacheDirectory, 'aa1', 100, 1000);
    const { root } = layoutOf(cacheDirectory);
    mkdirSync(`${root}/removed.0123456789abcdef.tmp/0`, { recursive: true });
    writeFileSync(`${root}/removed.0123456789abcdef.tmp/0/object`, 'x');
    mkdirSync(`${root}/removed.of-another-program`);
    await begin(cacheDirectory);
    assert.deepEqual(readdirSync(root).sort(), ['objects', 'removed.of-another-program']);
  });
}

test('an item that was used since the survey stays', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const layout = layoutOf(cacheDirectory);
  const { objects, manifests } = layout;
  const remover = new ItemRemover(layout);
  const entries = [
    putEntry(cacheDirectory, 'aa1', 100, 60_000),
    putEntry(cacheDirectory, 'aa2', 100, 60_000),
  ];
  const files = [
    putManifest(cacheDirectory, 'aa1', 100, 60_000),
    putManifest(cacheDirectory, 'aa2', 100, 60_000),
  ];
  const sections = [
    surveySection({ kind: 'objects', path: `${objects}/aa`, digit: 'a' }),
    surveySection({ kind: 'manifests', path: `${manifests}/aa`, digit: 'a' }),
  ];
  setAge(`${entries[1]}/artifact.json`, 0);
  setAge(files[1] ?? '', 0);
  for (const section of sections) {
    const gone = await removeItems(section, section.items, {
      evenIfUsed: false,
      accounts: noAccounts(1000),
      remover,
    });
    assert.equal(gone.length, 1);
  }
  assert.deepEqual(
    [...entries, ...files].map((path) => existsSync(path)),
    [false, true, false, true],
  );
  await remover.end();
  assert.ok(!readdirSync(layout.root).some((name) => name.endsWith('.tmp')));
});

test('a section that stays locked keeps its manifests, and the rest is cleaned', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const held = putManifest(cacheDirectory, 'aa1', 100, 1000);
  const free = putManifest(cacheDirectory, 'bb1', 100, 1000);
  await tryWithLongFileLock(`${dirname(held)}/.lock`, async () => {
    const result = await clean({ cacheDirectory, maximumSize: 10, timeoutMs: 50 });
    assert.deepEqual(result, {
      kind: 'done',
      before: { entries: 0, bytes: 200 },
      after: { entries: 0, bytes: 100 },
    });
  });
  assert.deepEqual([existsSync(held), existsSync(free)], [true, false]);
});

test('only one process cleans at a time', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const folder = putEntry(cacheDirectory, 'aa1', 100, 0);
  await tryWithLongFileLock(layoutOf(cacheDirectory).cleaningLock, async () => {
    assert.deepEqual(await clean({ cacheDirectory, maximumSize: 1, timeoutMs: 100 }), { kind: 'busy' });
    assert.deepEqual(await clear({ cacheDirectory, timeoutMs: 100 }), { kind: 'busy' });
  });
  assert.ok(existsSync(folder));
});

test('clearing removes entries, manifests and what was learnt, and nothing else, not even a Python clcache’s cache', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const layout = layoutOf(cacheDirectory);
  putEntry(cacheDirectory, 'aa1', 100, 0);
  putManifest(cacheDirectory, 'aa1', 100, 0);
  const gone = [`${layout.compilers}/cl.json`, `${layout.manifests}/aa/aa1.hashes`];
  const kept = [
    `${layout.statistics.folder}/0/counters.json`,
    layout.settingsFile,
    `${cacheDirectory}/stats.txt`,
    `${cacheDirectory}/objects/aa/aa1/object`,
    `${cacheDirectory}/manifests/aa/aa1.json`,
  ];
  for (const file of [...gone, ...kept]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{}');
  }
  const result = await clear({ cacheDirectory, timeoutMs: 1000 });
  assert.deepEqual(result, { kind: 'done', after: { entries: 0, bytes: 0 } });
  assert.deepEqual(gone.filter(existsSync), []);
  assert.deepEqual(kept.filter(existsSync), kept);
  assert.deepEqual(readdirSync(`${layout.objects}/aa`), []);
});

test('after clearing, what is left is counted: manifests of a locked section, and nothing that is gone', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const layout = layoutOf(cacheDirectory);
  const held = putManifest(cacheDirectory, 'aa1', 100, 1000);
  const free = putManifest(cacheDirectory, 'ab1', 100, 1000);
  const entries = ['aa1', 'ab1', 'b1'].map((key) => putEntry(cacheDirectory, key, 100, 1000));
  const accounts = sizeAccounts(layout.statistics, 50);
  await accounts.record('aa1', [], () => ({ entries: 3, bytes: 500 }));
  await tryWithLongFileLock(`${dirname(held)}/.lock`, async () => {
    const result = await clear({ cacheDirectory, timeoutMs: 50, accounts });
    assert.deepEqual(result, { kind: 'done', after: { entries: 0, bytes: 100 } });
  });
  assert.deepEqual([held, free, ...entries].filter(existsSync), [held]);
  const { totals } = await readStatistics(layout.statistics);
  assert.deepEqual([totals.CacheEntries, totals.CacheSize], [0, 100]);
});

test('what was learnt is counted, ages, and is removed with its manifest', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const { compilers, headers } = layoutOf(cacheDirectory);
  const manifest = putManifest(cacheDirectory, 'aa1', 100, 60_000);
  const learnt = (path: string, age: number): string => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'l'.repeat(50));
    setAge(path, age);
    return path;
  };
  const [beside, orphan] = ['aa1', 'aa2'].map((key) => learnt(`${dirname(manifest)}/${key}.hashes`, 60_000));
  const kept = [learnt(`${compilers}/1a.json`, 0), learnt(`${headers}/fa.json`, HOUR_MS)];
  const old = [
    learnt(`${compilers}/1b.json`, 31 * 24 * HOUR_MS),
    learnt(`${headers}/fb.json`, 31 * 24 * HOUR_MS),
  ];
  assert.deepEqual(await clean({ cacheDirectory, maximumSize: 1e9, timeoutMs: 1000 }), {
    kind: 'done',
    before: { entries: 0, bytes: 400 },
    after: { entries: 0, bytes: 250 },
  });
  assert.deepEqual([orphan ?? '', ...old].filter(existsSync), []);
  assert.deepEqual(
    [manifest, beside ?? '', ...kept].filter((path) => !existsSync(path)),
    [],
  );
  // A tenth of 90 % is for manifests, and the most recently used one fits into it.
  await clean({ cacheDirectory, maximumSize: 240, timeoutMs: 1000 });
  assert.deepEqual([manifest, beside ?? '', ...kept].filter(existsSync), []);
});

test('links in the cache folder are removed, and what they lead to is not', {
  skip: process.platform === 'win32' && 'links are a privilege there',
}, async (t) => {
  const [cacheDirectory, elsewhere] = [temporaryFolder(t), temporaryFolder(t)];
  const layout = layoutOf(cacheDirectory);
  const folder = putEntry(cacheDirectory, 'aa1', 100, 0);
  const manifest = putManifest(cacheDirectory, 'aa1', 100, 0);
  const precious = putEntry(`${elsewhere}/other`, 'bb2', 100, 10 * HOUR_MS);
  mkdirSync(layout.headers, { recursive: true });
  const links = [
    `${layout.objects}/bb`,
    `${layout.objects}/aa/aa9`,
    `${folder}/listing.asm`,
    `${dirname(manifest)}/aa9.json`,
    `${dirname(manifest)}/aa9.hashes`,
    `${layout.headers}/aa.json`,
    layout.compilers,
    layout.statistics.folder,
  ];
  for (const link of links) symlinkSync(dirname(precious), link);
  await clean({ cacheDirectory, maximumSize: 1, timeoutMs: 1000 });
  await clear({ cacheDirectory, timeoutMs: 1000 });
  assert.deepEqual(readdirSync(precious).sort(), ['artifact.json', 'object']);
  const left = links.filter((link) => lstatSync(link, { throwIfNoEntry: false }));
  assert.deepEqual(left, []);
  symlinkSync(dirname(dirname(precious)), `${elsewhere}/v1`);
  await clear({ cacheDirectory: elsewhere, timeoutMs: 1000 });
  assert.deepEqual([existsSync(`${precious}/object`), existsSync(`${elsewhere}/v1`)], [true, false]);
});

for (const [name, put] of Object.entries({
  'dated in the future': (lock: string) => {
    mkdirSync(lock);
    setAge(lock, -24 * HOUR_MS);
  },
  'that is a file': (lock: string) => writeFileSync(lock, ''),
  'with something in it, dated in the future': (lock: string) => {
    mkdirSync(lock);
    writeFileSync(`${lock}/file`, '');
    setAge(lock, -24 * HOUR_MS);
  },
})) {
  test(`a cleaning lock ${name} prevents cleaning only for some seconds`, async (t) => {
    const cacheDirectory = temporaryFolder(t);
    const folder = putEntry(cacheDirectory, 'aa1', 100, 0);
    const { cleaningLock } = layoutOf(cacheDirectory);
    put(cleaningLock);
    const result = await clear({ cacheDirectory, timeoutMs: 1000 });
    assert.equal(result.kind, 'done');
    assert.deepEqual([existsSync(folder), existsSync(cleaningLock)], [false, false]);
  });
}

test('a cleaning without a cache makes nothing', async (t) => {
  const cacheDirectory = `${temporaryFolder(t)}/none`;
  const none = { entries: 0, bytes: 0 };
  assert.deepEqual(await clean({ cacheDirectory, maximumSize: 1, timeoutMs: 100 }), {
    kind: 'done',
    before: none,
    after: none,
  });
  assert.equal(existsSync(cacheDirectory), false);
});

test('clearing removes every lock that a killed process left, and none that is held', async (t) => {
  for (const hasEntries of [true, false]) {
    const cacheDirectory = temporaryFolder(t);
    const layout = layoutOf(cacheDirectory);
    const ofSettings = [layout.settingsLock, `${layout.settingsLock}.takeover`];
    const below = [
      `${layout.compilers}/cl.json.lock`,
      `${layout.manifests}/aa/.lock`,
      `${layout.objects}/aa/.lock.takeover`,
      `${layout.cleaningLock}.takeover`,
    ];
    const locks = hasEntries ? [...ofSettings, ...below] : ofSettings;
    const isThere = () => locks.filter((path) => existsSync(path));
    for (const path of locks) mkdirSync(path, { recursive: true });
    await clear({ cacheDirectory, timeoutMs: 100 });
    assert.deepEqual(isThere(), locks);
    if (hasEntries) {
      locks.push(layout.cleaningLock);
      mkdirSync(layout.cleaningLock);
    }
    for (const path of locks) setAge(path, 60_000);
    await clear({ cacheDirectory, timeoutMs: 100 });
    assert.deepEqual(isThere(), []);
    writeFileSync(layout.settingsLock, 'no lock');
    await clear({ cacheDirectory, timeoutMs: 100 });
    assert.deepEqual(isThere(), []);
  }
});

test('no lock is removed in a folder to which a link in the cache leads', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const { manifests } = layoutOf(cacheDirectory);
  const lock = `${cacheDirectory}/elsewhere/aa/.lock`;
  mkdirSync(lock, { recursive: true });
  setAge(lock, 60_000);
  mkdirSync(dirname(manifests), { recursive: true });
  symlinkSync(`${cacheDirectory}/elsewhere`, manifests, 'junction');
  await clear({ cacheDirectory, timeoutMs: 100 });
  assert.ok(existsSync(lock));
});
