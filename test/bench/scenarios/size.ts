/** What the executable is made of, and how much of it is to be downloaded. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Bench, Measured, Row, Scenario } from '../bench.ts';
import { sectionsOf } from '../sections.ts';

export const size: Scenario = { name: 'size', run };

const MEGABYTE = 1e6;
/** Sections with what we have put in, and with the machine code and the constant data of Bun. */
const OURS = '.bun';
const CODE = '.text';
const CONSTANTS = /^\.ro?data$/;
/** The beginning of Unicode's and the languages' data in Bun's constants ("ICU Data", the library's user guide). */
const ICU = Buffer.from('CmnD');

function run({ tools }: Bench): Measured[] {
  const program = readFileSync(tools.executable);
  const sections = sectionsOf(program);
  const bytesOf = (isIt: (name: string) => boolean) =>
    sections.filter(({ name }) => isIt(name)).reduce((sum, { size }) => sum + size, 0);
  const all = program.length;
  const ours = bytesOf((name) => name === OURS);
  const code = bytesOf((name) => name === CODE);
  const languages = dataOfIcu(program);
  const constants = bytesOf((name) => CONSTANTS.test(name)) - languages;
  const row = (name: string, bytes: number): Row => ({ name, value: bytes / MEGABYTE, ratio: bytes / all });
  const rows = [
    row('the executable', all),
    row('Bun: machine code', code),
    row('Bun: data of languages (ICU)', languages),
    row('Bun: other constants', constants),
    row('clcache and its libraries, compiled', ours),
    row('the rest', all - ours - code - languages - constants),
    row('to download (gzip)', gzipSync(program, { level: 9 }).length),
  ];
  return [{ title: 'Size', unit: 'MB', reference: 'the executable', rows, claims: [], notes: [] }];
}

/** How many bytes they have: up to the end of the last item in their table of contents. That item itself is small. */
function dataOfIcu(program: Buffer): number {
  const header = program.indexOf(ICU) - 12;
  if (header < 0) return 0;
  const table = header + program.readUInt16LE(header);
  const count = program.readUInt32LE(table);
  return program.readUInt32LE(table + 8 * count) + table - header;
}
