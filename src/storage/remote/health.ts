/**
 * Remembers the last failures of stores, so that not every call of a build waits for a broken store again, and
 * statistics can show the cause:
 *
 *     <cacheDirectory>/v1/remotes/<identity of the store>.json
 *         {"name": "<of the store>", "down"?: <since>, "full"?: <since>, "error"?: {"at": <when>, "reason": "<one line>"}}
 *
 * Times are milliseconds since 1970. `down`: the store is not asked. `full`: it answers, but takes nothing. A file that
 * cannot be read counts as missing. A file that was not written for 30 days is removed when another one is written.
 */
import { lstatSync, readdirSync } from 'node:fs';
import type { Digest } from '../../hash/digest.ts';
import { removeIfPossible, replaceFileSync } from '../../util/atomic-file.ts';
import { isJsonObject, stableStringify } from '../../util/json.ts';
import { readOwnText } from '../../util/own-file.ts';
import { makeOwnFolder } from '../../util/own-folder.ts';
import { isLearntName, LEVELS_OF_LEARNT_FILES, layoutOf, learntFile } from '../local/layout.ts';

export const REMEMBERED_MS = 30_000;
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** In characters. A server may send a whole page. */
const LONGEST_REASON = 300;
/** In bytes. A file has a few hundred. */
const LARGEST_FILE = 16 * 1024;

export type OutageKind = 'down' | 'full';

export interface StoreHealth {
  /** True if the store was marked so within the last 30 seconds. */
  is(outage: OutageKind): boolean;
  /** Remembers an error and its consequence. `reason` holds no secrets. */
  note(reason: string, outage?: OutageKind): void;
}

/** What is remembered of a store. Times are milliseconds since 1970. */
export interface KnownTrouble {
  readonly name: string;
  readonly error?: { readonly at: number; readonly reason: string };
  /** Set while the store is not asked, or not written to: the time until then. */
  readonly outUntil?: number;
  readonly notWrittenUntil?: number;
}

interface HealthRecord extends Pick<KnownTrouble, 'name' | 'error'> {
  readonly down?: number;
  readonly full?: number;
}

/** The health of one store. */
export function healthOf(cacheDirectory: string, store: { identity: Digest; name: string }): StoreHealth {
  const folder = folderOf(cacheDirectory);
  const file = learntFile(folder, store.identity);
  return {
    is: (outage) => isRecent(readRecord(file)?.[outage]),
    note(reason, outage) {
      try {
        const now = Date.now();
        const record: HealthRecord = {
          ...readRecord(file),
          name: store.name,
          error: { at: now, reason: reason.slice(0, LONGEST_REASON) },
          ...(outage && { [outage]: now }),
        };
        makeOwnFolder(folder, LEVELS_OF_LEARNT_FILES);
        replaceFileSync(file, stableStringify(record));
        removeOldRecords(folder);
      } catch {
        // The cache is read-only. The next call finds out for itself.
      }
    },
  };
}

/** What is remembered of all stores. */
export function readTroubles(cacheDirectory: string): readonly KnownTrouble[] {
  const folder = folderOf(cacheDirectory);
  return recordNames(folder).flatMap((name) => {
    const record = readRecord(`${folder}/${name}`);
    if (!record) return [];
    const { down, full, ...known } = record;
    return [
      {
        ...known,
        ...(isRecent(down) && { outUntil: down + REMEMBERED_MS }),
        ...(isRecent(full) && { notWrittenUntil: full + REMEMBERED_MS }),
      },
    ];
  });
}

/** Forgets the failures of one store, because it works again. */
export function forgetTrouble(cacheDirectory: string, identity: Digest): void {
  removeIfPossible(learntFile(folderOf(cacheDirectory), identity));
}

/** Forgets all failures, so that every store is asked again. */
export function forgetTroubles(cacheDirectory: string): void {
  const folder = folderOf(cacheDirectory);
  for (const name of recordNames(folder)) removeIfPossible(`${folder}/${name}`);
}

function folderOf(cacheDirectory: string): string {
  return layoutOf(cacheDirectory).remotes;
}

function recordNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => isLearntName(name) && /^[0-9a-f]+\./.test(name));
  } catch {
    return [];
  }
}

/** After a clock was set back, a mark lies in the future. It does not count. */
function isRecent(since: number | undefined): since is number {
  return since !== undefined && Math.abs(Date.now() - since) < REMEMBERED_MS;
}

function readRecord(file: string): HealthRecord | undefined {
  try {
    const json: unknown = JSON.parse(readOwnText(file, LARGEST_FILE));
    if (!isJsonObject(json) || typeof json['name'] !== 'string') return undefined;
    const { name, down, full, error } = json;
    return {
      name,
      ...(typeof down === 'number' && { down }),
      ...(typeof full === 'number' && { full }),
      ...(isJsonObject(error) && {
        error: { at: Number(error['at']), reason: String(error['reason']).slice(0, LONGEST_REASON) },
      }),
    };
  } catch {
    return undefined;
  }
}

function removeOldRecords(folder: string): void {
  for (const name of readdirSync(folder)) {
    const stat = lstatSync(`${folder}/${name}`, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > KEPT_MS) removeIfPossible(`${folder}/${name}`);
  }
}
