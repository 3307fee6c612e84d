/**
 * CLCACHE_RESHARE: entries that the local folder served are offered to the stores, each once a day. What was offered stands
 * in
 *
 *     <cacheDirectory>/v1/offers/<first two digits of the artifact>.json
 *         {"<store>": {"<artifact>": <when, in days since 1970>}}
 *
 * So a hit costs a store one question a day, whatever the store answered, and else the reading of one small file. Two
 * processes that write at the same time may lose a note: then an entry is offered once more.
 */
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import { replaceFileSync } from '../../util/atomic-file.ts';
import type { Environment } from '../../util/environment.ts';
import { isJsonObject, stableStringify } from '../../util/json.ts';
import { readOwnTextIfThere } from '../../util/own-file.ts';
import { makeOwnFolder } from '../../util/own-folder.ts';
import { LEVELS_OF_LEARNT_FILES, layoutOf, learntFile, sectionOf } from '../local/layout.ts';
import { type RemoteAddress, type RemoteSettings, readAddresses } from './address.ts';
import { healthOf } from './health.ts';
import { identityOf, nameOf } from './identity.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** In bytes. An artifact takes 50, and a section of a full cache has a few hundred of them. */
const LARGEST_FILE = 1024 * 1024;

/** By store, then by artifact: the day. */
type Notes = Record<string, Record<string, number>>;

export interface Offers {
  /** The numbers of the stores, in the order of the configuration, to which an artifact was not offered today. */
  readonly stores: ReadonlyMap<Digest, ReadonlySet<number>>;
  /** Notes that these were offered now. */
  note(): void;
}

export interface OfferSettings extends RemoteSettings {
  readonly cacheDirectory: string;
  readonly environment: Environment;
}

/** Which of these artifacts are to be offered to which stores. Read-only stores and those that are left out get none. */
export function offersOf(artifacts: Iterable<Digest>, settings: OfferSettings): Offers {
  const today = Math.floor(Date.now() / DAY_MS);
  const folder = layoutOf(settings.cacheDirectory).offers;
  const takers = readAddresses(settings).stores.flatMap((addresses, number) => {
    const isTaking = () => addresses.some((address) => mayTake(address, settings));
    return isTaking() ? [{ number, name: nameIn(addresses, settings), isTaking }] : [];
  });
  const stores = new Map<Digest, ReadonlySet<number>>();
  const notesOf = new Map<string, Notes>();
  for (const artifact of artifacts) {
    const file = learntFile(folder, sectionOf(artifact));
    const notes = notesOf.get(file) ?? readNotes(file, today);
    notesOf.set(file, notes);
    const missing = takers.filter(({ name }) => notes[name]?.[artifact] === undefined);
    if (missing.length > 0) stores.set(artifact, new Set(missing.map(({ number }) => number)));
  }
  return {
    stores,
    note() {
      // A store that failed meanwhile was not offered anything.
      const names = new Map(
        takers.flatMap(({ number, name, isTaking }) => (isTaking() ? [[number, name] as const] : [])),
      );
      for (const [artifact, numbers] of stores) {
        const notes = notesOf.get(learntFile(folder, sectionOf(artifact))) ?? {};
        for (const number of numbers) {
          const name = names.get(number);
          if (name !== undefined) notes[name] = { ...notes[name], [artifact]: today };
        }
      }
      try {
        makeOwnFolder(folder, LEVELS_OF_LEARNT_FILES);
        for (const [file, notes] of notesOf) replaceFileSync(file, stableStringify(notes));
      } catch {
        // The cache is read-only. The next hit offers the entry again.
      }
    },
  };
}

function mayTake(address: RemoteAddress, { cacheDirectory, environment }: OfferSettings): boolean {
  if (address.readOnly) return false;
  const health = healthOf(cacheDirectory, {
    identity: identityOf(address, environment),
    name: nameOf(address),
  });
  return !health.is('down') && !health.is('full');
}

function nameIn(addresses: readonly RemoteAddress[], { environment }: OfferSettings): string {
  return digestOfParts(addresses.map((address) => identityOf(address, environment)));
}

/** The notes of today. What cannot be read counts as nothing. */
function readNotes(file: string, today: number): Notes {
  const text = readOwnTextIfThere(file, LARGEST_FILE);
  const notes: Notes = {};
  try {
    const json: unknown = text === undefined ? {} : JSON.parse(text);
    for (const [store, artifacts] of Object.entries(isJsonObject(json) ? json : {})) {
      if (!isJsonObject(artifacts)) continue;
      const current = Object.entries(artifacts).flatMap(([artifact, day]) =>
        day === today ? [[artifact, today] as const] : [],
      );
      if (current.length > 0) notes[store] = Object.fromEntries(current);
    }
  } catch {
    return {};
  }
  return notes;
}
