/** What the project says of itself to those who install it: addresses, versions and what changed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageJson, ROOT } from '../../bin/dev/project.ts';

const { version, homepage, repository, bugs, keywords, license } = packageJson();

test('the addresses in package.json are those of its repository', () => {
  const [, address = ''] = /^git\+(https:\/\/github\.com\/[\w-]+\/[\w-]+)\.git$/.exec(repository.url) ?? [];
  assert.notEqual(address, '');
  assert.deepEqual([homepage, bugs.url], [`${address}#readme`, `${address}/issues`]);
  assert.equal(license, 'BSD-3-Clause');
  assert.ok(keywords.length >= 8);
});

test('the lock file has the version of package.json', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  assert.deepEqual([lock.version, lock.packages[''].version], [version, version]);
});

test('the changelog has a section for each version with its date, the newest first, and the first is this version', () => {
  const text = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const heads = [...text.matchAll(/^## (.*)$/gm)].map(([, head = '']) => head);
  const dated = heads.map((head) => /^(\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2})\)$/.exec(head));
  assert.ok(dated.length >= 2 && dated.every((match) => match !== null), heads.join(', '));
  assert.equal(dated[0]?.[1], version);
  const dates = dated.map((match) => match?.[2] ?? '');
  assert.deepEqual(dates, dates.toSorted().reverse());
  for (const date of dates) assert.equal(new Date(date).toISOString().slice(0, 10), date);
});

test('every page names the repository by the address in package.json, and only existing ways to a release', () => {
  const address = homepage.replace('#readme', '');
  for (const page of ['README.md', '.github/CONTRIBUTING.md', '.github/SECURITY.md']) {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const ours = [...text.matchAll(/https:\/\/github\.com\/(?!frerich|paulmillr)[^\s)`]*/g)].map(
      ([found]) => found,
    );
    for (const found of ours) assert.ok(found.startsWith(address), `${page}: ${found}`);
  }
  const screen = readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n').slice(0, 30).join('\n');
  for (const way of [
    `scoop install ${address}/releases/latest/download/clcache.json`,
    'winget install clcache.clcache',
    'npm install --global clcache',
    'npm run build:exe',
  ])
    assert.ok(screen.includes(way), way);
});
