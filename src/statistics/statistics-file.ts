/**
 * The counters on disk, in sections so that many processes can count at once. The value of a counter is the sum over
 * the sections. The value in a single section may be negative.
 *
 *   <counters of a section>   section = "{" [ name ":" integer { "," name ":" integer } ] "}", names sorted
 *   <lock of a section>       around each read and each read-modify-write
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

/** Where the counters lie. The layout of the cache folder says it. */
export interface StatisticsPlace {
  /** All sections, also those that do not exist yet. */
  readonly sections: () => readonly StatisticsSection[];
}

export interface StatisticsSection {
  readonly folder: string;
  /** How many folders from this one up belong to clcache. */
  readonly levels: number;
  /** The lock of both files. */
  readonly lock: string;
  readonly counters: string;
  /** The counters of each shared store. */
  readonly remotes: string;
}

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
  place: StatisticsPlace,
  counts: Counts,
  timeoutMs: number,
): Promise<void> {
  if (isNothing(counts)) return;
  await inFreeSection(place, timeoutMs, (section, stillHeld) => {
    addToSection(section, counts, stillHeld);
  });
}

/** Adds to the counters of one section. The caller holds its lock. */
export function addToSection(section: StatisticsSection, counts: Counts, stillHeld: StillHeld): void {
  if (!isNothing(counts)) write(section, addCounts(read(section, ignore), counts), stillHeld);
}

/** Sets the size of the cache in one section. The caller holds its lock. */
export function setSizeOfSection(
  section: StatisticsSection,
  measured: { entries: number; bytes: number },
): void {
  const counts = read(section, ignore);
  const total = totalOf([counts]);
  const correction = sizeCorrection(total, measured);
  if (!isNothing(correction)) write(section, addCounts(counts, correction), () => {});
}

/**
 * Runs `body` under the lock of one section: that of this process, or the next free one. Throws a `LockTimeoutError` if
 * none was free for `timeoutMs`, and what `body` throws.
 */
export async function inFreeSection(
  place: StatisticsPlace,
  timeoutMs: number,
  body: (section: StatisticsSection, stillHeld: StillHeld) => void,
): Promise<void> {
  const sections = place.sections();
  const first = numberOfProcess() % sections.length;
  const inTurn = [...sections.slice(first), ...sections.slice(0, first)];
  for (const section of inTurn) {
    prepareSection(section);
    if (tryWithFreeLock(section.lock, (stillHeld) => body(section, stillHeld)) !== undefined) return;
  }
  const [own] = inTurn;
  if (own) await withFileLock(own.lock, timeoutMs, (stillHeld) => body(own, stillHeld));
}

/** Makes the folder of a section, unless it is there. Throws system errors. */
export function prepareSection({ folder, levels }: StatisticsSection): void {
  makeOwnFolder(folder, levels, true);
}

/** Spreads processes over sections. On Windows the ids of processes are multiples of 4. */
function numberOfProcess(): number {
  return process.platform === 'win32' ? process.pid >> 2 : process.pid;
}

/** The value of every counter. Holds each section's lock only while it reads, or reads without it. */
export async function readStatistics(
  place: StatisticsPlace,
  report: ReportProblem = ignore,
): Promise<Totals> {
  const there = place.sections().filter(({ counters }) => existsSync(counters));
  return totalOf(await Promise.all(there.map((section) => readShared(section, report))));
}

/**
 * As `readStatistics` but without locks, which would take 12 ms of every miss. A section that is being replaced counts
 * with its old values.
 */
export function glanceAtStatistics(place: StatisticsPlace): Totals {
  return totalOf(place.sections().map((section) => readIfAllowed(section, ignore)));
}

/**
 * Sets all counters to zero except those that describe the folder. Concurrent additions do not bring the old values
 * back.
 */
export async function resetStatistics(place: StatisticsPlace, timeoutMs: number): Promise<void> {
  const there = place.sections().filter(({ counters }) => existsSync(counters));
  const reset = (section: StatisticsSection) =>
    withFileLock(section.lock, timeoutMs, (stillHeld) =>
      write(section, afterReset(read(section, ignore)), stillHeld),
    );
  await Promise.all(there.map(reset));
}

async function readShared(section: StatisticsSection, report: ReportProblem): Promise<Counts> {
  try {
    return await withFileLock(section.lock, READER_TIMEOUT_MS, () => read(section, report));
  } catch (error) {
    // The section is still locked, or the folder is read-only. The file is replaced as a whole, so it can be read
    // unlocked.
    if (error instanceof LockTimeoutError || errorCode(error) !== undefined)
      return readIfAllowed(section, report);
    throw error;
  }
}

/** For a reader: a section that only another user may read counts as empty. */
function readIfAllowed(section: StatisticsSection, report: ReportProblem): Counts {
  try {
    return read(section, report);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    report(`${section.counters} cannot be read: ${errorCode(error)}`);
    return {};
  }
}

/** A broken section counts as empty, because counters must not fail a call. */
function read(section: StatisticsSection, report: ReportProblem): Counts {
  let value: unknown;
  try {
    value = readJsonFile(section.counters, MAXIMUM_SIZE);
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

function write(section: StatisticsSection, counts: Counts, stillHeld: StillHeld): void {
  replaceFileSync(section.counters, stableStringify(counts), stillHeld, modeForAll(section.folder));
}

function ignore(): void {}
