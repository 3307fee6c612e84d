import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_TARGET } from '../helpers/compilers.ts';
import { Project, settle } from './helpers.ts';
import { FILES, ROWS } from './sharing-rows.ts';

const TREES = ['one', 'another tree'] as const;

test('a result is shared between trees if no path of a tree can be in it', async (t) => {
  const project = new Project(t, undefined, []);
  const fillIn = (tree: string) => (text: string) =>
    text.replaceAll('@T@', project.path(tree)).replaceAll('@R@', project.path('.').replace(/\/\.$/, ''));
  for (const tree of TREES) {
    for (const [name, text] of Object.entries(FILES)) project.write(`${tree}/${name}`, text);
  }
  for (const { title, args, expected, files = {}, env = {}, outputs = [], cwd = '' } of ROWS) {
    const does =
      expected === 'shared'
        ? 'is shared'
        : `is not shared${expected === 'cautious' ? ', to be on the safe side' : ''}`;
    await t.test(`${title} ${does}`, () => {
      const objects: Buffer[] = [];
      const kinds: string[] = [];
      for (const tree of TREES) {
        const fill = fillIn(tree);
        for (const [name, text] of Object.entries(files)) {
          project.write(name.startsWith('../') ? name.slice(3) : `${tree}/${name}`, fill(text));
        }
      }
      settle();
      for (const tree of TREES) {
        const fill = fillIn(tree);
        const variables = Object.entries(env).map(([name, value]) => [name, fill(value)]);
        const words = ['/Fox.obj', ...args.map(fill)];
        const call = words.some((word) => word.startsWith('--target')) ? words : [HOST_TARGET, ...words];
        const base = { CLCACHE_BASEDIR: project.path(tree) };
        const folder = `${tree}/${cwd}`;
        const options = { cwd: folder, env: { ...base, ...Object.fromEntries(variables) } };
        const names = ['x.obj', ...outputs].map((name) => `${folder}/${name}`);
        // What a miss makes is the compiler's own.
        const mayHit = expected === 'shared' && tree !== TREES[0];
        kinds.push(mayHit ? project.sameAsBare(call, names, options) : project.served(call, options));
        objects.push(project.read(`${folder}/x.obj`));
      }
      assert.deepEqual(kinds, ['miss', expected === 'shared' ? 'hit' : 'miss']);
      const [first, second] = objects;
      assert.equal(
        first && second?.equals(first),
        expected !== 'bound',
        'what the compiler makes in both trees',
      );
    });
  }
});
