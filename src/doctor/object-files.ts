/** Compares object files. */

/** The processors in a COFF header ("PE Format", machine types): x86, x64, ARM and ARM64. */
const COFF_MACHINES = new Set([0x014c, 0x8664, 0x01c0, 0x01c4, 0xaa64, 0xa641]);
/** The first four bytes of an object with many sections (`/bigobj`), whose time stands four bytes further. */
const MANY_SECTIONS = 0xffff_0000;

/** True if two objects have the same bytes, but for the time in the header of a COFF object. */
export function isSameObject(one: Uint8Array, other: Uint8Array | undefined): boolean {
  if (other === undefined || one.length !== other.length) return false;
  return Buffer.compare(withoutTime(one), withoutTime(other)) === 0;
}

function withoutTime(object: Uint8Array): Buffer {
  const bytes = Buffer.from(object);
  if (bytes.length < 12) return bytes;
  if (bytes.readUInt32LE(0) === MANY_SECTIONS) return bytes.fill(0, 8, 12);
  return COFF_MACHINES.has(bytes.readUInt16LE(0)) ? bytes.fill(0, 4, 8) : bytes;
}
