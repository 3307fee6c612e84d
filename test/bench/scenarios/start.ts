/** How long a program takes that does nothing, which every call pays first. */
import { existsSync } from 'node:fs';
import { type Bench, type Measured, race, rowsOf, type Scenario } from '../bench.ts';
import { plainEnvironment } from '../contestants.ts';

export const start: Scenario = { name: 'start', run };

function run(bench: Bench): Measured[] {
  const { executable, script } = bench.tools;
  const command = (...words: string[]) => ({
    words,
    directory: bench.directory,
    environment: plainEnvironment(),
  });
  const title = 'Empty start';
  const nothing = '/bin/true';
  const series = race(bench, title, 9, [
    { name: 'clcache --version', command: command(executable, '--version'), runs: 8 },
    {
      name: 'clcache --version on Node.js',
      command: command(process.execPath, script, '--version'),
      runs: 2,
    },
    { name: 'node -e 0', command: command(process.execPath, '-e', '0'), runs: 2 },
    ...(existsSync(nothing) ? [{ name: 'true', command: command(nothing), runs: 8 }] : []),
  ]);
  const reference = 'clcache --version';
  return [{ title, unit: 'ms', reference, rows: rowsOf(series, reference), claims: [], notes: [] }];
}
