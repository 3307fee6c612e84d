/** All remote stores of a call as one more level of the cache. Loaded when the local folder has no answer. */
import { EMPTY_MANIFEST, type Manifest } from '../../cache/manifest.ts';
import { UsageError } from '../../diagnostics/errors.ts';
import type { Trace } from '../../diagnostics/trace.ts';
import type { Digest } from '../../hash/digest.ts';
import type { NewArtifactFile, RemoteActivity, RestoreTarget } from '../store.ts';
import { isOfUse, unpackArtifact } from '../wire/artifact-body.ts';
import { sealEnvelope } from '../wire/envelope.ts';
import { holdsAll, MANIFEST_LIMIT, mergeManifests, packManifest } from '../wire/manifest-body.ts';
import { BODY_LIMIT, decodePartList, encodePartList, type PartList } from '../wire/part-list.ts';
import { type ReadSealing, readSealing, type SealingSettings } from '../wire/read-sealing.ts';
import { maySend, type Sealing } from '../wire/sealing.ts';
import { type RemoteAddress, type RemoteSettings, readAddresses } from './address.ts';
import { askInOrder } from './ask-in-order.ts';
import { GuardedRemote } from './guarded-remote.ts';
import { healthOf } from './health.ts';
import { identityOf, nameOf } from './identity.ts';
import { type KeyedStore, keyedStore, lacks, takes } from './keyed-store.ts';
import { Lookups } from './lookups.ts';
import { loadRemote } from './open-remote.ts';
import { readManifest } from './read-manifest.ts';
import { Recipients } from './recipients.ts';
import { redactorFor } from './redactor-for.ts';
import { artifactKeyName, manifestKeyName, type RemoteKey, type StoreContext } from './remote.ts';
import { DEFAULT_PREFIX } from './url-options.ts';

export interface RemoteLevelOptions extends RemoteSettings, SealingSettings, StoreContext {
  readonly cacheDirectory: string;
  readonly trace: Trace;
}

/** What an artifact is asked for. */
interface Wanted {
  readonly key: Digest;
  readonly targets: readonly RestoreTarget[];
  readonly makeFolder: () => string;
  /** The server that has it. */
  readonly remote: GuardedRemote;
}

/** The files of an artifact, or why they are of no use, or that a server did not answer. */
type Unpacked = readonly NewArtifactFile[] | string;

const NOT_THE_FILES = 'it does not have the files that this compile leaves';

export class RemoteLevel {
  readonly #stores: readonly KeyedStore[];
  /** Proves entries. */
  readonly sealing: Sealing;
  readonly #lookups = new Lookups();
  readonly #recipients = new Recipients();
  /** The parts of each artifact that this call sent. */
  readonly #parts = new Map<RemoteKey, { readonly names: readonly RemoteKey[]; readonly bytes: number }>();

  constructor(options: RemoteLevelOptions) {
    const { stores, problems } = readAddresses(options);
    for (const problem of problems) options.trace(() => problem);
    const redact = redactorFor(stores.flat(), options);
    const read = readSealing(options);
    this.sealing = read.kind === 'read' ? read.sealing : {};
    if (!maySend(this.sealing))
      options.trace(
        () => 'nothing is sent to remote stores: CLCACHE_REMOTE_TRUST without CLCACHE_REMOTE_SIGN',
      );
    this.#stores = stores.flatMap((addresses) => {
      const [first, ...others] = addresses.map((address) => guarded(address, read, { ...options, redact }));
      return first ? [keyedStore([first, ...others], addresses[0]?.options.prefix ?? DEFAULT_PREFIX)] : [];
    });
  }

  /** What each server did. Complete when nothing more is requested. */
  get activities(): readonly RemoteActivity[] {
    this.#lookups.finish();
    return this.#servers.map(({ activity }) => activity);
  }

  /** What the stores had for a lookup that does not count, one line each. */
  refusalsOf(lookup: string): readonly string[] {
    return this.#lookups.refusalsOf(lookup);
  }

  /**
   * The manifests of a key from the stores, in their order, until `isEnough` is true. A later store is neither asked
   * nor waited for if an earlier one has the answer.
   */
  async askForManifests(
    key: Digest,
    lookup: string,
    isEnough: (manifest: Manifest) => Promise<boolean>,
  ): Promise<void> {
    const name = manifestKeyName(key);
    await askInOrder(
      this.#stores.map((store) => store.serverOf(name)),
      (remote) => readManifest(remote, key),
      async (remote, manifest) => {
        if (typeof manifest === 'string') {
          this.#lookups.refused(lookup, remote, manifest);
          return false;
        }
        if (manifest === undefined) return false;
        if (manifest.entries.length > 0 && (await isEnough(manifest))) {
          this.#recipients.gaveManifest(key, this.#numberOf(remote));
          return true;
        }
        this.#lookups.missed(lookup, remote);
        return false;
      },
    );
  }

  /**
   * Asks the stores for an artifact, in their order, until `use` accepts the files of one. They must be the files that
   * the targets need. The caller decides on everything else. Large files are written into the folder that `makeFolder`
   * makes.
   */
  async askForArtifact(
    key: Digest,
    {
      targets,
      makeFolder,
    }: { readonly targets: readonly RestoreTarget[]; readonly makeFolder: () => string },
    lookup: string,
    use: (files: readonly NewArtifactFile[]) => Promise<boolean>,
  ): Promise<void> {
    const name = artifactKeyName(key);
    await askInOrder(
      this.#stores.map((store) => store.serverOf(name)),
      (remote) => remote.get(name, BODY_LIMIT),
      async (remote, found) => {
        if (found.kind === 'none') this.#lookups.missed(lookup, remote);
        if (found.kind === 'rejected') this.#lookups.refused(lookup, remote, found.because);
        if (found.kind !== 'found') return false;
        const files = await this.#filesIn(found.body, { key, targets, makeFolder, remote });
        if (files === 'unanswered') return false;
        if (typeof files === 'object' && (await use(files))) {
          this.#lookups.hit(lookup, remote);
          this.#recipients.gaveArtifact(key, this.#numberOf(remote));
          return true;
        }
        const because = typeof files === 'string' ? files : NOT_THE_FILES;
        remote.reject(name, because);
        this.#lookups.refused(lookup, remote, because);
        return false;
      },
    );
  }

  /** The files of an artifact, or why there are none. */
  async #filesIn(body: Uint8Array, { key, targets, makeFolder, remote }: Wanted): Promise<Unpacked> {
    const list = decodePartList(key, body);
    if (!list) {
      const files = unpackArtifact(key, body);
      if (!files) return 'it is not an artifact';
      const sizes = files.map(({ role, bytes }) => ({ role, size: bytes.length }));
      return isOfUse(sizes, targets) ? files : NOT_THE_FILES;
    }
    if (!isOfUse(list.files, targets)) return NOT_THE_FILES;
    const name = artifactKeyName(key);
    const store = this.#stores.find(({ serverOf }) => serverOf(name) === remote);
    if (!store) return 'unanswered';
    const { fetchArtifact } = await import('./download-parts.ts');
    return fetchArtifact(list, { key, store, folder: makeFolder() });
  }

  /** Offers artifacts of the local folder to some stores, by their numbers. */
  offer(artifacts: ReadonlyMap<Digest, ReadonlySet<number>>): void {
    for (const [key, stores] of artifacts) this.#recipients.offer(key, stores);
  }

  /** True if an artifact may be sent to any store. */
  takesArtifact(key: Digest): boolean {
    return this.#takersOf(key).length > 0;
  }

  /** True if an artifact, or entries of these manifests that name it, are to be sent to any store. */
  isToFill(key: Digest, manifests: readonly Digest[]): boolean {
    return this.#stores.some(
      (store, number) =>
        store.serverOf(artifactKeyName(key)).canWrite &&
        (this.#recipients.takesArtifact(key, number) ||
          manifests.some((manifest) => this.#recipients.takesEntry(manifest, key, number))),
    );
  }

  /** The stores to which an artifact is sent, as far as they take it. */
  #recipientsOf(key: Digest): readonly KeyedStore[] {
    return this.#stores.filter((_, number) => this.#recipients.takesArtifact(key, number));
  }

  #takersOf(key: Digest): readonly KeyedStore[] {
    const name = artifactKeyName(key);
    return this.#recipientsOf(key).filter((store) => takes(store, name));
  }

  #numberOf(remote: GuardedRemote): number {
    return this.#stores.findIndex(({ servers }) => servers.includes(remote));
  }

  /** Sends the envelope of an artifact to every store that takes it and does not have it. */
  async putArtifact(key: Digest, envelope: Uint8Array): Promise<void> {
    const name = artifactKeyName(key);
    await Promise.all(
      this.#takersOf(key).map((store) => store.serverOf(name).putUnlessThere(name, envelope)),
    );
  }

  /** Sends a part of an artifact to every store that takes the artifact. One that does not take the part gets no other. */
  async putPart(key: Digest, part: RemoteKey, bytes: Uint8Array): Promise<void> {
    const name = artifactKeyName(key);
    const parts = this.#parts.get(name) ?? { names: [], bytes: 0 };
    this.#parts.set(name, { names: [...parts.names, part], bytes: parts.bytes + bytes.length });
    const put = async (store: KeyedStore) => {
      const owner = store.serverOf(name);
      const isTooLarge = parts.bytes + bytes.length > owner.largestArtifact;
      if (isTooLarge || !(await store.serverOf(part).putPart(part, bytes))) owner.drop(name);
    };
    await Promise.all(this.#takersOf(key).map(put));
  }

  /** Sends the list of the parts of an artifact to every store that took them all, and still has them. */
  async putPartList(key: Digest, list: PartList): Promise<void> {
    const body = encodePartList(key, list);
    if (body.length > BODY_LIMIT) return this.dropArtifact(key);
    const name = artifactKeyName(key);
    const parts = this.#parts.get(name)?.names ?? [];
    for (const store of this.#takersOf(key)) {
      // Another call may have sent the same, and removed it when its time was over.
      const found = await Promise.all(parts.map((part) => store.serverOf(part).parts?.hasPart?.(part)));
      if (found.includes(false)) store.serverOf(name).drop(name);
    }
    await this.putArtifact(key, sealEnvelope(name, body, this.sealing));
  }

  /** Counts an artifact that is not sent because it is too large or there is no time. */
  dropArtifact(key: Digest): void {
    const name = artifactKeyName(key);
    for (const store of this.#recipientsOf(key)) store.serverOf(name).drop(name);
  }

  /**
   * Adds entries to the manifest of a key in each store. An addition of another process is lost only at the same
   * instant. Entries whose artifact a store did not take are left out there.
   */
  async addToManifest(key: Digest, added: Manifest): Promise<void> {
    const name = manifestKeyName(key);
    const add = async (store: KeyedStore, number: number) => {
      const remote = store.serverOf(name);
      if (!remote.canWrite) return;
      const entries = added.entries.filter(
        ({ artifact }) =>
          this.#recipients.takesEntry(key, artifact, number) && !lacks(store, artifactKeyName(artifact)),
      );
      if (entries.length === 0) return;
      const known = await readManifest(remote, key);
      const current = typeof known === 'object' ? known : EMPTY_MANIFEST;
      if (holdsAll(current, { entries })) return;
      const body = packManifest(mergeManifests({ entries }, current));
      if (body.length <= MANIFEST_LIMIT) await remote.put(name, sealEnvelope(name, body, this.sealing));
    };
    await Promise.all(this.#stores.map(add));
  }

  /** Closes all stores. Resolves when nothing unfinished is left there. */
  async close(): Promise<void> {
    for (const [artifact, { names }] of this.#parts) {
      for (const store of this.#stores.filter((one) => lacks(one, artifact))) {
        for (const part of names) store.serverOf(part).parts?.removePart?.(part, artifact);
      }
    }
    await Promise.all(this.#servers.map((remote) => remote.close()));
  }

  get #servers(): readonly GuardedRemote[] {
    return this.#stores.flatMap(({ servers }) => servers);
  }
}

/** With keys that cannot be used, the store fails before it is asked. */
function guarded(
  configured: RemoteAddress,
  read: ReadSealing,
  { redact, ...options }: RemoteLevelOptions & { readonly redact: (text: string) => string },
): GuardedRemote {
  const sealing = read.kind === 'read' ? read.sealing : {};
  const address = maySend(sealing) ? configured : { ...configured, readOnly: true };
  const name = redact(nameOf(address));
  const identity = identityOf(address, options.environment);
  return new GuardedRemote({
    address,
    name,
    load: async () => {
      if (read.kind === 'unusable') throw new UsageError(read.because);
      return loadRemote(address, options);
    },
    sealing,
    health: healthOf(options.cacheDirectory, { identity, name }),
    redact,
    trace: options.trace,
  });
}
