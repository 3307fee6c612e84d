/** Growth: four times as many arguments in a response file, and four times as many headers in a source. */
import { mkdirSync, writeFileSync } from 'node:fs';
import {
  type Bench,
  type Claim,
  compile,
  letSourcesSettle,
  type Measured,
  race,
  rowsOf,
  type Scenario,
  warm,
} from '../bench.ts';
import { type Contestant, clcache, through } from '../contestants.ts';
import { type Command, ratio } from '../measure.ts';

export const growth: Scenario = { name: 'growth', isSlow: true, run };

const TIMES = 4;
/** Four times as much may take five times as long. What is worse than linear takes sixteen. */
const LIMIT = 5;

interface Kind {
  readonly name: string;
  readonly many: number;
  /** Writes a source, and returns the call that compiles it. */
  write(bench: Bench, count: number): Command;
}

const KINDS: readonly Kind[] = [
  { name: 'arguments', many: 100_000, write: writeLine },
  { name: 'headers', many: 20_000, write: writeHeaders },
];

function run(bench: Bench): Measured[] {
  return KINDS.map((kind) => {
    const counts = [kind.many / TIMES, kind.many];
    const calls = counts.map((count) => ({ count, bare: kind.write(bench, count) }));
    letSourcesSettle();
    const entrants = calls.flatMap(({ count, bare }) => {
      const name = `${count} ${kind.name}`;
      const kept = clcache(bench.tools, `${bench.directory}/kept-${count}`);
      const emptied: Contestant = clcache(bench.tools, `${bench.directory}/emptied-${count}`);
      warm(kept, bare);
      return [
        { name: `${name}, the compiler alone`, command: bare },
        { name: `${name}, a hit`, contestant: kept, command: through(kept, bare) },
        { name: `${name}, a miss`, command: through(emptied, bare), before: () => emptied.empty() },
      ];
    });
    const title = `Growth: ${counts.join(' and ')} ${kind.name}`;
    const series = race(bench, title, 3, entrants);
    const [, hit, miss, , hits, misses] = series;
    const claims: Claim[] = [];
    const claim = (what: string, value: number) =>
      claims.push({
        text: `${what} with ${TIMES} times as many ${kind.name}`,
        value,
        limit: LIMIT,
        unit: '×',
      });
    if (hit && hits) claim('a hit', ratio(hits, hit));
    if (miss && misses) claim('a miss', ratio(misses, miss));
    return {
      title,
      unit: 'ms',
      rows: rowsOf(series, ''),
      claims,
      notes: ['a miss learns the compiler as well'],
    };
  });
}

function writeLine(bench: Bench, count: number): Command {
  const { directory } = bench;
  mkdirSync(`${directory}/lines`, { recursive: true });
  const macros = Array.from({ length: count }, (_, number) => `/DM${number}=${number}\n`);
  writeFileSync(`${directory}/lines/${count}.rsp`, macros.join(''));
  writeFileSync(`${directory}/lines/${count}.c`, `int last = M${count - 1};\n`);
  return compile(bench, [`@lines/${count}.rsp`, `lines/${count}.c`], `obj/line-${count}.obj`);
}

function writeHeaders(bench: Bench, count: number): Command {
  const folder = `${bench.directory}/headers-${count}`;
  mkdirSync(folder);
  const names = Array.from({ length: count }, (_, number) => `h${number}.h`);
  for (const name of names) writeFileSync(`${folder}/${name}`, '#pragma once\nint declared(int);\n');
  writeFileSync(`${folder}/all.c`, names.map((name) => `#include "${name}"\n`).join(''));
  return compile(bench, [`headers-${count}/all.c`], `obj/headers-${count}.obj`);
}
