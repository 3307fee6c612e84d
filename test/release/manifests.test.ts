/** The manifests for Scoop and winget, by the rules of these and by their own schemas. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { NAMES_SCRIPT } from '../../bin/dev/release/contents.ts';
import { type Facts, factsOfRelease, folderOf } from '../../bin/dev/release/facts.ts';
import { manifestsOf } from '../../bin/dev/release/manifests.ts';
import { checkBy, RULES } from './manifest-rules.ts';

const FACTS = factsOfRelease();
/** A folder with the projects' own schemas. They are none of ours, so the workflow of a release fetches them. */
const SCHEMAS = process.env['CLCACHE_TEST_SCHEMAS'];
const SCHEMA_FILES: Readonly<Record<string, string>> = {
  scoop: 'scoop.json',
  version: 'winget-version.json',
  installer: 'winget-installer.json',
  defaultLocale: 'winget-defaultLocale.json',
};

/** The manifests as a reader of JSON and YAML has them, by their kinds. */
function manifests(facts: Facts = FACTS): Record<string, Record<string, unknown>> {
  const archive = {
    file: `${folderOf(facts, 'windows')}.zip`,
    sha256: 'ab'.repeat(32),
    namesScript: NAMES_SCRIPT.windows,
  };
  const texts = Object.entries(manifestsOf(facts, archive));
  const read = texts.map(([name, text]) => (name.endsWith('.json') ? JSON.parse(text) : parse(text)));
  return Object.fromEntries(read.map((manifest) => [manifest.ManifestType ?? 'scoop', manifest]));
}

test('there is a manifest for Scoop and one of each kind that winget asks for', () => {
  assert.deepEqual(Object.keys(manifests()).sort(), Object.keys(SCHEMA_FILES).sort());
});

for (const [kind, rules] of Object.entries(RULES)) {
  test(`the manifest '${kind}' keeps the rules of its package manager`, () => {
    assert.deepEqual(checkBy(rules)(manifests()[kind]), []);
  });

  test(`the rules for '${kind}' find a missing field, an unknown one and a wrong one`, () => {
    const manifest = manifests()[kind] ?? {};
    const check = checkBy(rules);
    for (const field of Object.keys(manifest)) {
      const { [field]: _, ...without } = manifest;
      assert.notDeepEqual(check(without), [], `without ${field}`);
      assert.notDeepEqual(check({ ...manifest, [field]: 5 }), [], `${field} is a number`);
    }
    assert.notDeepEqual(check({ ...manifest, Version: '1' }), []);
  });
}

test('the manifests keep the schemas of their package managers', {
  skip: SCHEMAS === undefined && 'CLCACHE_TEST_SCHEMAS names no folder with these schemas',
}, () => {
  for (const [kind, file] of Object.entries(SCHEMA_FILES)) {
    const text = readFileSync(join(SCHEMAS ?? '', file), 'utf8');
    const check = checkBy(JSON.parse(text.replace(/^\uFEFF/, '')));
    assert.deepEqual(check(manifests()[kind]), [], kind);
    assert.notDeepEqual(check({ ...manifests()[kind], version: 5, PackageVersion: 5 }), [], kind);
  }
});

test('all manifests name the same version, address and digest', () => {
  const { scoop, version, installer, defaultLocale } = manifests({ ...FACTS, version: '6.7.8' });
  const url = `${FACTS.address}/releases/download/v6.7.8/clcache-6.7.8-windows-x64.zip`;
  for (const winget of [version, installer, defaultLocale]) assert.equal(winget?.['PackageVersion'], '6.7.8');
  const folder = 'clcache-6.7.8-windows-x64';
  assert.deepEqual(scoop?.['architecture'], {
    '64bit': { url, hash: 'ab'.repeat(32), extract_dir: folder },
  });
  assert.deepEqual(installer?.['Installers'], [
    { Architecture: 'x64', InstallerUrl: url, InstallerSha256: 'AB'.repeat(32) },
  ]);
  assert.deepEqual(installer?.['NestedInstallerFiles'], [
    { RelativeFilePath: `${folder}\\clcache.exe`, PortableCommandAlias: 'clcache' },
  ]);
});
