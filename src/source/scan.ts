import { Findings, type SourceFindings } from './findings.ts';
import { inReading, type PreparedText, prepare } from './prepare.ts';
import { readSource } from './source-reader.ts';

export type { IncludeDirective } from './findings.ts';

/**
 * The findings in a source or header: which names it includes, and whether its meaning depends on more than the files
 * that `/showIncludes` reports. They come from the same bytes that were hashed. Lines of inactive branches count too:
 * they only add names to be checked.
 */
export type SourceScan = SourceFindings;

/** What must be known of a compiler to read a source as it does. */
export interface ScanOptions {
  /** cl's `#import` reads type libraries and writes `.tlh` and `.tli`. clang's is an include that happens once. */
  readonly importReadsTypeLibraries: boolean;
  /** Whether `#` ends a macro's name in an option, as `=` does. */
  readonly takesHashForEqualsSign: boolean;
  /**
   * Whether it is not known how the compiler reads zeros, carriage returns, blanks after a backslash, and letters of two
   * bytes (`READINGS`).
   */
  readonly readsLooseText: boolean;
}

/** A text with more combinations of readings is not cached. */
const MOST_READINGS = 32;

/**
 * Scans the bytes of one file. Where compilers or languages differ, the text is read in every reading, and all findings
 * count, because a header is scanned once for all of its users.
 */
export function scanSource(bytes: Uint8Array, options: ScanOptions): SourceScan {
  const { importReadsTypeLibraries, readsLooseText } = options;
  const findings = new Findings();
  const prepared = prepare(bytes, readsLooseText);
  if (!prepared) {
    findings.refuse('zeros in the text');
    return findings.found();
  }
  const isRead = inEveryReading(prepared, (text, reading) =>
    readSource(text, findings, { reading, importReadsTypeLibraries }),
  );
  if (!isRead) findings.refuse('a text that can be read in many ways');
  return findings.found();
}

/**
 * Reads a text in every reading in which it may say something else. `read` returns the bits of `READINGS` that would, as
 * far as it can tell. False if there are too many of them.
 */
export function inEveryReading(
  { bytes, differs: known }: PreparedText,
  read: (text: Buffer, reading: number) => number,
): boolean {
  const readings = new Set([0]);
  let differs = known;
  for (const reading of readings) {
    differs |= read(inReading(bytes, reading), reading);
    for (let bit = 1; bit <= differs; bit <<= 1) {
      if (differs & bit) readings.add(reading | bit);
    }
    if (readings.size > MOST_READINGS) return false;
  }
  return true;
}

/**
 * Scans what options define: `NAME`, `NAME=text` or `NAME(x)=text`, from which compilers make `#define` lines.
 */
export function scanDefinitions(definitions: readonly string[], options: ScanOptions): SourceScan {
  const ends = options.takesHashForEqualsSign ? '=#' : '=';
  const lines = definitions.map((definition) => {
    const end = Array.from(definition).findIndex((character) => ends.includes(character));
    const [name, text] = end < 0 ? [definition, '1'] : [definition.slice(0, end), definition.slice(end + 1)];
    return `#define ${name} ${text}\n`;
  });
  const scan = scanSource(Buffer.from(lines.join('')), options);
  // A question for a header is asked by the source, and from there.
  return { ...scan, isVolatile: scan.isVolatile || scan.includes.length > 0 };
}
