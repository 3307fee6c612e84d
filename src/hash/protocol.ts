import type { Digest } from './digest.ts';

/**
 * What clients and the hash server say to each other, as in the original, over a connection for each request:
 *
 *     request  = file *( LF file ) NUL                 UTF-8
 *     file     = path [ TAB signature ]                absolute; the signature is new here
 *     answer   = hash *( LF hash ) NUL                 in the order of the files
 *              / "!" message NUL                       a file could not be hashed, or the request was no good
 *
 * The server ends the connection after its answer. A hash is a `Digest`; the original's were MD5, 32 digits. With a
 * signature the hash is that of a file which has it, or refused: a path can lead the server elsewhere than the client
 * (containers that share a folder of sockets), and the original's server finds no file of such a name.
 */
const NUL = 0;

/** Far more than the headers of any source; what is larger is refused unread. */
export const LONGEST_REQUEST_BYTES = 4 * 1024 * 1024;
export const MOST_FILES = 20_000;

export interface AskedFile {
  readonly path: string;
  /** As `signatureOf` makes it. */
  readonly signature?: string;
}

export type Answer =
  | { readonly kind: 'digests'; readonly digests: readonly Digest[] }
  | { readonly kind: 'refused'; readonly because: string }
  /** Too few hashes or too many, other ones than ours, an answer that was cut off. */
  | { readonly kind: 'unusable'; readonly because: string };

/** The bytes of a request; undefined when the protocol cannot carry it. */
export function encodeRequest(files: readonly AskedFile[]): Buffer | undefined {
  if (files.length > MOST_FILES || files.some(({ path }) => /[\t\n\r\0]/.test(path))) return undefined;
  const lines = files.map(({ path, signature }) =>
    signature === undefined ? path : `${path}\t${signature}`,
  );
  const request = Buffer.from(`${lines.join('\n')}\0`);
  return request.length <= LONGEST_REQUEST_BYTES ? request : undefined;
}

/** The files of what came in so far; undefined while the request has no end. */
export function decodeRequest(received: Buffer): AskedFile[] | undefined {
  const end = received.indexOf(NUL);
  if (end < 0) return undefined;
  return received
    .toString('utf8', 0, end)
    .split('\n')
    .map((line) => {
      const [path = '', signature] = line.split('\t');
      return signature === undefined ? { path } : { path, signature };
    });
}

export function encodeDigests(digests: readonly Digest[]): Buffer {
  return Buffer.from(`${digests.join('\n')}\0`);
}

export function encodeRefusal(message: string): Buffer {
  return Buffer.from(`!${message.replaceAll('\0', '')}\0`);
}

/** Reads the answer to a request for `count` paths. Whatever is not exactly that is unusable. */
export function decodeAnswer(received: Buffer, count: number): Answer {
  if (received.at(-1) !== NUL) return { kind: 'unusable', because: 'the answer was cut off' };
  const text = received.toString('utf8', 0, received.length - 1);
  if (text.startsWith('!')) return { kind: 'refused', because: text.slice(1) };
  const digests = text.split('\n');
  if (digests.length !== count) {
    return { kind: 'unusable', because: `${digests.length} hashes for ${count} files` };
  }
  if (!digests.every((digest) => /^[0-9a-f]{40}$/.test(digest))) {
    return { kind: 'unusable', because: 'hashes of another kind' };
  }
  return { kind: 'digests', digests: digests as Digest[] };
}
