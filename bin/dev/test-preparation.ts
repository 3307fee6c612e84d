/** What is made for tests, while those run that do not need it. */
import { spawn } from 'node:child_process';
import { needsAzurite } from './azurite.ts';
import { clearLine } from './console.ts';
import { ON_WINDOWS, ROOT } from './project.ts';
import type { PlannedStage } from './test-stages.ts';
import type { TestFile, Together } from './test-together.ts';

/** The script that makes it, with its arguments. */
const MAKERS = {
  executables: ['bin/dev/build-exe.ts', ...(ON_WINDOWS ? ['--only', 'windows'] : [])],
  machine: ['test/windows/harness/prepare.ts'],
  azurite: ['bin/dev/azurite.ts'],
} as const;

type Need = keyof typeof MAKERS;

/** What of it a test file of this stage needs. */
export function needsOf(file: string, { isPure, onMachine = false }: PlannedStage): readonly Need[] {
  if (isPure) return [];
  return [
    'executables',
    ...(onMachine ? (['machine'] as const) : []),
    ...(needsAzurite(file) ? (['azurite'] as const) : []),
  ];
}

/**
 * Installs tools, then makes what the files need, all of it at once. `words` name the stages. False if something cannot be
 * made: this is told, and the files that need it are given up.
 */
export async function prepare(
  words: readonly string[],
  files: readonly TestFile[],
  turns: Pick<Together, 'open' | 'giveUp'>,
): Promise<boolean> {
  const wanted = (Object.keys(MAKERS) as Need[]).filter((need) =>
    files.some(({ needs }) => needs.includes(need)),
  );
  if (wanted.length === 0) return true;
  const tools = runBeside(['bin/dev/install-tools.ts', ...words]);
  const made = wanted.map(async (need) => {
    const isMade = (await tools) && (await runBeside(MAKERS[need]));
    if (isMade) turns.open(need);
    else turns.giveUp(need);
    return isMade;
  });
  return (await Promise.all(made)).every((isMade) => isMade);
}

/** Runs a script while something else is shown. True if it ends with 0. */
function runBeside(words: readonly string[]): Promise<boolean> {
  const all = ['--import', 'tsx', ...words];
  const child = spawn(process.execPath, all, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => process.stdout.write(`${clearLine}${text}`));
  return new Promise((resolve) => child.once('close', (status) => resolve(status === 0)));
}
