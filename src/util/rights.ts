/** Whether this user may read or write a file. The system is asked only where the file's own rights leave a doubt. */
import { accessSync, constants, type Stats } from 'node:fs';
import { systemName } from './byte-name.ts';

const ALL_MAY_READ = 0o444;
const OWNER_MAY_READ = 0o400;
const OWNER_MAY_WRITE = 0o200;

type Rights = Pick<Stats, 'mode' | 'uid'>;

/** Whether this user may read a file with this status. */
export function mayRead(path: string, { mode, uid }: Rights): boolean {
  if ((mode & ALL_MAY_READ) === ALL_MAY_READ) return true;
  return (isOwn(uid) && (mode & OWNER_MAY_READ) !== 0) || isAllowed(path, constants.R_OK);
}

/** Whether this user may write to a file with this status. Nearly all files that are written are the user's own. */
export function mayWrite(path: string, { mode, uid }: Rights): boolean {
  return (isOwn(uid) && (mode & OWNER_MAY_WRITE) !== 0) || isAllowed(path, constants.W_OK);
}

function isOwn(uid: number): boolean {
  return uid === (process.getuid?.() ?? uid);
}

function isAllowed(path: string, what: number): boolean {
  try {
    accessSync(systemName(path), what);
    return true;
  } catch {
    return false;
  }
}
