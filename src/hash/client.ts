import type { Digest } from './digest.ts';
import { exchange } from './exchange.ts';
import { type AskedFile, decodeAnswer, encodeRequest } from './protocol.ts';
import { socketProblem } from './server-socket.ts';

/** A file whose content this process knows for certain. */
export interface Witness {
  readonly path: string;
  readonly digest: Digest;
}

export interface HashClient {
  /**
   * Asks the server for the digests of files, in their order. Undefined if the caller has to hash by itself. The server
   * is also asked for the witness and must know its content, so that a server with another hash or with old data is not
   * believed. Never rejects, and never takes longer than the timeout.
   */
  ask(files: readonly AskedFile[], witness: Witness): Promise<readonly Digest[] | undefined>;
}

/**
 * A client for the calls of one process. After a failure, or no answer within the timeout, the server is not asked again.
 * `note` gets lines for the log.
 */
export function hashClient(address: string, timeoutMs: number, note: (line: string) => void): HashClient {
  let isOut = false;
  const giveUp = (because: string) => {
    isOut = true;
    note(`hash server not used: ${because}`);
    return undefined;
  };
  return {
    async ask(files, witness) {
      if (isOut) return undefined;
      const request = encodeRequest([{ path: witness.path }, ...files]);
      if (!request) return undefined;
      const problem = process.platform === 'win32' ? undefined : socketProblem(address);
      if (problem !== undefined) return giveUp(problem);
      const result = await exchange(address, request, timeoutMs);
      if (result.kind === 'failed') return giveUp(result.because);
      const answer = decodeAnswer(result.received, files.length + 1);
      if (answer.kind !== 'digests') return giveUp(answer.because);
      const [first, ...digests] = answer.digests;
      if (first !== witness.digest) return giveUp('its hash of the source is not ours');
      note(`hash server: ${digests.length} hashes`);
      return digests;
    },
  };
}
