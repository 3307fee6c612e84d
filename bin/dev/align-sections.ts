/** Where the parts of a Windows program lie in its file ("PE Format", Microsoft). */

const PAGE = 4096;
const SECTION_HEADER = 40;
const DEBUG_ENTRY = 28;

/** Offsets in the optional header of a 64-bit program. */
const FILE_ALIGNMENT = 36;
const SIZE_OF_HEADERS = 60;
const CHECK_SUM = 64;
const DIRECTORIES = 112;
/** Numbers of data directories. */
const CERTIFICATES = 4;
const DEBUG = 6;

interface Section {
  /** Offset of its header. */
  readonly at: number;
  readonly address: number;
  readonly size: number;
  /** Where it is in the file. */
  readonly offset: number;
}

/**
 * The same program with each section at a page of its file. Wine maps such sections and copies others, at each start:
 * of ours 88 MB, which were 105 of 167 ms. To Windows it is all the same. A signature, which would not hold, is left out.
 */
export function alignSections(program: Buffer): Buffer {
  const headers = Buffer.from(program.subarray(0, PAGE));
  const pe = headers.readUInt32LE(0x3c);
  const optional = pe + 24;
  const is64 =
    headers.toString('latin1', pe, pe + 4) === 'PE\0\0' && headers.readUInt16LE(optional) === 0x20b;
  if (!is64) throw new Error('not a 64-bit program of Windows');
  const sizeOfHeaders = headers.readUInt32LE(optional + SIZE_OF_HEADERS);
  const sections = sectionsOf(headers, pe);
  if (sizeOfHeaders > PAGE || sections.some(({ address }) => address % PAGE !== 0)) {
    throw new Error('a program whose sections do not begin at pages of memory');
  }
  headers.fill(0, sizeOfHeaders);
  headers.writeUInt32LE(PAGE, optional + FILE_ALIGNMENT);
  headers.writeUInt32LE(PAGE, optional + SIZE_OF_HEADERS);
  headers.writeUInt32LE(0, optional + CHECK_SUM);
  headers.fill(0, optional + DIRECTORIES + 8 * CERTIFICATES, optional + DIRECTORIES + 8 * (CERTIFICATES + 1));

  const parts = [headers];
  let end = PAGE;
  for (const { at, offset, size } of sections) {
    const part = Buffer.alloc(wholePages(size));
    program.copy(part, 0, offset, offset + size);
    headers.writeUInt32LE(part.length, at + 16);
    headers.writeUInt32LE(part.length === 0 ? 0 : end, at + 20);
    parts.push(part);
    end += part.length;
  }
  const aligned = Buffer.concat(parts);
  moveDebugEntries(aligned, optional, sections, sectionsOf(headers, pe));
  return aligned;
}

/** Where the header of each section is, and what it says: its address in memory, and its place in the file. */
function sectionsOf(headers: Buffer, pe: number): Section[] {
  const first = pe + 24 + headers.readUInt16LE(pe + 20);
  return Array.from({ length: headers.readUInt16LE(pe + 6) }, (_, index) => {
    const at = first + SECTION_HEADER * index;
    const field = (place: number) => headers.readUInt32LE(at + place);
    return { at, address: field(12), size: field(16), offset: field(20) };
  });
}

/** They alone say where something is in the file, and not in memory. */
function moveDebugEntries(
  program: Buffer,
  optional: number,
  before: readonly Section[],
  after: readonly Section[],
): void {
  const directory = optional + DIRECTORIES + 8 * DEBUG;
  const [address, size] = [program.readUInt32LE(directory), program.readUInt32LE(directory + 4)];
  const holder = after.find((each) => address >= each.address && address + size <= each.address + each.size);
  if (!holder) return;
  const start = holder.offset + address - holder.address;
  for (let entry = start; entry + DEBUG_ENTRY <= start + size; entry += DEBUG_ENTRY) {
    const offset = program.readUInt32LE(entry + 24);
    const index = before.findIndex((each) => offset >= each.offset && offset < each.offset + each.size);
    const [from, to] = [before[index], after[index]];
    if (from && to) program.writeUInt32LE(offset - from.offset + to.offset, entry + 24);
  }
}

const wholePages = (size: number) => Math.ceil(size / PAGE) * PAGE;
