import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  artifactKey,
  type KeyMaterial,
  manifestKeyParts,
  preprocessedKeyParts,
} from '../../src/cache/key.ts';
import type { FileState } from '../../src/cache/manifest.ts';
import { type Digest, digestOfBytes, digestOfParts } from '../../src/hash/digest.ts';

const digestOf = (text: string): Digest => digestOfBytes(Buffer.from(text));

const MATERIAL: KeyMaterial = {
  roots: { style: 'posix', workingDirectory: '/tree/build', baseDirectories: ['/tree'] },
  compilerIdentity: 'compiler',
  language: 'c++',
  source: '../a.cpp',
  options: [
    { text: '/O2' },
    { text: '/I', path: '/tree/inc', preprocessorOnly: true },
    { text: '/sanitize', path: '/tree/list' },
  ],
  showIncludes: 'no',
  environment: [
    { name: 'INCLUDE', value: '/tree/sdk;/usr/inc', isFolderList: true },
    { name: 'VSLANG', value: '1033', isFolderList: false },
  ],
  inputFiles: [{ path: '/tree/list', digest: digestOf('list') }],
};

const manifestKey = (material: KeyMaterial, source = digestOf('source')) =>
  digestOfParts(manifestKeyParts(material, source));
const textKey = (material: KeyMaterial, text = digestOf('text')) =>
  digestOfParts(preprocessedKeyParts(material, text));

const withOptions = (options: KeyMaterial['options']): KeyMaterial => ({ ...MATERIAL, options });
const withEnvironment = (environment: KeyMaterial['environment']): KeyMaterial => ({
  ...MATERIAL,
  environment,
});
const [optimize, include, sanitize] = MATERIAL.options as [
  KeyMaterial['options'][0],
  KeyMaterial['options'][0],
  KeyMaterial['options'][0],
];
const [includeVariable, language] = MATERIAL.environment as [
  KeyMaterial['environment'][0],
  KeyMaterial['environment'][0],
];

/** Each part of a key with a change. `preprocessed` says whether it also belongs to the key of preprocessed text. */
const CHANGES: Readonly<Record<string, { to: KeyMaterial; preprocessed: boolean }>> = {
  'another compiler': { to: { ...MATERIAL, compilerIdentity: 'other' }, preprocessed: true },
  'another language': { to: { ...MATERIAL, language: 'c' }, preprocessed: true },
  'another source': { to: { ...MATERIAL, source: '../b.cpp' }, preprocessed: true },
  'another spelling of the source': { to: { ...MATERIAL, source: './../a.cpp' }, preprocessed: true },
  'an absolute spelling of the source': { to: { ...MATERIAL, source: '/tree/a.cpp' }, preprocessed: true },
  'the same spelling from another folder': {
    to: { ...MATERIAL, roots: { ...MATERIAL.roots, workingDirectory: '/tree/out' } },
    preprocessed: true,
  },
  'notes that are asked for': { to: { ...MATERIAL, showIncludes: 'all' }, preprocessed: true },
  'notes of user headers only': { to: { ...MATERIAL, showIncludes: 'user' }, preprocessed: true },
  'an option less': { to: withOptions([include, sanitize]), preprocessed: true },
  'an option more': { to: withOptions([...MATERIAL.options, { text: '/Oy' }]), preprocessed: true },
  'an option twice': { to: withOptions([optimize, ...MATERIAL.options]), preprocessed: true },
  'another option': { to: withOptions([{ text: '/O1' }, include, sanitize]), preprocessed: true },
  'options in another order': { to: withOptions([sanitize, include, optimize]), preprocessed: true },
  'another path of an option': {
    to: withOptions([optimize, include, { ...sanitize, path: '/tree/list2' }]),
    preprocessed: true,
  },
  'an option without its path': {
    to: withOptions([optimize, include, { text: sanitize.text }]),
    preprocessed: true,
  },
  'another search folder': {
    to: withOptions([optimize, { ...include, path: '/tree/inc2' }, sanitize]),
    preprocessed: false,
  },
  'another value of a variable': {
    to: withEnvironment([includeVariable, { ...language, value: '1031' }]),
    preprocessed: true,
  },
  'another name of a variable': {
    to: withEnvironment([includeVariable, { ...language, name: 'OTHER' }]),
    preprocessed: true,
  },
  'a variable less': { to: withEnvironment([includeVariable]), preprocessed: true },
  'another folder in a list of folders': {
    to: withEnvironment([{ ...includeVariable, value: '/tree/sdk;/usr/inc2' }, language]),
    preprocessed: false,
  },
  'a list of folders in another order': {
    to: withEnvironment([{ ...includeVariable, value: '/usr/inc;/tree/sdk' }, language]),
    preprocessed: false,
  },
  // clang takes an empty entry in CPATH for the working folder.
  'an empty place in a list of folders': {
    to: withEnvironment([{ ...includeVariable, value: ';/tree/sdk;/usr/inc' }, language]),
    preprocessed: false,
  },
  'another input file': {
    to: { ...MATERIAL, inputFiles: [{ path: '/tree/list3', digest: digestOf('list') }] },
    preprocessed: true,
  },
  'another content of an input file': {
    to: { ...MATERIAL, inputFiles: [{ path: '/tree/list', digest: digestOf('other') }] },
    preprocessed: true,
  },
  'an input file that is missing': {
    to: { ...MATERIAL, inputFiles: [{ path: '/tree/list', digest: '' }] },
    preprocessed: true,
  },
  'an input file less': { to: { ...MATERIAL, inputFiles: [] }, preprocessed: true },
};

for (const [change, { to, preprocessed }] of Object.entries(CHANGES)) {
  test(`${change} changes the manifest key`, () => {
    assert.notEqual(manifestKey(to), manifestKey(MATERIAL));
  });
  test(`${change} ${preprocessed ? 'changes the' : 'leaves the'} key of preprocessed text`, () => {
    assert.equal(textKey(to) !== textKey(MATERIAL), preprocessed);
  });
}

test('every field of the material has a change in this table', () => {
  const changed = new Set<string>();
  for (const { to } of Object.values(CHANGES)) {
    for (const field of Object.keys(MATERIAL) as (keyof KeyMaterial)[])
      if (to[field] !== MATERIAL[field]) changed.add(field);
  }
  assert.deepEqual([...changed].sort(), Object.keys(MATERIAL).sort());
});

test('other contents of the source, or another text, change the key', () => {
  assert.notEqual(manifestKey(MATERIAL, digestOf('other')), manifestKey(MATERIAL));
  assert.notEqual(textKey(MATERIAL, digestOf('other')), textKey(MATERIAL));
});

test('a manifest key never equals a key of preprocessed text', () => {
  const plain = { ...MATERIAL, options: [optimize], environment: [language] };
  assert.notEqual(manifestKey(plain, digestOf('x')), textKey(plain, digestOf('x')));
});

test('two lists of parts with the same joined text have different keys', () => {
  const distinct: readonly (readonly [KeyMaterial, KeyMaterial])[] = [
    [withOptions([{ text: 'ab' }, { text: 'c' }]), withOptions([{ text: 'a' }, { text: 'bc' }])],
    [withOptions([{ text: 'a' }, { text: 'b' }]), withOptions([{ text: 'a' }, { text: '' }, { text: 'b' }])],
    [withOptions([{ text: '/I', path: '/x' }]), withOptions([{ text: '/I/x' }])],
    [withOptions([{ text: 'a' }, { text: 'b' }]), withOptions([{ text: 'ab' }])],
    [
      withEnvironment([{ name: 'AB', value: 'C', isFolderList: false }]),
      withEnvironment([{ name: 'A', value: 'BC', isFolderList: false }]),
    ],
    [
      { ...MATERIAL, options: [{ text: 'V' }], environment: [] },
      { ...MATERIAL, options: [], environment: [{ name: 'V', value: '', isFolderList: false }] },
    ],
    [
      { ...MATERIAL, environment: [{ name: '/x', value: 'd', isFolderList: false }], inputFiles: [] },
      { ...MATERIAL, environment: [], inputFiles: [{ path: '/x', digest: 'd' }] },
    ],
    [
      { ...MATERIAL, compilerIdentity: 'ab', showIncludes: 'c' },
      { ...MATERIAL, compilerIdentity: 'a', showIncludes: 'bc' },
    ],
  ];
  for (const [left, right] of distinct) {
    assert.notEqual(manifestKey(left), manifestKey(right));
    assert.notEqual(textKey(left), textKey(right));
  }
});

test('the same tree in another folder has the same keys', () => {
  const moved = JSON.parse(
    JSON.stringify(MATERIAL).replaceAll('/tree', '/home/me/other tree'),
  ) as KeyMaterial;
  assert.equal(manifestKey(moved), manifestKey(MATERIAL));
  assert.equal(textKey(moved), textKey(MATERIAL));
  for (const part of manifestKeyParts(MATERIAL, digestOf('source'))) assert.doesNotMatch(part, /tree/);
});

test('another folder changes the key without base directories', () => {
  const rootless = (material: KeyMaterial): KeyMaterial => ({
    ...material,
    roots: { ...material.roots, baseDirectories: [] },
  });
  const moved = JSON.parse(JSON.stringify(MATERIAL).replaceAll('/tree', '/other')) as KeyMaterial;
  assert.notEqual(manifestKey(rootless(moved)), manifestKey(rootless(MATERIAL)));
});

const STATES: readonly FileState[] = [
  { path: '?0/a.h', state: digestOf('a') },
  { path: '?0/b.h', state: digestOf('b') },
  { path: '?0/c.h', state: '+' },
];

test('an artifact key depends on the manifest key, on every state, and on the tree', () => {
  const key = digestOf('key');
  const binding = digestOf('tree');
  const [a, b, c] = STATES as [FileState, FileState, FileState];
  const keys = [
    artifactKey(key, STATES),
    artifactKey(digestOf('other'), STATES),
    artifactKey(key, STATES, { binding }),
    artifactKey(key, STATES, { binding: digestOf('tree 2') }),
    artifactKey(key, STATES, { view: '' }),
    artifactKey(key, STATES, { view: '-fcolor-diagnostics' }),
    artifactKey(key, STATES, { binding, view: '' }),
    artifactKey(key, [a, b]),
    artifactKey(key, [a, c, b]),
    artifactKey(key, [{ ...a, path: '?0/A.h' }, b, c]),
    artifactKey(key, [{ ...a, state: digestOf('b') }, b, c]),
    artifactKey(key, [a, { ...b, state: '+' }, { ...c, state: '+' }]),
    artifactKey(key, []),
  ];
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(artifactKey(key, STATES, { binding }), artifactKey(key, STATES, { binding }));
});

test('an artifact key does not depend on what was looked for and not found', () => {
  const key = digestOf('key');
  const [a] = STATES as [FileState];
  const absent = { path: '/inc/gone.h', state: '' } as const;
  const folder = { path: '/inc/x.h', state: '/' } as const;
  assert.equal(artifactKey(key, [a, absent, folder]), artifactKey(key, [a]));
});
