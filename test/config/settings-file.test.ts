import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { readSettings } from '../../src/config/settings-file.ts';
import { writeMaximumSize } from '../../src/config/write-settings.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('without a file the limit is one gibibyte', (t) => {
  assert.deepEqual(readSettings(`${temporaryFolder(t)}/config.txt`), { maximumSize: 1_073_741_824 });
});

test('the limit is written as the Python clcache writes it, and other settings stay', (t) => {
  const file = `${temporaryFolder(t)}/cache/config.txt`;
  writeMaximumSize(file, 5000);
  assert.equal(readFileSync(file, 'utf8'), '{"MaximumCacheSize":5000}');
  writeFileSync(file, '{"Other": [1], "MaximumCacheSize": 1}');
  writeMaximumSize(file, 7000);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { Other: [1], MaximumCacheSize: 7000 });
  assert.deepEqual(readSettings(file), { maximumSize: 7000 });
});

test('a broken file, or an invalid limit, is reported, and the default applies', (t) => {
  const file = `${temporaryFolder(t)}/config.txt`;
  for (const text of [
    '{"Maxi',
    '[]',
    '{"MaximumCacheSize":0}',
    '{"MaximumCacheSize":"1"}',
    '{"MaximumCacheSize":1.5}',
    '{"MaximumCacheSize":1e300}',
    'null',
    '5',
  ]) {
    writeFileSync(file, text);
    assert.deepEqual(readSettings(file), { maximumSize: 1_073_741_824, problem: `${file} was broken` });
  }
  writeFileSync(file, '{"Maxi');
  writeMaximumSize(file, 9000);
  assert.deepEqual(readSettings(file), { maximumSize: 9000 });
});
