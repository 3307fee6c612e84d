/** Program databases and precompiled headers, put together by the linker. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { settle } from '../correctness/helpers.ts';
import { isOnPath } from '../helpers/cmake-builds.ts';
import { keep, onEach } from './tools.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** How the objects are made, with what else belongs to each object. */
const SETUPS = {
  'databases of their own': {
    variables: { CLCACHE_PDB: '1' },
    options: (name: string) => ['/Zi', `/Fd${name}.pdb`],
    hasHeader: false,
  },
  'databases that clcache gives each object': {
    variables: { CLCACHE_PDB: 'per-object' },
    options: () => ['/Zi', '/FS', '/Fdall.pdb'],
    hasHeader: false,
  },
  'a precompiled header': {
    variables: { CLCACHE_PCH: '1' },
    options: () => ['/Z7'],
    hasHeader: true,
  },
} as const;

for (const [what, { variables, options, hasHeader }] of Object.entries(SETUPS)) {
  onEach(`objects with ${what} link without a warning, whichever of them were hits`, {}, (t, tools) => {
    const project = tools.project(t, variables);
    const sources = NAMES.slice(0, tools.amount(6, 2));
    project.write('pch.h', '#define H 1\n');
    project.write('pch.c', '#include "pch.h"\n');
    for (const name of sources)
      project.write(`${name}.c`, `#include "pch.h"\nint ${name}(void) { return H; }\n`);
    const use = hasHeader ? ['/Yupch.h', '/Fpx.pch'] : [];
    const compile = (name: string) => project.served(['/c', ...options(name), ...use, `${name}.c`]);
    const make = () => project.served(['/c', ...options('pch'), '/Ycpch.h', '/Fpx.pch', 'pch.c']);
    const objects = [...sources, ...(hasHeader ? ['pch'] : [])].map((name) => `${name}.obj`);
    settle();
    if (hasHeader) assert.equal(make(), 'miss');
    for (const name of sources) assert.equal(compile(name), 'miss', name);
    assert.equal(tools.link(project, objects), '');

    // Every second one, the others, and all of them come from the cache.
    for (const wanted of [[0], [1], [0, 1]]) {
      const gone = sources.filter((_, index) => wanted.includes(index % 2));
      const databases = gone.flatMap((name) => [`${name}.pdb`, `${name}.obj.pdb`]);
      project.remove(
        ...gone.map((name) => `${name}.obj`),
        ...databases.filter((name) => existsSync(project.path(name))),
      );
      if (hasHeader && wanted.length === 2) {
        project.remove('x.pch', 'pch.obj');
        assert.equal(make(), 'hit');
      }
      for (const name of gone) assert.equal(compile(name), 'hit', name);
      assert.equal(tools.link(project, objects), '', `after hits of ${gone.join(' ')}`);
    }
  });
}

onEach(
  'a debugger stops at a line of an object that was a hit',
  { model: 'there is no model of a debugger' },
  (t, tools) => {
    if (!isOnPath('cdb')) return t.skip('cdb.exe (Debugging Tools for Windows) is not on PATH');
    const project = tools.project(t, { CLCACHE_PDB: '1' });
    project.write('a.c', 'int stop(void) {\n  return 41;\n}\n');
    project.write('main.c', 'int stop(void);\nint main(void) { return stop() - 41; }\n');
    settle();
    for (const kind of ['miss', 'hit']) {
      project.remove('a.obj', 'a.pdb');
      assert.equal(project.served(['/c', '/Zi', '/Fda.pdb', 'a.c']), kind);
    }
    const linked = project.bare(['/Zi', '/Fdmain.pdb', 'main.c', 'a.obj', '/link', '/DEBUG', '/WX']);
    assert.equal(linked.status, 0, linked.stdout);
    const commands = 'bp `a.c:2`; g; k; q';
    const { stdout } = spawnSync('cdb', ['-lines', '-c', commands, 'main.exe'], {
      cwd: project.folder,
      encoding: 'utf8',
    });
    keep(tools, 'cdb.log', stdout);
    assert.match(stdout, /a\.c @ 2/);
  },
);
