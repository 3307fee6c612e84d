import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, settle } from './helpers.ts';

test('many headers in the last of many folders are a hit, and a file in each kind of place is a miss', (t) => {
  const project = new Project(t);
  const [folders, headers] = [110, 600];
  const names = Array.from(
    { length: headers },
    (_, number) => `${number % 3 === 0 ? 'sub/' : ''}h${number}.h`,
  );
  for (const name of names) project.write(`d${folders}/${name}`, '');
  for (let number = 0; number < folders; number++) project.write(`d${number}/none.h`, '');
  project.write('a.c', names.map((name) => `#include "${name}"\n`).join(''));
  const search = Array.from({ length: folders + 1 }, (_, number) => `/Id${number}`);
  const args = ['/c', ...search, 'a.c'];
  settle(2100);
  const { stderr } = project.cached(args, { env: { CLCACHE_LOG: '1' } });
  assert.doesNotMatch(String(stderr), /looked up by its text/);
  for (let call = 0; call < 2; call++) assert.equal(project.served(args), 'hit');
  for (const place of ['d3/h10.h', 'd109/h10.h', 'h11.h', 'd50/sub/h9.h']) {
    project.write(place, 'int found_first;\n');
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss', place);
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit', place);
    project.remove(place);
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit', `${place} is gone`);
  }
  project.write('d110/h10.h', 'int changed;\n');
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
});
