import { TEXT_ROLES } from '../cache/artifact.ts';
import { isUnreadableTree, longestMention, mentionsTree } from '../cache/tree-binding.ts';
import type { CompileJob } from '../commandline/compile-call.ts';
import { openForReading } from '../hash/file-chunks.ts';
import type { NewArtifactFile } from '../storage/store.ts';
import { isInside, pathRules } from '../util/paths.ts';
import type { InspectedSources } from './inspect-sources.ts';
import type { Session } from './session.ts';

/** Microsoft's name for an anonymous namespace ends in a hash of the source's path. */
const ANONYMOUS_NAMESPACE = Buffer.from('?A0x');
/** Options whose files hold names that a search does not find: compressed, or packed into bits (bitcode, LTCG). */
const HIDES_NAMES = /gz|compress|lto|llvm|bitcode|^\/GL|coverage|profile/;

/**
 * Whether another tree must not get these files: a folder of this tree is in them, or may be in a form that a search
 * does not find (hashed by the compiler, or computed from `__FILE__`).
 */
export function isBoundToTree(
  session: Session,
  job: CompileJob,
  sources: InspectedSources,
  files: readonly NewArtifactFile[],
): boolean {
  if (isUnreadableTree(session.roots)) return true;
  if (job.keyParts.some(({ text }) => HIDES_NAMES.test(text))) return true;
  if (files.some((file) => mentions(session, file))) return true;
  if (session.roots.baseDirectories.length === 0) return false;
  const isAbsolute = session.record.family === 'cl' || pathRules(session.config.style).isAbsolute(job.source);
  if (
    isAbsolute &&
    files.some((file) => 'path' in file && contains(file.path, ANONYMOUS_NAMESPACE.length, hasHash))
  ) {
    return true;
  }
  return computesFromItsPath(session, job, sources, isAbsolute);
}

/**
 * Headers of the compiler's own makers: their macros leave `__FILE__` where it is found, or nowhere. Without this nobody
 * who includes `assert.h` could share.
 */
const STANDARD_HEADER =
  /[\\/](?:assert\.h$|c\+\+[\\/]|lib[\\/]clang[\\/]|VC[\\/]Tools[\\/]MSVC[\\/]|Windows Kits[\\/])/i;

/**
 * A file that names `__FILE__`, where a file of the tree is found by an absolute path: a macro from anywhere says
 * `__FILE__` of the file that uses it.
 */
function computesFromItsPath(
  session: Session,
  job: CompileJob,
  sources: InspectedSources,
  isAbsolute: boolean,
): boolean {
  const { baseDirectories, style } = session.roots;
  const isInTree = (path: string) => baseDirectories.some((base) => isInside(style, base, path));
  const isSuspect = [sources.source, ...sources.headers].some(
    ({ path, scan }) => scan.namesItsFile && (isInTree(path) || !STANDARD_HEADER.test(path)),
  );
  if (!isSuspect) return false;
  const rules = pathRules(style);
  const spelled = [
    job.source,
    ...session.call.searchDirectories.map(({ path }) => path),
    ...session.call.forcedIncludes,
  ];
  return isAbsolute || spelled.some((path) => rules.isAbsolute(path) && isInTree(path));
}

function hasHash(bytes: Buffer): boolean {
  return bytes.includes(ANONYMOUS_NAMESPACE);
}

function mentions(session: Session, file: NewArtifactFile): boolean {
  if ('bytes' in file) return mentionsTree(session.roots, file.bytes);
  if (TEXT_ROLES.has(file.role)) return false;
  return contains(file.path, longestMention(session.roots), (bytes) => mentionsTree(session.roots, bytes));
}

/** Looks through a file of any size, in pieces that overlap by what is looked for. */
function contains(path: string, overlap: number, test: (bytes: Buffer) => boolean): boolean {
  const reader = openForReading(path);
  try {
    let tail = Buffer.alloc(0);
    for (;;) {
      const chunk = reader.next();
      if (chunk.length === 0) return false;
      const bytes = Buffer.concat([tail, chunk]);
      if (test(bytes)) return true;
      tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - overlap)));
    }
  } finally {
    reader.close();
  }
}
