import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cleanEnvironment } from './compilers.ts';
import { fixtureProgram } from './fixture-program.ts';

export interface FixtureProcess {
  readonly child: ChildProcess;
  /** Exit status or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

interface TestContext {
  after(body: () => void): void;
}

/** Starts a program of test/fixtures. It is killed after the test if it still runs. */
export function startFixture(context: TestContext, name: string, ...argv: readonly string[]): FixtureProcess {
  const child = spawn(process.execPath, [fixtureProgram(name), ...argv], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  context.after(() => {
    child.kill('SIGKILL');
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status, signal) => resolve(status ?? signal ?? 'nothing'));
  });
  return { child, ended };
}

/** Waits until a file exists. Fails after two minutes, which is enough for a busy machine. */
export async function fileAppears(path: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!existsSync(path)) {
    if (Date.now() > deadline) throw new Error(`${path} did not appear`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
