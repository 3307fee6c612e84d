import assert from 'node:assert/strict';
import { basename, extname } from 'node:path';
import { test } from 'node:test';
import { HOST_TARGET } from '../helpers/compilers.ts';
import { Project, settle } from './helpers.ts';
import { FILES, ROWS, type Row } from './sharing-rows.ts';

const TREES = ['one', 'another tree'] as const;

/** The rows that differ in their last word alone, the source: one call compiles all of them. */
function calls(): readonly (readonly [Row, ...Row[]])[] {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of ROWS) {
    const { args, env, cwd, outputs, expected } = row;
    const call = JSON.stringify([args.slice(0, -1), env, cwd, outputs, expected]);
    const group = groups.get(call);
    if (group) group.push(row);
    else groups.set(call, [row]);
  }
  return [...groups.values()];
}

const sourceOf = ({ args }: Row) => args.at(-1) ?? '';

function titleOf({ title, expected }: Row): string {
  if (expected === 'shared') return `${title} is shared`;
  return `${title} is not shared${expected === 'cautious' ? ', to be on the safe side' : ''}`;
}

test('a result is shared between trees if no path of a tree can be in it', async (t) => {
  const project = new Project(t, undefined, []);
  const fillIn = (tree: string) => (text: string) =>
    text.replaceAll('@T@', project.path(tree)).replaceAll('@R@', project.path('.').replace(/\/\.$/, ''));
  for (const tree of TREES) {
    for (const [name, text] of Object.entries(FILES)) project.write(`${tree}/${name}`, text);
  }
  for (const rows of calls()) {
    const [{ args, expected, env = {}, outputs = [], cwd = '' }, ...others] = rows;
    await t.test(rows.map(titleOf).join('; '), () => {
      for (const tree of TREES) {
        for (const [name, text] of rows.flatMap(({ files = {} }) => Object.entries(files))) {
          project.write(name.startsWith('../') ? name.slice(3) : `${tree}/${name}`, fillIn(tree)(text));
        }
      }
      settle();
      const objects = rows.map((row) =>
        others.length === 0 ? 'x.obj' : `${basename(sourceOf(row), extname(sourceOf(row)))}.obj`,
      );
      const made = TREES.map((tree) => {
        const fill = fillIn(tree);
        const variables = Object.entries(env).map(([name, value]) => [name, fill(value)]);
        const sources = others.map((row) => fill(sourceOf(row)));
        const words = [...(others.length === 0 ? ['/Fox.obj'] : []), ...args.map(fill), ...sources];
        const call = words.some((word) => word.startsWith('--target')) ? words : [HOST_TARGET, ...words];
        const base = { CLCACHE_BASEDIR: project.path(tree) };
        const folder = `${tree}/${cwd}`;
        const options = { cwd: folder, env: { ...base, ...Object.fromEntries(variables) } };
        const names = [...objects, ...outputs].map((name) => `${folder}/${name}`);
        const { CacheHits: hits = 0, CacheMisses: misses = 0 } = project.counters();
        // What a miss makes is the compiler's own.
        const isHit = expected === 'shared' && tree !== TREES[0];
        if (isHit) project.sameAsBare(call, names, options);
        else project.served(call, options);
        const { CacheHits, CacheMisses } = project.counters();
        const wanted = isHit ? [hits + rows.length, misses] : [hits, misses + rows.length];
        assert.deepEqual([CacheHits, CacheMisses], wanted, `hits and misses in ${tree}`);
        return names.map((name) => project.read(name));
      });
      for (const [index, { title }] of rows.entries()) {
        const [first, second] = made.map((files) => files[index]);
        const areEqual = first && second?.equals(first);
        assert.equal(areEqual, expected !== 'bound', `what the compiler makes in both trees: ${title}`);
      }
    });
  }
});
