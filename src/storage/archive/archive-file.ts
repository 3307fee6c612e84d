/**
 * Entries in one file, for CI caches that save and restore files:
 *
 *     archive := "clcache archive " number of the format LF { record } end
 *     record  := length:u32 LE envelope (as remote stores keep it)
 *     end     := 0:u32 count:u32 LE          the number of records; missing in a file that was cut off
 *
 * Artifacts come before the manifests that name them, so that a part of an archive is usable.
 */

import { closeSync, openSync, realpathSync, writeSync } from 'node:fs';
import { openForReading } from '../../hash/file-chunks.ts';
import { removeIfPossible, renameWithRetrySync } from '../../util/atomic-file.ts';
import { statIfThere } from '../../util/file-stat.ts';
import { FORMATS } from '../../util/formats.ts';
import { openOrdinaryFile, UnfitFileError } from '../../util/own-file.ts';
import { temporarySibling } from '../../util/random-name.ts';
import { ARTIFACT_LIMIT } from '../wire/artifact-body.ts';
import { ENVELOPE_OVERHEAD } from '../wire/envelope.ts';

const OPENING = Buffer.from(`clcache archive ${FORMATS.archive}\n`);
const LONGEST_RECORD = ARTIFACT_LIMIT + ENVELOPE_OVERHEAD;

/** The system cannot read or write an archive. The cause says why, and may name a temporary file. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';

  constructor(cause: unknown) {
    super('the archive could not be read or written', { cause });
  }
}

export interface ArchiveWriter {
  add(envelope: Uint8Array): void;
  readonly bytes: number;
}

/**
 * Writes an archive, whole or not at all. It replaces an ordinary file, or the ordinary file that a link leads to.
 * Throws an `UnfitFileError` if something else has the name, an `ArchiveError`, and what `fill` throws.
 */
export function writeArchive(named: string, fill: (writer: ArchiveWriter) => void): void {
  const found = statIfThere(named);
  if (found && !found.isFile()) throw new UnfitFileError(named, 'no ordinary file');
  const file = found ? realpathSync(named) : named;
  const temporary = temporarySibling(file);
  try {
    const descriptor = ofArchive(() => openSync(temporary, 'wx'));
    try {
      let bytes = 0;
      let records = 0;
      const write = (part: Uint8Array) => {
        for (let written = 0; written < part.length; ) {
          written += ofArchive(() => writeSync(descriptor, part, written));
        }
        bytes += part.length;
      };
      write(OPENING);
      fill({
        add(envelope) {
          write(numbers(envelope.length));
          write(envelope);
          records += 1;
        },
        get bytes() {
          return bytes;
        },
      });
      write(numbers(0, records));
    } finally {
      closeSync(descriptor);
    }
    ofArchive(() => renameWithRetrySync(temporary, file));
  } catch (error) {
    removeIfPossible(temporary);
    throw error;
  }
}

export type ArchiveEnd = 'complete' | 'cutOff' | 'noArchive';

/**
 * Calls `take` with each record, which is valid until the next one. Throws an `UnfitFileError` if the file is not an
 * ordinary one, an `ArchiveError`, and what `take` throws.
 */
export async function readArchive(
  file: string,
  take: (envelope: Uint8Array) => Promise<void>,
): Promise<ArchiveEnd> {
  const { descriptor, size } = ofArchive(() => openOrdinaryFile(file));
  const reader = openForReading(file, () => descriptor);
  const next = (length: number) => ofArchive(() => reader.next(length));
  try {
    if (Buffer.compare(next(OPENING.length), OPENING) !== 0) return 'noArchive';
    for (let records = 0; ; records += 1) {
      const length = readNumber(next(4));
      if (length === 0) return readNumber(next(4)) === records ? 'complete' : 'cutOff';
      // Checks the length of a record before it takes memory for it.
      if (length === undefined || length > Math.min(LONGEST_RECORD, size)) return 'cutOff';
      const envelope = next(length);
      if (envelope.length < length) return 'cutOff';
      await take(envelope);
    }
  } finally {
    reader.close();
  }
}

function ofArchive<T>(operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw error instanceof UnfitFileError ? error : new ArchiveError(error);
  }
}

function numbers(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
}

function readNumber(bytes: Uint8Array): number | undefined {
  return bytes.length < 4 ? undefined : Buffer.from(bytes).readUInt32LE(0);
}
