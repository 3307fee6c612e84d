/**
 * memcached's binary protocol (its wiki, "BinaryProtocolRevamped"), in which servers started with `-S` accept a user
 * and a password. All numbers are big-endian:
 *
 *     packet := magic:u8 opcode:u8 keyLength:u16 extrasLength:u8 0:u8 status:u16 bodyLength:u32 0:u32 0:u64 body
 *     body   := extras key value
 */
import type { ByteReader } from '../byte-reader.ts';
import { RefusedError, TooLargeError, UnexpectedAnswerError } from '../remote.ts';
import type { Connection } from './connection.ts';
import { type Protocol, refusalOf } from './protocol.ts';

const REQUEST = 0x80;
const RESPONSE = 0x81;
const OPCODES = { get: 0x00, set: 0x01, delete: 0x04, touch: 0x1c, authenticate: 0x21 } as const;
const STATUS = { good: 0x00, missing: 0x01, tooLarge: 0x03, needsPassword: 0x20 } as const;
const HEAD_LENGTH = 24;
/** The most bytes beside a value: extras, or a sentence about an error. */
const SLACK = 2048;

interface Packet {
  readonly status: number;
  readonly value: Buffer;
}

/** Sends user and password first. Rejects if the server does not accept them. */
export async function binaryProtocol(
  connection: Connection,
  user: string,
  password: string,
): Promise<Protocol> {
  const ask = (opcode: keyof typeof OPCODES, parts: Partial<Parts>, maximumSize: number) =>
    connection.ask(packet(OPCODES[opcode], parts), (reader) =>
      readPacket(reader, OPCODES[opcode], maximumSize),
    );
  const credentials = Buffer.from(`\0${user}\0${password}`);
  const { status } = await ask('authenticate', { key: 'PLAIN', value: credentials }, 0);
  if (status !== STATUS.good) throw new RefusedError(`SASL was answered with ${hex(status)}`);
  return {
    async get(key, maximumSize) {
      const { status, value } = await ask('get', { key }, maximumSize);
      if (status === STATUS.good) return value;
      return status === STATUS.missing ? undefined : refusal('get', status);
    },
    async set(key, value, expires) {
      const extras = Buffer.alloc(8);
      extras.writeUInt32BE(expires, 4);
      const { status } = await ask('set', { extras, key, value }, 0);
      return status === STATUS.good ? undefined : refusal('set', status);
    },
    async remove(key) {
      const { status } = await ask('delete', { key }, 0);
      return status === STATUS.good || status === STATUS.missing ? undefined : refusal('delete', status);
    },
    async touch(key, expires) {
      const extras = Buffer.alloc(4);
      extras.writeUInt32BE(expires);
      const { status } = await ask('touch', { extras, key }, 0);
      return status === STATUS.good || status === STATUS.missing ? undefined : refusal('touch', status);
    },
  };
}

function refusal(command: string, status: number): RefusedError {
  return refusalOf(`${command} was answered with ${status === STATUS.tooLarge ? 'too large' : hex(status)}`);
}

function hex(status: number): string {
  return `status 0x${status.toString(16)}`;
}

interface Parts {
  readonly extras: Uint8Array;
  readonly key: string;
  readonly value: Uint8Array;
}

function packet(
  opcode: number,
  { extras = Buffer.alloc(0), key = '', value = Buffer.alloc(0) }: Partial<Parts>,
) {
  const name = Buffer.from(key);
  const head = Buffer.alloc(HEAD_LENGTH);
  head.writeUInt8(REQUEST, 0);
  head.writeUInt8(opcode, 1);
  head.writeUInt16BE(name.length, 2);
  head.writeUInt8(extras.length, 4);
  head.writeUInt32BE(extras.length + name.length + value.length, 8);
  return [Buffer.concat([head, extras, name]), value];
}

async function readPacket(reader: ByteReader, opcode: number, maximumSize: number): Promise<Packet> {
  const head = await reader.bytes(HEAD_LENGTH);
  if (head.readUInt8(0) !== RESPONSE || head.readUInt8(1) !== opcode) {
    throw new UnexpectedAnswerError(
      'the answer is none of the binary protocol, which a user and a password need',
    );
  }
  const length = head.readUInt32BE(8);
  if (length > maximumSize + SLACK) throw new TooLargeError(`the answer has ${length} bytes`);
  const body = await reader.bytes(length);
  return { status: head.readUInt16BE(6), value: body.subarray(head.readUInt8(4) + head.readUInt16BE(2)) };
}
