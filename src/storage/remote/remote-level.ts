/** All remote stores of a call as one further level of the cache. Loaded when the local folder has no answer. */
import { EMPTY_MANIFEST, type Manifest } from '../../cache/manifest.ts';
import type { Trace } from '../../diagnostics/trace.ts';
import type { Digest } from '../../hash/digest.ts';
import type { RemoteActivity } from '../store.ts';
import { type RemoteSettings, readAddresses, secretsOf } from './address.ts';
import { ARTIFACT_LIMIT, type PackedFile, packArtifact, unpackArtifact } from './artifact-body.ts';
import { healthOf } from './dead-stores.ts';
import { sealEnvelope } from './envelope.ts';
import { GuardedRemote } from './guarded-remote.ts';
import { holdsAll, MANIFEST_LIMIT, mergeManifests, packManifest, unpackManifest } from './manifest-body.ts';
import { loadRemote } from './open-remote.ts';
import { redactor } from './redact.ts';
import { artifactKeyName, manifestKeyName, type Surroundings } from './remote.ts';

export interface RemoteLevelOptions extends RemoteSettings, Surroundings {
  /** Signs what is sent, and only what it signed is taken. */
  readonly remoteSecret?: string;
  readonly cacheDirectory: string;
  readonly trace: Trace;
}

export class RemoteLevel {
  readonly #remotes: readonly GuardedRemote[];
  readonly #secret: string | undefined;

  constructor(options: RemoteLevelOptions) {
    const { addresses, problems } = readAddresses(options);
    const redact = redactor([
      ...addresses.flatMap(secretsOf),
      options.remoteSecret,
      ...['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].map((name) => options.environment[name]),
    ]);
    for (const problem of problems) options.trace(() => redact(problem));
    this.#secret = options.remoteSecret;
    this.#remotes = addresses.map(
      (address) =>
        new GuardedRemote({
          address,
          load: () => loadRemote(address, options),
          secret: options.remoteSecret,
          health: healthOf(options.cacheDirectory, address.url),
          redact,
          trace: options.trace,
        }),
    );
  }

  get activities(): readonly RemoteActivity[] {
    return this.#remotes.map(({ activity }) => activity);
  }

  /** What the stores know of a key, all together; the entries of the first store come first. */
  async manifest(key: Digest): Promise<Manifest> {
    const found = await Promise.all(this.#remotes.map((remote) => readManifest(remote, key)));
    return found.reduceRight((merged, one) => mergeManifests(one, merged), EMPTY_MANIFEST);
  }

  /** The files of an artifact from the first store that has it. */
  async artifact(key: Digest): Promise<readonly PackedFile[] | undefined> {
    const name = artifactKeyName(key);
    for (const remote of this.#remotes) {
      const body = await remote.get(name, ARTIFACT_LIMIT);
      const files = body && unpackArtifact(key, body);
      if (files) return files;
      if (body) remote.reject(name);
    }
    return undefined;
  }

  /** Sends an artifact to every store that takes it and does not have it. False if none has it then. */
  async putArtifact(key: Digest, files: readonly PackedFile[]): Promise<boolean> {
    const writable = this.#remotes.filter(({ canWrite }) => canWrite);
    const body = writable.length > 0 ? packArtifact(key, files) : undefined;
    if (!body) return false;
    const name = artifactKeyName(key);
    const envelope = sealEnvelope(name, body, this.#secret);
    const taken = await Promise.all(writable.map((remote) => remote.putUnlessThere(name, envelope)));
    return taken.includes(true);
  }

  /** Adds entries to what each store holds for a key: nothing that others added is lost but in the same instant. */
  async addToManifest(key: Digest, added: Manifest): Promise<void> {
    const name = manifestKeyName(key);
    const add = async (remote: GuardedRemote) => {
      if (!remote.canWrite) return;
      const current = await readManifest(remote, key);
      if (holdsAll(current, added)) return;
      const body = packManifest(mergeManifests(added, current));
      if (body.length <= MANIFEST_LIMIT) await remote.put(name, sealEnvelope(name, body, this.#secret));
    };
    await Promise.all(this.#remotes.map(add));
  }

  close(): void {
    for (const remote of this.#remotes) remote.close();
  }
}

async function readManifest(remote: GuardedRemote, key: Digest): Promise<Manifest> {
  const name = manifestKeyName(key);
  const body = await remote.get(name, MANIFEST_LIMIT);
  const manifest = body && unpackManifest(body);
  if (body && !manifest) remote.reject(name);
  return manifest ?? EMPTY_MANIFEST;
}
