import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  packSearches,
  readPackedSearches,
  searchedNames,
  unpackSearches,
  watchedFolders,
} from '../../src/cache/packed-searches.ts';
import type { Searches, SearchStep } from '../../src/files/searches.ts';

const NO_NAMING = { searched: [], holding: [], twins: [], aliases: [] };
const NO_SEARCHES: Searches = { searches: [], passedOver: [], watched: [], naming: NO_NAMING };
const asItIs = (path: string) => path;

function orderOf(folders: readonly string[], next?: SearchStep): SearchStep | undefined {
  return folders.reduceRight((rest: SearchStep | undefined, folder) => ({ folder, next: rest }), next);
}

/** Names of headers that were each found in another folder, and two more that share the end of the order. */
function searchesOf(headers: number, folders: number): Searches {
  const common = orderOf(Array.from({ length: folders }, (_, number) => `?0/inc/f${number}`));
  const before = orderOf(['?0/src'], common);
  assert.ok(common && before);
  const steps: SearchStep[] = [];
  for (let step: SearchStep | undefined = common; step; step = step.next) steps.push(step);
  return {
    searches: [
      ...Array.from({ length: headers }, (_, number) => {
        return { name: `h${number}.h`, from: before, until: steps[number % folders] };
      }),
      { name: 'sub/none.h', from: common, until: undefined },
    ],
    passedOver: [{ folder: '?0/inc/f0', name: 'h1.h' }],
    watched: [
      { folder: '?0/src', below: '' },
      { folder: '?0/inc/f0', below: 'sub' },
    ],
    naming: {
      ...{ searched: ['?0/none', '?0/inc/f0'], holding: ['?0', '?0/inc/f0'] },
      ...{ twins: ['?0/src/a.h', '/usr/b.h'], aliases: ['0^', '1'] },
    },
  };
}

test('searches are unpacked as they were packed', () => {
  for (const searches of [NO_SEARCHES, searchesOf(20, 5)]) {
    const json: unknown = JSON.parse(JSON.stringify(packSearches(searches, asItIs)));
    const packed = readPackedSearches(json) ?? assert.fail('they cannot be read');
    assert.deepEqual(unpackSearches(packed), searches);
    assert.deepEqual(watchedFolders(packed), searches.watched);
  }
});

test('searches for other names than the asked ones are left out', () => {
  const searches = searchesOf(20, 5);
  const name = searches.searches[7]?.name;
  assert.deepEqual(
    unpackSearches(packSearches(searches, asItIs), (one) => one === name),
    { ...searches, searches: searches.searches.filter((search) => search.name === name) },
  );
});

test('equal searches have one id, and others have another', () => {
  const { id } = packSearches(searchesOf(20, 5), asItIs);
  assert.equal(packSearches(searchesOf(20, 5), asItIs).id, id);
  const changed = searchesOf(20, 5);
  const others: Searches[] = [
    searchesOf(21, 5),
    searchesOf(20, 6),
    { ...changed, passedOver: [] },
    { ...changed, watched: [] },
    { ...changed, naming: { ...changed.naming, searched: ['?0/inc/f0'] } },
    { ...changed, naming: { ...changed.naming, holding: ['?0'] } },
    { ...changed, naming: { ...changed.naming, twins: ['?0/src/a.h'] } },
    { ...changed, naming: { ...changed.naming, aliases: ['', '1'] } },
    { ...changed, searches: changed.searches.slice(1) },
  ];
  for (const other of others) assert.notEqual(packSearches(other, asItIs).id, id);
});

test('two thousand headers in two hundred folders take less than 70 kB', () => {
  const packed = JSON.stringify(packSearches(searchesOf(2000, 200), asItIs));
  assert.ok(packed.length < 70_000, `${packed.length} bytes`);
});

test('what is not packed searches is refused', () => {
  const packed = packSearches(searchesOf(3, 2), asItIs);
  for (const change of [
    { id: 1 },
    { words: ['a', 1] },
    { words: 'a' },
    { watched: [0] },
    { steps: null },
    { holding: 1 },
    { aliases: [1] },
  ]) {
    assert.equal(readPackedSearches({ ...packed, ...change }), undefined, JSON.stringify(change));
  }
  assert.equal(readPackedSearches(null), undefined);
  for (const searches of ['99 0 -1', '0 99 -1', '0 0 99', '-1 0 -1', '0', '1.5 0 -1', '"at" 0 -1']) {
    assert.throws(() => unpackSearches({ ...packed, searches }), RangeError, searches);
  }
  assert.throws(() => searchedNames({ ...packed, searches: '99 0 -1' }), RangeError);
  assert.throws(() => watchedFolders({ ...packed, watched: 'x y' }), SyntaxError);
});
