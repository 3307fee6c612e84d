import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { exposedSecret } from '../../src/config/private-settings.ts';
import { readSettings, type SettingsInFile } from '../../src/config/settings-file.ts';
import { changeSettings, type SettingsChange } from '../../src/config/write-settings.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const DEFAULTS: SettingsInFile = {
  maximumSize: 1_073_741_824,
  hasMaximumSize: false,
  variables: {},
  oddities: [],
};

function change(file: string, changed: SettingsChange) {
  return changeSettings(file, { change: changed, timeoutMs: 1000 });
}

test('without a file the limit is one gibibyte, and no variable is set', (t) => {
  assert.deepEqual(readSettings(`${temporaryFolder(t)}/config.txt`), DEFAULTS);
  assert.deepEqual(readSettings(`${temporaryFolder(t)}/no/folder/config.txt`), DEFAULTS);
});

test('the limit is written as the Python clcache writes it, and other settings stay', async (t) => {
  const file = `${temporaryFolder(t)}/cache/config.txt`;
  await change(file, { MaximumCacheSize: 5000 });
  assert.equal(readFileSync(file, 'utf8'), '{"MaximumCacheSize":5000}');
  writeFileSync(file, '{"Other": [1], "MaximumCacheSize": 1}');
  await change(file, { MaximumCacheSize: 7000 });
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { Other: [1], MaximumCacheSize: 7000 });
  assert.equal(readSettings(file).maximumSize, 7000);
});

test('variables are set and removed beside the limit, one by one', async (t) => {
  const file = `${temporaryFolder(t)}/cache/config.txt`;
  await change(file, { MaximumCacheSize: 5000 });
  assert.equal((await change(file, { CLCACHE_PDB: 'per-object' })).hadAll, false);
  await change(file, { CLCACHE_BASEDIR: 'C:\\src\n' });
  assert.deepEqual(readSettings(file).variables, { CLCACHE_PDB: 'per-object', CLCACHE_BASEDIR: 'C:\\src\n' });
  assert.equal((await change(file, { CLCACHE_PDB: undefined })).hadAll, true);
  await change(file, { CLCACHE_BASEDIR: undefined });
  assert.equal(readFileSync(file, 'utf8'), '{"MaximumCacheSize":5000}');
});

test('changes of several processes at once are all kept', async (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  const changes: SettingsChange[] = [
    { CLCACHE_PDB: '1' },
    { CLCACHE_PCH: '1' },
    { CLCACHE_Z7: '1' },
    { MaximumCacheSize: 9 },
  ];
  await Promise.all(changes.map((one) => change(file, one)));
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), Object.assign({}, ...changes));
});

test('numbers, true and false count as the text of a variable, and names in any case', (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  writeFileSync(file, '{"clcache_pdb": true, "CLCACHE_COMPRESS": false, "CLCACHE_COMPRESSLEVEL": 5}');
  const { variables, oddities } = readSettings(file);
  assert.deepEqual(variables, { CLCACHE_PDB: '1', CLCACHE_COMPRESS: '0', CLCACHE_COMPRESSLEVEL: '5' });
  assert.deepEqual(oddities, []);
});

test('a byte order mark, UTF-16, line ends of Windows and comments do no harm', (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  const plain = '{"CLCACHE_CL": "C:\\\\a//b/*c*/#d",\r\n "MaximumCacheSize": 7}';
  const commented = `// one\r\n/* two\n */${plain.replace('",', '", # three')} // four`;
  for (const bytes of [
    plain,
    `\ufeff${plain}`,
    Buffer.from(`\ufeff${plain}`, 'utf16le'),
    commented,
    `\ufeff${commented}`,
  ]) {
    writeFileSync(file, bytes);
    const { variables, maximumSize, problem } = readSettings(file);
    assert.deepEqual([variables, maximumSize, problem], [{ CLCACHE_CL: 'C:\\a//b/*c*/#d' }, 7, undefined]);
  }
  assert.match(readSettings(file).oddities.join(), /has comments, which are lost when clcache writes it/);
});

test('names and values that do not count are told, and the others count', (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  writeFileSync(
    file,
    '{"CLCACHE_DIR": "x", "CLCACHE_PBD": "1", "CLCACHE_PCH": [1], "CLCACHE_CL": "a\\u0000b", "CLCACHE_Z7": "1", "__proto__": 1, "constructor": 1}',
  );
  const { variables, oddities, problem } = readSettings(file);
  assert.deepEqual([variables, problem], [{ CLCACHE_Z7: '1' }, undefined]);
  assert.deepEqual(
    oddities.map((line) => line.replace(`${file}: `, '')),
    [
      'CLCACHE_DIR cannot be set in config.txt: the file lies in that folder',
      'CLCACHE_PBD is not a variable of clcache',
      'the value of CLCACHE_PCH is not a text',
      'the value of CLCACHE_CL is not a text',
      '__PROTO__ is not a variable of clcache',
      'CONSTRUCTOR is not a variable of clcache',
    ],
  );
});

test('a broken file is reported, the defaults apply, and the next change keeps a copy of it', async (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  for (const text of ['{"Maxi', '[]', 'null', '5', '']) {
    writeFileSync(file, text);
    assert.deepEqual(readSettings(file), { ...DEFAULTS, problem: `${file} was broken` }, text);
  }
  writeFileSync(file, '{"CLCACHE_PDB": "1" "CLCACHE_PCH": "1"}');
  const { oldFile } = await change(file, { MaximumCacheSize: 9000 });
  assert.equal(readSettings(file).maximumSize, 9000);
  assert.match(readFileSync(oldFile ?? '', 'utf8'), /CLCACHE_PCH/);
  mkdirSync(`${file}.folder`);
  assert.match(readSettings(`${file}.folder`).problem ?? '', /was broken$/);
});

test('a limit that is none is reported, and the variables count', (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  const sizes = { '0': '0', '"1"': '"1"', '1.5': '1.5', '1e300': '1e+300', '[]': '[]' };
  for (const [size, shown] of Object.entries(sizes)) {
    writeFileSync(file, `{"MaximumCacheSize":${size}, "CLCACHE_Z7": "1"}`);
    const problem = `${file}: MaximumCacheSize is not a number of bytes above 0: '${shown}'`;
    assert.deepEqual(readSettings(file), { ...DEFAULTS, variables: { CLCACHE_Z7: '1' }, problem });
  }
});

test('comments are not kept, but the file that had them is', async (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  writeFileSync(file, '{"CLCACHE_Z7": "1"} // why');
  const { oldFile } = await change(file, { CLCACHE_PCH: '1' });
  assert.equal(readFileSync(oldFile ?? '', 'utf8'), '{"CLCACHE_Z7": "1"} // why');
  assert.deepEqual(readSettings(file), { ...DEFAULTS, variables: { CLCACHE_Z7: '1', CLCACHE_PCH: '1' } });
});

test('a file with a secret is readable for its owner only once it is written, and others keep their rights', {
  skip: process.platform === 'win32',
}, async (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  const rights = (path = file) => (statSync(path).mode & 0o777).toString(8);
  await change(file, { CLCACHE_Z7: '1' });
  chmodSync(file, 0o664);
  await change(file, { CLCACHE_PCH: '1' });
  assert.equal(rights(), '664');
  assert.equal(exposedSecret(file), undefined);
  for (const secret of [
    { CLCACHE_REMOTE_SECRET: 'hush' },
    { CLCACHE_REMOTE: 'redis://me:hush@host' },
    { CLCACHE_REMOTE: 'http://host/x?token=hush' },
    { CLCACHE_MEMCACHED: 'me:hush@host' },
  ]) {
    writeFileSync(file, '{}');
    chmodSync(file, 0o664);
    await change(file, secret);
    assert.equal(rights(), '600', `set: ${Object.keys(secret)}`);
    for (const other of [{ CLCACHE_PCH: '1' }, { MaximumCacheSize: 9 }, { CLCACHE_PCH: undefined }]) {
      chmodSync(file, 0o644);
      assert.match(exposedSecret(file) ?? '', /holds a secret, and its rights \(644\)/);
      await change(file, other);
      assert.equal(rights(), '600', `rewritten: ${Object.keys(secret)}`);
    }
    assert.equal(exposedSecret(file), undefined);
  }
  for (const text of [
    '{"clcache_remote_secret": "hush"} // why',
    '{"CLCACHE_REMOTE_SECRET": "hush"',
    '{"CLCACHE_REMOTE_SECRET": 77}/**/',
  ]) {
    writeFileSync(file, text);
    chmodSync(file, 0o644);
    const { oldFile = '' } = await change(file, { CLCACHE_PCH: '1' });
    assert.equal(rights(oldFile), '600', text);
  }
  assert.equal(existsSync(`${file}.lock`), false);
});

test('a change that makes the file too large is refused, and nothing is changed', async (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  const long = { CLCACHE_BASEDIR: `/${'x'.repeat(65_400)}` };
  await change(file, long);
  for (const before of [readFileSync(file, 'utf8'), `${readFileSync(file, 'utf8')}// why`, '{"CLCACHE']) {
    writeFileSync(file, before);
    for (const more of [
      { CLCACHE_CL: 'x'.repeat(65_600) },
      { CLCACHE_CL: '\u00e9'.repeat(40_000) },
      { CLCACHE_CL: '"'.repeat(40_000) },
    ])
      await assert.rejects(
        change(file, more),
        /^RefusedChangeError: not set: .* would be larger than 65536 bytes/,
      );
    assert.equal(readFileSync(file, 'utf8'), before);
    assert.equal(existsSync(`${file}.old`), false);
  }
});

test('a folder in the place of the old copy is told of, and stays', async (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  mkdirSync(`${file}.old/mine`, { recursive: true });
  writeFileSync(file, '{} // why');
  await assert.rejects(
    change(file, { CLCACHE_PCH: '1' }),
    /would be kept as .*config\.txt\.old, which is a folder/,
  );
  assert.equal(readFileSync(file, 'utf8'), '{} // why');
  assert.ok(existsSync(`${file}.old/mine`));
});

test('a variable is changed and removed in whatever case its name is in the file', async (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  const written =
    '{"clcache_z7":"1","Clcache_Z7":"1","CLCACHE_Z7":"1","clcache_pch":"1","MaximumCacheSize":7}';
  writeFileSync(file, written);
  assert.equal((await change(file, { CLCACHE_Z7: undefined })).hadAll, true);
  assert.deepEqual(readSettings(file).variables, { CLCACHE_PCH: '1' });
  assert.equal((await change(file, { CLCACHE_Z7: undefined })).hadAll, false);
  assert.equal((await change(file, { CLCACHE_PCH: '0' })).hadAll, true);
  assert.equal(readFileSync(file, 'utf8'), '{"CLCACHE_PCH":"0","MaximumCacheSize":7}');
});
