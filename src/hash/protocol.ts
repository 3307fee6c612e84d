import type { Digest } from './digest.ts';

/**
 * The protocol between clients and the hash server, as in the Python clcache, with a connection for each request:
 *
 *     request  = file *( LF file ) NUL                 UTF-8
 *     file     = path [ TAB signature ]                absolute; the signature is new here
 *     answer   = hash *( LF hash ) NUL                 in the order of the files
 *              / "!" message NUL                       a file could not be hashed, or the request was invalid
 *
 * The server ends the connection after its answer. A hash is a `Digest`. The Python clcache had MD5 with 32 digits.
 * With a signature the server returns the hash only of a file that has this signature: a path may lead the server to
 * another file than the client (containers that share a folder of sockets). The Python clcache's server finds no file
 * of such a name.
 */
const NUL = 0;

/** Far more than the headers of any source. A larger request is refused without reading it. */
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
  /** Too few or too many hashes, hashes of another kind, or an incomplete answer. */
  | { readonly kind: 'unusable'; readonly because: string };

/** The bytes of a request. Undefined if the protocol cannot carry it. */
export function encodeRequest(files: readonly AskedFile[]): Buffer | undefined {
  if (files.length > MOST_FILES || files.some(({ path }) => /[\t\n\r\0]/.test(path))) return undefined;
  const lines = files.map(({ path, signature }) =>
    signature === undefined ? path : `${path}\t${signature}`,
  );
  const request = Buffer.from(`${lines.join('\n')}\0`);
  return request.length <= LONGEST_REQUEST_BYTES ? request : undefined;
}

/** The files of what was received so far. Undefined while the request is incomplete. */
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

/** Reads the answer to a request for `count` paths. Everything else is unusable. */
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
