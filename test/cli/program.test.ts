import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseSince } from '../../src/cli/actions/export.ts';
import { isModifier, OPTION_ROWS } from '../../src/cli/options.ts';
import { runOwn } from '../../src/cli/program.ts';
import { VARIABLES } from '../../src/config/variables.ts';
import { digestOfBytes } from '../../src/hash/digest.ts';
import { addToStatistics, readStatistics } from '../../src/statistics/statistics-file.ts';
import { entryFolder, layoutOf, manifestFile } from '../../src/storage/local/layout.ts';
import { LocalStore } from '../../src/storage/local/local-store.ts';
import { tryWithLongFileLock } from '../../src/util/file-lock.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function clcache(cacheDirectory: string, ...argv: readonly string[]): Promise<Said> {
  let stdout = '';
  let stderr = '';
  const status = await runOwn(argv, {
    config: {
      cacheDirectory,
      lockTimeoutMs: 300,
      hardLink: false,
      compress: false,
      workingDirectory: cacheDirectory,
      style: 'posix',
      environment: {},
      homeDirectory: '/nowhere',
      disabled: false,
      fromFile: [],
      problems: [],
    },
    self: '/nowhere/clcache',
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    isTerminal: false,
  });
  return { status, stdout, stderr };
}

function putEntry(cacheDirectory: string, key: string): void {
  const folder = entryFolder(layoutOf(cacheDirectory), key);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/artifact.json`, '0123456789');
  const manifest = manifestFile(layoutOf(cacheDirectory), key);
  mkdirSync(manifest.replace(/\/[^/]*$/, ''), { recursive: true });
  writeFileSync(manifest, '01234');
}

test('--set-size takes whole numbers above zero, with suffixes and blanks, and prints the limit', async (t) => {
  const folder = temporaryFolder(t);
  const sizes = {
    '1000': 1000,
    ' 42 ': 42,
    '+7': 7,
    '64K': 65_536,
    '2 MiB': 2_097_152,
    '1gb': 1_073_741_824,
    '3T': 3_298_534_883_328,
  };
  for (const [text, size] of Object.entries(sizes)) {
    const said = await clcache(folder, '-M', text);
    const shown = size.toLocaleString('en-US');
    assert.deepEqual(said, { status: 0, stdout: `maximum cache size: ${shown} bytes\n`, stderr: '' });
    assert.equal(readFileSync(`${folder}/config.txt`, 'utf8'), `{"MaximumCacheSize":${size}}`);
  }
});

test('--set-size refuses anything else in one line, and changes nothing', async (t) => {
  const folder = temporaryFolder(t);
  for (const argv of [
    ['-M', '0'],
    ['-M', '-5'],
    ['-M', 'x'],
    ['-M', ''],
    ['-M', '1.5G'],
    ['-M', '1e3'],
    ['-M', '9999999T'],
    ['-M', '5X'],
    ['-M'],
    ['--set-size='],
  ]) {
    const said = await clcache(folder, ...argv);
    assert.equal(said.status, 1, argv.join(' '));
    assert.equal(said.stdout, '');
    assert.match(said.stderr, /^clcache: [^\n]+\n$/);
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('two options at once are refused in one line', async (t) => {
  const folder = temporaryFolder(t);
  for (const argv of [['-c', '-C'], ['-s', '-z'], ['-c', '--json'], ['--json'], ['-M', '5', '-s']]) {
    const said = await clcache(folder, ...argv);
    assert.equal(said.status, 1, argv.join(' '));
    assert.match(said.stderr, /^clcache: [^\n]+\n$/);
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('an option that is given twice is refused in one line', async (t) => {
  const folder = temporaryFolder(t);
  for (const argv of [
    ['-s', '-s'],
    ['-s', '--stats'],
    ['-s', '--json', '--json'],
    ['-M', '5', '--set-size=6'],
    ['--set', 'A=1', '--set', 'B=1'],
  ]) {
    const said = await clcache(folder, ...argv);
    assert.equal(said.status, 1, argv.join(' '));
    assert.match(said.stderr, /^clcache: --[a-z-]+ is given twice\n$/);
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('--stats shows counters and limit as text or as JSON', async (t) => {
  const folder = temporaryFolder(t);
  await addToStatistics(layoutOf(folder).statistics, { counts: { CacheHits: 1234 } }, 1000);
  await clcache(folder, '-M', '5K');
  const text = await clcache(folder, '-s');
  assert.match(text.stdout, /^clcache statistics:\n/);
  assert.match(text.stdout, /\n {2}maximum cache size {8}: 5,120 bytes\n/);
  assert.match(text.stdout, /\n {2}cache hits {16}: 1,234\n/);
  const value = JSON.parse((await clcache(folder, '--stats', '--json')).stdout);
  assert.deepEqual([value.CacheHits, value.MaximumCacheSize, value.CacheDirectory], [1234, 5120, folder]);
});

test('--stats reports broken files and shows the defaults', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(`${layoutOf(folder).statistics.folder}/3`, { recursive: true });
  writeFileSync(`${layoutOf(folder).statistics.folder}/3/counters.json`, '{');
  writeFileSync(`${folder}/config.txt`, 'x');
  const said = await clcache(folder, '-s');
  assert.equal(said.status, 0);
  assert.match(said.stderr, /^clcache: .*config\.txt was broken\nclcache: .*3\/counters\.json was broken\n$/);
  assert.match(said.stdout, /1,073,741,824 bytes/);
});

test('--reset zeroes the counters and keeps the size', async (t) => {
  const folder = temporaryFolder(t);
  await addToStatistics(layoutOf(folder).statistics, { counts: { CacheHits: 3, CacheSize: 10 } }, 1000);
  assert.deepEqual(await clcache(folder, '-z'), { status: 0, stdout: 'Statistics reset\n', stderr: '' });
  const { totals } = await readStatistics(layoutOf(folder).statistics);
  assert.deepEqual([totals.CacheHits, totals.CacheSize], [0, 10]);
});

test('--clean corrects the counted size', async (t) => {
  const folder = temporaryFolder(t);
  putEntry(folder, 'ab01');
  await addToStatistics(
    layoutOf(folder).statistics,
    { counts: { CacheHits: 3, CacheSize: 999, CacheEntries: 7 } },
    1000,
  );
  assert.deepEqual(await clcache(folder, '-c'), { status: 0, stdout: 'Cache cleaned\n', stderr: '' });
  const { totals } = await readStatistics(layoutOf(folder).statistics);
  assert.deepEqual([totals.CacheHits, totals.CacheSize, totals.CacheEntries], [3, 15, 1]);
});

test('--clear empties the cache and keeps hits, misses and settings', async (t) => {
  const folder = temporaryFolder(t);
  putEntry(folder, 'ab01');
  await clcache(folder, '-M', '5K');
  await addToStatistics(
    layoutOf(folder).statistics,
    { counts: { CacheHits: 3, CacheSize: 15, CacheEntries: 1 } },
    1000,
  );
  assert.deepEqual(await clcache(folder, '-C'), { status: 0, stdout: 'Cache cleared\n', stderr: '' });
  assert.equal(existsSync(entryFolder(layoutOf(folder), 'ab01')), false);
  assert.equal(existsSync(manifestFile(layoutOf(folder), 'ab01')), false);
  const { totals } = await readStatistics(layoutOf(folder).statistics);
  assert.deepEqual([totals.CacheHits, totals.CacheSize, totals.CacheEntries], [3, 0, 0]);
  assert.equal(readFileSync(`${folder}/config.txt`, 'utf8'), '{"MaximumCacheSize":5120}');
});

test('--evict-older-than evicts what was not used for so long, and says how much that was', async (t) => {
  const folder = temporaryFolder(t);
  const hour = 3_600_000;
  const ages = { ab01: 50 * hour, ab02: 47 * hour, cd03: 1 * hour };
  for (const [key, age] of Object.entries(ages)) {
    putEntry(folder, key);
    const used = new Date(Date.now() - age);
    utimesSync(`${entryFolder(layoutOf(folder), key)}/artifact.json`, used, used);
    utimesSync(manifestFile(layoutOf(folder), key), used, used);
  }
  const evict = (...words: readonly string[]) => clcache(folder, '--evict-older-than', ...words);
  assert.equal((await evict('2d')).stdout, 'Evicted 1 entry (15 bytes); left: 2 entries (30 bytes)\n');
  assert.equal(existsSync(entryFolder(layoutOf(folder), 'ab01')), false);
  assert.equal(existsSync(manifestFile(layoutOf(folder), 'ab01')), false);
  const { stdout } = await evict('2h', '--json');
  assert.deepEqual(JSON.parse(stdout), {
    evicted: { entries: 1, bytes: 15 },
    left: { entries: 1, bytes: 15 },
  });
  const { totals } = await readStatistics(layoutOf(folder).statistics);
  assert.deepEqual([totals.CacheEntries, totals.CacheSize], [1, 15], 'the counted size is what is left');
  for (const age of ['', '2', '-2d', '1.5d', '2 weeks', 'd']) {
    const said = await evict(age);
    assert.deepEqual([said.status, said.stdout], [1, '']);
    assert.match(said.stderr, /^clcache: --evict-older-than takes [^\n]+\n$/);
  }
  await tryWithLongFileLock(layoutOf(folder).cleaningLock, async () => {
    assert.match((await evict('0s')).stderr, /another process is cleaning the cache; nothing was evicted/);
  });
  assert.match((await evict('0s')).stdout, /left: 0 entries \(0 bytes\)/);
});

test('--clean reports another cleaning process, and --clear fails without clearing', async (t) => {
  const folder = temporaryFolder(t);
  putEntry(folder, 'ab01');
  await tryWithLongFileLock(layoutOf(folder).cleaningLock, async () => {
    const cleaned = await clcache(folder, '-c');
    assert.deepEqual(cleaned, { status: 0, stdout: 'Another process is cleaning the cache\n', stderr: '' });
    const cleared = await clcache(folder, '-C');
    assert.equal(cleared.status, 1);
    assert.match(cleared.stderr, /^clcache: another process is cleaning the cache; it was not cleared\n$/);
  });
  assert.ok(existsSync(entryFolder(layoutOf(folder), 'ab01')));
});

test('a cache folder that cannot be written gives one line on stderr', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(`${folder}/file`, '');
  const said = await clcache(`${folder}/file`, '-M', '5');
  assert.equal(said.status, 1);
  assert.match(said.stderr, /^clcache: (ENOTDIR|EEXIST|ENOENT)[^\n]*\n$/);
});

test('the help lists every own option and every variable, in lines that fit', async (t) => {
  const { status, stdout } = await clcache(temporaryFolder(t), '--help');
  assert.equal(status, 0);
  for (const { short, long, value, isValueOptional, help } of OPTION_ROWS) {
    const names = short === undefined ? long : `${short}, ${long}`;
    const shown = isValueOptional ? `[${value}] ` : `<${value}> `;
    const line = `  ${names} ${value === undefined ? '' : shown}`;
    assert.ok(stdout.includes(line), line);
    assert.ok(stdout.replaceAll(/\s+/g, ' ').includes(help), help);
  }
  for (const name of Object.keys(VARIABLES)) {
    assert.ok(stdout.includes(`  ${name} `), name);
  }
});

test('every row of the table of options has an action that loads, or belongs to a row that has', async () => {
  const actions = OPTION_ROWS.filter((row) => !isModifier(row));
  const loaded = await Promise.all(actions.map((row) => 'action' in row && row.action()));
  assert.ok(loaded.every((action) => typeof action === 'function'));
  assert.equal(new Set(loaded).size, actions.length, 'each has an action of its own');
  const names = actions.map(({ long }) => long);
  for (const row of OPTION_ROWS.filter(isModifier)) {
    assert.ok(
      row.belongsTo.every((name) => names.includes(name)),
      row.long,
    );
    assert.ok(
      row.belongsTo.every((name) => row.help.includes(name)),
      `the help of ${row.long} names them`,
    );
  }
  const spellings = OPTION_ROWS.flatMap(({ short, long }) => [short ?? [], long].flat());
  assert.equal(new Set(spellings).size, spellings.length, 'no spelling twice');
});

test('a modifier of another option is refused by the name of its own, and the value of an option may be attached', async (t) => {
  const folder = temporaryFolder(t);
  for (const [line, own] of [
    [
      '-c --json',
      '--json belongs to --stats or --why or --doctor or --check-remote or --config or --evict-older-than',
    ],
    ['-s --since=2h', '--since belongs to --export'],
  ] as const)
    assert.equal((await clcache(folder, ...line.split(' '))).stderr, `clcache: ${own}\n`);
  for (const argv of [['-M=5K'], ['-M5K'], ['--set-size=5K'], ['--set-size', '5K']])
    assert.equal(
      (await clcache(folder, ...argv)).stdout,
      'maximum cache size: 5,120 bytes\n',
      argv.join(' '),
    );
});

test('--version prints version and licence', async (t) => {
  const { stdout } = await clcache(temporaryFolder(t), '--version');
  assert.match(stdout, /^clcache \d+\.\d+\.\d+\S*\nLicence: BSD-3-Clause\n$/);
});

test('--export and --import carry entries from one cache to another', async (t) => {
  const [from, to] = [temporaryFolder(t), temporaryFolder(t)];
  const key = digestOfBytes(Buffer.from('an entry'));
  const store = new LocalStore({
    cacheDirectory: from,
    lockTimeoutMs: 300,
    hardLink: false,
    compress: false,
  });
  await store.putArtifact(key, [{ role: 'object', bytes: Buffer.from('object'), splices: [] }], false);
  const file = `${to}/cache.archive`;
  const said = await clcache(from, '--export', file, '--since', '2h');
  assert.match(said.stdout, /^Exported 1 entries and 0 manifests, \d+ bytes\n$/);
  assert.equal(said.status, 0);
  const taken = await clcache(to, '--import', 'cache.archive');
  assert.deepEqual([taken.status, taken.stdout], [0, 'Imported 1 entries and 0 manifests\n']);
  assert.ok(existsSync(`${entryFolder(layoutOf(to), key)}/object`));
  const { totals } = await readStatistics(layoutOf(to).statistics);
  assert.ok(totals.CacheEntries === 1 && totals.CacheSize > 6);
  assert.match((await clcache(from, '--export', file, '--since', 'soon')).stderr, /--since takes/);
  assert.match((await clcache(from, '--import', `${from}/nothing`)).stderr, /no such file or directory/);
  writeFileSync(`${to}/text`, 'no archive');
  assert.match((await clcache(to, '--import', 'text')).stderr, /not an archive/);
  assert.match((await clcache(to, '-s', '--since', '2h')).stderr, /belongs to --export/);
});

test('the time of --since is a duration, a date or the last build', () => {
  const now = Date.parse('2030-05-05T12:00:00Z');
  assert.equal(parseSince('90s', now), now - 90_000);
  assert.equal(parseSince('2h', now), now - 7_200_000);
  assert.equal(parseSince('2030-05-05T11:00:00Z', now), now - 3_600_000);
  assert.equal(parseSince('last-build', now), 'lastBuild');
  for (const text of ['', '2', 'h', '2 h', '2030', 'yesterday'])
    assert.equal(parseSince(text, now), undefined);
});
