import { dirname } from 'node:path';
import { isPrivateFolder } from '../util/private-folder.ts';

/** macOS takes 104 bytes with the final NUL, Linux 108. Node.js cuts off the rest. */
const LONGEST_ADDRESS_BYTES = 103;

/**
 * Why the server at this Unix socket cannot be trusted. Undefined if it can. Its folder must belong to the user of this
 * process, and nobody else may enter it. A link is refused, because its maker can change it.
 */
export function socketProblem(address: string): string | undefined {
  if (Buffer.byteLength(address) > LONGEST_ADDRESS_BYTES) return `${address} is too long for a socket`;
  return isPrivateFolder(dirname(address))
    ? undefined
    : `${dirname(address)} is not a folder that only you may enter (mode 0700)`;
}
