/**
 * The counters on disk, in 16 sections so that many processes can count at once. The value of a counter is the sum over
 * the sections. The value in a single section may be negative.
 *
 *   <directory>/<hex>/counters.json   section = "{" [ name ":" integer { "," name ":" integer } ] "}", names sorted
 *   <directory>/<hex>/.lock           its lock, around each read and each read-modify-write
 *
 * Each section has a folder of its own, because systems make and rename files in one folder one at a time. With all
 * sections in one folder, 64 processes on two processors waited for locks a third of their time, one of them for 10 s.
 */
import { existsSync } from 'node:fs';
import { replaceFileSync } from '../util/atomic-file.ts';
import { errorCode } from '../util/busy-retry.ts';
import { LockTimeoutError, type StillHeld, tryWithFreeLock, withFileLock } from '../util/file-lock.ts';
import { BrokenJsonError, isJsonObject, readJsonFile, stableStringify } from '../util/json.ts';
import { makeOwnFolder, modeForAll } from '../util/own-folder.ts';
import { COUNTER_NAMES, type Counter, type Counts, type Totals } from './counters.ts';
import { addCounts, afterReset, isNothing, sizeCorrection, totalOf } from './statistics.ts';

const SECTIONS = 16;

/** The folder of a section, the folder of all sections, and the format's folder. */
export const LEVELS_OF_SECTIONS = 3;

/** The largest file of a section, in bytes. */
const MAXIMUM_SIZE = 64 * 1024;

/** Gets one line about a broken section, which counts as empty. */
export type ReportProblem = (problem: string) => void;

/** How long a reader waits for the lock of a section before it reads without it. */
const READER_TIMEOUT_MS = 500;

/**
 * Adds to the counters of one section: that of this process, or the next free one. Throws a `LockTimeoutError` if none
 * was free for `timeoutMs`, and system errors if the folder cannot be written.
 */
export async function addToStatistics(
  directory: string,
  counts: Counts,
  timeoutMs: number,
  report: ReportProblem = ignore,
): Promise<void> {
  if (isNothing(counts)) return;
  await inFreeSection(directory, timeoutMs, (folder, stillHeld) => {
    addToSection(folder, counts, stillHeld, report);
  });
}

/** Adds to the counters of one section. The caller holds its lock. */
export function addToSection(
  folder: string,
  counts: Counts,
  stillHeld: StillHeld,
  report: ReportProblem = ignore,
): void {
  if (!isNothing(counts)) write(folder, addCounts(read(folder, report), counts), stillHeld);
}

/** Sets the size of the cache in one section. The caller holds its lock. */
export function setSizeOfSection(folder: string, measured: { entries: number; bytes: number }): void {
  const counts = read(folder, ignore);
  const total = totalOf([counts]);
  const correction = sizeCorrection(total, measured);
  if (!isNothing(correction)) write(folder, addCounts(counts, correction), () => {});
}

/**
 * Runs `body` under the lock of one section: that of this process, or the next free one. Throws a `LockTimeoutError` if
 * none was free for `timeoutMs`, and what `body` throws.
 */
export async function inFreeSection(
  directory: string,
  timeoutMs: number,
  body: (folder: string, stillHeld: StillHeld) => void,
): Promise<void> {
  const folders = sectionFolders(directory);
  const first = sectionOfProcess();
  const inTurn = [...folders.slice(first), ...folders.slice(0, first)];
  for (const folder of inTurn) {
    makeOwnFolder(folder, LEVELS_OF_SECTIONS, true);
    if (tryWithFreeLock(lockOf(folder), (stillHeld) => body(folder, stillHeld)) !== undefined) return;
  }
  const [own = directory] = inTurn;
  await withFileLock(lockOf(own), timeoutMs, (stillHeld) => body(own, stillHeld));
}

/** Spreads processes over sections. On Windows the ids of processes are multiples of 4. */
function sectionOfProcess(): number {
  const number = process.platform === 'win32' ? process.pid >> 2 : process.pid;
  return number % SECTIONS;
}

/** The folders of all sections, also those that do not exist yet. */
export function sectionFolders(directory: string): string[] {
  return Array.from({ length: SECTIONS }, (_, section) => `${directory}/${section.toString(16)}`);
}

/** The lock of the section in this folder. */
export function lockOf(folder: string): string {
  return `${folder}/.lock`;
}

/** The value of every counter. Holds each section's lock only while it reads, or reads without it. */
export async function readStatistics(directory: string, report: ReportProblem = ignore): Promise<Totals> {
  const there = sectionFolders(directory).filter((folder) => existsSync(fileOf(folder)));
  return totalOf(await Promise.all(there.map((folder) => readShared(folder, report))));
}

/**
 * As `readStatistics` but without locks, which would take 12 ms of every miss. A section that is being replaced counts
 * with its old values.
 */
export function glanceAtStatistics(directory: string): Totals {
  return totalOf(sectionFolders(directory).map((folder) => readIfAllowed(folder, ignore)));
}

/**
 * Sets all counters to zero except those that describe the folder. Concurrent additions do not bring the old values
 * back.
 */
export async function resetStatistics(directory: string, timeoutMs: number): Promise<void> {
  const there = sectionFolders(directory).filter((folder) => existsSync(fileOf(folder)));
  const reset = (folder: string) =>
    withFileLock(lockOf(folder), timeoutMs, (stillHeld) =>
      write(folder, afterReset(read(folder, ignore)), stillHeld),
    );
  await Promise.all(there.map(reset));
}

async function readShared(folder: string, report: ReportProblem): Promise<Counts> {
  try {
    return await withFileLock(lockOf(folder), READER_TIMEOUT_MS, () => read(folder, report));
  } catch (error) {
    // The section is still locked, or the folder is read-only. The file is replaced as a whole, so it can be read
    // unlocked.
    if (error instanceof LockTimeoutError || errorCode(error) !== undefined)
      return readIfAllowed(folder, report);
    throw error;
  }
}

/** For a reader: a section that only another user may read counts as empty. */
function readIfAllowed(folder: string, report: ReportProblem): Counts {
  try {
    return read(folder, report);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    report(`${fileOf(folder)} cannot be read: ${errorCode(error)}`);
    return {};
  }
}

/** A broken section counts as empty, because counters must not fail a call. */
function read(folder: string, report: ReportProblem): Counts {
  let value: unknown;
  try {
    value = readJsonFile(fileOf(folder), MAXIMUM_SIZE);
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

function write(folder: string, counts: Counts, stillHeld: StillHeld): void {
  replaceFileSync(fileOf(folder), stableStringify(counts), stillHeld, modeForAll(folder));
}

function fileOf(folder: string): string {
  return `${folder}/counters.json`;
}

function ignore(): void {}
