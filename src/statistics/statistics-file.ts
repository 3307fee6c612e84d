/**
 * The counters on disk, in 16 sections so that many processes can count at once. What a counter is worth is the sum
 * over the sections; a single section may well be negative.
 *
 *   <directory>/<hex>.json     section = "{" [ name ":" integer { "," name ":" integer } ] "}", names sorted
 *   <directory>/<hex>.lock     its lock, around each read and each read-modify-write
 */
import { existsSync } from 'node:fs';
import { writeFileAtomicSync } from '../util/atomic-file.ts';
import { errorCode } from '../util/busy-retry.ts';
import { LockTimeoutError, tryWithFileLock, withFileLock } from '../util/file-lock.ts';
import { BrokenJsonError, isJsonObject, readJsonFile, stableStringify } from '../util/json.ts';
import { COUNTER_NAMES, type Counter, type Counts, type Totals } from './counters.ts';
import { addCounts, afterReset, isNothing, totalOf } from './statistics.ts';

const SECTIONS = 16;

/** Told in one line about a section that was broken and counts as empty. */
export type ReportProblem = (problem: string) => void;

/** How long a reader waits for a section before it reads without its lock. */
const READER_TIMEOUT_MS = 500;

/**
 * Adds to the counters: one section, picked by process, or the next one that is free. Throws a `LockTimeoutError` if
 * none was for `timeoutMs`, and system errors if the folder cannot be written.
 */
export async function addToStatistics(
  directory: string,
  counts: Counts,
  timeoutMs: number,
  report: ReportProblem = ignore,
): Promise<void> {
  if (isNothing(counts)) return;
  const first = sectionOfProcess(SECTIONS);
  for (let offset = 0; offset < SECTIONS; offset += 1) {
    const section = (first + offset) % SECTIONS;
    const done = tryWithFileLock(lockOf(directory, section), () => add(directory, section, counts, report));
    if (done !== undefined) return;
  }
  await withFileLock(lockOf(directory, first), timeoutMs, () => add(directory, first, counts, report));
}

/** Spreads processes over sections. On Windows the ids of processes are multiples of 4. */
export function sectionOfProcess(sections: number): number {
  const number = process.platform === 'win32' ? process.pid >> 2 : process.pid;
  return number % sections;
}

/** The value of every counter. Takes each section's lock for the moment of its read only, or reads without it. */
export async function readStatistics(directory: string, report: ReportProblem = ignore): Promise<Totals> {
  const sections: Counts[] = [];
  for (let section = 0; section < SECTIONS; section += 1) {
    if (existsSync(fileOf(directory, section))) sections.push(await readShared(directory, section, report));
  }
  return totalOf(sections);
}

/**
 * As `readStatistics` without any lock, for a first look: a section that is being replaced counts as it was before.
 * 16 locks would be 12 ms of every miss.
 */
export function glanceAtStatistics(directory: string): Totals {
  const sections = Array.from({ length: SECTIONS }, (_, section) => read(directory, section, ignore));
  return totalOf(sections);
}

/** Sets all counters to zero but those that describe the folder. Nothing that others add meanwhile brings them back. */
export async function resetStatistics(directory: string, timeoutMs: number): Promise<void> {
  for (let section = 0; section < SECTIONS; section += 1) {
    if (!existsSync(fileOf(directory, section))) continue;
    await withFileLock(lockOf(directory, section), timeoutMs, () => {
      write(directory, section, afterReset(read(directory, section, ignore)));
    });
  }
}

async function readShared(directory: string, section: number, report: ReportProblem): Promise<Counts> {
  try {
    return await withFileLock(lockOf(directory, section), READER_TIMEOUT_MS, () =>
      read(directory, section, report),
    );
  } catch (error) {
    // Still locked, or a folder that we may only read: the file is replaced as a whole, so it can be read as it is.
    if (error instanceof LockTimeoutError || errorCode(error) !== undefined)
      return read(directory, section, report);
    throw error;
  }
}

function add(directory: string, section: number, counts: Counts, report: ReportProblem): void {
  write(directory, section, addCounts(read(directory, section, report), counts));
}

/** A section that is broken counts as empty: counters are no reason to fail. */
function read(directory: string, section: number, report: ReportProblem): Counts {
  let value: unknown;
  try {
    value = readJsonFile(fileOf(directory, section));
  } catch (error) {
    if (!(error instanceof BrokenJsonError)) throw error;
    report(error.message);
  }
  if (!isJsonObject(value)) return {};
  const counts: Partial<Record<Counter, number>> = {};
  for (const counter of COUNTER_NAMES) {
    const count = value[counter];
    if (typeof count === 'number' && Number.isSafeInteger(count)) counts[counter] = count;
  }
  return counts;
}

function write(directory: string, section: number, counts: Counts): void {
  writeFileAtomicSync(fileOf(directory, section), stableStringify(counts));
}

function fileOf(directory: string, section: number): string {
  return `${directory}/${section.toString(16)}.json`;
}

function lockOf(directory: string, section: number): string {
  return `${directory}/${section.toString(16)}.lock`;
}

function ignore(): void {}
