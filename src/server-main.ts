import { writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { readConfig } from './config/config.ts';
import { describeError } from './diagnostics/errors.ts';
import { HashCache } from './server/hash-cache.ts';
import { startHashServer } from './server/hash-server.ts';
import { parseServerLine, type ServerOptions } from './server/options.ts';
import { noWatch, openWatch } from './server/watch.ts';
import { ignoredSignals } from './util/ignored-signals.ts';
import { hasNoReader, standardStream } from './util/standard-stream.ts';

const STOPPED_BY = ['INT', 'TERM', 'HUP'] as const;

/** Runs the hash server until it is stopped or unused for too long. Returns the exit status. */
async function main(argv: readonly string[]): Promise<number> {
  const line = parseServerLine(argv);
  switch (line.kind) {
    case 'say':
      return answer(line.text);
    case 'complain':
      say(2, `clcache-server: ${line.because}\n`);
      return 1;
    case 'start':
      return serve(line.options);
  }
}

async function serve({ exclude, isWatching, idleTimeoutMs }: ServerOptions): Promise<number> {
  const address = readConfig(process).serverAddress;
  const note = (text: string) => say(2, `clcache-server: ${text}\n`);
  const watch =
    isWatching && process.platform !== 'win32'
      ? await openWatch((path) => cache.forget(path), note)
      : noWatch;
  const isExcluded = (path: string) =>
    exclude.some((expression) => expression.test(path) || expression.test(dirname(path)));
  const cache = new HashCache({ isExcluded, watch });
  const server = await startHashServer({ address, cache, idleTimeoutMs });
  const ignored = ignoredSignals();
  for (const name of STOPPED_BY) if (!ignored.includes(name)) process.once(`SIG${name}`, server.close);
  say(1, `clcache-server: listening at ${address}\n`);
  await server.ended;
  await watch.close();
  return 0;
}

/** A status of 0 means that the answer was written. */
function answer(text: string): number {
  const stdout = standardStream(1);
  stdout.write(text);
  const problem = stdout.problem();
  if (problem === undefined) return 0;
  if (!hasNoReader(problem))
    say(2, `clcache-server: stdout could not be written: ${describeError(problem)}\n`);
  return 1;
}

/** A closed stream must not stop the server. */
function say(descriptor: 1 | 2, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch {}
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    say(2, `clcache-server: ${describeError(error)}\n`);
    process.exit(1);
  },
);
