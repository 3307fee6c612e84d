import { Findings, type SourceFindings } from './findings.ts';
import { inReading, prepare } from './prepare.ts';
import { readSource } from './source-reader.ts';

export type { IncludeDirective } from './findings.ts';

/**
 * What a source or header says to the preprocessor, as far as a cache must know it: which names it looks up, and
 * whether its meaning hangs on more than the files that `/showIncludes` reports. Read from the same bytes that were
 * just hashed. Lines of inactive branches count too: they only add names that are looked at.
 */
export type SourceScan = SourceFindings;

export interface ScanOptions {
  /** cl's `#import` reads type libraries and writes `.tlh` and `.tli`; clang's is an include that happens once. */
  readonly importReadsTypeLibraries: boolean;
}

/** A text that holds more of what compilers read differently than this is left to them. */
const MOST_READINGS = 32;

/**
 * Scans the bytes of one file. What compilers or languages read differently is read in every way, and what is found in
 * any of them counts: a header is scanned once for all of its users.
 */
export function scanSource(
  bytes: Uint8Array,
  { importReadsTypeLibraries: isMicrosoft }: ScanOptions,
): SourceScan {
  const findings = new Findings();
  const prepared = prepare(bytes, isMicrosoft);
  if (!prepared) {
    findings.refuse('zeros in the text');
    return findings.found();
  }
  const readings = new Set([0]);
  let differs = prepared.differs;
  for (const reading of readings) {
    differs |= readSource(inReading(prepared.bytes, reading), findings, { reading, isMicrosoft });
    for (let bit = 1; bit <= differs; bit <<= 1) {
      if (differs & bit) readings.add(reading | bit);
    }
    if (readings.size > MOST_READINGS) {
      findings.refuse('a text that can be read in many ways');
      break;
    }
  }
  return findings.found();
}

/**
 * Scans what options define: `NAME`, `NAME=text` or `NAME(x)=text` each, of which compilers make `#define` lines; cl
 * takes `#` for `=`.
 */
export function scanDefinitions(definitions: readonly string[], options: ScanOptions): SourceScan {
  const ends = options.importReadsTypeLibraries ? '=#' : '=';
  const lines = definitions.map((definition) => {
    const end = Array.from(definition).findIndex((character) => ends.includes(character));
    const [name, text] = end < 0 ? [definition, '1'] : [definition.slice(0, end), definition.slice(end + 1)];
    return `#define ${name} ${text}\n`;
  });
  return scanSource(Buffer.from(lines.join('')), options);
}
