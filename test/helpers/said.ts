import { runOwn } from '../../src/cli/program.ts';
import { readConfig } from '../../src/config/config.ts';

/** How a line of clcache's own options ended, and what it said. */
export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line of clcache's own options in this process, in a folder, with these variables alone. */
export async function saidBy(
  argv: readonly string[],
  { folder, env }: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const say = (stream: keyof typeof said) => (text: string) => {
    said[stream] += text;
  };
  const status = await runOwn(argv, {
    config: readConfig({ env, platform: 'linux', cwd: () => folder }),
    self: '/nowhere/clcache',
    stdout: say('stdout'),
    stderr: say('stderr'),
    isTerminal: false,
  });
  return { status, ...said };
}
