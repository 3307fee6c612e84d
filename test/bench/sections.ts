/** The parts of a program's file, as its own table lists them. */

export interface Section {
  readonly name: string;
  /** Where it begins in the file, and how many bytes it has there. */
  readonly offset: number;
  readonly size: number;
}

/** The type of an ELF section that takes no bytes of the file. */
const NO_BYTES = 8;

/** The sections of a 64-bit program for Linux ("ELF-64 Object File Format") or Windows ("PE Format"). */
export function sectionsOf(program: Buffer): Section[] {
  return program.toString('latin1', 1, 4) === 'ELF' ? ofLinux(program) : ofWindows(program);
}

function ofLinux(program: Buffer): Section[] {
  const table = Number(program.readBigUInt64LE(0x28));
  const [length, count, names] = [0x3a, 0x3c, 0x3e].map((at) => program.readUInt16LE(at));
  const headers = Array.from({ length: count ?? 0 }, (_, index) => table + index * (length ?? 0));
  const offsetOf = (header: number) => Number(program.readBigUInt64LE(header + 24));
  const texts = offsetOf(headers[names ?? 0] ?? 0);
  return headers.map((header) => ({
    name: textAt(program, texts + program.readUInt32LE(header)),
    offset: offsetOf(header),
    size: program.readUInt32LE(header + 4) === NO_BYTES ? 0 : Number(program.readBigUInt64LE(header + 32)),
  }));
}

function ofWindows(program: Buffer): Section[] {
  const pe = program.readUInt32LE(0x3c);
  const table = pe + 24 + program.readUInt16LE(pe + 20);
  const headers = Array.from({ length: program.readUInt16LE(pe + 6) }, (_, index) => table + index * 40);
  return headers.map((header) => ({
    name: textAt(program.subarray(header, header + 8), 0),
    offset: program.readUInt32LE(header + 20),
    size: program.readUInt32LE(header + 16),
  }));
}

function textAt(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(0, start);
  return bytes.toString('latin1', start, end < 0 ? bytes.length : end);
}
