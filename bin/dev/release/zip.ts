/** Writes a zip archive whose bytes depend on nothing but what goes in, and on the zlib of this Node.js. */
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A file of an archive. */
export interface Member {
  /** With the folder that it is in, separated by `/`. */
  readonly path: string;
  /** A file of this machine, or the contents. */
  readonly from: string | Uint8Array;
  readonly isProgram: boolean;
}

interface Way {
  /** As YYYY-MM-DD: the time of every member is the beginning of this day. */
  readonly date: string;
  /** 0 (stored as it is) to 9 (smallest). */
  readonly level: number;
}

/** Writes `members` to the file `target`, in the order of their paths. */
export async function writeZip(
  target: string,
  members: readonly Member[],
  { date, level }: Way,
): Promise<void> {
  const zip = new ZipFile();
  zip.on('error', (error: Error) => (zip.outputStream as Readable).destroy(error));
  // A zip has local times without a zone. The other form of time that it may have would depend on the zone of this machine.
  const mtime = new Date(`${date}T00:00:00`);
  for (const { path, from, isProgram } of members.toSorted(byPath)) {
    const options = {
      mtime,
      mode: isProgram ? 0o100755 : 0o100644,
      forceDosTimestamp: true,
      compressionLevel: level,
    };
    if (typeof from === 'string') zip.addFile(from, path, options);
    else zip.addBuffer(Buffer.from(from), path, options);
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(target));
}

const byPath = (one: Member, other: Member) => (one.path < other.path ? -1 : 1);
