import assert from 'node:assert/strict';
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { changeSettings } from '../../src/config/write-settings.ts';
import { checkCacheFolder } from '../../src/doctor/checks/cache-folder.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { configOf, counted, linesOf } from './surroundings.ts';

async function said(folder: string, config = configOf({})) {
  return linesOf(await checkCacheFolder({ config, layout: layoutOf(folder), statistics: counted({}) }));
}

test('a folder that can be written is good, and so is one that can be made; the doctor leaves nothing in them', async (t) => {
  const folder = temporaryFolder(t);
  assert.match((await said(folder))[0] ?? '', /^good .* can be written, [\d.]+ GiB free$/);
  assert.deepEqual(readdirSync(folder), []);
  assert.match(
    (await said(join(folder, 'new/cache')))[0] ?? '',
    /^good .*\/new\/cache is not there yet and can be made/,
  );
  assert.ok(!existsSync(join(folder, 'new')));
});

test('a file in the place of the folder, a link in it and a folder of the system stop the cache', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(folder, join(folder, 'v1'));
  const places = [join(folder, 'file'), join(folder, 'file/cache'), folder];
  if (process.platform === 'linux') places.push('/proc/cache');
  for (const place of places) {
    const lines = await said(place);
    assert.equal(lines.length, 1);
    assert.match(
      lines[0] ?? '',
      /^stops the folder of the cache cannot be written.*=> set CLCACHE_DIR/,
      place,
    );
  }
});

test('less free space than the limit allows is looked at', async (t) => {
  const folder = temporaryFolder(t);
  await changeSettings(layoutOf(folder).settingsFile, {
    change: { MaximumCacheSize: 2 ** 52 },
    timeoutMs: 1000,
  });
  const lines = await said(folder);
  assert.match(
    lines.at(-1) ?? '',
    /^look the cache may grow by [\d,]+ bytes, and [\d,]+ are free => make room/,
  );
});

test('on Windows a folder outside the ones that MSBuild leaves out is looked at', async (t) => {
  const folder = temporaryFolder(t);
  const tracked = /^look .* MSBuild tracks/;
  const config = (local: string) => configOf({ LOCALAPPDATA: local }, 'C:\\work', 'win32');
  assert.ok((await said(folder, config('C:\\local'))).some((line) => tracked.test(line)));
  assert.ok(!(await said(folder, config(folder))).some((line) => tracked.test(line)));
});
