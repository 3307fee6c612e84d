import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Machine, ON_WINE } from './prefix.ts';
import { runWindows, toWindowsPath } from './run.ts';
import type { Workspace } from './workspace.ts';

export const SPELLINGS = ['drive', 'share', 'verbatim drive', 'verbatim share', '8.3'] as const;
export type Spelling = (typeof SPELLINGS)[number];

/**
 * Gives the folder of a workspace in each way in which Windows can name it. On Wine the share is a link in the prefix. On
 * Windows it is the drive's administrative share, for which the test must run as an administrator. If 8.3 names are
 * switched off, the last one is that of the drive. A program is asked for it, so it is asked only if that one is wanted.
 */
export function spellingsOf(
  t: TestContext,
  machine: Machine,
  w: Workspace,
): (spelling: Spelling) => Promise<string> {
  const drive = toWindowsPath(w.root);
  const share = machine.wine ? linkedShare(t, machine.wine.env, w.root) : administrativeShare(drive);
  const spelled: Readonly<Record<Spelling, () => string | Promise<string>>> = {
    drive: () => drive,
    share: () => share,
    'verbatim drive': () => `\\\\?\\${drive}`,
    'verbatim share': () => `\\\\?\\UNC\\${share.slice(2)}`,
    '8.3': async () => (await shortNames(w, [w.root]))[0] ?? '',
  };
  return async (spelling) => spelled[spelling]();
}

/** The 8.3 forms of the last names of the host's paths, and of the folders above them. */
export async function shortNames(w: Workspace, paths: readonly string[]): Promise<string[]> {
  const set = paths.map((path) => `"${toWindowsPath(path)}"`).join(' ');
  const script = w.write('short.bat', `@for %%I in (${set}) do @echo %%~sI\r\n`);
  const command = ON_WINE ? 'cmd' : (process.env['ComSpec'] ?? 'cmd.exe');
  const { stdout } = await runWindows(command, ['/c', toWindowsPath(script)], { cwd: dirname(script) });
  return String(stdout).trim().split(/\r?\n/);
}

function linkedShare(t: TestContext, env: Readonly<Record<string, string>>, folder: string): string {
  const server = `server-${basename(folder).replace(/\W+/g, '-').toLowerCase()}`;
  const home = join(env['WINEPREFIX'] ?? '', 'dosdevices', 'unc', server);
  mkdirSync(home, { recursive: true });
  t.after(() => rmSync(home, { recursive: true }));
  symlinkSync(folder, join(home, 'share'));
  return `\\\\${server}\\share`;
}

function administrativeShare(drive: string): string {
  return `\\\\localhost\\${drive.replace(':', '$')}`;
}
