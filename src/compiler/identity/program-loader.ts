/** Which loader a program of Linux asks for: the one part of its header that is needed before it may be asked. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/** The loader of glibc, by its names on all processors. The one of musl does not know the question, and starts the program. */
const GLIBC_LOADER = /^ld(?:-linux.*|64|-[\d.]+)?\.so(?:\.\d+)?$/;

/** "elf(5)": the place of each field by the size of an address. */
const FIELDS = {
  1: { header: 52, headers: 28, entrySize: 42, entryCount: 44, offset: 4, size: 16 },
  2: { header: 64, headers: 32, entrySize: 54, entryCount: 56, offset: 8, size: 32 },
} as const;
const INTERPRETER = 3;
const SET_USER_OR_GROUP = 0o6000;

/**
 * True if glibc's loader starts the program and listens to `LD_*`, so that it can list the libraries without starting the
 * program. False for programs that are linked statically, that run as another user, and for all other files.
 */
export function isStartedByGlibc(program: string): boolean {
  if (process.platform !== 'linux') return false;
  try {
    if ((statSync(program).mode & SET_USER_OR_GROUP) !== 0) return false;
    const loader = interpreterOf(program);
    return loader !== undefined && GLIBC_LOADER.test(basename(loader));
  } catch {
    return false;
  }
}

function interpreterOf(program: string): string | undefined {
  const descriptor = openSync(program, 'r');
  const read = (length: number, position: number) => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
  };
  try {
    const head = read(FIELDS[2].header, 0);
    const bits = head[4];
    if (head.toString('latin1', 0, 4) !== '\x7fELF' || (bits !== 1 && bits !== 2)) return undefined;
    const fields = FIELDS[bits];
    const isLittle = head[5] === 1;
    const half = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
    const word = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
    const address = (bytes: Buffer, at: number) => {
      if (bits === 1) return word(bytes, at);
      return Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    };
    const size = half(head, fields.entrySize);
    const entries = read(size * half(head, fields.entryCount), address(head, fields.headers));
    for (let at = 0; at + size <= entries.length; at += size) {
      if (word(entries, at) !== INTERPRETER) continue;
      const name = read(
        Math.min(address(entries, at + fields.size), 4096),
        address(entries, at + fields.offset),
      );
      return name.toString('latin1').replace(/\0.*$/s, '');
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}
