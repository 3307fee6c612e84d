import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../config/config.ts';
import { readSettings } from '../../config/settings-file.ts';
import { grouped } from '../../report/amounts.ts';
import { folderProblem } from '../../storage/local/try-folder.ts';
import { environmentValue } from '../../util/environment.ts';
import { realPath, statIfThere } from '../../util/file-stat.ts';
import { isInside } from '../../util/paths.ts';
import { type Finding, good, look, stops } from '../finding.ts';
import type { Surroundings } from '../surroundings.ts';
import { millisecondsOfAFile, roomProblem } from '../try-files.ts';

type Needed = Pick<Surroundings, 'layout' | 'statistics'> & {
  readonly config: Pick<Config, 'environment' | 'style'>;
};

/** The types of file systems that are on another machine, as `statfs(2)` and the kernel's `magic.h` list them. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9p, a folder of another machine (of Windows, under WSL)'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x0bd00bd0, 'Lustre'],
]);
/** Folders whose files MSBuild's Tracker does not count (`FileIsExcludedFromDependencies` in its FileTracker). */
const NOT_TRACKED = ['LOCALAPPDATA', 'APPDATA', 'TEMP', 'TMP', 'ProgramData'];
const ELSEWHERE = 'set CLCACHE_DIR to a folder that you can write';
/** In bytes. An entry and what belongs to it need about as much. */
const SMALLEST_ROOM = 256 * 1024;
/** A new file takes a tenth of this on a local disk. */
const SLOW_FILE_MS = 5;

/** Whether the folder can be written, has room, is near, and is where no other program looks at it. */
export async function checkCacheFolder({ config, layout, statistics }: Needed): Promise<Finding[]> {
  const { cacheDirectory } = layout;
  const isThere = statIfThere(cacheDirectory)?.isDirectory() ?? false;
  const problem = folderProblem(layout) ?? (isThere ? roomProblem(cacheDirectory) : undefined);
  if (problem !== undefined) return [stops(problem, ELSEWHERE)];
  const disk = diskOf(cacheDirectory);
  if (disk !== undefined && disk.freeBytes < SMALLEST_ROOM)
    return [stops(`no space is left on the disk of ${cacheDirectory}`, ELSEWHERE)];
  const findings: Finding[] = [];
  if (disk?.network !== undefined)
    findings.push(
      look(
        `${cacheDirectory} is on a network drive (${disk.network}), where each file takes long`,
        'keep the cache on a local drive, and share it with CLCACHE_REMOTE',
      ),
    );
  if (isTracked(cacheDirectory, config))
    findings.push(
      look(
        `${cacheDirectory} is in a folder that MSBuild tracks: it takes files of the cache for inputs`,
        'leave CLCACHE_DIR unset, so that the cache is in %LOCALAPPDATA%',
      ),
    );
  const took = isThere ? millisecondsOfAFile(cacheDirectory) : undefined;
  if (took !== undefined && took > SLOW_FILE_MS && disk?.network === undefined)
    findings.push(
      look(
        `a new file there takes ${took.toFixed(1)} ms`,
        config.style === 'win32'
          ? 'a virus scanner may look at each: exclude this folder and clcache.exe from it'
          : 'use a local disk',
      ),
    );
  const room = disk && (await roomLeft(disk.freeBytes, { layout, statistics }));
  if (room !== undefined) findings.push(room);
  const free = disk === undefined ? '' : `, ${gibibytes(disk.freeBytes)} free`;
  const state = isThere ? 'can be written' : 'is not there yet and can be made';
  return [good(`${cacheDirectory} ${state}${free}`), ...findings];
}

interface Disk {
  readonly freeBytes: number;
  /** The kind of a network drive. */
  readonly network?: string;
}

/** The disk of a folder, or of the first one above it that is there. */
function diskOf(folder: string): Disk | undefined {
  try {
    const there = firstThere(folder);
    const { bavail, bsize, type } = statfsSync(there);
    const network = realPath(there).startsWith('\\\\') ? 'a Windows share' : NETWORK.get(type);
    return { freeBytes: bavail * bsize, ...(network !== undefined && { network }) };
  } catch {
    return undefined;
  }
}

function firstThere(folder: string): string {
  const above = dirname(folder);
  return statIfThere(folder) || above === folder ? folder : firstThere(above);
}

function isTracked(folder: string, { environment, style }: Needed['config']): boolean {
  if (style !== 'win32') return false;
  const excluded = NOT_TRACKED.map((name) => environmentValue(environment, style, name));
  return !excluded.some((one) => one && isInside(style, one, folder));
}

async function roomLeft(
  freeBytes: number,
  { layout, statistics }: Pick<Surroundings, 'layout' | 'statistics'>,
): Promise<Finding | undefined> {
  const { maximumSize } = readSettings(layout.settingsFile);
  const wanted = maximumSize - (await statistics()).totals.CacheSize;
  if (freeBytes >= wanted) return undefined;
  return look(
    `the cache may grow by ${grouped(wanted)} bytes, and ${grouped(freeBytes)} are free`,
    'make room, or lower the limit with clcache -M',
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
