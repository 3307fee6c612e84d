/**
 * Ed25519 keys that sign entries, as a file or a variable holds them: PEM (PKCS #8 and SubjectPublicKeyInfo, as OpenSSL
 * writes them), or one word, for places where a line break is a nuisance:
 *
 *     key := ( "ed25519-private:" seed | "ed25519-public:" point )        32 bytes each in base64url
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { UsageError } from '../../diagnostics/errors.ts';

/** A public key whose signatures count. */
export interface TrustedKey {
  /** The beginning of its SHA-256, which tells keys apart. */
  readonly id: Buffer;
  readonly publicKey: KeyObject;
}

/** A key that signs. */
export interface SigningKey extends TrustedKey {
  readonly privateKey: KeyObject;
}

/** A key in a text, of either kind. */
export type FoundKey =
  | ({ readonly kind: 'private' } & SigningKey)
  | ({ readonly kind: 'public' } & TrustedKey);

/** A new pair, a word each. */
export interface NewKeyPair {
  readonly privateText: string;
  readonly publicText: string;
  readonly id: string;
}

export const KEY_ID_BYTES = 8;

/** What stands before the 32 bytes of a key in DER (RFC 8410). */
const DER_HEADS = {
  private: Buffer.from('302e020100300506032b657004220420', 'hex'),
  public: Buffer.from('302a300506032b6570032100', 'hex'),
} as const;
/** PEM blocks, and else lines, of which those that begin with `#` are comments. */
const PIECES = /-----BEGIN [^-]*-----[^-]*(?:-----END [^-]*-----)?|[^\r\n]+/g;
/** Of PEM and of one word. A certificate holds a key, too, but nobody looks at its dates here. */
const LABELS: ReadonlySet<string> = new Set(['private', 'public', 'PRIVATE KEY', 'PUBLIC KEY']);
const ONE_WORD = /^ed25519-(private|public):([\w-]{43})$/;

/** The keys in a text. Throws a `UsageError` that says what is wrong, without any part of the text. */
export function readKeys(text: string): FoundKey[] {
  const pieces = [...text.matchAll(PIECES)].map(([piece]) => piece.trim());
  return pieces.filter((piece) => piece !== '' && !piece.startsWith('#')).map(readKey);
}

/** Makes a pair of keys. */
export function newKeyPair(): NewKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateText: `ed25519-private:${wordOf(privateKey.export({ type: 'pkcs8', format: 'der' }), 'private')}`,
    publicText: `ed25519-public:${wordOf(publicKey.export({ type: 'spki', format: 'der' }), 'public')}`,
    id: idOf(publicKey).toString('hex'),
  };
}

function wordOf(der: Buffer, kind: keyof typeof DER_HEADS): string {
  return der.subarray(DER_HEADS[kind].length).toString('base64url');
}

function readKey(text: string): FoundKey {
  const [, word] = ONE_WORD.exec(text) ?? [];
  const [, label] = /^-----BEGIN ([^-]*)-----/.exec(text) ?? [];
  if (word === undefined && label === undefined)
    throw new UsageError('holds something that is no key, neither PEM nor as --make-key writes it');
  if (label?.startsWith('ENCRYPTED ')) throw new UsageError('holds a key with a passphrase');
  if (label?.startsWith('OPENSSH '))
    throw new UsageError('holds a key of ssh-keygen, which is another form: --make-key makes one that fits');
  const isPrivate = (word ?? label?.toLowerCase() ?? '').includes('private');
  let found: FoundKey;
  try {
    const pem = word === undefined ? text : pemOf(word, text.slice(text.indexOf(':') + 1));
    if (!LABELS.has(word ?? label ?? '')) throw new RangeError('another kind of PEM');
    found = isPrivate ? privateOf(createPrivateKey(pem)) : publicOf(createPublicKey(pem));
  } catch {
    // What OpenSSL says of a broken key, and of a kind that it does not know, is for its developers.
    throw new UsageError('holds a key that is broken, or not of Ed25519');
  }
  return found;
}

/** `digits` are 32 bytes in base64url. Throws if the last one has bits of no byte: else several texts were one key. */
function pemOf(kind: string, digits: string): string {
  const bytes = Buffer.from(digits, 'base64url');
  if (bytes.toString('base64url') !== digits) throw new RangeError('a slip in the last digit');
  const der = Buffer.concat([kind === 'private' ? DER_HEADS.private : DER_HEADS.public, bytes]);
  const label = `${kind.toUpperCase()} KEY`;
  return `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`;
}

function privateOf(privateKey: KeyObject): FoundKey {
  const publicKey = createPublicKey(privateKey);
  return { kind: 'private', id: idOf(publicKey), publicKey, privateKey };
}

function publicOf(publicKey: KeyObject): FoundKey {
  return { kind: 'public', id: idOf(publicKey), publicKey };
}

function idOf(publicKey: KeyObject): Buffer {
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new RangeError('another kind of key');
  return createHash('sha256').update(pointOf(publicKey)).digest().subarray(0, KEY_ID_BYTES);
}

function pointOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(DER_HEADS.public.length);
}
