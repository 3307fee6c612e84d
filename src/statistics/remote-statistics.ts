/**
 * The counters of each shared store, in the same sections as the other counters:
 *
 *   <remotes of a section>   section = {"<name of the store>": {"<counter>": integer, …}, …}
 *   <lock of a section>      shared with the counters of that section
 */
import { existsSync } from 'node:fs';
import { removeWithRetrySync, replaceFileSync } from '../util/atomic-file.ts';
import { errorCode } from '../util/busy-retry.ts';
import { withFileLock } from '../util/file-lock.ts';
import { BrokenJsonError, isJsonObject, readJsonFile, stableStringify } from '../util/json.ts';
import { modeForAll } from '../util/own-folder.ts';
import { inFreeSection, type StatisticsPlace } from './statistics-file.ts';

export const REMOTE_COUNTERS = {
  hits: { label: 'hits' },
  misses: { label: 'misses' },
  rejected: { label: 'rejected entries' },
  errors: { label: 'errors' },
  timeouts: { label: 'timeouts' },
  notSent: { label: 'entries not sent' },
  bytesReceived: { label: 'bytes received' },
  bytesSent: { label: 'bytes sent' },
} as const;

export type RemoteCounter = keyof typeof REMOTE_COUNTERS;
export type RemoteCounts = Readonly<Record<RemoteCounter, number>>;
/** By the name of the store, which holds no secrets. */
export type RemoteTotals = Readonly<Record<string, RemoteCounts>>;

/** The largest file of a section, in bytes. */
const MAXIMUM_SIZE = 1024 * 1024;

const COUNTERS = Object.keys(REMOTE_COUNTERS) as readonly RemoteCounter[];

/** Adds to the counters of these stores. Throws a `LockTimeoutError` and system errors. */
export async function addToRemoteStatistics(
  place: StatisticsPlace,
  counts: readonly (RemoteCounts & { readonly name: string })[],
  timeoutMs: number,
): Promise<void> {
  const added = Object.fromEntries(
    counts
      .filter((one) => COUNTERS.some((counter) => one[counter] !== 0))
      .map((one) => [one.name, sum(ZERO, one)]),
  );
  if (Object.keys(added).length === 0) return;
  await inFreeSection(place, timeoutMs, ({ folder, remotes }, stillHeld) => {
    const text = stableStringify(sumOfAll([readSection(remotes), added]));
    replaceFileSync(remotes, text, stillHeld, modeForAll(folder));
  });
}

/** The counters of every store. Takes no lock, because sections are replaced as a whole. */
export function readRemoteStatistics(place: StatisticsPlace): RemoteTotals {
  return sumOfAll(place.sections().map(({ remotes }) => readIfAllowed(remotes)));
}

/** Removes all counters. */
export async function resetRemoteStatistics(place: StatisticsPlace, timeoutMs: number): Promise<void> {
  for (const { remotes, lock } of place.sections()) {
    if (!existsSync(remotes)) continue;
    await withFileLock(lock, timeoutMs, () => removeWithRetrySync(remotes));
  }
}

const ZERO = Object.fromEntries(COUNTERS.map((counter) => [counter, 0])) as RemoteCounts;

function sum(left: RemoteCounts, right: RemoteCounts): RemoteCounts {
  return Object.fromEntries(
    COUNTERS.map((counter) => [counter, left[counter] + right[counter]]),
  ) as RemoteCounts;
}

function sumOfAll(all: readonly RemoteTotals[]): RemoteTotals {
  const totals = new Map<string, RemoteCounts>();
  for (const [name, counts] of all.flatMap((each) => Object.entries(each))) {
    totals.set(name, sum(totals.get(name) ?? ZERO, counts));
  }
  return Object.fromEntries(totals);
}

/** A section that only another user may read counts as empty for a reader. */
function readIfAllowed(file: string): RemoteTotals {
  try {
    return readSection(file);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return {};
  }
}

/** A broken section counts as empty, because counters must not fail a call. */
function readSection(file: string): RemoteTotals {
  let value: unknown;
  try {
    value = readJsonFile(file, MAXIMUM_SIZE);
  } catch (error) {
    if (!(error instanceof BrokenJsonError)) throw error;
  }
  if (!isJsonObject(value)) return {};
  const stores = Object.entries(value).map(([name, counts]) => {
    const numbers = COUNTERS.map((counter) => {
      const count = isJsonObject(counts) ? counts[counter] : 0;
      return [counter, typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0];
    });
    return [name, Object.fromEntries(numbers) as RemoteCounts];
  });
  return Object.fromEntries(stores) as RemoteTotals;
}
