import { lstatSync } from 'node:fs';

/** True for a folder of the user of this process that nobody else may enter. A link is none: its maker can change it. */
export function isPrivateFolder(folder: string): boolean {
  try {
    const stat = lstatSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
