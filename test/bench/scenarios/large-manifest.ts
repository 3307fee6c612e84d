/** A source that was compiled with 100 versions of its 400 headers: 100 entries in one manifest. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import {
  type Bench,
  compile,
  letSourcesSettle,
  type Measured,
  race,
  rowsOf,
  type Scenario,
  warm,
} from '../bench.ts';
import { clcache, through } from '../contestants.ts';
import { difference, runOnce } from '../measure.ts';

export const largeManifest: Scenario = { name: 'large-manifest', isSlow: true, run };

const HEADERS = 400;
const VERSIONS = 100;

function run(bench: Bench): Measured[] {
  const { directory, tools } = bench;
  writeSource(directory);
  const bare = compile(bench, ['src/one.c'], 'obj/one.obj');
  const small = clcache(tools, `${directory}/one-entry`);
  const large = clcache(tools, `${directory}/all-entries`);
  const cycling = clcache(tools, `${directory}/cycling`);
  for (let version = 0; version < VERSIONS; version++) {
    bench.progress(`filling the manifests: ${version + 1} of ${VERSIONS}`);
    writeVersion(directory, version);
    runOnce(through(large, bare));
  }
  cpSync(`${directory}/all-entries`, `${directory}/cycling`, { recursive: true });
  runOnce(through(small, bare));
  letSourcesSettle();
  for (const contestant of [small, large]) warm(contestant, bare);
  const title = `Growth: a hit with ${HEADERS} headers and a manifest of ${VERSIONS} entries`;
  const series = race(bench, title, 11, [
    { name: 'one entry', contestant: small, command: through(small, bare), runs: 4 },
    {
      name: `${VERSIONS} entries, the first fits`,
      contestant: large,
      command: through(large, bare),
      runs: 4,
    },
  ]);
  // The versions are used in a circle, so that the wanted one is always the least recently used: the last.
  let version = 0;
  const last = race(bench, title, 11, [
    {
      name: `${VERSIONS} entries, the last fits`,
      contestant: cycling,
      command: through(cycling, bare),
      before: () => writeVersion(directory, version++),
    },
    // Its only entry is of the last version, whose header is as new as in the other runs.
    {
      name: 'one entry, header just written',
      contestant: small,
      command: through(small, bare),
      before: () => writeVersion(directory, VERSIONS - 1),
    },
  ]);
  const reference = 'one entry';
  const [one, first] = series;
  const [final, again] = last;
  const claims = [];
  const text = (which: string) =>
    `reading and checking ${VERSIONS} entries of ${HEADERS} headers, the ${which} fits`;
  if (one && first)
    claims.push({ text: text('first'), value: difference(first, one), limit: 15, unit: 'ms more' });
  if (final && again)
    claims.push({ text: text('last'), value: difference(final, again), limit: 15, unit: 'ms more' });
  const rows = [...rowsOf(series, reference), ...rowsOf(last, '')];
  return [{ title, unit: 'ms', reference, rows, claims, notes: ['the last one: it also moves to the top'] }];
}

function writeSource(directory: string): void {
  mkdirSync(`${directory}/src/include`, { recursive: true });
  const names = Array.from({ length: HEADERS }, (_, index) => `include/h${String(index).padStart(3, '0')}.h`);
  for (const [index, name] of names.entries()) {
    writeFileSync(`${directory}/src/${name}`, `#pragma once\nint h${index}(int);\n`);
  }
  const includes = names.map((name) => `#include "${name}"\n`).join('');
  writeFileSync(`${directory}/src/one.c`, `${includes}int one(void) { return VERSION; }\n`);
}

/** Changes the header that is checked last. */
function writeVersion(directory: string, version: number): void {
  const name = `${directory}/src/include/h${HEADERS - 1}.h`;
  writeFileSync(name, `#pragma once\n#define VERSION ${version % VERSIONS}\n`);
}
