/** Notes, messages and objects beside those of the bare compiler. */
import assert from 'node:assert/strict';
import { settle } from '../correctness/helpers.ts';
import { onEach, type Tools } from './tools.ts';

onEach('notes of many headers are all there, and the change of any of them is a miss', {}, (t, tools) => {
  const headers = tools.amount(1500, 60);
  const project = tools.project(t);
  const names = Array.from({ length: headers }, (_, index) => `h/h${index}.h`);
  for (const [index, name] of names.entries()) project.write(name, `#define H${index} ${index}\n`);
  project.write('a.c', `${names.map((name) => `#include "${name}"\n`).join('')}int a = H${headers - 1};\n`);
  const args = ['/c', '/showIncludes', 'a.c'];
  settle();
  const { stdout } = project.bare(args);
  assert.equal(stdout.split('\n').length - 2, headers);
  for (let run = 0; run < tools.amount(50, 2); run += 1) {
    project.remove('cache');
    assert.equal(project.cached(args).stdout, stdout, `cold run ${run}`);
    assert.equal(project.cached(args).stdout, stdout, `warm run ${run}`);
  }
  assert.equal(project.served(args), 'hit');
  const count = tools.amount(20, 3);
  for (let index = 0; index < count; index += 1) {
    const name = names[Math.floor((index * headers) / count)] ?? '';
    project.write(name, `${project.read(name)}#define CHANGED\n`);
    settle();
    assert.equal(project.served(args), 'miss', name);
    assert.equal(project.served(args), 'hit', name);
  }
});

const SOURCES = {
  'clean.c': 'int clean(void) { return 1; }\n',
  'warning.c': 'int warning(void) { int unused; return 1; }\n',
  'error.c': '#error here\n',
};

onEach(
  'status, streams and object are the compiler’s, cold and warm, with and without /nologo in both orders',
  {},
  (t, tools) => {
    const expected = bareResults(t, tools);
    for (const order of [
      ['/nologo', ''],
      ['', '/nologo'],
    ]) {
      const project = projectWithSources(t, tools);
      settle();
      for (const round of ['cold', 'warm']) {
        for (const [call, bare] of expected) {
          const [source = '', first] = call.split(' ');
          const logo = first === 'quiet' ? order[0] : order[1];
          const args = [...(logo ? [logo] : []), '/W4', '/c', source];
          const wanted = expected.get(`${source} ${logo ? 'quiet' : 'loud'}`);
          project.remove(source.replace('.c', '.obj'));
          const result = project.cached(args);
          assert.deepEqual(result, wanted?.result, `${round} ${args.join(' ')}`);
          if (bare.object)
            assert.ok(bare.object.equals(objectOf(project, tools, source)), `${round} ${source}`);
        }
      }
      assert.equal(project.counters()['CacheHits'], 4);
    }
  },
);

/** What the bare compiler gives for each source, quiet and loud. */
function bareResults(t: Parameters<Tools['project']>[0], tools: Tools) {
  const project = projectWithSources(t, tools);
  const calls = Object.keys(SOURCES).flatMap((source) => [`${source} quiet`, `${source} loud`]);
  return new Map(
    calls.map((call) => {
      const [source = '', kind] = call.split(' ');
      const result = project.bare([...(kind === 'quiet' ? ['/nologo'] : []), '/W4', '/c', source]);
      const object = result.status === 0 ? objectOf(project, tools, source) : undefined;
      return [call, { result, object }] as const;
    }),
  );
}

function projectWithSources(t: Parameters<Tools['project']>[0], tools: Tools) {
  const project = tools.project(t, {}, []);
  for (const [name, text] of Object.entries(SOURCES)) project.write(name, text);
  return project;
}

function objectOf(project: ReturnType<Tools['project']>, tools: Tools, source: string): Buffer {
  return tools.withoutTime(project.read(source.replace('.c', '.obj')));
}
