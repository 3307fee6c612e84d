import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { FAMILIES } from '../../src/commandline/family.ts';

const SOURCES = join(ROOT, 'src');

test('every fact of a family is used, and no other file asks for the family itself', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const texts = new Map(
    files.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(SOURCES, name), 'utf8')]),
  );
  texts.delete('commandline/family.ts');
  const all = [...texts.values()].join('\n');
  const unused = Object.keys(FAMILIES.cl).filter((fact) => !new RegExp(`\\b${fact}\\b`).test(all));
  assert.deepEqual(unused, []);
  const isComparison =
    /amily\)? (?:===|!==) '(?:cl|clang-cl)'|'(?:cl|clang-cl)' (?:===|!==)|case '(?:cl|clang-cl)':/;
  assert.deepEqual(
    [...texts].filter(([, text]) => isComparison.test(text)).map(([name]) => name),
    [],
  );
});

test('the families differ in every fact of the table', () => {
  const { cl, 'clang-cl': clang } = FAMILIES;
  const same = (Object.keys(cl) as (keyof typeof cl)[]).filter(
    (fact) => String(cl[fact]) === String(clang[fact]),
  );
  // Both are objects, of different rows.
  assert.deepEqual(same, ['suffixes', 'uncachedSuffixes']);
});
