import type { ByteReader } from '../byte-reader.ts';
import { type RefusedError, TooLargeError, UnexpectedAnswerError } from '../remote.ts';
import type { Connection } from './connection.ts';
import { type Protocol, refusalOf } from './protocol.ts';

/** In bytes. A line names a key and a few numbers. */
const LONGEST_LINE = 2048;
const END_OF_LINE = Buffer.from('\r\n');

/**
 * memcached's text protocol (`doc/protocol.txt` of memcached), which every server and proxy speaks, unless it wants a
 * user and a password.
 */
export function textProtocol(connection: Connection): Protocol {
  return {
    get: (key, maximumSize) =>
      connection.ask([Buffer.from(`get ${key}\r\n`)], (reader) => readValue(reader, key, maximumSize)),
    set: (key, value, expires) =>
      connection.ask(
        [Buffer.from(`set ${key} 0 ${expires} ${value.length}\r\n`), value, END_OF_LINE],
        readStored,
      ),
    remove: (key) => command(`delete ${key}`, 'DELETED'),
    touch: (key, expires) => command(`touch ${key} ${expires}`, 'TOUCHED'),
  };

  /** A line about a key that need not be there, which is answered with a word if it is. */
  function command(line: string, word: string): Promise<RefusedError | undefined> {
    return connection.ask([Buffer.from(`${line}\r\n`)], async (reader) => {
      const answer = await reader.line(LONGEST_LINE);
      if (answer === word || answer === 'NOT_FOUND') return undefined;
      return (
        refusalIn(answer) ?? refusalOf(`${line.split(' ')[0]} was answered with another word than ${word}`)
      );
    });
  }
}

async function readValue(
  reader: ByteReader,
  key: string,
  maximumSize: number,
): Promise<Uint8Array | RefusedError | undefined> {
  const line = await reader.line(LONGEST_LINE);
  if (line === 'END') return undefined;
  const refusal = refusalIn(line);
  if (refusal) return refusal;
  const [, name, length] = /^VALUE (\S+) \d+ (\d+)(?: \d+)?$/.exec(line) ?? [];
  if (name !== key)
    throw new UnexpectedAnswerError('get was answered with something that is not a value of its key');
  const size = Number(length);
  if (size > maximumSize) throw new TooLargeError(`the answer has ${size} bytes`);
  const value = await reader.bytes(size);
  const end = `${await reader.line(0)}${await reader.line(LONGEST_LINE)}`;
  if (end !== 'END') throw new UnexpectedAnswerError('a value does not end where it should');
  return value;
}

async function readStored(reader: ByteReader): Promise<RefusedError | undefined> {
  const line = await reader.line(LONGEST_LINE);
  if (line === 'STORED') return undefined;
  const refusal = line === 'NOT_STORED' ? refusalOf(line) : refusalIn(line);
  if (refusal) return refusal;
  throw new UnexpectedAnswerError('set was answered with another word than STORED');
}

function refusalIn(line: string): RefusedError | undefined {
  return /^(?:SERVER_ERROR|CLIENT_ERROR|ERROR)\b/.test(line) ? refusalOf(line) : undefined;
}
