import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
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
  for (const size of ['0', '"1"', '1.5', '1e300', '[]']) {
    writeFileSync(file, `{"MaximumCacheSize":${size}, "CLCACHE_Z7": "1"}`);
    const problem = `${file} was broken`;
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

test('a secret makes the file readable for its owner only, and other changes keep the rights of the file', {
  skip: process.platform === 'win32',
}, async (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  const rights = () => (statSync(file).mode & 0o777).toString(8);
  await change(file, { CLCACHE_Z7: '1' });
  chmodSync(file, 0o664);
  await change(file, { CLCACHE_PCH: '1' });
  assert.equal(rights(), '664');
  await change(file, { CLCACHE_REMOTE_SECRET: 'hush' });
  assert.equal(rights(), '600');
  await change(file, { CLCACHE_PCH: undefined });
  assert.equal(rights(), '600');
  chmodSync(file, 0o664);
  await change(file, { CLCACHE_REMOTE: 'redis://me:hush@host' });
  assert.equal(rights(), '600', 'a password in an address');
  assert.equal(existsSync(`${file}.lock`), false);
});
