import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';

/** macOS takes 104 bytes with the one that ends it, Linux 108; Node.js cuts off what is longer. */
const LONGEST_ADDRESS_BYTES = 103;

/**
 * Why what listens at this Unix socket could not be trusted; undefined if nothing speaks against it. Its folder must
 * belong to the user of this process, and nobody else may enter it. A link is none, since whoever made it can turn it.
 */
export function socketProblem(address: string): string | undefined {
  if (Buffer.byteLength(address) > LONGEST_ADDRESS_BYTES) return `${address} is too long for a socket`;
  return isPrivateFolder(dirname(address))
    ? undefined
    : `${dirname(address)} is no folder that only you may enter (mode 0700)`;
}

function isPrivateFolder(folder: string): boolean {
  try {
    const stat = lstatSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
