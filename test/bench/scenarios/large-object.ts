/** An object of 250 MB: the speed of storing and serving it, without and with a shared folder, and the memory that this takes. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Bench, type Claim, compile, type Measured, type Row, type Scenario } from '../bench.ts';
import { type Contestant, clcache, through } from '../contestants.ts';
import { type Command, median, runOnce } from '../measure.ts';

export const largeObject: Scenario = { name: 'large-object', isSlow: true, run };

const BYTES = 250_000_000;
const ROUNDS = 5;

interface Run {
  readonly milliseconds: number;
  /** Peak resident memory of the process itself, not of the compiler that it starts; NaN where /proc is missing. */
  readonly megabytes: number;
}

const NAMES = {
  compiler: 'compiler alone',
  copy: 'a copy of the file',
  miss: 'compiled and stored',
  hit: 'served',
  sent: 'compiled, stored and sent to a folder',
  received: 'received from the folder and served',
} as const;
type Name = keyof typeof NAMES;

async function run(bench: Bench): Promise<Measured[]> {
  const { directory, tools } = bench;
  mkdirSync(`${directory}/src`);
  writeFileSync(`${directory}/src/large.c`, `const unsigned char large[${BYTES}] = {1};\n`);
  writeFileSync(`${directory}/src/small.c`, 'int small;\n');
  const output = `${directory}/obj/large.obj`;
  const bare = compile(bench, ['src/large.c'], 'obj/large.obj');
  const small = compile(bench, ['src/small.c'], 'obj/small.obj');
  const results: Record<Name, Run[]> = { compiler: [], copy: [], miss: [], hit: [], sent: [], received: [] };
  const alone = clcache(tools, `${directory}/clcache`);
  const share = `${directory}/share`;
  const remote = { CLCACHE_REMOTE: pathToFileURL(share).href };
  const sharing: Contestant = { ...alone, environment: { ...alone.environment, ...remote } };
  /** An empty cache that knows the compiler. */
  const begin = () => {
    alone.empty();
    runOnce(through(alone, small));
    rmSync(output, { force: true });
  };
  for (let round = 0; round < ROUNDS; round++) {
    bench.progress(`an object of 250 MB: round ${round + 1} of ${ROUNDS}`);
    results.compiler.push(await watched(bare));
    results.copy.push(copied(output));
    begin();
    results.miss.push(await watched(through(alone, bare)));
    rmSync(output);
    results.hit.push(await watched(through(alone, bare)));
    if (alone.hits() !== 1) throw new Error('the object of 250 MB was no hit');
    rmSync(share, { recursive: true, force: true });
    mkdirSync(share);
    begin();
    results.sent.push(await watched(through(sharing, bare)));
    begin();
    results.received.push(await watched(through(sharing, bare)));
    if (alone.hits() !== 1) throw new Error('the object of 250 MB was no hit in the folder');
  }
  const title = `An object of ${(statSync(output).size / 1e6).toFixed(0)} MB`;
  return [times(title, results), memory(title, results)];
}

function times(title: string, results: Readonly<Record<Name, readonly Run[]>>): Measured {
  const time = (name: Name) => median(results[name].map(({ milliseconds }) => milliseconds));
  const rows = (Object.keys(NAMES) as Name[]).map((name): Row => ({ name: NAMES[name], value: time(name) }));
  const claim = (text: string, milliseconds: number, limit: number): Claim => ({
    ...{ text: `${text}, in times of a copy`, value: milliseconds / time('copy'), limit, unit: '×' },
  });
  const claims = [
    claim('a hit of a large object', time('hit'), 2),
    claim('what storing it adds', time('miss') - time('compiler'), 2),
    claim('what sending it adds', time('sent') - time('miss'), 3),
  ];
  return { title, unit: 'ms', rows, claims, notes: [] };
}

function memory(title: string, results: Readonly<Record<Name, readonly Run[]>>): Measured {
  const rows = (['miss', 'hit', 'sent', 'received'] as const).map((name) => ({
    name: NAMES[name],
    value: Math.max(...results[name].map(({ megabytes }) => megabytes)),
  }));
  const claims = rows.map(
    ({ name, value }): Claim => ({
      ...{ text: `memory for a large object, ${name}`, value, limit: 150, unit: 'MB' },
    }),
  );
  return { title: `${title}: peak resident memory`, unit: 'MB', rows, claims, notes: [] };
}

/** Reads the process's own peak of memory while it runs. */
function watched(command: Command): Promise<Run> {
  const [program = '', ...args] = command.words;
  const started = performance.now();
  const child = spawn(program, args, { cwd: command.directory, env: command.environment, stdio: 'ignore' });
  let megabytes = Number.NaN;
  const look = () => {
    const peak = highWaterMark(child.pid ?? 0);
    if (peak !== undefined) megabytes = peak;
  };
  const timer = setInterval(look, 2);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => {
      const milliseconds = performance.now() - started;
      clearInterval(timer);
      if (status === 0) resolve({ milliseconds, megabytes });
      else reject(new Error(`${program} ended with ${status}`));
    });
  });
}

function highWaterMark(pid: number): number | undefined {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match ? Number(match[1]) / 1000 : undefined;
  } catch {
    return undefined;
  }
}

function copied(file: string): Run {
  const started = performance.now();
  copyFileSync(file, `${file}.copy`);
  const milliseconds = performance.now() - started;
  rmSync(`${file}.copy`);
  return { milliseconds, megabytes: Number.NaN };
}
