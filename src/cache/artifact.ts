import type { OutputRole } from '../commandline/compile-call.ts';
import type { Digest } from '../hash/digest.ts';
import { openSealedJson, sealJson } from '../hash/sealed-json.ts';
import { FORMATS } from '../util/formats.ts';
import { isJsonObject, stableStringify } from '../util/json.ts';
import { decodeSplices, type Splice } from './tree-text.ts';

/**
 * An artifact is everything that one compile wrote: its files and its streams. The index of an artifact,
 * `artifact.json`, is sealed JSON:
 *
 *     { "format": <number>, "key": "<artifact key>",
 *       "files": [{"role": "object", "name": "object", "size": 1234, "digest": "<of the contents>",
 *                  "compression": "none", "splices": [], "compileMs": 850}, …] }
 *
 * `stdout` and `stderr` are roles like the others. They are missing if nothing was written there. `compileMs` may be missing,
 * and programs that do not know it pass over it.
 */
const FORMAT = FORMATS.artifact;

/** The largest index, in bytes. */
export const MAXIMUM_INDEX_SIZE = 32 * 1024 * 1024;
/** The largest file of an artifact, in bytes: an object file of Windows counts bytes with 32 bits. */
export const MAXIMUM_FILE_SIZE = 4 * 1024 * 1024 * 1024 - 1;
/** The largest text that is put together in memory (a compiler's output, or a file with splices), in bytes. */
export const MAXIMUM_TEXT_SIZE = 64 * 1024 * 1024;

const MAXIMUM_COMPILE_MS = 24 * 60 * 60 * 1000;

export type ArtifactRole = OutputRole | 'stdout' | 'stderr';

/** The name of each role's file in an artifact's folder. Names that the Python clcache had are kept. */
export const FILE_NAMES: Readonly<Record<ArtifactRole, string>> = {
  object: 'object',
  database: 'database.pdb',
  stdout: 'output.txt',
  stderr: 'stderr.txt',
  listing: 'listing.asm',
  browse: 'browse.sbr',
  documentation: 'documentation.xdc',
  sourceDependencies: 'sourceDependencies.json',
  dependencies: 'dependencies.d',
  splitDebug: 'splitDebug.dwo',
  serializedDiagnostics: 'serializedDiagnostics.dia',
  timeTrace: 'timeTrace.json',
  coverageNotes: 'coverageNotes.gcno',
  stackUsage: 'stackUsage.su',
  optimizationRecord: 'optimizationRecord.yaml',
  precompiledHeader: 'precompiledHeader.pch',
};

/**
 * Text that names paths of the tree. Base directories are cut out when it is stored, and put back when it is restored.
 */
export const TEXT_ROLES: ReadonlySet<ArtifactRole> = new Set([
  'stdout',
  'stderr',
  'dependencies',
  'sourceDependencies',
]);

export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

export interface ArtifactFile {
  readonly role: ArtifactRole;
  /** The size of the contents before compression, in bytes. */
  readonly size: number;
  readonly digest: Digest;
  readonly compression: Compression;
  readonly splices: readonly Splice[];
  /** How long the compile took that wrote the file, in milliseconds. Old entries do not say it. */
  readonly compileMs?: number | undefined;
}

export interface ArtifactIndex {
  readonly key: Digest;
  readonly files: readonly ArtifactFile[];
}

/** Throws a `RangeError` if `decodeArtifactIndex` would refuse the result. */
export function encodeArtifactIndex(index: ArtifactIndex): string {
  if (!isWithinLimits(index.files)) throw new RangeError('an artifact of this size is not stored');
  const files = index.files.map((file) => ({ ...file, name: FILE_NAMES[file.role] }));
  return sealJson(stableStringify({ format: FORMAT, key: index.key, files }));
}

/** The index that `encodeArtifactIndex` wrote for this key. Undefined for every other text. */
export function decodeArtifactIndex(text: string, key: Digest): ArtifactIndex | undefined {
  const json = openSealedJson(text);
  if (
    !isJsonObject(json) ||
    json['format'] !== FORMAT ||
    json['key'] !== key ||
    !Array.isArray(json['files'])
  ) {
    return undefined;
  }
  const files: ArtifactFile[] = [];
  for (const item of json['files'].slice(0, Object.keys(FILE_NAMES).length + 1)) {
    const { role, size, digest, compression, splices: stored, compileMs } = item ?? {};
    const splices = decodeSplices(stored);
    if (typeof role !== 'string' || !Object.hasOwn(FILE_NAMES, role)) return undefined;
    if (!Number.isSafeInteger(size) || typeof digest !== 'string') return undefined;
    if (!COMPRESSIONS.includes(compression) || !splices) return undefined;
    files.push({
      role: role as ArtifactRole,
      size,
      digest: digest as Digest,
      compression,
      splices,
      ...(isDuration(compileMs) && { compileMs }),
    });
  }
  return isWithinLimits(files) ? { key, files } : undefined;
}

/** A day at most: statistics add these up, and an entry may come from elsewhere. */
function isDuration(value: unknown): value is number {
  return (
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAXIMUM_COMPILE_MS
  );
}

function isWithinLimits(files: readonly ArtifactFile[]): boolean {
  return (
    new Set(files.map(({ role }) => role)).size === files.length &&
    files.every(({ role, size, splices: { length } }) => {
      const isText = role === 'stdout' || role === 'stderr' || length > 0;
      return size >= 0 && size <= (isText ? MAXIMUM_TEXT_SIZE : MAXIMUM_FILE_SIZE);
    })
  );
}
