/** What others may have put in the place of a file of clcache. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';

const ANYWHERE: Readonly<Record<string, (path: string) => void>> = {
  'a folder with something in it': (path) => {
    mkdirSync(path);
    writeFileSync(`${path}/file`, 'text');
  },
  'a sparse file of 40 GB': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 40 * 1024 ** 3);
  },
};

const POSIX: typeof ANYWHERE = {
  'a pipe that nobody writes to': (path) => void execFileSync('mkfifo', [path]),
  'a link to a device without end': (path) => symlinkSync('/dev/zero', path),
  'a link to nowhere': (path) => symlinkSync(`${path}-nowhere`, path),
};

/** By name: puts the obstacle at a path, in place of what is there. */
export const OBSTACLES: typeof ANYWHERE = Object.fromEntries(
  Object.entries({ ...ANYWHERE, ...(process.platform === 'win32' ? {} : POSIX) }).map(([name, put]) => [
    name,
    (path: string) => {
      rmSync(path, { recursive: true, force: true });
      put(path);
    },
  ]),
);
