import { statSync } from 'node:fs';
import type { Digest } from '../../hash/digest.ts';
import { incrementalDigest } from '../../hash/digest.ts';
import { openForReading } from '../../hash/file-chunks.ts';
import { errorCode } from '../../util/busy-retry.ts';
import { LockTimeoutError, withLongFileLock } from '../../util/file-lock.ts';
import { FORMATS } from '../../util/formats.ts';
import { stableStringify } from '../../util/json.ts';
import { splitList } from '../../util/paths.ts';
import { isNameOfClangCl } from '../../util/program-name.ts';
import { type AskedCompiler, askClangAtOnce, askCompiler, loadedLibraries } from './ask-compiler.ts';
import { filesOf, foldersOf, isScript, statFile } from './compiler-files.ts';
import {
  type CompilerFile,
  type CompilerLookup,
  type CompilerRecord,
  currentRecord,
  hasAllDigests,
  isUnchanged,
  needsDigestsNow,
} from './compiler-record.ts';

/** How long to wait for another process that learns the same. Hashing takes a second for 500 MB of libraries. */
const PATIENCE_MS = 20_000;

/**
 * Asks a compiler what it is, hashes its parts if that is needed now, and stores the record. Of many processes that start
 * at once, one does it and the others wait. Rejects if the compiler cannot be started.
 */
export function learnCompiler(lookup: CompilerLookup, name: string): Promise<CompilerRecord> {
  return alone(lookup, name, async () => {
    const known = currentRecord(lookup, name);
    if (known && !needsDigestsNow(lookup, known)) return known;
    const asked = known ?? (await ask(lookup));
    const record = needsDigestsNow(lookup, asked)
      ? { ...asked, files: await withDigests(asked.files) }
      : asked;
    await lookup.answers.keep(name, record);
    return record;
  });
}

/**
 * The same record with the digests of its files, which are stored with it. One process hashes them, and others that need
 * them wait. A file that is not as the record says any more has a digest that belongs to no result: whoever uses it looks
 * at the files again (`isUnchanged`).
 */
export function completeRecord(
  lookup: CompilerLookup,
  name: string,
  record: CompilerRecord,
): Promise<CompilerRecord> {
  return alone(lookup, name, async () => {
    const known = currentRecord(lookup, name);
    if (known && hasAllDigests(known) && isSameRecord(known, record)) return known;
    const complete = { ...record, files: await withDigests(record.files) };
    await lookup.answers.keep(name, complete);
    return complete;
  });
}

function isSameRecord(one: CompilerRecord, other: CompilerRecord): boolean {
  const [a, b] = [one, other].map(({ files, ...said }) =>
    stableStringify({ ...said, files: files.map(({ digest, ...file }) => file) }),
  );
  return a === b;
}

async function alone(
  lookup: CompilerLookup,
  name: string,
  learn: () => Promise<CompilerRecord>,
): Promise<CompilerRecord> {
  try {
    return await withLongFileLock(lookup.answers.lockOf(name), PATIENCE_MS, learn);
  } catch (error) {
    // The cache folder cannot be written, or the other process took too long.
    if (!(error instanceof LockTimeoutError) && errorCode(error) === undefined) throw error;
    return learn();
  }
}

/** A script may start another program in another environment, so that is asked separately. */
async function ask(lookup: CompilerLookup): Promise<CompilerRecord> {
  const { compiler } = lookup;
  const folders = foldersOf(compiler, splitList(lookup.environment['LD_LIBRARY_PATH'], ':'));
  if (isScript(compiler)) {
    const files = filesOf(compiler);
    return { format: FORMATS.compilerRecord, family: 'cl', versionText: '', files, folders, isWrapper: true };
  }
  const [{ started, ...asked }, loaded] = await askWithLibraries(lookup);
  const program = started?.program;
  const files = filesOf(compiler, loaded);
  const isWrapper = program !== undefined && !isSameFile(program, compiler);
  return { format: FORMATS.compilerRecord, ...asked, files, folders, ...(isWrapper ? { isWrapper } : {}) };
}

/** What the compiler says, and the libraries that the system loads for it if it is a clang. */
async function askWithLibraries(lookup: CompilerLookup): Promise<[AskedCompiler, string[]]> {
  if (isNameOfClangCl(lookup.compiler)) {
    const [asked, loaded] = await Promise.all([askClangAtOnce(lookup), loadedLibraries(lookup)]);
    if (asked) return [asked, loaded];
  }
  const asked = await askCompiler(lookup);
  return [asked, asked.clangVersion === undefined ? [] : await loadedLibraries(lookup)];
}

/** Windows has many spellings of a path. */
function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.ino === b.ino && a.dev === b.dev;
}

async function withDigests(files: readonly CompilerFile[]): Promise<CompilerFile[]> {
  const complete: CompilerFile[] = [];
  for (const file of files) complete.push(file.digest ? file : await withDigest(file));
  return complete;
}

/** A file that is being written is read again. If it keeps changing, the next call reads it again. */
async function withDigest(file: CompilerFile): Promise<CompilerFile> {
  const digest = await digestInTurns(file.path);
  const now = isUnchanged(file) ? file : statFile(file.path);
  if (now === file) return digest === undefined ? file : { ...file, digest };
  const second = await digestInTurns(file.path);
  return second === undefined ? now : { ...now, digest: second };
}

const CHUNKS_IN_A_TURN = 32;

/** Returns to the event loop every few megabytes, so that the lock is refreshed. */
async function digestInTurns(path: string): Promise<Digest | undefined> {
  const hasher = incrementalDigest();
  try {
    const reader = openForReading(path);
    try {
      for (let count = 1; ; count += 1) {
        const chunk = reader.next();
        if (chunk.length === 0) return hasher.finish();
        hasher.update(chunk);
        if (count % CHUNKS_IN_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      reader.close();
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
