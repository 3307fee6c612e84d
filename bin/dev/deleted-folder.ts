/**
 * Bun asks for the name of the working folder before it runs a line of ours, and ends where that folder was deleted; a
 * compiler works there. So its `getcwd` is given a beginning that answers "/proc/self/cwd" in that one case: a name that
 * the system itself never gives, and by which programs can still be started there. ("ELF-64 Object File Format"; the
 * system call and its answers are those of getcwd(2).)
 */

const PAGE = 4096;
const PROGRAM_HEADER = 56;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_NOTE = 4;
const READABLE_AND_EXECUTABLE = 5;
const DT = { PLTRELSZ: 2, STRTAB: 5, SYMTAB: 6, JMPREL: 23 };

interface Part {
  /** Offset of its header. */
  readonly at: number;
  readonly type: number;
  readonly isExecutable: boolean;
  /** Where it is in the file. */
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  /** In memory. */
  readonly size: number;
}

/** The same program of 64-bit Linux, which starts in a deleted folder as well. */
export function startsInDeletedFolder(program: Buffer): Buffer {
  const isKnown = program.toString('latin1', 0, 4) === '\x7fELF' && program.readUInt16LE(0x12) === 62;
  const headers = isKnown ? programHeadersOf(program) : [];
  const note = headers.find(({ type }) => type === PT_NOTE);
  const slot = slotOfGetcwd(program, headers);
  const stub = slot && stubOf(program, headers, slot);
  if (!note || !slot || !stub) throw new Error('a program that does not call getcwd as Bun did');

  const offset = wholePages(program.length);
  const address = wholePages(Math.max(...headers.map((part) => part.address + part.size))) + PAGE;
  const code = getcwd(slot);
  const patched = Buffer.concat([program, Buffer.alloc(offset - program.length), code]);
  // The header of a part that nobody asks for at run time; as the last one, it keeps the parts in their order.
  patched.writeUInt32LE(PT_LOAD, note.at);
  patched.writeUInt32LE(READABLE_AND_EXECUTABLE, note.at + 4);
  for (const [field, value] of [offset, address, address, code.length, code.length, PAGE].entries()) {
    patched.writeBigUInt64LE(BigInt(value), note.at + 8 + 8 * field);
  }
  patched[stub.offset] = 0xe9; // jmp
  patched.writeInt32LE(address - (stub.address + 5), stub.offset + 1);
  return patched;
}

/** Machine code. `slot` is where the program keeps the address of the C library's getcwd. */
function getcwd(slot: number): Buffer {
  const text = (characters: string) => [...Buffer.from(characters, 'latin1')];
  const address = Buffer.alloc(4);
  address.writeUInt32LE(slot);
  const deleted = [
    ...[0x48, 0xb8, ...text('/proc/se')], //  mov rax, "/proc/se"
    ...[0x48, 0x89, 0x07], //                 mov [rdi], rax
    ...[0x48, 0xb8, ...text('elf/cwd\0')], // mov rax, "elf/cwd\0"
    ...[0x48, 0x89, 0x47, 0x07], //           mov [rdi + 7], rax
    ...[0x48, 0x89, 0xf8], //                 mov rax, rdi
    0xc3, //                                  ret
  ];
  return Buffer.from([
    ...[0xb8, 79, 0, 0, 0], //                mov eax, SYS_getcwd
    ...[0x0f, 0x05], //                       syscall
    ...[0x83, 0xf8, 0xfe], //                 cmp eax, -ENOENT
    ...[0x75, deleted.length + 6], //         jne the C library's
    ...[0x48, 0x83, 0xfe, 15], //             cmp rsi, the size of what is to be written
    ...[0x72, deleted.length], //             jb the C library's
    ...deleted,
    ...[0xff, 0x24, 0x25, ...address], //     jmp [slot]
  ]);
}

/** The address of the slot that the system's loader fills with the address of getcwd. */
function slotOfGetcwd(program: Buffer, headers: readonly Part[]): number | undefined {
  const dynamic = headers.find(({ type }) => type === PT_DYNAMIC) ?? { offset: 0, fileSize: 0 };
  const tags = new Map<number, number>();
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.fileSize; at += 16) {
    tags.set(read(program, at), read(program, at + 8));
  }
  const place = (tag: number) => offsetOf(headers, tags.get(tag) ?? 0);
  const [table, symbols, names] = [place(DT.JMPREL), place(DT.SYMTAB), place(DT.STRTAB)];
  for (let at = table; at < table + (tags.get(DT.PLTRELSZ) ?? 0); at += 24) {
    const name = names + program.readUInt32LE(symbols + 24 * program.readUInt32LE(at + 12));
    if (program.toString('latin1', name, name + 7) === 'getcwd\0') return read(program, at);
  }
  return undefined;
}

/** The one place that calls go through on their way to a slot: `jmp [rip + to the slot]`, then `push`. */
function stubOf(
  program: Buffer,
  headers: readonly Part[],
  slot: number,
): { readonly offset: number; readonly address: number } | undefined {
  const part = headers.find(({ type, isExecutable }) => type === PT_LOAD && isExecutable);
  if (!part) return undefined;
  const end = part.offset + part.fileSize;
  for (let at = program.indexOf(JUMP, part.offset); at >= 0 && at < end; at = program.indexOf(JUMP, at + 1)) {
    const address = at - part.offset + part.address;
    const isToSlot = address + 6 + program.readInt32LE(at + 2) === slot;
    if (isToSlot && program[at + 6] === PUSH) return { offset: at, address };
  }
  return undefined;
}
const JUMP = Buffer.from([0xff, 0x25]);
const PUSH = 0x68;

function offsetOf(headers: readonly Part[], address: number): number {
  const part = headers.find(
    (one) => one.type === PT_LOAD && address >= one.address && address < one.address + one.fileSize,
  );
  return part ? address - part.address + part.offset : Number.NaN;
}

function programHeadersOf(program: Buffer): Part[] {
  const first = read(program, 0x20);
  return Array.from({ length: program.readUInt16LE(0x38) }, (_, index) => {
    const at = first + PROGRAM_HEADER * index;
    return {
      at,
      type: program.readUInt32LE(at),
      isExecutable: (program.readUInt32LE(at + 4) & 1) === 1,
      offset: read(program, at + 8),
      address: read(program, at + 16),
      fileSize: read(program, at + 32),
      size: read(program, at + 40),
    };
  });
}

const read = (program: Buffer, at: number) => Number(program.readBigUInt64LE(at));

const wholePages = (size: number) => Math.ceil(size / PAGE) * PAGE;
