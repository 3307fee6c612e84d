/** An object of 200 MB: the speed of storing and serving it, and the memory that this takes. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type Bench, compile, type Measured, type Row, type Scenario } from '../bench.ts';
import { type Contestant, clcache, through } from '../contestants.ts';
import { type Command, median } from '../measure.ts';

export const largeObject: Scenario = { name: 'large-object', isSlow: true, run };

const BYTES = 200_000_000;
const ROUNDS = 3;

interface Run {
  readonly milliseconds: number;
  /** Peak resident memory of the process itself, not of the compiler that it starts; NaN where /proc is missing. */
  readonly megabytes: number;
}

async function run(bench: Bench): Promise<Measured[]> {
  const { directory, tools } = bench;
  mkdirSync(`${directory}/src`);
  writeFileSync(`${directory}/src/large.c`, `const unsigned char large[${BYTES}] = {1};\n`);
  const output = `${directory}/obj/large.obj`;
  const bare = compile(bench, ['src/large.c'], 'obj/large.obj');
  const results: Record<'compiler' | 'miss' | 'hit' | 'copy', Run[]> = {
    compiler: [],
    miss: [],
    hit: [],
    copy: [],
  };
  const contestant: Contestant = clcache(tools, `${directory}/clcache`);
  for (let round = 0; round < ROUNDS; round++) {
    bench.progress(`an object of 200 MB: round ${round + 1} of ${ROUNDS}`);
    results.compiler.push(await watched(bare));
    contestant.empty();
    results.miss.push(await watched(through(contestant, bare)));
    rmSync(output);
    results.hit.push(await watched(through(contestant, bare)));
    results.copy.push(copied(output));
  }
  if (contestant.hits() !== 1) throw new Error('the object of 200 MB was no hit');
  const megabytes = statSync(output).size / 1e6;
  const time = (name: string, runs: readonly Run[]): Row => ({
    name,
    value: median(runs.map(({ milliseconds }) => milliseconds)),
  });
  const memory = (name: string, runs: readonly Run[]): Row => ({
    name,
    value: Math.max(...runs.map((one) => one.megabytes)),
  });
  const peaks = [memory('stored', results.miss), memory('served', results.hit)];
  const small = await watched({ ...bare, words: [tools.executable, '--version'] });
  const title = `An object of ${megabytes.toFixed(0)} MB`;
  return [
    {
      title,
      unit: 'ms',
      rows: [
        time('compiler alone', results.compiler),
        time('compiled and stored', results.miss),
        time('served', results.hit),
        time('a copy of the file', results.copy),
      ],
      claims: [],
      notes: [],
    },
    {
      title: `${title}: peak resident memory`,
      unit: 'MB',
      rows: [...peaks, { name: 'clcache --version', value: small.megabytes }],
      claims: peaks.map(({ name, value }) => ({
        text: `memory for ${title.toLowerCase()}, ${name}`,
        value,
        limit: 150,
        unit: 'MB',
      })),
      notes: [],
    },
  ];
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
