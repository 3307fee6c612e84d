import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, settle } from './helpers.ts';

test('a source with more headers and folders than a manifest can hold is cached, and a changed header is a miss', (t) => {
  const project = new Project(t);
  const [folders, headers] = [110, 600];
  const names = Array.from({ length: headers }, (_, number) => `h${number}.h`);
  for (const name of names) project.write(`d${folders}/${name}`, '');
  for (let number = 0; number < folders; number++) project.write(`d${number}/none.h`, '');
  project.write('a.c', names.map((name) => `#include "${name}"\n`).join(''));
  const search = Array.from({ length: folders + 1 }, (_, number) => `/Id${number}`);
  const args = ['/c', ...search, 'a.c'];
  settle();
  const { stderr } = project.cached(args, { env: { CLCACHE_LOG: '1' } });
  assert.match(stderr, /files and places: looked up by its text from now on/);
  assert.equal(project.served(args), 'hit');
  project.write('d3/h9.h', 'int found_first;\n');
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
});
