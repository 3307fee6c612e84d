import { readFileSync } from 'node:fs';
import { retryWhileBusy } from '../util/busy-retry.ts';
import { systemName } from '../util/byte-name.ts';
import { type Digest, digestOfBytes, incrementalDigest } from './digest.ts';
import { eachPiece } from './file-chunks.ts';

/** Larger files are hashed in pieces, so that a huge file takes little memory. */
const WHOLE_FILE_LIMIT = 8 * 1024 * 1024;

/** The digest of a file of about this size. Undefined if it cannot be read. */
export function digestOfFile(path: string, size: number): Digest | undefined {
  try {
    return size <= WHOLE_FILE_LIMIT
      ? digestOfBytes(retryWhileBusy(() => readFileSync(systemName(path))))
      : digestOfLargeFile(path);
  } catch {
    // A folder, a file without permission, or a file that vanished: for a key the same as a missing file.
    return undefined;
  }
}

function digestOfLargeFile(path: string): Digest {
  const hasher = incrementalDigest();
  eachPiece(path, (piece) => hasher.update(piece));
  return hasher.finish();
}
