/**
 * The counters on disk, in sections so that many processes can count at once. The value of a counter is the sum over
 * the sections. The value in a single section may be negative.
 *
 *   <counters of a section>   what `section-record.ts` says
 *   <lock of a section>       around each read and each read-modify-write
 *
 * Each section has a folder of its own, because systems make and rename files in one folder one at a time. With all
 * sections in one folder, 64 processes on two processors waited for locks a third of their time, one of them for 10 s.
 */
import { existsSync } from 'node:fs';
import { replaceFileSync } from '../util/atomic-file.ts';
import { errorCode } from '../util/busy-retry.ts';
import { LockTimeoutError, type StillHeld, tryWithFreeLock, withFileLock } from '../util/file-lock.ts';
import { BrokenJsonError, readJsonFile } from '../util/json.ts';
import { makeOwnFolder, modeForAll } from '../util/own-folder.ts';
import { type Build, buildsOf } from './builds.ts';
import type { Counts, Totals } from './counters.ts';
import { addRefused, type RefusedOptions } from './refused-options.ts';
import {
  decodeBuild,
  decodeRecord,
  EMPTY_RECORD,
  encodeRecord,
  recordAfterReset,
  type SectionRecord,
  sinceOf,
  withCounted,
} from './section-record.ts';
import { addCounts, isNothing, sizeCorrection, totalOf } from './statistics.ts';

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

/** What one call of the compiler adds to the statistics. */
export interface CountedCall {
  readonly counts: Counts;
  /** The option for which it was handed on. */
  readonly refused?: RefusedOptions;
}

/**
 * Adds a call that ends now to the counters of one section: that of this process, or the next free one. The call began
 * when this process did. Throws a `LockTimeoutError` if none was free for `timeoutMs`, and system errors if the folder
 * cannot be written.
 */
export async function addToStatistics(
  place: StatisticsPlace,
  { counts, refused = {} }: CountedCall,
  timeoutMs: number,
): Promise<void> {
  if (isNothing(counts)) return;
  const to = Date.now();
  const from = Math.min(to, Math.round(performance.timeOrigin));
  await inFreeSection(place, timeoutMs, (section, stillHeld) => {
    write(section, withCounted(read(section, ignore), { from, to, counts, refused }), stillHeld);
  });
}

/** Adds to the counters of one section, besides what calls count. The caller holds its lock. */
export function addToSection(section: StatisticsSection, counts: Counts, stillHeld: StillHeld): void {
  if (isNothing(counts)) return;
  const record = read(section, ignore);
  write(section, { ...record, counts: addCounts(record.counts, counts) }, stillHeld);
}

/** Sets the size of the cache in one section. The caller holds its lock. */
export function setSizeOfSection(
  section: StatisticsSection,
  measured: { entries: number; bytes: number },
): void {
  const { counts } = read(section, ignore);
  addToSection(section, sizeCorrection(totalOf([counts]), measured), () => {});
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

/** What was counted since the last reset. */
export interface Statistics {
  readonly totals: Totals;
  readonly refused: RefusedOptions;
  /** When counting began, in milliseconds since 1970. Undefined if nobody knows, or nothing was counted. */
  readonly since: number | undefined;
  /** The last builds, oldest first. Earlier ones are forgotten. */
  readonly builds: readonly Build[];
}

/** All that was counted. Holds each section's lock only while it reads, or reads without it. */
export async function readStatistics(
  place: StatisticsPlace,
  report: ReportProblem = ignore,
): Promise<Statistics> {
  const there = place.sections().filter(({ counters }) => existsSync(counters));
  const records = await Promise.all(there.map((section) => readShared(section, report)));
  const parts = records.flatMap(({ builds }) => builds.flatMap((build) => decodeBuild(build) ?? []));
  return {
    totals: totalOf(records.map(({ counts }) => counts)),
    refused: records.reduce<RefusedOptions>((sum, { refused }) => addRefused(sum, refused), {}),
    since: sinceOf(records),
    builds: buildsOf(parts, Date.now()),
  };
}

/**
 * As `readStatistics` but without locks, which would take 12 ms of every miss. A section that is being replaced counts
 * with its old values.
 */
export function glanceAtStatistics(place: StatisticsPlace): Totals {
  return totalOf(place.sections().map((section) => readIfAllowed(section, ignore).counts));
}

/**
 * Sets all counters to zero except those that describe the folder. Concurrent additions do not bring the old values
 * back.
 */
export async function resetStatistics(place: StatisticsPlace, timeoutMs: number): Promise<void> {
  const there = place.sections().filter(({ counters }) => existsSync(counters));
  const reset = (section: StatisticsSection) =>
    withFileLock(section.lock, timeoutMs, (stillHeld) =>
      write(section, recordAfterReset(read(section, ignore), Date.now()), stillHeld),
    );
  await Promise.all(there.map(reset));
}

async function readShared(section: StatisticsSection, report: ReportProblem): Promise<SectionRecord> {
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
function readIfAllowed(section: StatisticsSection, report: ReportProblem): SectionRecord {
  try {
    return read(section, report);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    report(`${section.counters} cannot be read: ${errorCode(error)}`);
    return EMPTY_RECORD;
  }
}

/** A broken section counts as empty, because counters must not fail a call. */
function read(section: StatisticsSection, report: ReportProblem): SectionRecord {
  let value: unknown;
  try {
    value = readJsonFile(section.counters, MAXIMUM_SIZE);
  } catch (error) {
    if (!(error instanceof BrokenJsonError)) throw error;
    report(error.message);
  }
  return decodeRecord(value);
}

function write(section: StatisticsSection, record: SectionRecord, stillHeld: StillHeld): void {
  replaceFileSync(section.counters, encodeRecord(record), stillHeld, modeForAll(section.folder));
}

function ignore(): void {}
