import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { ArtifactFile } from '../../cache/artifact.ts';
import type { Digest } from '../../hash/digest.ts';
import { withCacheUmask } from '../../util/cache-umask.ts';
import type { NewArtifactFile } from '../store.ts';
import { unpackPart } from '../wire/pack-parts.ts';
import { PART_SIZE, type Part, type PartList, partKeyName, sizeOfPart } from '../wire/part-list.ts';
import { partsFreed } from './free-parts.ts';
import type { KeyedStore } from './keyed-store.ts';

/** How many parts are requested at once, so that memory stays bounded. */
const AT_ONCE = 3;

/** The bytes of a part as a store has them. Undefined if the store does not have them, or does not answer. */
type ReadPart = (part: Part) => Promise<Uint8Array | undefined>;

/**
 * The files of an artifact from a store. The reason if a part is missing or wrong, and 'unanswered' if a server did not
 * answer, or not in the time that a transfer may take. Throws system errors.
 */
export async function fetchArtifact(
  list: PartList,
  { key, store, folder }: { readonly key: Digest; readonly store: KeyedStore; readonly folder: string },
): Promise<readonly NewArtifactFile[] | string> {
  const started = performance.now();
  let isAnswered = true;
  const read = async (part: Part) => {
    const name = partKeyName(key, part);
    const server = store.serverOf(name);
    const limit = server.longestTransferMs;
    if (performance.now() - started > limit) server.giveUp(`the parts of an artifact took over ${limit} ms`);
    const found = await server.getPart(name, part.length);
    if (found.kind === 'unanswered') isAnswered = false;
    return found.kind === 'found' ? found.body : undefined;
  };
  const files = await fetchParts(list, folder, read);
  return files ?? (isAnswered ? 'a part of it is missing or changed' : 'unanswered');
}

/**
 * The files of an artifact, each part of which is verified. A file of several parts is written into the folder. Undefined
 * if a part is missing or wrong. Throws system errors.
 */
async function fetchParts(
  { files, parts }: PartList,
  folder: string,
  read: ReadPart,
): Promise<readonly NewArtifactFile[] | undefined> {
  const fetched: NewArtifactFile[] = [];
  for (const [number, file] of files.entries()) {
    const one = await fetchFile(file, parts[number] ?? [], { folder, read });
    if (!one) return undefined;
    fetched.push(one);
  }
  return fetched;
}

async function fetchFile(
  { role, size, splices, compileMs }: ArtifactFile,
  parts: readonly Part[],
  { folder, read }: { readonly folder: string; readonly read: ReadPart },
): Promise<NewArtifactFile | undefined> {
  const path = `${folder}/${role}`;
  const descriptor = withCacheUmask(() => openSync(path, 'wx'));
  let isWhole = true;
  const freed = partsFreed();
  const fetchOne = async (number: number, part: Part) => {
    const bytes = isWhole ? await read(part) : undefined;
    const contents = bytes && unpackPart(part, bytes, sizeOfPart(size, number));
    if (contents) writeAll(descriptor, contents, number * PART_SIZE);
    else isWhole = false;
    freed(2 * PART_SIZE);
  };
  try {
    const left = parts.entries();
    const worker = async () => {
      for (const [number, part] of left) await fetchOne(number, part);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } finally {
    closeSync(descriptor);
  }
  if (!isWhole) return undefined;
  // Only text has splices, and text is put together in memory.
  return splices.length > 0
    ? { role, bytes: readFileSync(path), splices, compileMs }
    : { role, path, compileMs };
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
}
